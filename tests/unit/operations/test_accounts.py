"""How accounts are looked at and tried, against the scripted platform."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.errors import AuthExpired, NotReady, Transient
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared
from scheduler.operations.accounts import Inspected, inspect, try_out
from scheduler.publishers.base import AccountReport, Operation, Publisher
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)
ACCOUNT = Account(name="main", platform="mastodon", timezone="Europe/Skopje", handle="rights@mastodon.example")


class Reporting(FakePublisher):
    """A publisher whose platform reports what it is told to."""

    report: AccountReport

    def inspect(self) -> AccountReport:
        return self.report


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform(lambda: NOW)


def reporting(platform: FakePlatform, report: AccountReport) -> Publisher:
    capabilities = KINDS["looks"]
    operations = capabilities.operations | {Operation.INSPECT}
    publisher = Reporting(platform, replace(capabilities, operations=operations))
    publisher.report = report
    return publisher


def looked_at(publisher: Publisher) -> Inspected:
    [found] = inspect([ACCOUNT], lambda _: publisher, limits=lambda _: {"text": 500})
    return found


def test_an_account_that_works_says_whose_it_is(platform: FakePlatform) -> None:
    found = looked_at(reporting(platform, AccountReport(works=True, handle="@rights", limits={"text": 500})))

    assert found.works
    assert found.troubles == ()
    assert found.differing == {}


def test_a_credential_of_somebody_else_is_told(platform: FakePlatform) -> None:
    found = looked_at(reporting(platform, AccountReport(works=True, handle="festival@mastodon.example")))

    assert "belongs to festival@mastodon.example" in found.troubles[0]


def test_a_limit_that_differs_from_ours_is_named(platform: FakePlatform) -> None:
    found = looked_at(reporting(platform, AccountReport(works=True, limits={"text": 1000})))

    assert found.differing == {"text": 1000}


def test_an_account_that_cannot_be_asked_is_no_traceback() -> None:
    def refuse(account: str) -> Publisher:
        raise AuthExpired(f"{account} has no token.", mend="Set TOKEN in .env.")

    [found] = inspect([ACCOUNT], refuse, limits=lambda _: {})

    assert not found.works
    assert found.troubles == ("main has no token. Set TOKEN in .env.",)


def test_a_trial_posts_finds_and_deletes(platform: FakePlatform) -> None:
    looks = KINDS["looks"]
    deletes = replace(looks, operations=looks.operations | {Operation.DELETE})

    tried = try_out(ACCOUNT, FakePublisher(platform, deletes), now=NOW)

    assert tried.steps == ("posted", "found again", "deleted")
    assert platform.posts == []


def test_a_trial_whose_reply_is_lost_says_what_to_look_for(platform: FakePlatform) -> None:
    platform.next("loses the reply")

    tried = try_out(ACCOUNT, FakePublisher(platform, KINDS["looks"]), now=NOW)

    assert tried.steps == ()
    assert platform.posts[0].text.split()[-1] in tried.left


class Slow(FakePublisher):
    """Is ready at the third call, and hands over what it has begun."""

    def prepare(self, draft: Draft) -> Prepared:
        number = draft.begun.get("number", 0) + 1
        if number < 3:
            raise NotReady("It is still made ready.", begun={"number": number})
        return super().prepare(draft)


def test_a_trial_waits_for_a_platform_that_makes_a_post_ready_first(platform: FakePlatform) -> None:
    waits: list[float] = []
    platform.next("is not ready", "takes it")

    tried = try_out(ACCOUNT, Slow(platform, KINDS["prepares"]), now=NOW, wait=waits.append)

    assert tried.steps[:2] == ("posted", "found again")
    assert waits == [5.0] * 3


def test_a_trial_of_a_platform_that_never_gets_ready_ends(platform: FakePlatform) -> None:
    waits: list[float] = []
    platform.next(*["is not ready"] * 99)

    with pytest.raises(NotReady):
        try_out(ACCOUNT, FakePublisher(platform, KINDS["prepares"]), now=NOW, wait=waits.append)

    assert sum(waits) == 120


def test_a_trial_that_posts_nothing_says_why(platform: FakePlatform) -> None:
    platform.next("refuses the connection")

    with pytest.raises(Transient):
        try_out(ACCOUNT, FakePublisher(platform, KINDS["looks"]), now=NOW)
