"""Sends one request once, and tells what surely happened to it.

The marked connections of this package under a requests adapter: no redirects, no retries,
nothing from the environment, no cookies, a total deadline, a cap on the answer. `exchange`
raises nothing for what goes wrong on the way; whoever asked sorts the `Outcome`. Neither
urllib3's words nor its log lines leave here: they name addresses that may hold a secret.
"""

import contextlib
import errno
import logging
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as trouble_of

from scheduler.clock import Clock, SystemClock
from scheduler.errors import UsageError
from scheduler.http.addresses import Lookup, NameNotFound, PrivateAddress
from scheduler.http.connections import HeadBrokeOff, MarkedPool, MarkedTLSPool, open_ahead
from scheduler.http.idle import IdleLine, shared_idle_line
from scheduler.http.mark import Mark
from scheduler.http.route import tls_context
from scheduler.http.watchdog import Watchdog, shared_watchdog

PIECE = 65_536
DEFAULT_LIMIT = 8_000_000


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as far as it was read: `complete` says whether that is all of it. The body is decoded."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    complete: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one request: the two marks, the answer if its head was read, and the trouble in words."""

    begun: bool
    whole: bool
    heard: Heard | None
    trouble: str = ""
    unusable: bool = False
    stale: bool = False
    """No answer came on a connection that had carried one before: the server may have closed it already."""


