"""A page that a browser on this computer shows, made anew whenever a file changes.

It listens on loopback alone and answers only who asked for loopback by name: a site that
points its own name here (DNS rebinding) reads nothing. With a mistake in a file the last
good page stays, and the mistake is told beside it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scheduler.errors import SchedulerError, UsageError
from scheduler.operations.watching import MISSING
from scheduler.preview.live import NAMES, POLICY, resource

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer
    from werkzeug.wrappers import Request, Response

HOST = "127.0.0.1"
PORT = 8420
WAIT_SECONDS = 20.0
"""How long a browser's question for news stays open."""

SHUTDOWN_SECONDS = 0.05
"""How long the end may take to be noticed."""


class LivePage:
    """The newest page and what is wrong with the files; whoever waits is woken by either."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._html = b""
        self._page = self._version = 0
        self._trouble = ""

    def show(self, html: str) -> None:
        """This is the page now, and nothing is wrong."""
        with self._news:
            self._html, self._trouble = html.encode(), ""
            self._page += 1
            self._tell()

    def fail(self, words: str) -> None:
        """This is wrong; the page stays as it is."""
        with self._news:
            self._trouble = words
            self._tell()

    def _tell(self) -> None:
        self._version += 1
        self._news.notify_all()

    @property
    def html(self) -> bytes:
        """The page, empty before the first."""
        return self._html

    def news(self, since: int, *, seconds: float = WAIT_SECONDS) -> dict[str, int | str]:
        """What is new after version `since`, waited for up to `seconds`."""
        with self._news:
            self._news.wait_for(lambda: self._version != since, timeout=seconds)
            return {"version": self._version, "page": self._page, "trouble": self._trouble}


@contextmanager
def served(page: LivePage, *, port: int = PORT) -> Iterator[str]:
    """Serves `page` on loopback while inside; yields its address. Raises `UsageError` for a port that is taken."""
    server = _server(page, port)
    thread = threading.Thread(target=server.serve_forever, args=(SHUTDOWN_SECONDS,), name="live-page", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _server(page: LivePage, port: int) -> "BaseWSGIServer":
    try:
        from werkzeug.serving import WSGIRequestHandler, make_server
        from werkzeug.wrappers import Request
    except ImportError as missing:
        raise UsageError(MISSING) from missing

    class Quiet(WSGIRequestHandler):
        def log(self, *_: object) -> None:
            """Requests are no news to the person who composes."""

    @Request.application
    def answer(request: "Request") -> "Response":
        return _answer(page, request)

    try:
        return make_server(HOST, port, answer, threaded=True, request_handler=Quiet)
    except (OSError, SystemExit) as taken:
        mend = "Name another, as in --watch 9000, or 0 for any that is free."
        raise UsageError(f"Port {port} of this computer is taken.", mend=mend) from taken


def _answer(page: LivePage, request: "Request") -> "Response":
    from werkzeug.wrappers import Response

    if request.host.rpartition(":")[0] not in {HOST, "localhost"}:
        return Response("This page is for this computer alone.\n", 403)
    if request.method not in {"GET", "HEAD"}:
        return Response("There is nothing to change here.\n", 405)
    name = request.path.removeprefix("/")
    if name in NAMES:
        return _kept_fresh(Response(resource(name), mimetype=NAMES[name]), POLICY)
    if name == "page":
        return _kept_fresh(Response(page.html, mimetype="text/html"))
    if name == "news":
        return _kept_fresh(_as_json(page.news(request.args.get("since", 0, type=int))))
    return Response("There is no such page.\n", 404)


def _as_json(news: dict[str, int | str]) -> "Response":
    import json

    from werkzeug.wrappers import Response

    return Response(json.dumps(news), mimetype="application/json")


def _kept_fresh(response: "Response", policy: str = "") -> "Response":
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response


def kept(page: LivePage, make: Callable[[], str], wait: Callable[[], None], *, told: Callable[[str], None]) -> None:
    """Makes the page, and anew after each `wait`, until Ctrl-C; `told` hears what is wrong, and when nothing is."""
    wrong = ""
    while True:
        before, wrong = wrong, _made(page, make)
        if wrong != before:
            told(wrong or "All is well again.")
        wait()


def _made(page: LivePage, make: Callable[[], str]) -> str:
    """Makes the page once; what is wrong, where it could not be made."""
    try:
        page.show(make())
    except SchedulerError as failure:
        words = "\n".join([*map(str, getattr(failure, "findings", ())), failure.message, failure.mend]).strip()
        page.fail(words)
        return words
    return ""
