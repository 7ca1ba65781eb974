"""Tokens of an emulated LinkedIn: pasted ones, and those of log-ins; codes for 30 minutes, access for 60 days.

Only an approved app gets a refresh token: for 365 days, whose clock no use resets, and which stays the same.
Scopes are divided by blanks where tokens are given and by commas where they are asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Request

CLIENT, SECRET = "86emulatedOfNobody", "WPL_AP1.emulatedOfNobody"  # opens nothing but this
TOKEN, PAGE_TOKEN = "AQemulatedTokenOfNobody", "AQemulatedPageTokenOfNobody"
PERSON = ("openid", "profile", "w_member_social")
PAGE = ("w_organization_social", "r_organization_social", "rw_organization_admin")
CODE_LASTS, ACCESS_LASTS, REFRESH_LASTS = timedelta(minutes=30), timedelta(days=60), timedelta(days=365)


@dataclass(slots=True)
class Access:
    """One token: what it may do, and when it ends."""

    scopes: tuple[str, ...]
    ends: datetime


@dataclass(slots=True)
class Grants:
    """All tokens. `partner`: the app gets refresh tokens; `withheld` are scopes that nobody is granted."""

    clock: Clock
    partner: bool = False
    redirects: tuple[str, ...] = ("http://127.0.0.1:8723/",)
    withheld: frozenset[str] = frozenset()
    loses_next: bool = False
    renewals: int = 0
    access: dict[str, Access] = field(default_factory=dict)
    refresh: dict[str, Access] = field(default_factory=dict)
    codes: dict[str, tuple[Mapping[str, str], datetime]] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        ends = self.clock.now() + ACCESS_LASTS
        self.access |= {TOKEN: Access(PERSON, ends), PAGE_TOKEN: Access(PAGE, ends)}

    def scopes(self, token: str) -> tuple[str, ...] | None:
        """What a token may do; None where it is not good now."""
        found = self.access.get(token)
        return found.scopes if found and self.clock.now() < found.ends else None

    def says_yes(self, address: str) -> str:
        """A person opens the address and says yes: the address that the browser comes back to."""
        asked = {name: values[-1] for name, values in parse_qs(address.partition("?")[2]).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code"), "no such client"
        assert asked["redirect_uri"] in self.redirects, "The redirect_uri does not match the registered value"
        self._number += 1
        code = f"AQcode{self._number}"
        self.codes[code] = (asked, self.clock.now())
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def answer(self, request: Request) -> Answer:
        """What `/oauth/v2/…` says."""
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _refused("invalid_client", "Client authentication failed", 401)
        if request.path.endswith("/introspectToken"):
            return self._introspected(form.get("token", ""))
        return self._by_code(form) if form.get("grant_type") == "authorization_code" else self._by_refresh(form)

    def _introspected(self, token: str) -> Answer:
        found = self.access.get(token)
        if found is None:
            return Answer(200, {"active": False})
        active = self.clock.now() < found.ends
        said = {"active": active, "status": "active" if active else "expired", "auth_type": "3L"}
        return Answer(200, {**said, "scope": ",".join(found.scopes), "expires_at": int(found.ends.timestamp())})

    def _by_code(self, form: Mapping[str, str]) -> Answer:
        asked, at = self.codes.pop(form.get("code", ""), ({}, self.clock.now()))
        if not asked or self.clock.now() - at > CODE_LASTS or form.get("redirect_uri") != asked["redirect_uri"]:
            words = "Unable to retrieve access token: appid/redirect uri does not match authorization code"
            return _refused("invalid_request", words)
        scopes = tuple(one for one in asked["scope"].split() if one not in self.withheld)
        return self._given(scopes, self._refresh_token(scopes) if self.partner else "")

    def _by_refresh(self, form: Mapping[str, str]) -> Answer:
        token = form.get("refresh_token", "")
        found = self.refresh.get(token)
        if found is None or self.clock.now() >= found.ends:
            return _refused("invalid_request", "The provided authorization grant or refresh token is invalid, expired")
        self.renewals += 1
        answer = self._given(found.scopes, token)
        lost, self.loses_next = self.loses_next, False
        return Answer(cut=True) if lost else answer

    def _refresh_token(self, scopes: tuple[str, ...]) -> str:
        self._number += 1
        token = f"AQrefresh{self._number}OfNobody"
        self.refresh[token] = Access(scopes, self.clock.now() + REFRESH_LASTS)
        return token

    def _given(self, scopes: tuple[str, ...], refresh: str) -> Answer:
        self._number += 1
        token, now = f"AQaccess{self._number}OfNobody", self.clock.now()
        self.access[token] = Access(scopes, now + ACCESS_LASTS)
        said: dict[str, object] = {"access_token": token, "expires_in": int(ACCESS_LASTS.total_seconds())}
        said |= {"scope": " ".join(scopes), "token_type": "Bearer"}
        if refresh:
            left = int((self.refresh[refresh].ends - now).total_seconds())
            said |= {"refresh_token": refresh, "refresh_token_expires_in": left}
        return Answer(200, said)

    def kill(self) -> None:
        """A person takes back what was granted."""
        self.access.clear()
        self.refresh.clear()


def _refused(error: str, words: str, status: int = 400) -> Answer:
    return Answer(status, {"error": error, "error_description": words})