class Wire(HTTPAdapter):
    """One account's connections. Thread-safe: each thread has its own mark."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        proxy: str | None = None,
        ca: str | None = None,
        allow_private: bool = False,
        lookup: Lookup | None = None,
        watchdog: Watchdog | None = None,
        idle: IdleLine | None = None,
    ) -> None:
        """`proxy` is an http or https address, `ca` a file of certificates instead of the usual ones."""
        if proxy is not None and urlsplit(proxy).scheme not in {"http", "https"}:
            raise UsageError("A proxy's address begins with http:// or https://.", mend="Correct the proxy setting.")
        self.clock = clock or SystemClock()
        self.allow_private = allow_private
        self.lookup = lookup
        self.hangs_up = False
        self._ca = ca
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self.idle = shared_idle_line() if idle is None else idle
        self._watchdog = watchdog or shared_watchdog()
        self._marks = threading.local()
        hush()
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    @property
    def mark(self) -> Mark:
        """The mark of the request that this thread is making."""
        mark: Mark | None = getattr(self._marks, "mark", None)
        return mark or Mark(remaining=lambda: 5.0)

    def exchange(
        self, request: requests.PreparedRequest, *, seconds: float, limit: int = DEFAULT_LIMIT, creating: bool = False
    ) -> Outcome:
        """Sends `request` once, within `seconds` in all, and reads at most `limit` bytes of answer."""
        with self._marked(seconds, creating=creating) as mark:
            heard, trouble = None, None
            try:
                answer = self.send(request, stream=True, timeout=seconds, proxies=self._proxies)
                heard, trouble = _read(answer, limit)
            except Exception as caught:  # noqa: BLE001 -- the mark decides, whatever the class
                trouble = caught
        if heard is not None and mark.expired:
            # a cut that looks like the end of an answer without a stated length
            heard = Heard(heard.status, heard.headers, heard.body, complete=False)
        said = in_words(trouble, expired=mark.expired, seconds=seconds)
        stale = heard is None and mark.reused and not mark.expired
        self.hangs_up = self.hangs_up or (stale and mark.soon)
        return Outcome(mark.begun, mark.whole, heard, said, _is_unusable(trouble), stale)

    def warm(self, request: requests.PreparedRequest, *, seconds: float) -> str:
        """Opens a connection for a request to come (name, TCP, TLS). Returns the trouble in words, empty if none."""
        with self._marked(seconds, creating=True) as mark:
            trouble = None
            try:
                open_ahead(self.get_connection_with_tls_context(request, True, proxies=self._proxies))
            except Exception as caught:  # noqa: BLE001 -- nothing has begun, whatever the class
                trouble = caught
        return in_words(trouble, expired=mark.expired, seconds=seconds)

    @contextlib.contextmanager
    def _marked(self, seconds: float, *, creating: bool) -> Iterator[Mark]:
        mark = Mark(creating=creating)
        deadline = self._watchdog.watch(seconds, mark.expire)
        mark.remaining = partial(self._watchdog.remaining, deadline)
        self._marks.mark = mark
        try:
            yield mark
        finally:
            mark.end()
            self._marks.mark = None

    # What follows is requests' adapter, told to use our pools and one context for TLS.

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests does it, with our pools."""
        super().init_poolmanager(*args, **kwargs)
        self._own_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """As requests does it, with our pools and our certificates for the proxy."""
        if urlsplit(proxy).scheme == "https":
            kwargs["proxy_ssl_context"] = tls_context(self._ca)
        pools = super().proxy_manager_for(proxy, **kwargs)
        self._own_pools(pools)
        return pools

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ARG002
        cert: Any = None,  # noqa: ARG002
    ) -> Any:
        """Where a request goes, and the one context that guards it."""
        parts = urlsplit(str(request.url))
        host = {"scheme": parts.scheme.lower(), "host": parts.hostname, "port": parts.port}
        return host, {"ssl_context": tls_context(self._ca)} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to set: the context verifies. requests would load every certificate again for each connection."""

    def _own_pools(self, pools: Any) -> None:
        pools.pool_classes_by_scheme = {
            "http": partial(MarkedPool, home=self),
            "https": partial(MarkedTLSPool, home=self),
        }


def hush() -> None:
    """Keeps urllib3 from logging: its lines hold whole addresses, query and all."""
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


def in_words(trouble: BaseException | None, *, expired: bool, seconds: float) -> str:
    """What went wrong, in words that hold no address, path or header. For people only; nothing decides by it."""
    if expired:
        return f"it took longer than {seconds:g} s"
    if trouble is None:
        return ""
    chain = tuple(_chain(trouble))
    for link in chain:
        if isinstance(link, OSError) and link.errno in NUMBERED:
            return NUMBERED[link.errno]
    for kinds, words in WORDS:
        if any(isinstance(link, kinds) for link in chain):
            return words
    return f"the connection failed ({type(trouble).__name__})"


class TooLong(Exception):
    """The answer is longer than was allowed."""


UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
    UnicodeError,
)
WORDS: tuple[tuple[Any, str], ...] = (
    (PrivateAddress, "its name does not lead to a public address"),
    ((NameNotFound, socket.gaierror), "its name could not be resolved"),
    (ssl.SSLCertVerificationError, "its certificate was not accepted"),
    (UNUSABLE, "its address or a header cannot be used"),
    (ConnectionRefusedError, "it refused the connection"),
    ((TimeoutError, trouble_of.ReadTimeoutError), "it did not answer in time"),
    (TooLong, "its answer is too long"),
    (trouble_of.ProxyError, "the proxy refused"),
    (trouble_of.DecodeError, "its answer could not be unpacked"),
    ((ssl.SSLError, trouble_of.SSLError), "no secure connection came about"),
    ((trouble_of.IncompleteRead, HeadBrokeOff), "its answer broke off"),
    (ConnectionError, "the connection was closed"),
)
# asked before WORDS: urllib3 counts every failure to connect as a time-out
NUMBERED = {
    errno.ENETUNREACH: "the network is down",
    errno.ENETDOWN: "the network is down",
    errno.EHOSTUNREACH: "no way leads to it",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
}


def _is_unusable(trouble: BaseException | None) -> bool:
    return trouble is not None and any(isinstance(link, UNUSABLE) for link in _chain(trouble))


def _chain(trouble: BaseException) -> Iterator[BaseException]:
    """Every exception beneath, as requests and urllib3 hide them: as causes, contexts, reasons and arguments."""
    waiting: list[Any] = [trouble]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [getattr(link, "reason", None), link.__cause__, link.__context__, *link.args]


def _read(answer: requests.Response, limit: int) -> tuple[Heard, Exception | None]:
    pieces: list[bytes] = []
    trouble: Exception | None = None
    try:
        size = 0
        while piece := answer.raw.read(PIECE, decode_content=True):
            size += len(piece)
            if size > limit:
                raise TooLong
            pieces.append(piece)
    except Exception as caught:  # noqa: BLE001 -- the head was read; that the rest was not is all that counts
        trouble = caught
        answer.raw.close()
    answer.raw.release_conn()
    return Heard(answer.status_code, answer.headers, b"".join(pieces), complete=trouble is None), trouble
