"""Connections that wait are few, and not for ever."""

import time
from collections.abc import Callable
from typing import Any

from scheduler.http.idle import IdleLine
from scheduler.http.session import HttpSession
from scheduler.http.watchdog import Watchdog
from scheduler.http.wire import Wire

Serve = Callable[..., Any]


def answers(visit: Any) -> None:
    while visit.request():
        visit.answer()


def session(url: str, clock: Any, idle: IdleLine) -> HttpSession:
    return HttpSession(url, clock=clock, wire=Wire(clock=clock, allow_private=True, idle=idle))


def test_too_many_accounts_do_not_keep_their_connections(serve: Serve, clock: Any) -> None:
    server = serve(answers)
    idle = IdleLine(Watchdog(), most=3)
    accounts = [session(server.url, clock, idle) for _ in range(8)]
    for account in accounts:
        account.create("POST", "/posts", json={})
    assert len(idle) == 3
    for account in accounts[5:]:
        account.create("POST", "/posts", json={})
    assert len(server.visits) == 8
    accounts[0].create("POST", "/posts", json={})
    assert len(server.visits) == 9


def test_a_connection_that_waited_long_is_closed(serve: Serve, clock: Any) -> None:
    server = serve(answers)
    idle = IdleLine(Watchdog(), seconds=0.05)
    account = session(server.url, clock, idle)
    account.create("POST", "/posts", json={})
    deadline = time.monotonic() + 2
    while len(idle) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(idle) == 0
    assert account.create("POST", "/posts", json={}).status == 200
    assert len(server.visits) == 2


def test_an_account_that_is_gone_is_not_kept_alive(serve: Serve, clock: Any) -> None:
    import gc
    import weakref

    idle = IdleLine(Watchdog(), most=3)
    account = session(serve(answers).url, clock, idle)
    account.create("POST", "/posts", json={})
    gone = weakref.ref(account)
    del account
    gc.collect()
    assert gone() is None
