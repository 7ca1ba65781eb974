"""A person adds an account by the browser: all of it works and is written, or nothing is."""

import io
import json
import re
import signal
import socket
import sys
import time
import webbrowser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import SchedulerError
from scheduler.operations.adding import NewAccount, add
from scheduler.operations.guides import guide_to, guides
from scheduler.publishers.base import Surroundings
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.installed import login_for, publisher_class
from scheduler.testing.emulators.x import NAME, XServer
from scheduler.testing.emulators.x_tokens import CLIENT, SECRET
from tests.cli.conftest import Desk
from tests.cli.test_accounts_add import Person

LOGINS = {name: guide.by_login for name, guide in guides().items() if guide.by_login}


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer(SystemClock()) as made:
        yield made


@pytest.fixture
def redirect(server: XServer) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    server.grants.redirects = (address,)
    return address


@pytest.fixture
def flags(server: XServer, redirect: str) -> list[str]:
    settings = [f"client={CLIENT}", f"redirect={redirect}"]
    said = [part for one in settings for part in ("--set", one)]
    return ["--name", "new", "--handle", NAME, "--server", server.url, *said]


def hears(came_back: str) -> None:
    """A browser that comes back at once to `came_back`."""
    Thread(target=lambda: urlopen(came_back, timeout=10).close()).start()  # noqa: S310  # loopback


def in_the_browser(monkeypatch: pytest.MonkeyPatch, server: XServer, answer: str = "") -> list[str]:
    """What stands in for the browser: it says yes, or comes back with `answer`."""
    opened: list[str] = []

    def opens(address: str) -> bool:
        opened.append(address)
        hears(answer or server.grants.says_yes(address))
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    return opened


