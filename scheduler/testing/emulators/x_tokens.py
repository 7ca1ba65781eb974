"""OAuth 2.0 of an emulated X: codes for 30 seconds, access tokens for two hours, refresh tokens for one use.

A refresh token that is shown a second time kills everything that came of the same log-in. A
confidential client proves itself by Basic, a public one is named in the form.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Request

CLIENT, SECRET = "emulatedClientOfNobody", "emulatedClientSecretOfNobody"  # opens nothing but this
CODE_LASTS, ACCESS_LASTS = timedelta(seconds=30), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what was asked for, and when it was given."""

    asked: Mapping[str, str]
    at: datetime


@dataclass(slots=True)
class Grants:
    """All log-ins. `live` are refresh tokens that were not used; `confidential`: the client has a secret."""

    clock: Clock
    confidential: bool = True
    redirects: tuple[str, ...] = ("http://127.0.0.1:8723/",)
    scope: str = "tweet.read tweet.write users.read media.write offline.access"
    loses_next: bool = False
    renewals: int = 0
    live: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    _number: int = 0

    def says_yes(self, address: str) -> str:
        """A person opens the address and says yes: the address that the browser comes back to."""
        asked = {name: values[-1] for name, values in parse_qs(address.partition("?")[2]).items()}
        good = (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        assert good, "no such client, or no PKCE"
        assert asked["redirect_uri"] in self.redirects, "the callback address is none of the app's"
        self._number += 1
        code = f"code{self._number}"
        self.codes[code] = Code(asked, self.clock.now())
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}"

    def log_in(self) -> dict[str, object]:
        """A pair, as if a person had said yes."""
        self._number += 1
        return self._pair(f"family{self._number}")

    def lets_in(self, token: str) -> bool:
        """Whether an access token is good now."""
        return token in self.access and self.clock.now() < self.access[token][1]

    def answer(self, request: Request) -> Answer:
        """What `/2/oauth2/token` says."""
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        if not self._is_client(request, form):
            return _refused("invalid_client", "Client authentication failed", 401)
        kind = form.get("grant_type")
        said = self._by_code(form) if kind == "authorization_code" else self._by_refresh(form)
        if said is None:
            return _refused("invalid_request", "Value passed for the token was invalid.")
        if self.loses_next:
            self.loses_next = False
            return Answer(cut=True)
        return Answer(200, said)

    def _is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        if not self.confidential:
            return form.get("client_id") == CLIENT
        kind, _, pair = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(pair or "").decode().partition(":")
        return (kind, unquote(name), unquote(secret)) == ("Basic", CLIENT, SECRET)

    def _by_code(self, form: Mapping[str, str]) -> dict[str, object] | None:
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or self.clock.now() - code.at > CODE_LASTS:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = challenge == code.asked["code_challenge"] and form.get("redirect_uri") == code.asked["redirect_uri"]
        return self.log_in() if same else None

    def _by_refresh(self, form: Mapping[str, str]) -> dict[str, object] | None:
        token = form.get("refresh_token", "")
        if token in self.used:
            self.kill(self.used[token])
        family = self.live.pop(token, "")
        if not family:
            return None
        self.renewals += 1
        self.used[token] = family
        self.access = {name: one for name, one in self.access.items() if one[0] != family}
        return self._pair(family)

    def kill(self, family: str = "") -> None:
        """Ends a log-in, or all of them."""
        self.live = {token: one for token, one in self.live.items() if family and one != family}
        self.access = {token: one for token, one in self.access.items() if family and one[0] != family}

    def _pair(self, family: str) -> dict[str, object]:
        self._number += 1
        access, refresh = f"access{self._number}OfNobody", f"refresh{self._number}OfNobody"
        self.access[access] = (family, self.clock.now() + ACCESS_LASTS)
        self.live[refresh] = family
        seconds = int(ACCESS_LASTS.total_seconds())
        said = {"token_type": "bearer", "expires_in": seconds, "access_token": access, "scope": self.scope}
        return {**said, "refresh_token": refresh}


def _refused(error: str, words: str, status: int = 400) -> Answer:
    return Answer(status, {"error": error, "error_description": words})
