"""Where an account's own server is, and whether that may be one in one's own network.

A token goes to this address, so it is `https`. Loopback and private addresses are reached only
where the account itself names such a host: a public name that suddenly leads inside is refused
by the wire. Opens nothing, resolves nothing.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from scheduler.errors import UsageError
from scheduler.http.addresses import may_connect
from scheduler.model.account import Account

_INNER = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Server:
    """`url` without a slash at its end; `own_network`: it is named as loopback or a private address."""

    url: str
    own_network: bool


def server_of(account: Account) -> Server:
    """The server that `server:` of the account names. Raises `UsageError` where it names none that may be used."""
    written = account.settings.get("server", "").strip()
    if not written:
        raise UsageError(
            f"{account.name} has no server.", mend=f"In drumbeat.yaml, write `server: https://…` for {account.name}."
        )
    url = written if "://" in written else f"https://{written}"
    return checked(url.rstrip("/"), account.name)


def checked(url: str, account: str) -> Server:
    """An address that requests with secrets may go to. Raises `UsageError`, which never repeats the address."""
    mend = f"In drumbeat.yaml, or in .env where it comes from there, mend the address of {account}."
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise UsageError(f"The address of {account} cannot be read.", mend=mend) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"The address of {account} is no web address.", mend=mend)
    inside = in_own_network(host)
    if parts.scheme == "http" and not inside:
        raise UsageError(f"The address of {account} begins with http, so anyone on the way could read it.", mend=mend)
    return Server(url, own_network=inside)


def in_own_network(host: str) -> bool:
    """Whether a host is written as loopback or a private address, or by a name that only one's own network knows."""
    if host == "localhost" or host.endswith(_INNER):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return may_connect(host, allow_private=True) and not may_connect(host)
