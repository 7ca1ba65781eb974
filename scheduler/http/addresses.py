"""Which addresses a machine that sits beside secrets may be sent to.

A name is resolved once, every address it has is judged, and the connection goes to a
judged address: whoever resolves again after judging can be led elsewhere in between.
Only what the resolver returns is judged, never the spelling of a host, because `127.1`
and `0x7f.1` are loopback too. One bad address condemns the name.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

SockAddress = tuple[Any, ...]
Lookup = Callable[..., Sequence[tuple[Any, Any, int, str, SockAddress]]]

# All public IPv6 lies here (IANA, "Internet Protocol Version 6 Address Space", as of 2026-11). What translates to IPv4
# from elsewhere (`::/96`, `::ffff:0:0:0/96`, NAT64's `64:ff9b::/96` and `64:ff9b:1::/48`) may lead anywhere inside.
PUBLIC_IPV6 = ip_network("2000::/3")
# What `is_global` lets through on some Python or other and still leads inside (run on 3.10 to 3.13).
LEADING_INSIDE = tuple(
    ip_network(net)
    for net in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)
# What an account may be allowed: a server in one's own network. Never link-local, where metadata servers are.
OWN_NETWORK = tuple(
    ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "::1/128", "fc00::/7")
)
# Metadata servers whose addresses lie in networks that may otherwise be allowed (AWS IPv6, Alibaba, Oracle).
METADATA = frozenset(ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200", "192.0.0.192"))


class PrivateAddress(OSError):
    """The name leads to an address that is not public; which one is not said."""


class NameNotFound(OSError):
    """The name has no address, or could not be resolved in time."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address to connect to, as `getaddrinfo` gives it."""

    family: int
    sockaddr: SockAddress


def is_public(text: str) -> bool:
    """Whether an address (as `getaddrinfo` writes it) is a public one that hides no other inside."""
    address = _plain(text)
    if address in METADATA or any(address in net for net in LEADING_INSIDE if net.version == address.version):
        return False
    if address.version == 6 and address not in PUBLIC_IPV6:
        return False
    return address.is_global and not address.is_multicast


def may_connect(text: str, *, allow_private: bool = False) -> bool:
    """Whether an address may be connected to; `allow_private` adds loopback and one's own network, nothing else."""
    address = _plain(text)
    own = any(address in net for net in OWN_NETWORK if net.version == address.version) and address not in METADATA
    return (allow_private and own) or is_public(text)


def resolve(
    host: str, port: int, *, seconds: float, allow_private: bool = False, lookup: Lookup | None = None
) -> list[Address]:
    """Every address of `host`, each judged. `seconds` bounds the look-up, which no socket time-out reaches.

    Raises `NameNotFound`, or `PrivateAddress` where any of them may not be connected to.
    """
    found = _look_up(host, port, seconds, lookup or socket.getaddrinfo)
    addresses = [Address(int(family), sockaddr) for family, _, _, _, sockaddr in found]
    if not addresses:
        raise NameNotFound(f"{host} has no address")
    if not all(may_connect(str(address.sockaddr[0]), allow_private=allow_private) for address in addresses):
        raise PrivateAddress(f"{host} does not lead to a public address")
    return addresses


def _plain(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def _look_up(host: str, port: int, seconds: float, lookup: Lookup) -> Sequence[tuple[Any, Any, int, str, SockAddress]]:
    """`getaddrinfo` cannot be interrupted: it runs beside, and a slow one is left to itself."""
    answers: list[Sequence[tuple[Any, Any, int, str, SockAddress]]] = []
    failures: list[str] = []

    def ask() -> None:
        try:
            answers.append(lookup(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as trouble:
            failures.append(type(trouble).__name__)

    if _is_literal(host):
        ask()
    else:
        asking = threading.Thread(target=ask, name="http-lookup", daemon=True)
        asking.start()
        asking.join(max(seconds, 0.0))
    if not answers:
        raise NameNotFound(f"{host} could not be resolved" + ("" if failures else f" within {seconds:.1f} s"))
    return answers[0]


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
