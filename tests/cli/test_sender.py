"""One sender: a colleague's clone posts nothing a second time, and moving is a command."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.daemon.live import LiveAccounts
from scheduler.engine.switchboard import Forbidden
from scheduler.operations.person import computer
from scheduler.operations.sender import permit
from scheduler.outbox.outbox import open_outbox
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running


@pytest.fixture
def feed(desk: Desk) -> Desk:
    """A workspace with a live account: a feed, a file on this disk."""
    text = (desk.root / "drumbeat.yaml").read_text(encoding="utf-8")
    account = "  site: {platform: feed, path: feed, url: https://site.example, live: true}\n"
    (desk.root / "drumbeat.yaml").write_text(text.replace("accounts:\n", f"accounts:\n  # ours\n{account}"))
    return desk


def write_post(desk: Desk, due: datetime) -> None:
    day = due.date()
    (desk.root / "campaigns" / "now.yaml").write_text(
        f"campaign: now\nwindow: {{from: {day - timedelta(days=1)}, to: {day + timedelta(days=1)}}}\n"
        f"accounts: [site]\nlanguages: [en]\n"
        f"posts:\n  - post: alone\n    at: {due:%Y-%m-%dT%H:%M:%SZ}\n    text: Now.\n",
        encoding="utf-8",
    )


def soon(desk: Desk, seconds: float = 3600) -> datetime:
    due = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
    write_post(desk, due)
    return due


def clone(desk: Desk) -> Desk:
    """What a colleague has after `git clone`: the files, and no queue."""
    root = desk.root.parent / f"{desk.root.name}-clone"
    shutil.copytree(desk.root, root, ignore=shutil.ignore_patterns(".drumbeat", "feed"))
    return Desk(root, desk._capsys, desk.first)


def yaml(desk: Desk) -> str:
    return (desk.root / "drumbeat.yaml").read_text(encoding="utf-8")


def test_a_dry_run_makes_nobody_the_sender(desk: Desk) -> None:
    before = yaml(desk)
    desk("apply", "--yes")
    assert yaml(desk) == before
    assert "No live post" in desk("sender").out


def test_the_first_live_apply_writes_who_sends_and_keeps_the_comments(feed: Desk) -> None:
    soon(feed)
    before = yaml(feed)
    assert feed("apply", "--yes", "--force").code == 0
    assert yaml(feed).startswith(before.rstrip())
    found = feed("sender", "--json").json
    assert (found["here"], found["sender"]["computer"]) == (True, computer())
    after = yaml(feed)
    assert feed("check").code == 0
    soon(feed, 7200)
    assert feed("apply", "--yes", "--force").code == 0
    assert yaml(feed) == after


def test_a_clone_refuses_to_apply_and_says_which_computer_sends(feed: Desk) -> None:
    soon(feed)
    feed("apply", "--yes", "--force")
    colleague = clone(feed)
    refused = colleague("apply", "--yes", "--force")
    assert refused.code == 4
    assert f"are sent from {computer()}" in refused.err
    assert "drumbeat sender --take" in refused.err
    assert not (colleague.root / ".drumbeat").exists()


def test_a_clone_may_apply_and_send_what_is_not_live(feed: Desk) -> None:
    soon(feed)
    feed("apply", "--yes", "--force")
    colleague = clone(feed)
    (colleague.root / "campaigns" / "now.yaml").unlink()
    assert colleague("apply", "--yes").code == 0
    (colleague.root / "drumbeat.yaml").write_text(yaml(colleague).replace("live: true", "live: false"))
    with running(colleague.root) as daemon:
        assert daemon.stop() == 0


def test_a_clones_daemon_refuses_live_accounts(feed: Desk) -> None:
    soon(feed)
    feed("apply", "--yes", "--force")
    colleague = clone(feed)
    refused = colleague("daemon")
    assert refused.code == 1
    assert f"are sent from {computer()}" in refused.err


def test_moving_makes_the_old_queue_refuse_and_the_new_one_send(feed: Desk) -> None:
    soon(feed)
    feed("apply", "--yes", "--force")
    moved = feed.root.parent / "moved"
    shutil.copytree(feed.root, moved)
    there = Desk(moved, feed._capsys, feed.first)
    asked = there("sender", "--take")
    assert asked.code == 4
    assert "knows of" in asked.out
    assert there("sender", "--take", "--yes").code == 0
    assert there("sender", "--json").json["here"] is True
    soon(there, 7200)
    assert there("apply", "--yes", "--force").code == 0
    shutil.copyfile(moved / "drumbeat.yaml", feed.root / "drumbeat.yaml")
    assert feed("sender", "--json").json["here"] is False
    soon(feed, 7200)
    assert feed("apply", "--yes", "--force").code == 4
    assert feed("daemon").code == 1


def test_a_post_goes_out_for_real_from_the_one_that_sends(feed: Desk) -> None:
    soon(feed, 4)
    feed("apply", "--yes", "--force")
    with running(feed.root) as daemon:
        await_that(lambda: (feed.root / "feed").exists() and any((feed.root / "feed").iterdir()), "the feed")
        assert daemon.stop() == 0
    assert feed("show", "now/alone", "--json").json["state"] == "sent"


def test_a_trial_is_refused_where_another_computer_sends(feed: Desk) -> None:
    """It is as live as any post: a colleague's clone must not speak by the account."""
    assert feed("accounts", "test", "site", "--yes").code == 0, "before anybody sends, a new account may be tried"
    soon(feed)
    feed("apply", "--yes", "--force")
    assert feed("accounts", "test", "site", "--yes").code == 0
    colleague = clone(feed)
    refused = colleague("accounts", "test", "site", "--yes")
    assert refused.code == 4
    assert f"are sent from {computer()}" in refused.err
    assert "Nothing was posted." in refused.err
    assert not (colleague.root / "feed").exists()


