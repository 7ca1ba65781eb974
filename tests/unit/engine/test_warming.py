"""Connections are opened just before the moment, for those whose moment it is."""

from datetime import UTC, datetime, timedelta

from scheduler.engine.switchboard import Switchboard
from scheduler.engine.warming import MOST, accounts_to_warm, due_for_warming, warm
from scheduler.errors import Transient, UsageError
from scheduler.outbox.rows import LaneRow
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher

NINE = datetime(2027, 6, 30, 9, tzinfo=UTC)


class Warming(FakePublisher):
    """Counts how often it was warmed, and can refuse."""

    warmed = 0
    refuses = False

    def warm(self) -> None:
        self.warmed += 1
        if self.refuses:
            raise Transient("no connection")


def lane(account: str, ready: datetime | None) -> LaneRow:
    return LaneRow(account, ready, None, "", "", "")


def switchboard(publisher: FakePublisher) -> Switchboard:
    return Switchboard(lambda _: publisher, dry=publisher, live=lambda: {"main"})


def test_only_a_moment_that_is_near_and_ahead_is_worth_it() -> None:
    assert due_for_warming(NINE, NINE - timedelta(seconds=2))
    assert not due_for_warming(NINE, NINE - timedelta(seconds=3))
    assert not due_for_warming(NINE, NINE)
    assert not due_for_warming(None, NINE)


def test_the_live_accounts_of_the_moment_are_warmed_and_no_others() -> None:
    lanes = [
        lane("main", NINE),
        lane("dry", NINE),
        lane("later", NINE + timedelta(seconds=5)),
        lane("waiting", None),
    ]

    assert accounts_to_warm(lanes, NINE, frozenset({"main", "later", "waiting"})) == ["main"]


def test_of_very_many_accounts_the_first_to_post_are_warmed() -> None:
    lanes = [lane(f"a{number:03}", NINE + timedelta(milliseconds=number % 2)) for number in range(MOST * 3)]
    warmed = accounts_to_warm(lanes, NINE, frozenset(one.account for one in lanes))
    assert warmed == [one.account for one in lanes if one.ready_at == NINE][:MOST]


def test_a_publisher_that_cannot_is_left_alone() -> None:
    warm("main", switchboard(FakePublisher(FakePlatform(lambda: NINE), KINDS["looks"])))


def test_what_goes_wrong_ahead_is_nobodys_trouble() -> None:
    publisher = Warming(FakePlatform(lambda: NINE), KINDS["looks"])
    publisher.refuses = True

    warm("main", switchboard(publisher))

    assert publisher.warmed == 1


def test_an_account_without_a_publisher_is_met_when_it_posts() -> None:
    def nobody(account: str) -> FakePublisher:
        raise UsageError(f"No publisher for {account}.")

    warm("main", Switchboard(nobody, dry=FakePublisher(FakePlatform(lambda: NINE), KINDS["looks"])))
