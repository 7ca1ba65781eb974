"""Letting Drumbeat in by the browser, as Threads and Instagram have it: an authorization code, without PKCE.

Meta wants an HTTPS address to come back to and takes none on loopback, so whoever logs in pastes the address that
their browser ends at; nothing need answer there. The code is good once and for an hour; changed for a token of an
hour, and that for one of sixty days, with the app's secret. Meta puts `#_` behind the address: not part of the code.
Sources: Threads and Instagram, get access tokens, as of 2026-07.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, UsageError
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.meta.tokens import Lasting, given

BY_LOGIN = "login"
"""The source of tokens that a log-in gave."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one platform lets in: its page, its paths, the grant of the long token, what is asked for and needed."""

    platform: str
    authorize: str
    code_path: str
    long_path: str
    long_grant: str
    scopes: Sequence[str]
    wanted: frozenset[str]


@dataclass(frozen=True, slots=True)
class App:
    """The app that a person lets in, and the address among its redirects that their browser ends at."""

    id: str
    secret: str = field(repr=False)
    redirect: str

    @classmethod
    def of(cls, account: Account, secret: str) -> Self:
        """By the account's `client:` and `redirect:`. Raises `UsageError` where one is missing or of no use."""
        client, redirect = (account.settings.get(name, "").strip() for name in ("client", "redirect"))
        if not client:
            mend = f"To log in by the browser, write the app's `client:` below {account.name} in drumbeat.yaml."
            raise UsageError(f"{account.name} has no app to log in to.", mend=mend)
        if urlsplit(redirect).scheme != "https":
            mend = (
                f"Write one of the app's redirect addresses as `redirect:` below {account.name}; nothing need answer."
            )
            raise UsageError(f"{account.name}: Meta comes back to an https address only.", mend=mend)
        return cls(client, secret, redirect)


class CodeLogin:
    """One log-in to one account, begun: a `Login`."""

    def __init__(  # what it touches is handed in
        self,
        account: str,
        app: App,
        exchange: Exchange,
        http: HttpSession,
        store: Credentials,
        clock: Clock,
        *,
        code_http: HttpSession | None = None,
    ) -> None:
        """`http` has the platform's host; `code_http` that where codes are changed, if it is another."""
        self._account, self._app, self._exchange = account, app, exchange
        self._http, self._code_http = http, code_http or http
        self._store, self._clock = store, clock
        self._state = secrets.token_urlsafe(24)
        self.redirect = app.redirect
        asked = {
            "client_id": app.id,
            "redirect_uri": app.redirect,
            "scope": ",".join(exchange.scopes),
            "response_type": "code",
            "state": self._state,
        }
        self.address = f"{exchange.authorize}?{urlencode(asked)}"

    def finish(self, came_back: str) -> None:
        """Keeps a token of sixty days. Raises `UsageError`, `AuthExpired`, `Transient`, `RateLimited`."""
        code = code_in(came_back, self._state, self._exchange.platform)
        with self._store.renewing(self._account):
            access, ends = given(self._long(self._short(code)))
            kept = Lasting(access, BY_LOGIN, self._clock.now(), ends)
            self._store.keep(self._account, kept.written())

    def _short(self, code: str) -> str:
        asked = {
            "client_id": self._app.id,
            "client_secret": self._app.secret,
            "grant_type": "authorization_code",
            "redirect_uri": self._app.redirect,
            "code": code,
        }
        reply = self._code_http.prepare("POST", self._exchange.code_path, form=asked)
        said = first_of(reply)
        granted = said.get("permissions")
        scopes = granted.split(",") if isinstance(granted, str) else granted
        if isinstance(scopes, list) and (lacking := self._exchange.wanted - {str(one).strip() for one in scopes}):
            raise AuthExpired(f"{self._exchange.platform} did not grant {', '.join(sorted(lacking))}: begin again.")
        if not isinstance(said.get("access_token"), str):
            raise reply.garbled("there is no token in it")
        return str(said["access_token"])

    def _long(self, short: str) -> Reply:
        asked = {
            "grant_type": self._exchange.long_grant,
            "client_secret": self._app.secret,
            "access_token": short,
        }
        return self._http.prepare("GET", self._exchange.long_path, params=asked)


def code_in(came_back: str, state: str, platform: str) -> str:
    """The code in the address that a browser ended at, without the fragment. Raises `UsageError` where it is no use."""
    said = {name: values[-1] for name, values in parse_qs(urlsplit(came_back.strip()).query).items()}
    if said.get("error"):
        raise UsageError(f"{platform} did not let Drumbeat in: {said['error'][:60]}.", mend="Begin again, say yes.")
    if not secrets.compare_digest(said.get("state", "").encode(), state.encode()):
        raise UsageError("This address belongs to no log-in that was begun here.", mend="Begin again.")
    if not said.get("code"):
        raise UsageError("There is no code in this address.", mend="Paste it whole, as the browser shows it.")
    return said["code"]


def first_of(reply: Reply) -> dict[str, Any]:
    """An answer's object; Instagram puts it into a list, `data`, in some of its documentation and not in the rest."""
    said = reply.fields()
    listed = said.get("data")
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else said
