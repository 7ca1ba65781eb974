"""Trouble reaches people: through a real Apprise, to a receiver on loopback."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.clock import SystemClock
from scheduler.testing.emulators.loopback import Answer, Loopback, Request
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running, soon  # noqa: F401

SECRET = "canary-7431"


class Receiver:
    """Takes notices as JSON, and pings."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        self.pings = 0
        self.status = 200
        self.loopback = Loopback(self.answer, SystemClock())

    def answer(self, request: Request) -> Answer:
        if request.method == "POST":
            self.notices.append(request.json())
        else:
            self.pings += 1
        return Answer(self.status, {})

    @property
    def notify_url(self) -> str:
        return self.loopback.url.replace("http:", "json:") + f"/{SECRET}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with made.loopback:
        yield made


def watched(desk: Desk, receiver: Receiver) -> None:
    path = desk.root / "drumbeat.yaml"
    path.write_text(path.read_text() + "notify: [env:NOTIFY_URL]\nheartbeat: env:HEARTBEAT_URL\n")
    env = desk.root / ".env"
    env.write_text(f"NOTIFY_URL={receiver.notify_url}\nHEARTBEAT_URL={receiver.loopback.url}/ping/{SECRET}\n")
    env.chmod(0o600)


def test_a_test_reaches_everyone(desk: Desk, receiver: Receiver) -> None:
    watched(desk, receiver)

    result = desk("notify", "--test", "--json")

    assert result.code == 0, result.err
    assert result.json == {"told": ["NOTIFY_URL"], "failed": {}}
    [notice] = receiver.notices
    assert notice["title"] == "Drumbeat · rights: a test"


def test_a_receiver_that_refuses_is_named_and_its_address_is_not(desk: Desk, receiver: Receiver) -> None:
    watched(desk, receiver)
    receiver.status = 500

    result = desk("notify", "--test")

    assert result.code == 1
    assert "NOTIFY_URL: could not be reached, or refused the notice" in result.out
    assert SECRET not in result.out + result.err


def test_an_address_that_apprise_does_not_know_is_named_and_not_shown(desk: Desk, receiver: Receiver) -> None:
    watched(desk, receiver)
    (desk.root / ".env").write_text(f"NOTIFY_URL=nosuch://{SECRET}\n")

    result = desk("notify", "--test")

    assert (result.code, SECRET in result.out + result.err) == (1, False)
    assert "holds no address that Apprise knows" in result.out


@pytest.mark.parametrize("name", ["json.py", "apprise.py"])
def test_python_files_in_the_workspace_are_never_run(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    watched(desk, receiver)
    monkeypatch.chdir(desk.root)
    (desk.root / name).write_text("import pathlib\npathlib.Path('was-run').touch()\n")

    assert desk("notify", "--test").code == 0
    assert not (desk.root / "was-run").exists()


def test_without_notify_the_command_says_how_to_begin(desk: Desk) -> None:
    result = desk("notify", "--test")

    assert result.code == 2
    assert "notify: [env:NOTIFY_URL]" in result.err


def test_an_address_written_out_is_refused_and_not_repeated(desk: Desk) -> None:
    path = desk.root / "drumbeat.yaml"
    path.write_text(path.read_text() + f"notify: ['json://{SECRET}@example.org']\n")

    result = desk("check")

    assert result.code == 2
    assert "secret-in-file" in result.out + result.err
    assert SECRET not in result.out + result.err


def test_a_daemon_that_was_killed_is_told_by_the_next_and_the_heartbeat_beats(desk: Desk, receiver: Receiver) -> None:
    watched(desk, receiver)
    assert desk("apply", "--yes").code == 0
    with running(desk.root) as daemon:
        await_that(lambda: receiver.pings > 0, "a ping")
        daemon.stop(signal.SIGKILL)
    assert receiver.notices == []

    with running(desk.root) as daemon:
        await_that(lambda: bool(receiver.notices), "a notice")
        assert daemon.stop() == 0
        assert SECRET not in daemon.log

    assert receiver.notices[0]["title"] == "Drumbeat · rights: the daemon stopped"
    assert SECRET not in json.dumps(receiver.notices)


def test_what_was_missed_while_no_daemon_ran_is_told_with_its_name_and_never_its_text(
    desk: Desk,
    soon,  # noqa: F811
    receiver: Receiver,
) -> None:
    watched(desk, receiver)
    due = soon(2, late="1s", text="Words that only readers see.")
    assert desk("apply", "--yes", "now").code == 0
    await_that(lambda: datetime.now(UTC) > due + timedelta(seconds=1.1), "its time to go by")

    with running(desk.root) as daemon:
        daemon.says("missed, not sent now/alone/once/bluesky-main")
        assert daemon.stop() == 0

    [notice] = receiver.notices
    assert notice["title"] == "Drumbeat · rights: 1 post missed on bluesky-main, not sent"
    assert "drumbeat retry now/alone/once/bluesky-main --at WHEN" in notice["message"]
    assert "Words that only" not in json.dumps(notice)


def test_a_daemon_that_loses_its_queue_ends_and_tells_it_at_once(desk: Desk, receiver: Receiver) -> None:
    watched(desk, receiver)
    assert desk("apply", "--yes").code == 0
    with running(desk.root) as daemon:
        for path in (desk.root / ".drumbeat").glob("outbox.db*"):
            with path.open("r+b") as file:  # what is cut while it is mapped ends a process by a signal
                file.write(b"no database " * 4096)
        code = daemon.process.wait(20)

    assert code == 1
    [notice] = receiver.notices
    assert notice["title"] == "Drumbeat · rights: the daemon stopped"
    assert "It ended by itself" in notice["message"]
    assert "drumbeat doctor" in notice["message"]
