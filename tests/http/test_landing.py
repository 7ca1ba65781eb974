"""Where a browser comes back to: one address, on this computer, and nothing else of what browsers ask for."""

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scheduler.clock import SystemClock
from scheduler.errors import UsageError
from scheduler.http.landing import Landing, can_land


@pytest.fixture
def redirect():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/back"


def opened(address):
    try:
        with urlopen(address, timeout=10) as page:  # noqa: S310  # loopback
            return page.status, page.read()
    except HTTPError as caught:
        return caught.code, caught.read()


def test_the_first_answer_is_handed_on_whole_and_all_else_is_not_there(redirect):
    with Landing(redirect, SystemClock()) as landing, ThreadPoolExecutor(1) as browser:
        base = redirect.removesuffix("/back")
        asked = (f"{base}/favicon.ico?code=1", redirect, f"{redirect}?code=a%20b&state=c")
        pages = browser.submit(lambda: [opened(address) for address in asked])
        assert landing.wait(20) == f"{redirect}?code=a%20b&state=c"
        assert [status for status, _ in pages.result()] == [404, 404, 200]
        assert b"go back to the terminal" in pages.result()[2][1]


def test_whoever_connects_and_says_nothing_stops_nobody(redirect):
    port = int(redirect.split(":")[2].removesuffix("/back"))
    silent = ("127.0.0.1", port)
    with (
        Landing(redirect, SystemClock()) as landing,
        socket.create_connection(silent),
        ThreadPoolExecutor(1) as browser,
    ):
        browser.submit(opened, f"{redirect}?error=access_denied")
        assert landing.wait(20).endswith("?error=access_denied")


def test_nobody_is_waited_for_for_ever(redirect):
    with Landing(redirect, SystemClock()) as landing:
        assert landing.wait(0.01) == ""


def test_a_port_that_is_taken_is_told_with_the_other_way(redirect):
    with Landing(redirect, SystemClock()), pytest.raises(UsageError, match="Nothing can listen") as caught:
        Landing(redirect, SystemClock()).__enter__()
    assert "--paste" in caught.value.mend


def test_only_addresses_of_this_computer_are_listened_at():
    assert can_land("http://127.0.0.1:8723/")
    assert not can_land("https://example.org/back")
    assert not can_land("http://localhost:8723/")
