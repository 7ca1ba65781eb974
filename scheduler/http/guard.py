"""Reads pages and pictures that strangers name, without being led inside.

Any address in a campaign, a feed or a page's own tags is an attacker's word to a machine
that sits beside tokens. Shape first, then every resolved address is judged and pinned, then
each redirect is a new address by the same rules. No cookies, no credentials, and no proxy, which
would resolve names by itself. The errors say little, so that nobody can look around the network through them.
"""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests

from scheduler.clock import Clock, SystemClock
from scheduler.errors import PublishError, Rejected, Transient
from scheduler.http.addresses import Lookup
from scheduler.http.wire import Heard, Wire

USER_AGENT = "Drumbeat/1"
HOPS = 5
LONGEST_ADDRESS = 2048
PORTS = {"http": 80, "https": 443}
INNER_NAMES = (".local", ".internal", ".localhost", ".home.arpa", ".lan")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read: the last address, the stated type without parameters, in small letters, and the body."""

    url: str
    type: str
    body: bytes = field(repr=False)


def fetch(
    url: str,
    *,
    limit_bytes: int = 512_000,
    timeout: float = 10.0,
    allow_private: bool = False,
    accept: str = "*/*",
    ca: str | None = None,
    clock: Clock | None = None,
    lookup: Lookup | None = None,
) -> Fetched:
    """Reads `url` with GET, following at most five redirects, within `timeout` seconds and `limit_bytes` in all.

    Raises `Rejected` where the address may not be read or says no, and `Transient` where it may work later.
    `allow_private` lets it reach loopback and one's own network, at any port.
    """
    clock = clock or SystemClock()
    end = clock.monotonic() + timeout
    wire = Wire(clock=clock, ca=ca, allow_private=allow_private, lookup=lookup)
    try:
        for _ in range(HOPS + 1):
            heard = _get(wire, url, end - clock.monotonic(), limit_bytes, accept, allow_private=allow_private)
            if heard.status not in REDIRECTS:
                return _taken(url, heard)
            url = _next(url, heard.headers.get("location", ""))
            wire.close()  # each hop is resolved and judged anew
    finally:
        wire.close()
    raise Rejected("The linked page sends its readers on and on.")


def _get(wire: Wire, url: str, seconds: float, limit: int, accept: str, *, allow_private: bool) -> Heard:
    if seconds <= 0:
        raise Transient("The linked page could not be read in time.")
    headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "identity", "Connection": "close"}
    if not may_ask(url, allow_private=allow_private) or (request := _request(url, headers)) is None:
        raise Rejected("The linked address is none that may be read.")
    outcome = wire.exchange(request, seconds=seconds, limit=limit)
    if outcome.unusable:
        raise Rejected("The linked address is none that may be read.")
    if outcome.heard is None:
        raise Transient("The linked page could not be read.")
    return outcome.heard


def may_ask(url: str, *, allow_private: bool = False) -> bool:
    """Whether an address has the shape of a public one: scheme, port, host, length, and nobody's name before the host.

    What the host leads to is judged when it is resolved, never by its spelling.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in PORTS or len(url) > LONGEST_ADDRESS or "@" in parts.netloc or not host:
        return False
    if any(not char.isprintable() or char.isspace() or char == "\\" for char in url):
        return False
    return allow_private or (port in {None, 80, 443} and _is_outer(host))


def _is_outer(host: str) -> bool:
    return ("." in host or ":" in host) and not host.endswith(INNER_NAMES)


def _request(url: str, headers: dict[str, str]) -> requests.PreparedRequest | None:
    try:
        return requests.Request("GET", url, headers=headers).prepare()
    except (requests.RequestException, ValueError):
        return None


def _next(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
    except ValueError:
        target = ""
    if not location or (url.startswith("https:") and not target.startswith("https:")):
        raise Rejected("The linked page sends its readers to an address that may not be read.")
    return target


def _taken(url: str, heard: Heard) -> Fetched:
    if 200 <= heard.status < 300 and heard.complete:
        kind = heard.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(url, kind, heard.body)
    raise _refusal(heard)


def _refusal(heard: Heard) -> PublishError:
    if 200 <= heard.status < 300:
        return Rejected("The linked page is too long, or broke off.")
    if heard.status >= 500 or heard.status in {408, 425, 429}:
        return Transient("The linked page could not be read now.")
    return Rejected(f"The linked page cannot be read (status {heard.status}).")
