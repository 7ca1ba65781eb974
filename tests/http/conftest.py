"""A server on loopback that does exactly what it is told, byte by byte."""

import contextlib
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest

Script = Callable[["Visit"], None]


@dataclass
class Visit:
    """One connection that the server took; `number` counts from 0."""

    line: socket.socket
    number: int
    closing: threading.Event
    requests: list[bytes]

    def request(self) -> bytes:
        """Reads one whole request; empty where the other side has gone."""
        heard = self.head()
        head, _, body = heard.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        while head and len(body) < length and (piece := self.line.recv(65536)):
            body += piece
        if head:
            self.requests.append(head + b"\r\n\r\n" + body)
        return head

    def head(self) -> bytes:
        """Reads until the head has arrived, and perhaps some of the body."""
        heard = b""
        while b"\r\n\r\n" not in heard and (piece := self.line.recv(65536)):
            heard += piece
        return heard

    def answer(self, body: bytes = b'{"id": "1"}', status: str = "200 OK", *headers: str) -> None:
        self.say(
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
            + "".join(f"{header}\r\n" for header in headers)
            + "\r\n",
            body,
        )

    def say(self, *words: str | bytes) -> None:
        self.line.sendall(b"".join(word.encode() if isinstance(word, str) else word for word in words))

    def reset(self) -> None:
        """Ends the connection with RST instead of FIN."""
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.close()

    def hang(self) -> None:
        """Says nothing until the test ends."""
        self.closing.wait(10)


@dataclass
class Server:
    """What `serve` gives: where it listens, and what it was asked."""

    port: int
    scheme: str = "http"
    requests: list[bytes] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server on loopback that runs a script for each connection."""
    closing = threading.Event()
    with contextlib.ExitStack() as ends:
        threads: list[threading.Thread] = []

        def start(script: Script, *, tls: ssl.SSLContext | None = None) -> Server:
            listener = ends.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
            listener.settimeout(0.01)
            server = Server(listener.getsockname()[1], "https" if tls else "http")
            threads.append(threading.Thread(target=_accept, args=(listener, server, script, tls, closing), daemon=True))
            threads[-1].start()
            return server

        yield start
        closing.set()
    for thread in threads:
        thread.join(2)


def _accept(
    listener: socket.socket, server: Server, script: Script, tls: ssl.SSLContext | None, closing: threading.Event
) -> None:
    visitors: list[threading.Thread] = []
    while not closing.is_set():
        try:
            line, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            break
        visit = Visit(line, len(server.visits), closing, server.requests)
        server.visits.append(visit)
        visitors.append(threading.Thread(target=_play, args=(visit, script, tls), daemon=True))
        visitors[-1].start()
    for visit in server.visits:
        with contextlib.suppress(OSError):
            visit.line.shutdown(socket.SHUT_RDWR)
    for visitor in visitors:
        visitor.join(2)


def _play(visit: Visit, script: Script, tls: ssl.SSLContext | None) -> None:
    visit.line.settimeout(10)
    with contextlib.suppress(OSError):
        if tls is not None:
            raw = visit.line
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            visit.line = tls.wrap_socket(raw, server_side=True)
        script(visit)
    visit.line.close()


@dataclass
class Hands:
    """A clock that a test turns."""

    moment: datetime = datetime(2027, 6, 30, 12, tzinfo=UTC)
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def turn(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Hands:
    return Hands()


@dataclass(frozen=True)
class Certificate:
    """A throwaway certificate for 127.0.0.1 and localhost, signed by itself."""

    path: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:pinned.example,IP:127.0.0.1"]
    kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([openssl, *kind, "-keyout", made.key, "-out", made.path, *subject], check=True, capture_output=True)
    return made
