"""The ping that says that all is well, once a minute, to an address that misses it when it stays away.

It comes from a thread of its own and only while a due post would go out; a ping that fails
is said once in the log and changes nothing else.
"""

import threading
from collections.abc import Callable
from typing import Self

from scheduler.clock import Clock
from scheduler.errors import SchedulerError, UsageError
from scheduler.http.route import DIRECT, Route
from scheduler.http.session import HttpSession
from scheduler.publishers.servers import checked

EVERY_SECONDS = 60.0
FIRST_SECONDS = 2.0
PING_SECONDS = 10.0
WHAT = "the heartbeat"


def ping(url: str, clock: Clock, route: Route = DIRECT) -> None:
    """One GET to the address. Raises `UsageError` for one that is none, and `PublishError` where it fails."""
    server = checked(url, WHAT)
    session = HttpSession(
        server.url,
        clock=clock,
        timeout_seconds=PING_SECONDS,
        route=route,
        allow_private=server.own_network,
        secrets=(url,),
    )
    try:
        session.read("")
    finally:
        session.close()


def pinger(
    variable: str, secret: Callable[[str], str | None], clock: Clock, route: Route = DIRECT
) -> Callable[[], None]:
    """Pings the address that `variable` holds, read anew each time."""

    def once() -> None:
        url = secret(variable)
        if not url:
            raise UsageError(f"{variable} is not set.", mend="Put it into .env.")
        ping(url, clock, route)

    return once


class Pulse:
    """Calls `send` every minute while `healthy` says yes. A context manager."""

    def __init__(
        self,
        send: Callable[[], None],
        healthy: Callable[[], bool],
        say: Callable[[str], None],
        *,
        first: float = FIRST_SECONDS,
        every: float = EVERY_SECONDS,
    ) -> None:
        self._send = send
        self._healthy = healthy
        self._say = say
        self._first = first
        self._every = every
        self._failing = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(self._first)  # a ping under way may take longer; it ends with the process

    def _run(self) -> None:
        wait = self._first
        while not self._end.wait(wait):
            self._beat()
            wait = self._every

    def _beat(self) -> None:
        try:
            if self._healthy():
                self._send()
                self._failing = False
        except SchedulerError as failure:
            self._fail(failure.message)
        except Exception as caught:  # noqa: BLE001  # nothing in here may end the pinging, or a post
            self._fail(type(caught).__name__)

    def _fail(self, why: str) -> None:
        if not self._failing:
            self._say(f"The heartbeat could not be sent: {why}")
        self._failing = True
