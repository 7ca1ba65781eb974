"""A platform on loopback, in a process of its own, that thinks for a while before it answers.

It holds thousands of connections in one thread, so that it is never what is measured, and it
notes by its own clock when each request came in whole and when its answer left. Whoever
measures asks it (`seen`) and need not look into the process that is measured.

    python benchmarks/slow_server.py --least 0.2 --most 0.2
"""

import argparse
import heapq
import json
import random
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import requests  # noqa: TID251  # the bare pool speaks it as anyone would

BACKLOG = 4096
PIECE = 65_536
SEEN = b"GET /seen "
FORGET = b"GET /forget "
_LENGTH = b"content-length:"
_ID = b"webhook-id:"


@dataclass(slots=True)
class Line:
    """One connection, and what of a request has come in on it."""

    socket: socket.socket
    heard: bytes = b""


@dataclass(slots=True)
class Seen:
    """Every request by the id that its sender gave it: when it was here, and when its answer left."""

    arrived: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)


class SlowServer:
    """Answers each request some time between `least` and `most` seconds after it came in."""

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._listening.setblocking(False)
        self._waiting: list[tuple[float, int, Line, str]] = []
        self._numbers = count()
        self._seen = Seen()
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._listening, selectors.EVENT_READ)
        self.port = self._listening.getsockname()[1]

    def run(self) -> None:
        """Serves until it is killed."""
        while True:
            pause = self._waiting[0][0] - time.monotonic() if self._waiting else None
            for key, _ in self._ready.select(None if pause is None else max(0.0, pause)):
                if key.data is None:
                    self._accept()
                else:
                    self._read(key.data)
            self._answer_what_is_due()

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._listening.accept()
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ready.register(connection, selectors.EVENT_READ, Line(connection))
        except BlockingIOError:
            return

    def _read(self, line: Line) -> None:
        try:
            piece = line.socket.recv(PIECE)
        except OSError:
            piece = b""
        if not piece:
            self._ready.unregister(line.socket)
            line.socket.close()
            return
        line.heard += piece
        head, end, body = line.heard.partition(b"\r\n\r\n")
        if end and len(body) >= _number(head):
            line.heard = b""
            self._take(line, head)

    def _take(self, line: Line, head: bytes) -> None:
        if head.startswith(SEEN):
            _send(line, json.dumps({"arrived": self._seen.arrived, "answered": self._seen.answered}).encode())
        elif head.startswith(FORGET):
            self._seen = Seen()
            _send(line, b"{}")
        else:
            name = _value(head, _ID).decode()
            self._seen.arrived[name] = time.time()  # noqa: TID251  # the clock that its callers' moments are of
            until = time.monotonic() + random.uniform(self._least, self._most)
            heapq.heappush(self._waiting, (until, next(self._numbers), line, name))

    def _answer_what_is_due(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, line, name = heapq.heappop(self._waiting)
            self._seen.answered[name] = time.time()  # noqa: TID251
            _send(line, b'{"id":"%d"}' % len(self._seen.answered))


def _value(head: bytes, name: bytes) -> bytes:
    start = head.lower().find(name)
    return head[start + len(name) :].partition(b"\r\n")[0].strip() if start >= 0 else b""


def _number(head: bytes) -> int:
    return int(_value(head, _LENGTH) or 0)


def _send(line: Line, body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    try:
        line.socket.setblocking(True)
        line.socket.sendall(head + body)
        line.socket.setblocking(False)
    except OSError:
        return


@dataclass(frozen=True, slots=True)
class Platform:
    """The server as those see it who measure."""

    url: str

    def forget(self) -> None:
        """Whatever was seen so far no longer counts."""
        requests.get(f"{self.url}/forget", timeout=30)

    def seen(self) -> Seen:
        """All requests since, by the wall clock in seconds."""
        return Seen(**requests.get(f"{self.url}/seen", timeout=30).json())


@contextmanager
def slow_platform(least: float = 0.2, most: float | None = None) -> Iterator[Platform]:
    """A server in a process of its own, ended when done."""
    said = [sys.executable, __file__, "--least", str(least), "--most", str(least if most is None else most)]
    with subprocess.Popen(said, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield Platform(f"http://127.0.0.1:{server.stdout.readline().strip()}")
        finally:
            server.kill()


def main() -> None:
    """Serve, and say on which port."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--least", type=float, default=0.2)
    words.add_argument("--most", type=float, default=0.2)
    asked = words.parse_args()
    server = SlowServer(asked.least, asked.most)
    print(server.port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
