"""OAuth 2.0: an access token for two hours, and a refresh token that may be used once.

Every renewal gives a new pair and kills the old one, and showing a used refresh token is said to
kill all that came of it (trypostit/trypost issue 126). So one renews at a time, under the
account's lock; that a renewal is on its way is on disk before it is asked for, and the new pair
before it is used; and it is renewed when needed, never ahead of need. Sources: docs.x.com, OAuth
2.0 with PKCE, as of 2026-08. Not confirmed: how long an unused refresh token lives.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, PublishError
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.x.answers import told

TOKEN = "/2/oauth2/token"  # noqa: S105  # a path
AT_THE_MOMENT = timedelta(minutes=1)
JUST_NOW = timedelta(minutes=10)
UNSTATED = 7200
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")


@dataclass(frozen=True, slots=True)
class Client:
    """The app that a person let in. `secret` is empty for a public one ("Native App")."""

    account: str
    id: str
    secret: str = field(default="", repr=False)

    def asked(self, said: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and form of a request for tokens: a confidential client proves itself, a public one is named."""
        if not self.secret:
            return {}, {**said, "client_id": self.id}
        pair = f"{quote(self.id, safe='')}:{quote(self.secret, safe='')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}, dict(said)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a renewal gives. Moments are aware; nothing secret shows itself."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends: datetime
    made: datetime
    scopes: str = ""

    def written(self, client: str) -> dict[str, str]:
        """As it is kept."""
        moments = {"access_ends": self.ends.isoformat(), "made": self.made.isoformat()}
        return {"client": client, "access": self.access, "refresh": self.refresh, "scopes": self.scopes, **moments}


class Tokens:
    """The account's tokens. From any number of threads, and beside other processes."""

    def __init__(self, client: Client, credentials: Credentials, clock: Clock, http: HttpSession) -> None:
        """`http` is for asking for tokens alone."""
        self._client = client
        self._credentials = credentials
        self._clock = clock
        self._http = http
        self._known: Pair | None = None
        self._refused = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the tokens may do; empty where that is not known."""
        return tuple(self._known.scopes.split()) if self._known else ()

    def header(self, method: str, url: str, params: Mapping[str, str]) -> str:  # noqa: ARG002  # nothing is signed
        """With a token that is good now, renewed where it is not. Raises `AuthExpired`, `Transient`, `RateLimited`."""
        known = self._known
        if known is None or not self._good(known):
            self._known = known = self._current()
        return f"Bearer {known.access}"

    def refused(self, header: str) -> bool:
        """X does not take this token: the next is another, unless it was made just now."""
        known, self._refused = self._known, header.removeprefix("Bearer ")
        return known is None or known.access != self._refused or self._clock.now() - known.made >= JUST_NOW

    def _good(self, pair: Pair) -> bool:
        return pair.access != self._refused and self._clock.now() + AT_THE_MOMENT < pair.ends

    def _current(self) -> Pair:
        """What is kept is looked at first: another process may have renewed it."""
        with self._credentials.renewing(self._client.account) as kept:
            pair = _read(kept.values, self._client.id)
            if pair is None:
                raise AuthExpired(f"Nobody has logged in: run `drumbeat accounts login {self._client.account}`.")
            return pair if self._good(pair) else self._renewed(pair, kept.values.get("asked", ""))

    def _renewed(self, pair: Pair, lost_at: str) -> Pair:
        now = self._clock.now()
        self._credentials.keep(self._client.account, {**pair.written(self._client.id), "asked": now.isoformat()})
        headers, form = self._client.asked({"grant_type": "refresh_token", "refresh_token": pair.refresh})
        try:
            made = asked_for(self._http, headers, form, now)
        except AuthExpired as caught:
            lost = f" The answer to a renewal at {lost_at} was lost." if lost_at else ""
            again = f"Run `drumbeat accounts login {self._client.account}`."
            raise AuthExpired(f"{caught.message}{lost} {again}") from caught
        self._credentials.keep(self._client.account, made.written(self._client.id))
        return made


def asked_for(http: HttpSession, headers: Mapping[str, str], form: Mapping[str, str], now: datetime) -> Pair:
    """New tokens, asked for once: over a new connection, so that nothing below asks again.

    Raises `AuthExpired` where X refuses, else `Transient` or `RateLimited`.
    """
    http.close()
    try:
        reply = http.prepare("POST", TOKEN, headers=headers, form=form, sort=_sort)
    finally:
        http.close()
    said = reply.fields()
    access, refresh = said.get("access_token"), said.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        raise reply.garbled("its tokens are not whole: is the scope offline.access granted?")
    seconds = said.get("expires_in")
    ends = now + timedelta(seconds=seconds if isinstance(seconds, int) else UNSTATED)
    return Pair(access, refresh, ends, now, str(said.get("scope", "")))


def _sort(reply: Reply) -> PublishError | None:
    return AuthExpired(told(reply)) if reply.status in {400, 401, 403} else None


def _read(values: Mapping[str, Any], client: str) -> Pair | None:
    if values.get("client") != client:
        return None
    try:
        return Pair(
            values["access"],
            values["refresh"],
            datetime.fromisoformat(values["access_ends"]),
            datetime.fromisoformat(values["made"]),
            values.get("scopes", ""),
        )
    except (KeyError, ValueError):
        return None