@pytest.mark.parametrize("option", [("--all",), ("--account", "site")])
def test_a_trial_is_refused_while_the_account_is_stopped(feed: Desk, option: tuple[str, ...]) -> None:
    soon(feed)
    feed("apply", "--yes", "--force")
    feed("stop", *option, "--reason", "an earthquake")
    refused = feed("accounts", "test", "site", "--yes")
    assert refused.code == 4
    assert "an earthquake" in refused.err
    assert "drumbeat start" in refused.err
    feed("start", *option, "--yes")
    assert feed("accounts", "test", "site", "--yes").code == 0


def test_a_running_daemon_stops_when_another_computer_has_taken_over(feed: Desk) -> None:
    soon(feed, 6)
    feed("apply", "--yes", "--force")
    with running(feed.root) as daemon:
        taken = yaml(feed).replace(f"computer: {computer()}", "computer: elsewhere")
        head, _, rest = taken.partition("  id: ")
        assert rest
        (feed.root / "drumbeat.yaml").write_text(f"{head}  id: another\n{rest.partition(chr(10))[2]}")
        assert daemon.process.wait(40) == 1
        assert "sent from elsewhere" in daemon.log
    assert feed("show", "now/alone", "--json").json["state"] == "scheduled"


def test_live_posts_do_not_become_a_dry_run_where_the_key_was_lost(feed: Desk) -> None:
    soon(feed)
    before = yaml(feed)
    feed("apply", "--yes", "--force")
    (feed.root / "drumbeat.yaml").write_text(before, encoding="utf-8")
    with open_outbox(feed.root / ".drumbeat" / "outbox.db") as outbox:
        live = LiveAccounts(feed.root, permit(outbox))
        with pytest.raises(Forbidden, match="no longer says"):
            live()
        with pytest.raises(Forbidden, match="no longer says"):
            live()
    assert feed("daemon").code == 1
    assert feed("sender", "--take", "--yes").code == 0
