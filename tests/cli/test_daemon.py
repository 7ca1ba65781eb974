"""The daemon as a process of its own: on the second, one of it, and stopped without harm."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Desk

PATIENCE = 40.0


class Daemon:
    """A daemon under watch; its log is a file, so that nothing is lost in a pipe."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def says(self, words: str) -> None:
        await_that(lambda: words in self.log, f"{words!r} in: {self.log}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def await_that(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"still waiting for {what}"
        time.sleep(0.02)


@contextmanager
def running(root: Path, *arguments: str) -> Iterator[Daemon]:
    log = root.parent / f"{root.name}-{len(list(root.parent.iterdir()))}.log"
    command = [sys.executable, "-m", "scheduler", "daemon", "--workspace", str(root), *arguments]
    with log.open("wb") as written, subprocess.Popen(command, stderr=written, stdout=written) as process:
        daemon = Daemon(process, log)
        try:
            daemon.says("The daemon runs")
            yield daemon
        finally:
            process.kill()


@pytest.fixture
def soon(desk: Desk) -> Callable[..., datetime]:
    """Writes a campaign with one post `seconds` from now, and says when that is."""

    def write(seconds: float, *, late: str = "2h", text: str = "Now.") -> datetime:
        due = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
        (desk.root / "campaigns" / "now.yaml").write_text(
            f"campaign: now\ntitle: Now\nwindow: {{from: {due.date() - timedelta(days=1)}, "
            f"to: {due.date() + timedelta(days=1)}}}\n"
            f"accounts: [bluesky-main]\nlanguages: [en]\nlate: {late}\nposts:\n"
            f"  - post: alone\n    at: {due:%Y-%m-%dT%H:%M:%SZ}\n    text: {text}\n",
            encoding="utf-8",
        )
        return due

    return write


def published(root: Path) -> list[dict[str, Any]]:
    path = root / ".drumbeat" / "dry-run.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_a_post_applied_while_the_daemon_runs_leaves_at_its_second(desk: Desk, soon: Callable[..., datetime]) -> None:
    with running(desk.root) as daemon:
        due = soon(4)
        assert desk("apply", "--yes", "now").code == 0
        await_that(lambda: bool(published(desk.root)), "the post")
        daemon.says("dry run, reached nobody: now/alone/once/bluesky-main")

        [line] = published(desk.root)
        at = datetime.fromisoformat(line["at"])
        assert due <= at < due + timedelta(seconds=1)
        assert line["text"] == "Now."
        assert line["due"] == due.isoformat().replace("+00:00", "Z")
        assert "Now." not in daemon.log
        assert desk("status", "--json").json["daemon"]["alive"] is True
        assert daemon.stop() == 0


def test_the_daemon_opens_with_what_is_in_dry_run(applied: Desk) -> None:
    with running(applied.root) as daemon:
        assert daemon.log.startswith("bluesky-main and mastodon-main are in DRY RUN: 6 posts will reach nobody")


def test_a_twin_is_refused(applied: Desk) -> None:
    with running(applied.root):
        twin = applied("daemon")

    assert twin.code == 1
    assert "already works this workspace" in twin.err


def test_ctrl_c_stops_it_with_130_and_health_says_so(applied: Desk) -> None:
    with running(applied.root) as daemon:
        assert applied("status").code == 0
        assert daemon.stop(signal.SIGINT) == 130
        assert "Stopped" in daemon.log

    assert applied("status").code == 1


def test_after_downtime_what_is_within_late_leaves_and_the_rest_is_missed(
    desk: Desk, soon: Callable[..., datetime]
) -> None:
    due = soon(2, late="1s")
    assert desk("apply", "--yes", "now").code == 0
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 1.5)

    with running(desk.root) as daemon:
        daemon.says("missed, not sent now/alone/once/bluesky-main")
        daemon.says("drumbeat retry now/alone/once/bluesky-main --at WHEN")
        [need] = desk("status", "--json").json["needs_a_person"]
        assert need["delivery"] == "now/alone/once/bluesky-main"
        assert need["choices"] == ["drumbeat retry now/alone/once/bluesky-main --at WHEN"]
        assert published(desk.root) == []

        assert desk("retry", "now/alone", "--yes").code == 0
        await_that(lambda: len(published(desk.root)) == 1, "the retried post")


def test_a_daemon_frozen_over_the_moment_sends_when_it_wakes(desk: Desk, soon: Callable[..., datetime]) -> None:
    with running(desk.root) as daemon:
        due = soon(3)
        assert desk("apply", "--yes", "now").code == 0
        os.kill(daemon.process.pid, signal.SIGSTOP)
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 1.5)
        assert published(desk.root) == []

        os.kill(daemon.process.pid, signal.SIGCONT)

        await_that(lambda: len(published(desk.root)) == 1, "the post")


def test_a_dry_run_of_the_daemon_leaves_the_workspace_alone(applied: Desk) -> None:
    before = applied("status", "--json").json["states"]

    with running(applied.root, "--dry-run") as daemon:
        daemon.says("Working on a copy of the queue")
        assert daemon.stop() == 0

    assert applied("status", "--json").json["states"] == before
    assert published(applied.root) == []


def test_a_log_for_machines_is_json_line_by_line(desk: Desk, soon: Callable[..., datetime]) -> None:
    soon(3)
    assert desk("apply", "--yes", "now").code == 0
    log = desk.root.parent / "machine.log"
    command = [sys.executable, "-m", "scheduler", "daemon", "--workspace", str(desk.root), "--log-format", "json"]
    with log.open("wb") as written, subprocess.Popen(command, stderr=written) as process:
        await_that(lambda: "accept" in log.read_text(encoding="utf-8"), "the post's line")
        process.terminate()
        assert process.wait(PATIENCE) == 0

    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert [entry["event"] for entry in events if "event" in entry] == ["claim", "accept"]
    assert "Now." not in log.read_text(encoding="utf-8")


def test_following_applies_what_came_to_rest_and_asks_for_what_the_guard_refuses(desk: Desk) -> None:
    with running(desk.root, "--follow") as daemon:
        daemon.says("The files were applied.")
        assert desk("status", "--json").json["states"] == {"scheduled": 8}

        desk.campaign.write_text("campaign: week\n  broken: [", encoding="utf-8")
        daemon.says("The files were not applied")
        assert desk("status", "--json").json["states"] == {"scheduled": 8}
