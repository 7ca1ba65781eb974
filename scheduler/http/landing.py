"""Where a browser comes back to after somebody said yes on a platform: one address on this computer.

It listens on loopback alone, from entering to leaving, and hands on the first address with an
answer in it; whether that answer belongs to what was begun here is for whoever began to judge.
Nothing is logged: the address holds a code.
"""

from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from scheduler.clock import Clock
from scheduler.errors import UsageError

HOSTS = frozenset({"127.0.0.1"})
_GLANCE = 0.5
_THANKS = b"<!doctype html><meta charset=utf-8><title>Drumbeat</title><p>Please go back to the terminal.</p>\n"


class Landing:
    """`redirect` is the whole address, as `http://127.0.0.1:8723/`. Raises `UsageError` where nothing can listen."""

    def __init__(self, redirect: str, clock: Clock) -> None:
        self._parts = urlsplit(redirect)
        self._redirect = redirect
        self._clock = clock
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            self._server = _Server((str(self._parts.hostname), self._parts.port or 80), self._parts.path or "/")
        except OSError as caught:
            mend = "Say --paste, and paste the address that the browser ends at."
            raise UsageError(f"Nothing can listen at {self._redirect}: {caught.strerror}.", mend=mend) from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.server_close()

    def wait(self, seconds: float) -> str:
        """The address that the browser came back to; empty where none did in time."""
        until = self._clock.monotonic() + seconds
        while self._server is not None and not self._server.found and self._clock.monotonic() < until:
            self._server.handle_request()
        found = self._server.found if self._server else ""
        return f"{self._parts.scheme}://{self._parts.netloc}{found}" if found else ""


def can_land(redirect: str) -> bool:
    """Whether a redirect leads to this computer."""
    parts = urlsplit(redirect)
    return parts.scheme == "http" and parts.hostname in HOSTS


class _Server(HTTPServer):
    timeout = _GLANCE

    def __init__(self, address: tuple[str, int], path: str) -> None:
        self.path = path
        self.found = ""
        super().__init__(address, _Visit)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hung up is nobody's trouble."""


class _Visit(BaseHTTPRequestHandler):
    timeout = _GLANCE * 4  # a browser opens connections ahead, and says nothing on them
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        answers = parse_qs(address.query).keys() & {"code", "error"}
        here = address.path == self.server.path and bool(answers)
        if here:
            self.server.found = self.path
        self.send_response_only(200 if here else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_THANKS) if here else 0))
        self.end_headers()
        self.wfile.write(_THANKS if here else b"")

    def log_message(self, *_: object) -> None:
        """Says nothing."""