def piped(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_browser_opens_and_the_account_is_written_whole(
    desk: Desk, server: XServer, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = in_the_browser(monkeypatch, server)
    piped(monkeypatch, SECRET)
    before = desk.files()

    result = desk("accounts", "add", "x", "--login", *flags, "--secret-stdin")

    assert result.code == 0, result.err
    assert opened[0].startswith("https://x.com/i/oauth2/authorize?")
    text = (desk.root / "drumbeat.yaml").read_text()
    assert f"  new:\n    platform: x\n    server: {server.url}\n    handle: {NAME}\n    client: {CLIENT}\n" in text
    assert "    client_secret: env:NEW_CLIENT_SECRET\n    live: false\n" in text
    assert (desk.root / ".env").read_text() == f"NEW_CLIENT_SECRET={SECRET}\n"
    kept = json.loads((desk.root / ".drumbeat" / "credentials.json").read_text())["new"]
    assert not {kept["access"], kept["refresh"], SECRET} & set(re.findall(r"[\w-]+", result.out + result.err + text))
    assert desk.files() - before >= {".env", ".drumbeat/credentials.json"}
    assert desk("accounts", "inspect", "new").code == 0
    assert desk("check").code == 0


def test_an_app_without_a_secret_needs_none(
    desk: Desk, server: XServer, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.grants.confidential = False
    in_the_browser(monkeypatch, server)

    result = desk("accounts", "add", "x", "--login", *flags, "--json")

    assert (result.code, result.json) == (0, {"account": "new", "variables": [], "works": True}), result.err
    assert not (desk.root / ".env").exists()
    assert "client_secret" not in (desk.root / "drumbeat.yaml").read_text()


def test_a_no_in_the_browser_writes_nothing(
    desk: Desk, server: XServer, flags: list[str], redirect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_browser(monkeypatch, server, f"{redirect}?error=access_denied&state=x")
    piped(monkeypatch, SECRET)
    before, text = desk.files(), (desk.root / "drumbeat.yaml").read_text()

    result = desk("accounts", "add", "x", "--login", *flags, "--secret-stdin")

    assert result.code == 2
    assert "did not let Drumbeat in: access_denied" in result.err
    assert (desk.files(), (desk.root / "drumbeat.yaml").read_text()) == (before, text)


def test_an_app_whose_secret_is_wrong_writes_nothing(
    desk: Desk, server: XServer, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_browser(monkeypatch, server)
    piped(monkeypatch, "canary-wrong")
    before = desk.files()

    result = desk("accounts", "add", "x", "--login", *flags, "--secret-stdin")

    assert result.code == 1
    assert "canary-wrong" not in result.out + result.err
    assert desk.files() == before


def test_a_platform_without_a_log_in_says_so(desk: Desk) -> None:
    result = desk("accounts", "add", "bluesky", "--login")
    assert result.code == 2
    assert "Nobody logs in to bluesky by a browser." in result.err


def test_without_a_terminal_the_keys_are_the_way_unless_a_log_in_is_asked_for(desk: Desk) -> None:
    assert "X_MAIN_TOKEN_SECRET" in desk("accounts", "add", "x").err
    assert "--set client=…" in desk("accounts", "add", "x", "--login").err


def gives_up(person: Person) -> None:
    """Ctrl-C, once the prompt waits for it."""
    time.sleep(0.3)
    person.process.send_signal(signal.SIGINT)


def at_a_terminal(desk: Desk, server: XServer, redirect: str) -> Person:
    person = Person(desk.root, "x", "--paste", "--name", "new", "--server", server.url, "--set", f"redirect={redirect}")
    person.reads("The account's name")
    person.types(NAME)
    person.reads("The Client ID")
    person.types(CLIENT)
    person.reads("(hidden)")
    person.types(SECRET)
    person.reads("Paste its whole address")
    return person


def test_on_a_server_a_person_pastes_the_address_at_which_the_browser_ends(
    desk: Desk, server: XServer, redirect: str
) -> None:
    person = at_a_terminal(desk, server, redirect)
    [address] = re.findall(r"https://x\.com/i/oauth2/authorize\?\S+", person.screen)
    person.types(server.grants.says_yes(address))
    person.reads("`live: true` lets it speak")

    assert person.leaves() == 0
    assert SECRET not in person.screen
    assert "new:" in (desk.root / "drumbeat.yaml").read_text()
    assert Credentials(desk.root).read("new")


def test_ctrl_c_in_the_middle_leaves_nothing_behind(desk: Desk, server: XServer, redirect: str) -> None:
    before, text = desk.files(), (desk.root / "drumbeat.yaml").read_text()
    person = at_a_terminal(desk, server, redirect)
    gives_up(person)

    assert person.leaves() == 130
    assert (desk.files(), (desk.root / "drumbeat.yaml").read_text()) == (before, text)


def test_at_a_terminal_a_person_chooses_between_browser_and_keys(desk: Desk) -> None:
    person = Person(desk.root, "x", "--name", "new")
    person.reads("By your browser, or with keys (browser, keys) [browser]")
    person.types("keys")
    person.reads("The account's name")
    person.types(NAME)
    person.reads("The API key (hidden)")
    gives_up(person)
    assert person.leaves() == 130


@pytest.mark.parametrize("before", [{}, {"client": "an older one"}])
def test_what_a_log_in_gave_is_taken_back_where_the_rest_cannot_be_written(desk: Desk, before: dict[str, str]) -> None:
    way = guide_to("x").by_login
    assert way is not None
    store = Credentials(desk.root)
    store.keep("new", before)
    (desk.root / ".env").mkdir()
    new = NewAccount(way, "new", {"client": CLIENT}, {"client_secret": SECRET}, kept={"client": CLIENT})

    with pytest.raises((OSError, SchedulerError)):
        add(desk.root, new, {})

    assert dict(store.read("new").values) == before
    assert "new:" not in (desk.root / "drumbeat.yaml").read_text()


@pytest.mark.parametrize("platform", LOGINS)
def test_what_a_guide_to_a_log_in_asks_is_all_that_it_needs(tmp_path: Path, platform: str) -> None:
    guide = LOGINS[platform]
    around = Surroundings(tmp_path, SystemClock(), guide.example_secret)

    assert guide.platform == platform
    assert [one.option for one in guide.asked if not (one.secret or one.example or one.optional)] == []
    for whole in (True, False):
        account = guide.example(whole=whole)
        if not whole:
            required = {one.option for one in guide.asked if one.secret and not one.optional}
            account = replace(account, secrets={o: v for o, v in account.secrets.items() if o in required})
        assert login_for(account, around).address.startswith("https://")


def test_every_platform_with_a_log_in_guides_to_it() -> None:
    assert set(LOGINS) == {name for name in guides() if hasattr(publisher_class(name), "login")}
