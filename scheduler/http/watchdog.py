"""One thread that ends what takes too long.

A socket's time-out counts from byte to byte, so a server that dribbles holds a request for
ever. The watchdog counts from the start. It sleeps on one heap of deadlines, whatever the
number of requests; an entry whose request has ended is dropped when its time comes.
"""

import contextlib
import heapq
import itertools
import threading
from collections.abc import Callable
from functools import lru_cache

from scheduler.clock import SystemClock

SILENT_SECONDS = 30.0


class Watchdog:
    """Calls back once when a deadline passes, from its own thread. The callback must be quick."""

    def __init__(self) -> None:
        self._monotonic = SystemClock().monotonic  # sockets live in real time, whatever clock the engine was given
        self._changed = threading.Condition()
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def watch(self, seconds: float, expire: Callable[[], None]) -> float:
        """Calls `expire` in `seconds`; returns the deadline in monotonic seconds."""
        deadline = self._monotonic() + seconds
        with self._changed:
            earliest = not self._entries or deadline < self._entries[0][0]
            heapq.heappush(self._entries, (deadline, next(self._numbers), expire))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="http-watchdog", daemon=True)
                self._thread.start()
            elif earliest:
                self._changed.notify()
        return deadline

    def remaining(self, deadline: float) -> float:
        """Seconds left until a deadline that `watch` returned; never negative."""
        return max(0.0, deadline - self._monotonic())

    def _run(self) -> None:
        while (due := self._next_due()) is not None:
            for expire in due:
                # one that fails must not leave the others unwatched
                with contextlib.suppress(Exception):
                    expire()

    def _next_due(self) -> list[Callable[[], None]] | None:
        """What is due now, after waiting for the next deadline; None after a long silence: the thread may end."""
        with self._changed:
            wait = self._entries[0][0] - self._monotonic() if self._entries else SILENT_SECONDS
            if wait > 0:
                self._changed.wait(wait)
            now = self._monotonic()
            due = []
            while self._entries and self._entries[0][0] <= now:
                due.append(heapq.heappop(self._entries)[2])
            if not due and not self._entries and wait == SILENT_SECONDS:
                self._thread = None
                return None
            return due


@lru_cache(maxsize=1)
def shared_watchdog() -> Watchdog:
    """The one watchdog of this process."""
    return Watchdog()
