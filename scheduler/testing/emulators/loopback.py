"""A small threaded HTTP server on loopback, and the `Emulator` that stands on it.

An emulator answers a `Request` with an `Answer`; what the wire does with it (cut off before a
byte, garbled, refused) is here. Its `Date` is the clock it was given, so that a test's clock
and the server's agree, or differ on purpose. `tells_time` and `hangs_up` are for servers that
send no `Date`, or end each connection right after an answer without saying so.
"""

import json
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

from scheduler.clock import Clock
from scheduler.testing.platform import Fate


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form: `filename` is empty for a plain field."""

    name: str
    filename: str
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. Header names are in small letters; `segments` are the path's, decoded; `target` is as sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, percent-decoded."""
        return tuple(unquote(part) for part in self.path.split("/") if part)

    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        """The body as JSON; an empty object where it is none."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            return {}

    def form(self) -> dict[str, Part]:
        """The parts of a multipart form, by name."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        whole = BytesParser(policy=HTTP).parsebytes(head + self.body)
        parts = [_part(one) for one in whole.iter_parts()] if whole.is_multipart() else []
        return {part.name: part for part in parts}


def _part(one: Message) -> Part:
    body = one.get_payload(decode=True)
    name = str(one.get_param("name", "", "content-disposition"))
    return Part(name, one.get_filename() or "", one.get_content_type(), body if isinstance(body, bytes) else b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `cut`: the connection ends instead, with nothing said. `after`: seconds to wait before."""

    status: int = 200
    said: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    after: float = 0.0

    @property
    def body(self) -> bytes:
        """What is sent: bytes as they are, anything else as JSON."""
        return self.said if isinstance(self.said, bytes) else json.dumps(self.said, ensure_ascii=False).encode()


class Loopback:
    """Listens on 127.0.0.1 from entering to leaving. `refuse()` closes the door; `open()` opens it again."""

    def __init__(self, answer: Callable[[Request], Answer], clock: Clock, *, port: int = 0) -> None:
        self.clock = clock
        self.requests: list[Request] = []
        self.mistakes: list[BaseException] = []
        self.tells_time = True
        self.hangs_up = False
        self.port = port
        self._answer = answer
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        if self.mistakes:
            raise self.mistakes[0]

    def open(self) -> None:
        """Listens, at the same port as before where it has been open; nothing where it is open."""
        if self._server is not None:
            return
        self._server = _Server(("127.0.0.1", self.port), self)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def refuse(self) -> None:
        """Closes the door and every connection, so that the next one is refused."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.hang_up()
            self._server.server_close()
            self._server = None

    def answer(self, request: Request) -> Answer:
        """What the emulator says to a request."""
        self.requests.append(request)
        return self._answer(request)


@dataclass
class Emulator:
    """A platform on loopback: a context manager that listens while it is entered, and has a fate for the next post.

    `clock` is the platform's own; `creates` counts creating requests. `never` are the fates that the platform has not.
    """

    clock: Clock
    port: int = field(default=0, kw_only=True)
    creates: int = field(default=0, kw_only=True)
    fates: deque[Fate] = field(default_factory=deque, kw_only=True)
    door: Loopback = field(init=False)
    _lock: threading.RLock = field(init=False, repr=False)
    never: ClassVar[frozenset[Fate]] = frozenset()

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self.door = Loopback(self._answer, self.clock, port=self.port)

    def __enter__(self) -> Self:
        self.door.open()
        return self

    def __exit__(self, *caught: object) -> None:
        self.door.__exit__(*caught)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.door.url

    @property
    def requests(self) -> list[Request]:
        """All that was asked."""
        return self.door.requests

    def script(self, fate: Fate) -> bool:
        """What becomes of the next creating request; False for what the platform is not known to do."""
        if fate in self.never:
            return False
        if fate is Fate.REFUSES:
            self.door.refuse()
        else:
            self.door.open()
            self.fates.append(fate)
        return True

    def fate(self) -> Fate:
        """What becomes of the creating request that is here."""
        return self.fates.popleft() if self.fates else Fate.TAKES

    def _answer(self, request: Request) -> Answer:
        """What the platform says to a request."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], loopback: Loopback) -> None:
        self.loopback = loopback
        self._lines: set[socket.socket] = set()
        super().__init__(address, _Visit)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for line in tuple(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """A client that hung up is nobody's mistake; anything else is the emulator's, and fails its test."""
        caught = sys.exc_info()[1]
        if caught is not None and not isinstance(caught, ConnectionError):
            self.loopback.mistakes.append(caught)


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; without it each answer takes 40 ms
    server: _Server

    def _serve(self) -> None:
        address = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=address.path,
            query={name: values[-1] for name, values in parse_qs(address.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            target=self.path,
        )
        answer = self.server.loopback.answer(request)
        time.sleep(answer.after)
        if answer.cut:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        if self.server.loopback.tells_time:
            self.send_header("Date", self.date_time_string())
        for name, value in {"Content-Type": "application/json; charset=utf-8", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.close_connection = self.close_connection or self.server.loopback.hangs_up

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  # the names that http.server calls

    def date_time_string(self, timestamp: float | None = None) -> str:
        del timestamp
        return format_datetime(self.server.loopback.clock.now(), usegmt=True)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
