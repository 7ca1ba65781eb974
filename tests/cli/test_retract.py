"""`retract` as a person runs it, in dry run: the typo that is out."""

from datetime import UTC, datetime, timedelta

from scheduler.clock import FixedClock
from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.outbox.outbox import open_outbox
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.platform import LOOKS, FakePlatform, FakePublisher
from tests.cli.conftest import Desk


def send(desk: Desk, hours: float, *, live: bool = False) -> FakePlatform:
    """What is due by then goes out, as a daemon would do it."""
    clock = FixedClock(datetime.combine(desk.first, datetime.min.time(), UTC) + timedelta(hours=hours))
    platform = FakePlatform(clock.now)
    dry = DryRun(desk.root / ".drumbeat" / "dry-run.jsonl", clock)
    with open_outbox(desk.root / ".drumbeat" / "outbox.db") as outbox:
        if live:
            with outbox.write() as connection:
                connection.exec_driver_sql("UPDATE delivery SET live = 1")
        accounts = {"mastodon-main", "bluesky-main"} if live else frozenset()
        board = Switchboard(lambda _: FakePublisher(platform, LOOKS), dry=dry, live=lambda: accounts)
        Steps(outbox, board, clock).dispatch()
    return platform


def test_a_typo_that_is_out_is_taken_down_and_sent_as_the_files_say_now(applied: Desk) -> None:
    send(applied, 8)
    applied.edit("The week begins.", "The week has begun.")
    conflict = applied("plan", "--json").json["conflicts"][0]
    command = next(choice for choice in conflict["choices"] if "retract" in choice).split("#")[0].split()
    done = applied(*command[1:], "--yes")
    assert done.code == 0
    shown = applied("show", "opening/once/bluesky", "--json").json
    assert [part["state"] for part in shown["parts"]] == ["scheduled"]
    assert shown["parts"][0]["text"] == "The week has begun. #TimeIsNow"
    assert {"retract", "reopen"} <= {event["event"] for event in shown["events"]}


def test_a_retract_asks_and_shows_what_comes_down_and_what_follows(applied: Desk) -> None:
    send(applied, 8)
    applied.edit("The week begins.", "The week has begun.")
    asked = applied("retract", "opening/once/bluesky", "--and-resend")
    assert asked.code == 4
    assert "The week has begun." in asked.out
    assert applied("show", "opening/once/bluesky", "--json").json["state"] == "sent"


def test_a_thread_is_taken_down_whole_and_stays_out(applied: Desk) -> None:
    send(applied, 35)
    found = applied("retract", "story/once/mastodon", "--yes", "--json").json
    assert found["retracted"] == ["week/story/once/mastodon-main.2", "week/story/once/mastodon-main"]
    assert applied("plan", "--json").json["changes"] == []


def test_what_cannot_be_deleted_is_told_with_its_link_and_nothing_is_sent_again(applied: Desk) -> None:
    send(applied, 8, live=True)
    left = applied("retract", "opening/once/bluesky", "--and-resend", "--yes")
    assert left.code == 1
    assert "https://fake.example/" in left.out
    assert "drumbeat retract week/opening/once/bluesky-main --by-hand" in left.out
    assert applied("show", "opening/once/bluesky", "--json").json["state"] == "sent"
    assert applied("retract", "week/opening/once/bluesky-main", "--by-hand", "--and-resend", "--yes").code == 0
    assert applied("show", "opening/once/bluesky", "--json").json["state"] == "scheduled"


def test_nothing_is_taken_down_where_the_files_have_nothing_to_send_instead(applied: Desk) -> None:
    send(applied, 8)
    applied.edit("post: opening", "post: beginning")
    refused = applied("retract", "opening/once/bluesky", "--and-resend", "--yes")
    assert refused.code == 2
    assert applied("show", "week/opening/once/bluesky-main", "--json").json["state"] == "sent"


def test_only_what_is_out_is_taken_down(applied: Desk) -> None:
    assert applied("retract", "opening/once/bluesky", "--yes").code == 1
