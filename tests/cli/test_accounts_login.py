"""A person lets Drumbeat in by the browser; the tokens stand in one place, and nowhere in what is printed."""

import io
import json
import socket
import sys
import webbrowser
from collections.abc import Iterator
from threading import Thread
from urllib.request import urlopen

import pytest

from scheduler.clock import SystemClock
from scheduler.testing.emulators.x import NAME, XServer
from scheduler.testing.emulators.x_tokens import CLIENT, SECRET
from tests.cli.conftest import Desk


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer(SystemClock()) as made:
        yield made


@pytest.fixture
def redirect(desk: Desk, server: XServer, monkeypatch: pytest.MonkeyPatch) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    server.grants.redirects = (address,)
    path = desk.root / "drumbeat.yaml"
    account = f"platform: x, handle: {NAME}, server: '{server.url}', client: {CLIENT}, redirect: '{address}'"
    entry = f"accounts:\n  x-main: {{{account}, client_secret: env:X_MAIN_CLIENT_SECRET}}\n"
    path.write_text(path.read_text().replace("accounts:\n", entry, 1))
    monkeypatch.setenv("X_MAIN_CLIENT_SECRET", SECRET)
    return address


def test_the_browser_comes_back_and_the_account_works(
    desk: Desk, server: XServer, redirect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opens(address: str) -> None:
        came_back = server.grants.says_yes(address)
        assert came_back.startswith(redirect)
        Thread(target=lambda: urlopen(came_back, timeout=10).close()).start()  # noqa: S310  # loopback

    monkeypatch.setattr(webbrowser, "open", opens)

    result = desk("accounts", "login", "x-main")

    assert result.code == 0, result.err
    assert "x-main: logged in" in result.out
    kept = json.loads((desk.root / ".drumbeat" / "credentials.json").read_text())["x-main"]
    assert kept["access"] not in result.out + result.err
    assert desk("accounts", "inspect", "x-main").code == 0


def test_on_a_server_the_address_is_pasted_and_one_that_is_foreign_is_refused(
    desk: Desk, redirect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{redirect}?code=stolen&state=another\n"))

    result = desk("accounts", "login", "x-main", "--paste")

    assert result.code == 2
    assert "https://x.com/i/oauth2/authorize?" in result.err
    assert "belongs to no log-in" in result.err
    assert not (desk.root / ".drumbeat" / "credentials.json").exists()


def test_accounts_without_a_log_in_say_what_they_have_instead(desk: Desk) -> None:
    result = desk("accounts", "login", "bluesky-main")

    assert result.code == 2
    assert "Nobody logs in to bluesky by a browser" in result.err
    assert "drumbeat accounts add bluesky" in result.err
    assert desk("accounts", "login", "nobody").code == 2
