"""The way to X: every request is signed, or bears a token, at the moment it leaves.

With tokens that end (OAuth 2.0) a request that makes nothing visible is asked once more after a
renewal; the one that makes the post never is. Who renews, and how, is the credential's business.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Unpack

from scheduler.clock import Clock
from scheduler.errors import Transient
from scheduler.http.reply import Reply
from scheduler.http.session import Asked, HttpSession
from scheduler.publishers.x.answers import Over
from scheduler.publishers.x.signature import Keys


class Credential(Protocol):
    """What lets us in."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it may do, where it tells; else nothing."""
        ...

    def header(self, method: str, url: str, params: Mapping[str, str]) -> str:
        """The `Authorization` of one request. May renew a token for it, and raise what that raises."""
        ...

    def refused(self, header: str) -> bool:
        """X refused this header; says whether the next one will be another."""
        ...


class Signed:
    """OAuth 1.0a: nothing to renew."""

    scopes: tuple[str, ...] = ()

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def header(self, method: str, url: str, params: Mapping[str, str]) -> str:
        """Signed anew for each request."""
        seconds = int(self._clock.now().timestamp())
        return self._keys.header(method, url, params, nonce=secrets.token_hex(16), seconds=seconds)

    def refused(self, header: str) -> bool:  # noqa: ARG002  # none is better than another
        """There is no other."""
        return False


class Way:
    """One account's way to X."""

    def __init__(self, http: HttpSession, credential: Credential) -> None:
        self.http = http
        self.credential = credential

    def create(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """The one request that makes the post visible; raises as `HttpSession.create` does."""
        header = self._header("POST", path, asked)
        try:
            return self.http.create("POST", path, **_with(asked, header))
        except Over as caught:
            if self.credential.refused(header):
                raise Transient(f"{caught.message} The token is renewed.") from caught
            raise

    def prepare(self, method: str, path: str, **asked: Unpack[Asked]) -> Reply:
        """A request that may be repeated; raises as `HttpSession.prepare` does."""
        return self._twice(method, path, asked, lambda more: self.http.prepare(method, path, **more))

    def read(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """A look; raises as `HttpSession.read` does."""
        return self._twice("GET", path, asked, lambda more: self.http.read(path, **more))

    def _twice(self, method: str, path: str, asked: Asked, ask: Callable[[Asked], Reply]) -> Reply:
        header = self._header(method, path, asked)
        try:
            return ask(_with(asked, header))
        except Over:
            if not self.credential.refused(header):
                raise
        return ask(_with(asked, self._header(method, path, asked)))

    def _header(self, method: str, path: str, asked: Asked) -> str:
        params: Any = asked.get("params", {})
        return self.credential.header(method, self.http.base_url + path, params)


def _with(asked: Asked, header: str) -> Asked:
    return {**asked, "headers": {**asked.get("headers", {}), "Authorization": header}}
