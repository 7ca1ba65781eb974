"""A credential's end is known without a network, and told against the last post that it must serve."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.daemon.foretell import Foretelling
from scheduler.model.account import Account
from scheduler.operations.accounts import Inspected
from scheduler.operations.endings import Ending, foretold, forget, known, remember
from scheduler.operations.incidents import QUIET_SECONDS, Incidents, Trouble
from scheduler.outbox.outbox import Outbox
from scheduler.publishers.base import AccountReport
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.clocks import JumpingClock

NOW = datetime(2027, 6, 1, 7, tzinfo=UTC)
END = datetime(2027, 6, 28, 12, tzinfo=UTC)
LAST = datetime(2027, 6, 30, 7, tzinfo=UTC)
X = Account("main", "x", "UTC", live=True)
DAY = timedelta(days=1)


def seen(account: Account = X, *, ends: datetime | None = END, works: bool = True) -> Inspected:
    return Inspected(account, AccountReport(works=works, expires_at=ends))


def test_what_a_platform_said_is_known_afterwards(tmp_path: Path) -> None:
    remember(tmp_path, [seen(), seen(replace(X, name="other"), ends=None)])
    assert known(tmp_path) == {"main": END}
    assert (tmp_path / ".drumbeat").stat().st_mode & 0o777 == 0o700


def test_a_credential_that_works_without_an_end_has_none_any_more(tmp_path: Path) -> None:
    remember(tmp_path, [seen()])
    remember(tmp_path, [seen(ends=None)])
    assert known(tmp_path) == {}


@pytest.mark.parametrize("silent", [Inspected(X, None), seen(works=False, ends=None)])
def test_a_platform_that_could_not_be_asked_changes_nothing(tmp_path: Path, silent: Inspected) -> None:
    remember(tmp_path, [seen()])
    remember(tmp_path, [silent])
    assert known(tmp_path) == {"main": END}


def test_a_new_log_in_makes_an_old_end_unknown(tmp_path: Path) -> None:
    remember(tmp_path, [seen()])
    forget(tmp_path, "main")
    assert known(tmp_path) == {}


@pytest.mark.parametrize("written", ["", "[]", "{", '{"main": 3}', '{"main": "soon"}'])
def test_a_broken_file_is_no_trouble_for_a_look(tmp_path: Path, written: str) -> None:
    (tmp_path / ".drumbeat").mkdir()
    (tmp_path / ".drumbeat" / "ends.json").write_text(written)
    assert known(tmp_path) == {}


def told(account: Account = X, *, ends: datetime = END, last: datetime = LAST) -> tuple[Ending, ...]:
    return foretold({"main": ends}, {"main": last}, {"main": account}, now=NOW)


def test_an_end_before_the_last_post_is_told_with_both_moments_and_what_to_do() -> None:
    [ending] = told()
    assert ending.told(NOW) == (
        "main's credential ends 2027-06-28 12:00 UTC, its last post is due 2027-06-30 07:00 UTC: "
        "put a fresh one into .env before."
    )
    [by_login] = told(replace(X, settings={"client": "ours"}))
    assert "log in again before." in by_login.told(NOW)
    assert by_login.commands[0] == "drumbeat accounts login main"


@pytest.mark.parametrize(
    "fine",
    [
        told(ends=LAST + DAY),
        told(replace(X, live=False)),
        told(last=NOW - DAY, ends=NOW - 2 * DAY),
        foretold({}, {"main": LAST}, {"main": X}, now=NOW),
        foretold({"main": END}, {}, {"main": X}, now=NOW),
    ],
)
def test_nothing_is_told_where_nothing_will_fail(fine: tuple[Ending, ...]) -> None:
    assert fine == ()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with outbox_in(tmp_path) as made:
        fill(made, planned("first", NOW + DAY) + planned("last", LAST), at=NOW)
        fill(made, planned("dry", LAST + 9 * DAY, account="other", live=False), at=NOW)
        yield made


def test_a_daemon_tells_an_end_once_and_once_more_on_its_last_day(tmp_path: Path, outbox: Outbox) -> None:
    files = "workspace: rights\ntimezone: UTC\naccounts:\n  main: {platform: mastodon, live: true}\n"
    (tmp_path / "drumbeat.yaml").write_text(files)
    clock, troubles, says = JumpingClock(NOW), list[Trouble](), list[str]()
    look = Foretelling(tmp_path, outbox, clock, say=says.append, tell=troubles.append)
    look()
    assert troubles == []
    remember(tmp_path, [seen()])

    look()
    look()
    assert [trouble.account for trouble in troubles] == ["main"]
    clock.jump(END - timedelta(hours=5))
    look()
    look()

    assert len(troubles) == len(says) == 2
    incidents = Incidents("rights")
    incidents.add(troubles[0], 0)
    [notice] = incidents.due(QUIET_SECONDS)
    assert notice.title == "Drumbeat · rights: the credential of main ends before its last post"
    assert "2027-06-28 12:00" in notice.body
    assert "drumbeat accounts inspect main" in notice.body


def test_a_look_that_finds_the_files_broken_waits_for_the_next(tmp_path: Path, outbox: Outbox) -> None:
    remember(tmp_path, [seen()])
    (tmp_path / "drumbeat.yaml").write_text("workspace: [")
    troubles = list[Trouble]()
    Foretelling(tmp_path, outbox, JumpingClock(NOW), say=str, tell=troubles.append)()
    assert troubles == []


def test_what_renews_itself_has_no_end(tmp_path: Path) -> None:
    remember(tmp_path, [Inspected(X, AccountReport(works=True, expires_at=END, renews=True))])
    assert known(tmp_path) == {}
