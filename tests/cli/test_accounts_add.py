"""A person is led to a working account; what is written is its name, and its secret in one place only."""

import io
import os
import pty
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.adding import flag_of
from scheduler.clock import SystemClock
from scheduler.operations.guides import free_name, guides, variable_for
from scheduler.publishers.base import Surroundings
from scheduler.publishers.installed import installed, publisher_for
from scheduler.testing.emulators.bluesky import PASSWORD as APP_PASSWORD
from scheduler.testing.emulators.bluesky import BlueskyServer
from scheduler.testing.emulators.mastodon import TOKEN, MastodonServer
from scheduler.testing.emulators.matrix import ALIAS, DEVICE, Homeserver
from scheduler.testing.emulators.matrix import TOKEN as MATRIX_TOKEN
from scheduler.testing.emulators.x import KEYS as X_KEYS
from scheduler.testing.emulators.x import XServer
from tests.cli.conftest import Desk

GUIDES = guides()


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    with MastodonServer(SystemClock()) as made:
        yield made


def piped(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_an_account_is_looked_at_and_then_written_with_its_comments_kept(
    desk: Desk, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.root / "drumbeat.yaml"
    path.write_text(f"# ours alone\n{path.read_text()}")
    before = desk.files()
    piped(monkeypatch, TOKEN)

    result = desk("accounts", "add", "mastodon", "--name", "new", "--server", server.url, "--secret-stdin")

    assert result.code == 0, result.err
    text = path.read_text()
    assert text.startswith("# ours alone\n")
    assert f"  new:\n    platform: mastodon\n    server: {server.url}\n    handle: " in text
    assert "    token: env:NEW_TOKEN\n    live: false\n" in text
    assert (desk.root / ".env").read_text() == f"NEW_TOKEN={TOKEN}\n"
    assert stat.S_IMODE((desk.root / ".env").stat().st_mode) == 0o600
    assert desk.files() - before == {".env"}
    assert TOKEN not in result.out + result.err + text
    assert server.texts == []
    assert desk("check").code == 0
    assert desk("accounts", "inspect", "new").code == 0


def test_a_secret_that_does_not_work_is_written_nowhere(
    desk: Desk, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, text = desk.files(), (desk.root / "drumbeat.yaml").read_text()
    piped(monkeypatch, "canary-wrong")

    result = desk("accounts", "add", "mastodon", "--name", "new", "--server", server.url, "--secret-stdin")

    assert result.code == 2
    assert "nothing was written" in result.err
    assert "canary-wrong" not in result.out + result.err
    assert (desk.files(), (desk.root / "drumbeat.yaml").read_text()) == (before, text)


def test_a_variable_that_is_set_already_is_used_and_written_nowhere_else(
    desk: Desk, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_TOKEN", TOKEN)

    result = desk("accounts", "add", "mastodon", "--name", "new", "--server", server.url, "--json")

    assert (result.code, result.json) == (0, {"account": "new", "variables": [], "works": True})
    assert not (desk.root / ".env").exists()
    assert "NEW_TOKEN is set already" in result.err


@pytest.mark.parametrize("platform", GUIDES)
def test_without_a_terminal_it_says_the_flags_that_would_do(desk: Desk, platform: str) -> None:
    before = desk.files()

    result = desk("accounts", "add", platform)

    guide = GUIDES[platform]
    name = f"{platform}-2" if platform in {"mastodon", "bluesky"} else f"{platform}-main"
    assert result.code == 2
    assert "Nothing was written" in result.err
    assert f"drumbeat accounts add {platform} --name {name}" in result.err
    for one in guide.asked:
        wanted = variable_for(name, one.option) if one.secret else flag_of(one.option)
        assert wanted in result.err or one.optional or one.default
    assert desk.files() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gopher"], "There is no guide to 'gopher'."),
        (["mastodon", "--name", "mastodon-main"], "already"),
        (["mastodon", "--name", "bluesky"], "name of a platform"),
        (["mastodon", "--set", "room"], "no OPTION=VALUE"),
        (["linkedin", "--set", "organisation=1"], "Did you mean `organization`?"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(desk: Desk, arguments: list[str], words: str) -> None:
    result = desk("accounts", "add", *arguments)

    assert result.code == 2
    assert words in result.err


def test_standard_input_that_ends_early_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, "https://hook.example/canary")

    result = desk("accounts", "add", "webhook", "--secret-stdin")

    assert result.code == 2
    assert "ended before the secret" in result.err
    assert "canary" not in result.err


def test_a_room_and_a_bluesky_account_are_added_and_their_look_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Homeserver(SystemClock()) as rooms, BlueskyServer(SystemClock()) as sky:
        piped(monkeypatch, MATRIX_TOKEN)
        room = ["--server", rooms.url, "--set", f"room={ALIAS}", "--set", f"device={DEVICE}", "--secret-stdin"]
        first = desk("accounts", "add", "matrix", *room)
        piped(monkeypatch, APP_PASSWORD)
        second = desk("accounts", "add", "bluesky", "--handle", "sayno.test", "--server", sky.url, "--secret-stdin")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    text = (desk.root / "drumbeat.yaml").read_text()
    assert f"room: '{ALIAS}'" in text
    assert "bluesky-2:\n    platform: bluesky\n" in text
    assert "password: env:BLUESKY_2_PASSWORD" in text
    assert not (desk.root / ".drumbeat").exists()


def test_a_feed_needs_no_secret(desk: Desk) -> None:
    result = desk("accounts", "add", "feed", "--set", "url=https://example.org/feed", "--set", "title=Rights")

    assert result.code == 0, result.err
    assert not (desk.root / ".env").exists()
    assert not (desk.root / "public").exists()


@pytest.mark.parametrize("platform", GUIDES)
def test_what_a_guide_asks_is_all_that_its_publisher_needs(tmp_path: Path, platform: str) -> None:
    guide = GUIDES[platform]
    around = Surroundings(tmp_path, SystemClock(), guide.example_secret)

    assert guide.platform == platform
    for whole in (True, False):
        assert publisher_for(guide.example(whole=whole), around).capabilities


def test_every_platform_that_posts_has_a_guide() -> None:
    assert set(GUIDES) == set(installed()) - {"dry-run"}


@pytest.mark.parametrize("platform", GUIDES)
def test_whatever_is_asked_and_is_no_secret_has_an_example(platform: str) -> None:
    assert [one.option for one in GUIDES[platform].asked if not (one.secret or one.example or one.optional)] == []


def test_a_free_name_is_found() -> None:
    taken = {"bluesky-main": 1, "bluesky-2": 1}

    assert free_name("matrix", taken) == "matrix-main"
    assert free_name("bluesky", taken) == "bluesky-3"


class Person:
    """Somebody at a terminal: reads what is said, and types."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.screen = ""
        self._read_up_to = 0
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "scheduler", "accounts", "add", *arguments, "--workspace", str(root)]
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)

    def reads(self, words: str) -> None:
        deadline = time.monotonic() + 20
        while words not in self.screen[self._read_up_to :] and time.monotonic() < deadline:
            if select.select([self._master], [], [], 0.1)[0]:
                self._read()
        assert words in self.screen[self._read_up_to :], self.screen
        self._read_up_to = self.screen.index(words, self._read_up_to) + len(words)

    def _read(self) -> None:
        try:
            self.screen += os.read(self._master, 4096).decode()
        except OSError:
            time.sleep(0.05)

    def types(self, line: str) -> None:
        """Typed once the prompt stands there, and a hidden one has had time to hide."""
        time.sleep(0.2)
        os.write(self._master, f"{line}\n".encode())

    def leaves(self) -> int:
        code = self.process.wait(20)
        os.close(self._master)
        return code


def test_at_a_terminal_a_person_is_led_step_by_step_and_no_secret_is_shown(desk: Desk, server: MastodonServer) -> None:
    person = Person(desk.root, "mastodon")
    person.reads("What the account is called")
    assert "1. Log in on your server" in person.screen
    person.types("new")
    person.reads("The server's address")
    person.types(server.url)
    person.reads("(hidden)")
    person.types("canary-wrong")
    person.reads("It does not work")
    person.reads("(hidden)")
    person.types(TOKEN)
    person.reads("`live: true` lets it speak")

    assert person.leaves() == 0
    assert TOKEN not in person.screen
    assert "canary-wrong" not in person.screen
    assert (desk.root / ".env").read_text() == f"NEW_TOKEN={TOKEN}\n"


def test_keys_of_another_account_than_the_one_named_are_written_nowhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (desk.root / "drumbeat.yaml").read_text()
    with XServer(SystemClock()) as server:
        secrets = "".join(f"{X_KEYS[option]}\n" for option in ("key", "key_secret", "token", "token_secret"))
        piped(monkeypatch, *secrets.split())
        result = desk("accounts", "add", "x", "--server", server.url, "--handle", "someone_else", "--secret-stdin")

    assert result.code == 2
    assert "drumbeat.yaml says someone_else" in result.err
    assert (desk.root / "drumbeat.yaml").read_text() == before
