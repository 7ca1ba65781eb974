"""`stop` and `start` as a person runs them."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.cli.main import run
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.stops import EVERYTHING, Kind, Target
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running


def queue(desk: Desk):
    return open_outbox(desk.root / ".drumbeat" / "outbox.db")


def overdue(desk: Desk) -> str:
    """A post of the queue that was due a moment ago, while it was stopped."""
    now = datetime.now(UTC)
    with queue(desk) as outbox:
        name = "week/opening/once/mastodon-main"
        outbox.cancel([name], at=now, who="mira")
        outbox.retry([name], due=now - timedelta(seconds=30), at=now, who="mira")
    return name


@pytest.mark.parametrize(
    ("option", "target"),
    [
        (("--all",), EVERYTHING),
        (("--account", "mastodon-main"), Target(Kind.ACCOUNT, "mastodon-main")),
        (("--campaign", "week"), Target(Kind.CAMPAIGN, "week")),
    ],
)
def test_a_stop_is_said_by_status_preview_and_itself_with_the_way_back(applied: Desk, option, target) -> None:
    said = applied("stop", *option, "--reason", "an earthquake")
    assert said.code == 0
    for told in (said, applied("status"), applied("preview")):
        assert "STOPPED: " in told.out
        assert "an earthquake" in told.out
        assert f"drumbeat start {' '.join(option)}" in told.out
    (found,) = applied("status", "--json").json["stopped"]
    assert (found["kind"], found["name"], found["why"]) == (target.kind, target.name, "an earthquake")
    assert applied("start", *option, "--yes").code == 0
    assert "STOPPED" not in applied("status").out


def test_a_start_lists_what_is_late_and_sends_none_of_it(applied: Desk) -> None:
    applied("stop", "--all")
    name = overdue(applied)
    refused = applied("start", "--all")
    assert refused.code == 4
    assert name in refused.out
    started = applied("start", "--all", "--yes")
    assert f"drumbeat retry {name}" in started.out
    missed = applied("status", "--json").json["needs_a_person"]
    assert [(need["delivery"], need["state"]) for need in missed] == [(name, "missed")]
    assert "Stopped by" in missed[0]["message"]


def test_a_start_in_json_says_what_became_late(applied: Desk) -> None:
    applied("stop", "--campaign", "week")
    name = overdue(applied)
    found = applied("start", "--campaign", "week", "--yes", "--json").json
    assert found["started"] == ["campaign week"]
    assert [(one["delivery"], one["choices"]) for one in found["missed"]] == [(name, [f"drumbeat retry {name}"])]


def test_a_stop_holds_what_is_applied_later(desk: Desk) -> None:
    desk("apply", "--yes")
    desk("stop", "--account", "bluesky-main")
    desk.edit("closing", "finale")
    assert desk("apply", "--yes").code == 0
    with queue(desk) as outbox:
        waiting = {one.account: one.ready_at for one in outbox.lanes()}
    assert waiting["bluesky-main"] is None
    assert waiting["mastodon-main"] is not None


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("stop",), "Say what"),
        (("stop", "--account", "mastodon-mian"), "Did you mean mastodon-main?"),
        (("stop", "--campaign", "nothing"), "There are: week"),
        (("start", "--all"), "That is not stopped"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(applied: Desk, arguments, word) -> None:
    said = applied(*arguments)
    assert said.code in {1, 2}
    assert word in said.err


def test_files_that_cannot_be_read_do_not_keep_anyone_from_stopping(applied: Desk) -> None:
    (applied.root / "drumbeat.yaml").write_text("workspace: [", encoding="utf-8")
    applied.campaign.write_text("posts: {", encoding="utf-8")
    assert applied("stop", "--account", "mastodon-main").code == 0
    with queue(applied) as outbox:
        assert [one.target.name for one in outbox.stops()] == ["mastodon-main"]


def test_a_stop_needs_a_queue(desk: Desk) -> None:
    assert run(["stop", "--all", "--workspace", str(desk.root)]) == 1


def test_a_running_daemon_heeds_a_stop_and_a_start_and_a_restart_forgets_neither(desk: Desk) -> None:
    due = (datetime.now(UTC) + timedelta(seconds=5)).replace(microsecond=0)
    (desk.root / "campaigns" / "now.yaml").write_text(
        f"campaign: now\nwindow: {{from: {due.date() - timedelta(days=1)}, to: {due.date() + timedelta(days=1)}}}\n"
        f"accounts: [feeds]\nlanguages: [en]\nposts:\n  - post: alone\n"
        f"    at: {due:%Y-%m-%dT%H:%M:%SZ}\n    text: Now.\n",
        encoding="utf-8",
    )
    desk("apply", "--yes", "--force")

    def state(account: str) -> str:
        return str(desk("show", f"now/alone/once/{account}", "--json").json["state"])

    with running(desk.root) as daemon:
        desk("stop", "--account", "bluesky-main", "--reason", "quiet")
        await_that(lambda: state("mastodon-main") == "sent", "the account that was not stopped")
        assert daemon.stop() == 0
    with running(desk.root) as daemon:
        assert "STOPPED: account bluesky-main" in daemon.log
        assert "drumbeat start --account bluesky-main" in daemon.log
        assert state("bluesky-main") == "scheduled"
        desk("start", "--account", "bluesky-main", "--yes")
        assert daemon.stop() == 0
    assert state("bluesky-main") == "missed"


def test_alone_drumbeat_says_what_is_stopped(applied: Desk, monkeypatch, capsys) -> None:
    monkeypatch.chdir(applied.root)
    applied("stop", "--account", "mastodon-main", "--reason", "an earthquake")
    capsys.readouterr()
    assert run([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("STOPPED: ") and "an earthquake" in line for line in lines)
    assert lines[-1].startswith("Next: ")
