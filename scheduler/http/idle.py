"""How many connections may wait, over all accounts, and for how long.

Every account keeps its own connections, so a thousand accounts that post once would leave a
thousand of them open until the machine has no descriptors left, and the database with it.
Here the one that has waited longest is closed when too many wait, and every one after a
while. Nothing is closed while a request uses it.
"""

import threading
import weakref
from collections import OrderedDict
from functools import lru_cache
from typing import Any

from scheduler.clock import SystemClock
from scheduler.http.watchdog import Watchdog, shared_watchdog

MOST = 128
SECONDS = 30.0


class IdleLine:
    """The waiting connections of one process, the longest waiting first."""

    def __init__(self, watchdog: Watchdog, *, most: int = MOST, seconds: float = SECONDS) -> None:
        self._watchdog = watchdog
        self._most = most
        self._seconds = seconds
        self._monotonic = SystemClock().monotonic
        self._lock = threading.Lock()
        self._waiting: OrderedDict[int, tuple[Any, Any, float]] = OrderedDict()
        self._sweeping = False

    def __len__(self) -> int:
        return len(self._waiting)

    def rest(self, pool: Any, conn: Any) -> None:
        """`conn` waits in `pool` from now on. Neither is kept alive by this."""
        with self._lock:
            self._waiting.pop(id(conn), None)
            self._waiting[id(conn)] = (weakref.ref(pool), weakref.ref(conn), self._monotonic())
            crowd = [self._waiting.popitem(last=False)[1] for _ in range(len(self._waiting) - self._most)]
            arm, self._sweeping = not self._sweeping, True
        for waiting in crowd:
            _close(waiting)
        if arm:
            self._watchdog.watch(self._seconds, self._sweep)

    def wake(self, conn: Any) -> None:
        """`conn` is used again."""
        with self._lock:
            self._waiting.pop(id(conn), None)

    def _sweep(self) -> None:
        limit = self._monotonic() - self._seconds
        with self._lock:
            old = [key for key, (_, _, since) in self._waiting.items() if since <= limit]
            stale = [self._waiting.pop(key) for key in old]
            self._sweeping = again = bool(self._waiting)
        for waiting in stale:
            _close(waiting)
        if again:
            self._watchdog.watch(self._seconds, self._sweep)


def _close(waiting: tuple[Any, Any, float]) -> None:
    """Takes the connection out of its pool's line and closes it; one that is no longer there is in use."""
    pool, conn = waiting[0](), waiting[1]()
    line = None if pool is None else pool.pool
    if conn is None or line is None:
        return
    with line.mutex:
        if conn not in line.queue:
            return
        line.queue[line.queue.index(conn)] = None
    conn.close()


@lru_cache(maxsize=1)
def shared_idle_line() -> IdleLine:
    """The one line of this process."""
    return IdleLine(shared_watchdog())
