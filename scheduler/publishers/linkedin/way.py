"""The way to LinkedIn: every request bears a token and names the API's version.

A request that makes nothing visible is asked once more after a renewal; the one that makes the post never is.
Bytes go where LinkedIn says, which may be another of its hosts: the token goes to none but LinkedIn's own.
Sources: Microsoft Learn, protocol version and versioning, images and videos, as of 2026-09.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Unpack
from urllib.parse import SplitResult, urlsplit

from scheduler.errors import Transient
from scheduler.http.reply import Reply
from scheduler.http.session import Asked, HttpSession
from scheduler.publishers.linkedin.answers import Over, sort_upload
from scheduler.publishers.linkedin.tokens import Credential

UPLOADING = 120.0
_OWN = (".linkedin.com", ".licdn.com")


class Way:
    """One account's way to LinkedIn. `reaching` makes a way to another host, by its scheme and host."""

    def __init__(
        self, http: HttpSession, credential: Credential, version: str, reaching: Callable[[str], HttpSession]
    ) -> None:
        self.http = http
        self.credential = credential
        self.version = version
        self._reaching = reaching
        self._hosts: dict[str, HttpSession] = {}

    def create(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """The one request that makes the post visible; raises as `HttpSession.create` does."""
        token = self.credential.bearer()
        try:
            return self.http.create("POST", path, **self._with(asked, token))
        except Over as caught:
            if self.credential.refused(token):
                raise Transient(f"{caught.message} The token is renewed.") from caught
            raise

    def prepare(self, method: str, path: str, **asked: Unpack[Asked]) -> Reply:
        """A request that may be repeated; raises as `HttpSession.prepare` does."""
        return self._twice(lambda token: self.http.prepare(method, path, **self._with(asked, token)))

    def read(self, path: str, **asked: Unpack[Asked]) -> Reply:
        """A look; raises as `HttpSession.read` does."""
        return self._twice(lambda token: self.http.read(path, **self._with(asked, token)))

    def put(self, address: str, what: Path | bytes, kind: str, *, bearing: bool) -> Reply:
        """Bytes to an address that LinkedIn gave; `bearing` our token, or nothing, as the kind of upload wants it."""
        parts = _divided(address)
        server = f"{parts.scheme}://{parts.netloc}"
        if not self._is_linkedin(server):
            raise Transient(f"{self.http.source} named an address for uploads that is none of LinkedIn's.")
        http = self._hosts.get(server) or self._hosts.setdefault(server, self._reaching(server))
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        body: Asked = {"content": what} if isinstance(what, bytes) else {"file": what}
        body["content_type"], body["timeout_seconds"], body["sort"] = kind, UPLOADING, sort_upload

        def ask(token: str) -> Reply:
            asked = body.copy()
            if bearing:
                asked["headers"] = {"Authorization": f"Bearer {token}"}
            return http.prepare("PUT", path, **asked)

        return self._twice(ask)

    def _is_linkedin(self, server: str) -> bool:
        host = urlsplit(server).hostname or ""
        return server == self.http.base_url or (server.startswith("https://") and f".{host}".endswith(_OWN))

    def _twice(self, ask: Callable[[str], Reply]) -> Reply:
        token = self.credential.bearer()
        try:
            return ask(token)
        except Over:
            if not self.credential.refused(token):
                raise
        return ask(self.credential.bearer())

    def _with(self, asked: Asked, token: str) -> Asked:
        told: Mapping[str, str] = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return {**asked, "headers": {**asked.get("headers", {}), **told}}


def _divided(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
