"""The way to Graph: host and version of the account, and its token in a header with every request.

The token never stands in an address, since addresses end up in logs. Paths are given without the version.
Lists and objects within a form go as JSON texts. The version is a setting with one default a platform: an expired
one is said to be served by the oldest that lives, which a header tells (`facebook-api-version`; as others see it,
not confirmed by a page of Meta's).
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, Protocol, Unpack

from scheduler.errors import UsageError
from scheduler.http.reply import Reply, Sort
from scheduler.http.session import Asked, HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.meta.answers import sort
from scheduler.publishers.meta.usage import Usage, usage_of
from scheduler.publishers.servers import checked

TIMEOUT = 30.0
SERVED = "facebook-api-version"
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,3}")


class Token(Protocol):
    """What lets us in."""

    def current(self) -> str:
        """The token to be used now. May renew it, and raise `AuthExpired`, `Transient`, `RateLimited`."""
        ...


class FixedToken:
    """A token that nobody renews, such as a Page's."""

    def __init__(self, value: str) -> None:
        self._value = value

    def current(self) -> str:
        """Always the same."""
        return self._value


class Graph:
    """One account's way. From any number of threads; `usage` is what the latest answer told of the budgets.

    `served` is the version by which the latest answer was made, as far as Meta told.
    """

    def __init__(self, http: HttpSession, token: Token, version: str) -> None:
        """`version` is `v1.0` or the like, without slashes."""
        self.http = http
        self.version = version
        self.usage = Usage()
        self.served = ""
        self._token = token

    def create(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """The one POST that makes the post visible; raises as `HttpSession.create` does."""
        return self._heard(self.http.create("POST", self._path(path), **self._with_token(asked)))

    def prepare(self, method: str, path: str, **asked: Unpack[Asked]) -> Reply:
        """A request that may be repeated, deletions too; raises as `HttpSession.prepare` does."""
        return self._heard(self.http.prepare(method, self._path(path), **self._with_token(asked)))

    def read(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """A look; raises as `HttpSession.read` does."""
        return self._heard(self.http.read(self._path(path), **self._with_token(asked)))

    def _path(self, path: str) -> str:
        return f"/{self.version}{path}"

    def _with_token(self, asked: Asked) -> Asked:
        return {**asked, "headers": {**asked.get("headers", {}), "Authorization": f"Bearer {self._token.current()}"}}

    def _heard(self, reply: Reply) -> Reply:
        self.usage = usage_of(reply)
        self.served = next((said for name, said in reply.headers.items() if name.lower() == SERVED), "").strip()
        return reply

    def outlived(self) -> str:
        """What is to be said where another version answers than the one that was asked for; empty where none does."""
        if not self.served or self.served == self.version:
            return ""
        served = self.served if _VERSION.fullmatch(self.served) else "another one"
        return (
            f"Version {self.version} is no longer served; {served} answers. Write a newer `version:` for the account."
        )


def session(
    account: Account, surroundings: Surroundings, official: str, *, secrets: Collection[str] = (), sort: Sort = sort
) -> HttpSession:
    """The way to the platform's own host `official`, or to the `server:` that the account names.

    `secrets` are struck out of whatever is said back, beside what a request carries. Raises `UsageError`.
    """
    server = checked(account.settings.get("server", official).rstrip("/"), account.name)
    return HttpSession(
        server.url,
        clock=surroundings.clock,
        route=surroundings.route,
        timeout_seconds=TIMEOUT,
        allow_private=server.own_network,
        secrets=tuple(one for one in secrets if one),
        sort=sort,
    )


def version_of(account: Account, otherwise: str) -> str:
    """The account's `version:`, as `v26.0`. Raises `UsageError` for what is none."""
    written = account.settings.get("version", otherwise).strip().strip("/")
    if written.startswith("v") and written[1:].replace(".", "", 1).isdecimal():
        return written
    raise UsageError(f"{account.name}: `version: {written}` is none.", mend=f"Write it as {otherwise}.")


def form(said: Mapping[str, Any]) -> dict[str, str]:
    """A form's fields: what is None or empty is left out, true is `true`, lists and objects are JSON texts."""
    return {name: _field(value) for name, value in said.items() if value not in (None, "", [], {}, ())}


def _field(value: Any) -> str:  # noqa: ANN401  # whatever is said
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
