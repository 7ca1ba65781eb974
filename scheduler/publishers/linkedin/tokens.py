"""Tokens: one that a person pasted, or those that a log-in gave.

An access token lasts 60 days. Only approved partners get a token to renew it with, for 365 days whose clock
no use resets; everyone else logs in again, and the end is told beforehand. Renewed late, by one process at a
time, and on disk before it is used. A refresh token may be shown again, so a renewal whose answer was lost is
asked for once more. Source: Microsoft Learn, authorization code flow and programmatic refresh tokens, as of 2026-09.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, PublishError
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.publishers.credentials import Credentials
from scheduler.publishers.linkedin.answers import told

TOKEN = "/oauth/v2/accessToken"  # noqa: S105  # a path
AHEAD = timedelta(minutes=10)
"""A token that ends within this is renewed: what is prepared with it is also to be posted with it."""

JUST_NOW = timedelta(minutes=10)
_DAYS = 60
_LONGEST = 10**9
"""Seconds: no token lasts for thirty years, whatever an answer says."""


class Credential(Protocol):
    """What lets us in."""

    def bearer(self) -> str:
        """A token that is good now. May renew it, and raise what that raises."""
        ...

    def refused(self, token: str) -> bool:
        """LinkedIn did not take this token; says whether the next one will be another."""
        ...

    def ends(self) -> datetime | None:
        """Until when no person is needed, as far as that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Pasted:
    """A token out of the portal: nothing renews it, and when it ends only LinkedIn can say."""

    token: str = field(repr=False)

    def bearer(self) -> str:
        """The token."""
        return self.token

    def refused(self, token: str) -> bool:  # noqa: ARG002  # there is no other
        """There is no other."""
        return False

    def ends(self) -> datetime | None:
        """Not known here."""
        return None


@dataclass(frozen=True, slots=True)
class Client:
    """The app that a person let in."""

    account: str
    id: str
    secret: str = field(repr=False)

    def asked(self, said: Mapping[str, str]) -> dict[str, str]:
        """The form of a request for tokens."""
        return {**said, "client_id": self.id, "client_secret": self.secret}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a log-in or a renewal gives. `refresh` is empty where nothing renews. Nothing secret shows itself."""

    access: str = field(repr=False)
    ends: datetime
    made: datetime
    scopes: str = ""
    refresh: str = field(default="", repr=False)
    refresh_ends: datetime | None = None

    @property
    def last(self) -> datetime:
        """When a person must log in again."""
        return max(self.refresh_ends or self.ends, self.ends) if self.refresh else self.ends

    def written(self, client: str) -> dict[str, str]:
        """As it is kept."""
        kept = {"client": client, "access": self.access, "access_ends": self.ends.isoformat()}
        kept |= {"made": self.made.isoformat(), "scopes": self.scopes, "refresh": self.refresh}
        return kept | ({"refresh_ends": self.refresh_ends.isoformat()} if self.refresh_ends else {})


class Granted:
    """The tokens of an account that somebody logged in to. From any number of threads, and beside other processes."""

    def __init__(self, client: Client, credentials: Credentials, clock: Clock, http: HttpSession) -> None:
        """`http` is for asking for tokens alone."""
        self._client = client
        self._credentials = credentials
        self._clock = clock
        self._http = http
        self._known: Grant | None = None
        self._refused = ""

    def bearer(self) -> str:
        """A token that is good now, renewed where it is not. Raises `AuthExpired`, `Transient`, `RateLimited`."""
        known = self._known
        if known is None or not self._good(known):
            self._known = known = self._current()
        return known.access

    def refused(self, token: str) -> bool:
        """The next is another where there is something to renew with, unless this one was made just now."""
        known, self._refused = self._known, token
        if known is None or known.access != token:
            return True
        return bool(known.refresh) and self._clock.now() - known.made >= JUST_NOW

    def ends(self) -> datetime | None:
        """Until the refresh token ends, where there is one; else until the access token does."""
        kept = _read(self._credentials.read(self._client.account).values, self._client.id)
        return kept.last if kept else None

    def _good(self, grant: Grant) -> bool:
        return grant.access != self._refused and self._clock.now() + (AHEAD if grant.refresh else _NONE) < grant.ends

    def _current(self) -> Grant:
        """What is kept is looked at first: another process may have renewed it."""
        with self._credentials.renewing(self._client.account) as kept:
            grant = _read(kept.values, self._client.id)
            if grant is None:
                raise AuthExpired(f"Nobody has logged in: run {self._again()}.")
            if self._good(grant):
                return grant
            if not grant.refresh:
                raise AuthExpired(f"The log-in of {grant.made:%Y-%m-%d} has ended: run {self._again()}.")
            return self._renewed(grant)

    def _renewed(self, grant: Grant) -> Grant:
        form = self._client.asked({"grant_type": "refresh_token", "refresh_token": grant.refresh})
        try:
            made = asked_for(self._http, form, self._clock.now(), former=grant)
        except AuthExpired as caught:
            raise AuthExpired(f"{caught.message} Run {self._again()}.") from caught
        self._credentials.keep(self._client.account, made.written(self._client.id))
        return made

    def _again(self) -> str:
        return f"`drumbeat accounts login {self._client.account}`"


_NONE = timedelta()


def asked_for(http: HttpSession, form: Mapping[str, str], now: datetime, *, former: Grant | None = None) -> Grant:
    """New tokens. What the answer does not say of a renewal is as it was: a refresh token's clock is never reset.

    Raises `AuthExpired` where LinkedIn refuses, else `Transient` or `RateLimited`.
    """
    reply = http.prepare("POST", TOKEN, form=form, sort=_sort)
    said = reply.fields()
    access = said.get("access_token")
    if not isinstance(access, str) or not access:
        raise reply.garbled("it holds no token")
    refresh = said.get("refresh_token")
    lasts = _seconds(said.get("refresh_token_expires_in"))
    return Grant(
        access=access,
        ends=now + (_seconds(said.get("expires_in")) or timedelta(days=_DAYS)),
        made=now,
        scopes=" ".join(divided(said.get("scope"))) or (former.scopes if former else ""),
        refresh=refresh if isinstance(refresh, str) and refresh else (former.refresh if former else ""),
        refresh_ends=now + lasts if lasts else (former.refresh_ends if former else None),
    )


def divided(scopes: object) -> tuple[str, ...]:
    """Scopes out of a text: LinkedIn divides them by blanks in one place and by commas in another."""
    return tuple(one for one in re.split(r"[\s,]+", scopes if isinstance(scopes, str) else "") if one)


def scopes_kept(credentials: Credentials, client: Client) -> tuple[str, ...]:
    """What the tokens of the last log-in may do; empty where that is not known."""
    kept = _read(credentials.read(client.account).values, client.id)
    return divided(kept.scopes) if kept else ()


def _sort(reply: Reply) -> PublishError | None:
    return AuthExpired(told(reply)) if reply.status in {400, 401, 403} else None


def _seconds(said: object) -> timedelta | None:
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return timedelta(seconds=said) if 0 < said < _LONGEST else None


def _read(values: Mapping[str, Any], client: str) -> Grant | None:
    if values.get("client") != client:
        return None
    try:
        ends = values.get("refresh_ends")
        return Grant(
            access=values["access"],
            ends=datetime.fromisoformat(values["access_ends"]),
            made=datetime.fromisoformat(values["made"]),
            scopes=values.get("scopes", ""),
            refresh=values.get("refresh", ""),
            refresh_ends=datetime.fromisoformat(ends) if ends else None,
        )
    except (KeyError, ValueError):
        return None
