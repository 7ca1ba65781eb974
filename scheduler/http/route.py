"""How this machine reaches others: through which proxy, and whose certificates it believes.

Both come from the settings and from nowhere else: what the environment says to other programs
is not read. Whatever leaves here takes this way, HTTP or not; only servers in one's own network
are reached without the proxy. A proxy's address may hold a password: it is in no repr and no
message.
"""

import socket
import ssl
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from scheduler.errors import UsageError
from scheduler.http.addresses import Address, resolve

_LONGEST_ANSWER = 16_384


class ProxyRefuses(OSError):
    """The proxy opened no way; `strerror` says what it said, which is never our request."""


@lru_cache(maxsize=8)
def tls_context(ca: str | None) -> ssl.SSLContext:
    """The one context of this process for a set of certificates; loading them takes some 20 ms."""
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    return ssl.create_default_context(cafile=ca or DEFAULT_CA_BUNDLE_PATH)


@dataclass(frozen=True, slots=True)
class Route:
    """`proxy` is an http or https address (empty: none), `ca` a file of certificates instead of the usual ones."""

    proxy: str = field(default="", repr=False)
    ca: str = ""

    def proxy_to(self, *, own_network: bool) -> str | None:
        """The proxy on the way to a server; None where there is none, and to one's own network."""
        return None if own_network or not self.proxy else self.proxy

    def context(self) -> ssl.SSLContext:
        """Whom this machine believes. Certificates are checked, always."""
        return tls_context(self.ca or None)

    def connected(self, host: str, port: int, *, seconds: float, own_network: bool) -> socket.socket:
        """A connection to a server that speaks no HTTP, through the proxy's CONNECT where there is one.

        Each step takes at most `seconds`. Raises `OSError`; nothing of what is to be said was sent then.
        """
        proxy = self.proxy_to(own_network=own_network)
        if proxy is None:
            return _first(resolve(host, port, seconds=seconds, allow_private=own_network), seconds)
        parts = urlsplit(proxy)
        line = _first(resolve(parts.hostname or "", parts.port or 80, seconds=seconds, allow_private=True), seconds)
        try:
            if parts.scheme == "https":
                raise ProxyRefuses(0, "only a proxy that begins with http:// leads to servers that speak no HTTP")
            _tunnel(line, f"{host}:{port}", _login(parts.username, parts.password))
        except BaseException:
            line.close()
            raise
        return line


DIRECT = Route()


def checked_route(proxy: str, ca: str) -> Route:
    """The way that the settings mean. Raises `UsageError`, which never repeats the proxy's address."""
    try:
        parts = urlsplit(proxy)
        usable = not proxy or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    if not usable:
        raise UsageError("DRUMBEAT_PROXY is no proxy's address.", mend="Write http://host:port.")
    try:
        tls_context(ca or None)
    except OSError as caught:  # a file that holds no certificate, too
        said = "it holds no certificate" if isinstance(caught, ssl.SSLError) else str(caught.strerror).lower()
        raise UsageError(
            f"DRUMBEAT_CA_FILE, {ca}, cannot be used: {said}.", mend="Name a file of certificates in PEM form."
        ) from None
    return Route(proxy, ca)


def _first(addresses: Sequence[Address], seconds: float) -> socket.socket:
    """A connection to the first address that takes one."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection(address.sockaddr[:2], seconds)
    return socket.create_connection(addresses[-1].sockaddr[:2], seconds)


def _login(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    told = f"{unquote(user)}:{unquote(password or '')}".encode()
    return f"Proxy-Authorization: Basic {b64encode(told).decode()}\r\n"


def _tunnel(line: socket.socket, target: str, login: str) -> None:
    """Asks for a way to `target` (RFC 9110 9.3.6); its head is read by the byte, for what follows is not ours."""
    line.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode("ascii"))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = line.recv(1)
        if not piece or len(head) > _LONGEST_ANSWER:
            raise ProxyRefuses(0, "the proxy hung up")
        head += piece
    status = head.split(b" ", 2)[1:2]
    if not status or not status[0].startswith(b"2"):
        said = status[0].decode("ascii", "replace")[:3] if status else "nothing that can be read"
        raise ProxyRefuses(0, f"the proxy says {said}")
