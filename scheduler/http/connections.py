"""urllib3's connections and pools, made to mark what they do.

Must stay true: `begun` is set after the connection stands and before the first byte of the
request is written; what a proxy's CONNECT or a TLS handshake writes does not count; `whole`
is set when the last byte was handed over. A creating request never leaves on a connection
that has been idle for long, because a server that is closing it cannot be told from a lost
reply.
"""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from typing import Any, Protocol

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from scheduler.clock import Clock
from scheduler.http.addresses import Lookup, resolve
from scheduler.http.idle import IdleLine
from scheduler.http.mark import Mark

# Shorter than any common server's idle time (Node's default is 5 s).
USED_SECONDS = 2.0
# What was opened ahead and never used is dropped by servers' header time-outs only; those begin at about 10 s.
AHEAD_SECONDS = 5.0


class Home(Protocol):
    """What a connection needs to know of the wire it belongs to."""

    clock: Clock
    allow_private: bool
    lookup: Lookup | None
    idle: IdleLine
    hangs_up: bool
    """The server ends connections right after an answer and does not say so: none is used again."""

    @property
    def mark(self) -> Mark:
        """The mark of the request that this thread is making."""
        ...


@dataclass(slots=True)
class Life:
    """When a connection last did something; both clocks, because a machine may sleep."""

    wall: datetime
    monotonic: float
    used: bool = False

    def age(self, clock: Clock) -> float:
        """Seconds since, by the clock that says more; a wall clock set back counts as very old."""
        wall = (clock.now() - self.wall).total_seconds()
        return max(clock.monotonic() - self.monotonic, wall if wall >= 0 else AHEAD_SECONDS * 2)


class HeadBrokeOff(HTTPException):
    """The answer ended before its headers did."""


class _Lines:
    """Reads an answer's head and remembers its last line."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        self.last = self._reader.readline(limit)
        return self.last

    def close(self) -> None:
        self._reader.close()


class _WholeHead(HTTPResponse):
    """An answer whose headers end with their empty line; Python takes the end of the connection for it as well."""

    fp: Any

    def begin(self) -> None:
        reader = self.fp
        self.fp = lines = _Lines(reader)
        try:
            super().begin()
        finally:
            if self.fp is lines:
                self.fp = reader
        if not lines.last:
            raise HeadBrokeOff


class _Marked:
    """What both kinds of connection do alike; mixed in before urllib3's class."""

    home: Home
    life: Life | None = None
    sock: socket.socket | None
    response_class: Any = _WholeHead
    _establishing = False

    def connect(self) -> None:
        self._establishing = True
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self._establishing = False
        self.live(used=False)

    def live(self, *, used: bool) -> None:
        clock = self.home.clock
        self.life = Life(clock.now(), clock.monotonic(), used)

    def fresh(self) -> bool:
        """Whether a creating request may use this connection."""
        if self.life is None:
            return False
        return self.life.age(self.home.clock) <= (USED_SECONDS if self.life.used else AHEAD_SECONDS)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self._establishing:
            self.home.mark.begun = True
        super().send(data)  # type: ignore[misc]

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.home.mark.hold(self.sock)
            self.home.mark.reused = self.life is not None and self.life.used
            self.home.mark.soon = self.home.mark.reused and self.fresh()
        super().request(*args, **kwargs)  # type: ignore[misc]
        self.home.mark.whole = True

    def _new_conn(self) -> socket.socket:
        mark = self.home.mark
        host, port = self._dns_host, self.port  # type: ignore[attr-defined]
        proxied = self.proxy is not None  # type: ignore[attr-defined]
        try:
            line = _open(self.home, host, port, mark, trusted=proxied)
        except TimeoutError as trouble:
            raise ConnectTimeoutError(self, "the connection took too long") from trouble
        except OSError as trouble:
            raise NewConnectionError(self, str(trouble)) from trouble  # type: ignore[arg-type]
        try:
            for option in self.socket_options or ():  # type: ignore[attr-defined]
                line.setsockopt(*option)
            mark.hold(line)
        except OSError:
            line.close()
            raise
        return line


class MarkedConnection(_Marked, HTTPConnection):
    """A plain connection that marks."""


class MarkedTLSConnection(_Marked, HTTPSConnection):
    """A connection under TLS that marks."""

    @property
    def is_connected(self) -> bool:
        """Whether the other side has not closed, as far as has arrived.

        What waits unread on a fresh TLS 1.3 connection is session tickets, not the end.
        """
        if self.sock is None:
            return False
        return super().is_connected or _only_tickets(self.sock)


class _Pooled:
    """What both kinds of pool do alike; mixed in before urllib3's class."""

    home: Home

    def __init__(self, *args: Any, home: Home, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home = home

    def _new_conn(self) -> Any:
        conn = super()._new_conn()  # type: ignore[misc]
        conn.home = self.home
        return conn

    def _get_conn(self, timeout: float | None = None) -> Any:
        if self.home.mark.creating:
            _drop_stale(self)
        conn = super()._get_conn(timeout)  # type: ignore[misc]
        if conn.sock is None and conn.life is not None and conn.life.used and conn.fresh():
            self.home.hangs_up = True  # closed so soon after an answer
        self.home.idle.wake(conn)
        return conn

    def _put_conn(self, conn: Any) -> None:
        if conn is not None and conn.sock is not None:
            conn.live(used=True)
            if self.home.hangs_up:
                conn.close()
        self.lay_back(conn)

    def lay_back(self, conn: Any) -> None:
        super()._put_conn(conn)  # type: ignore[misc]
        if conn is not None and conn.sock is not None:
            self.home.idle.rest(self, conn)


class MarkedPool(_Pooled, HTTPConnectionPool):
    """A pool that gives a creating request a fresh connection only."""

    ConnectionCls = MarkedConnection


class MarkedTLSPool(_Pooled, HTTPSConnectionPool):
    """The same, under TLS."""

    ConnectionCls = MarkedTLSConnection


def open_ahead(pool: Any) -> None:
    """Opens a connection (name, TCP, TLS, and a proxy's tunnel) and leaves it in the pool for the request to come."""
    conn = pool._get_conn()  # noqa: SLF001 -- urllib3 has no public way to open a connection without a request
    try:
        if conn.is_closed or conn.life is None or conn.life.used or not conn.fresh():
            conn.close()
            _connect(pool, conn)
    except BaseException:
        conn.close()
        raise
    pool.lay_back(conn)


def _connect(pool: Any, conn: Any) -> None:
    conn.timeout = pool.home.mark.remaining()
    if pool.proxy is not None and pool.scheme == "https":
        pool._prepare_proxy(conn)  # noqa: SLF001
    else:
        conn.connect()


def _drop_stale(pool: Any) -> None:
    """Closes what a creating request may not use; a closed connection opens anew when it is asked."""
    line = pool.pool
    if line is not None:
        with line.mutex:
            stale = [conn for conn in line.queue if conn is not None and not conn.fresh()]
            line.queue[:] = [None if conn in stale else conn for conn in line.queue]
        for conn in stale:
            conn.close()


def _open(home: Home, host: str, port: int, mark: Mark, *, trusted: bool) -> socket.socket:
    """A connected socket to one of the judged addresses, each given its share of what time is left."""
    addresses = resolve(
        host, port, seconds=mark.remaining(), allow_private=trusted or home.allow_private, lookup=home.lookup
    )
    trouble: OSError = TimeoutError("no time left")
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        line = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            line.settimeout(max(mark.remaining() / left, 0.001))
            line.connect(address.sockaddr)
            line.settimeout(max(mark.remaining(), 0.001))
        except OSError as refused:
            line.close()
            trouble = refused
        else:
            return line
    raise trouble


def _only_tickets(line: socket.socket) -> bool:
    """Reads without waiting: tickets are taken in by the TLS layer, which then has nothing for us."""
    patience = line.gettimeout()
    line.settimeout(0)
    try:
        line.recv(1)
    except ssl.SSLWantReadError:
        return True
    except OSError:
        return False
    finally:
        line.settimeout(patience)
    return False
