"""Tokens that last sixty days and are renewed: those of Threads, and of Instagram by its own log-in.

A renewal gives the same person another sixty days and leaves the old token alive, but a token that has ended can
never be renewed. So it is renewed from its third week on, that an account which posts once a month loses none: by
one process at a time under the account's lock, and on the disk before it is used. Where Meta will not (it is not a
day old, the profile is private), the old one is used to its end and the reason is told. The first one comes by a
log-in, or from `.env`: another one in `.env` replaces what came of the one before.
Sources: Threads and Instagram, long-lived tokens, as of 2026-07.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, PublishError
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.publishers.credentials import Credentials

LASTS = timedelta(days=60)
RENEWED_BEFORE_END = timedelta(days=40)
OLD_ENOUGH = timedelta(hours=25)
"""A token younger than a day is not renewed; an hour more, since only Meta knows when it was made."""

AGAIN = timedelta(hours=6)
"""How long after one renewal that failed the next is tried."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """One token, until when it is good (None: not known), and how the latest renewal of it failed, and when.

    `source` names where the first of its line came from, without telling it.
    """

    access: str = field(repr=False)
    source: str
    made: datetime
    ends: datetime | None = None
    tried: datetime | None = None
    trouble: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self | None:
        """What `written` wrote; None where that is not there."""
        try:
            moments = {name: _moment(values.get(name, "")) for name in ("ends", "tried")}
            made = datetime.fromisoformat(values["made"])
            return cls(values["access"], values["source"], made, trouble=values.get("trouble", ""), **moments)
        except (KeyError, ValueError):
            return None

    def written(self) -> dict[str, str]:
        """As it is kept."""
        moments = {"made": self.made, "ends": self.ends, "tried": self.tried}
        texts = {name: moment.isoformat() for name, moment in moments.items() if moment}
        return {"access": self.access, "source": self.source, "trouble": self.trouble, **texts}

    def to_renew(self, now: datetime) -> bool:
        """Whether now is the time. One whose end is not known is renewed as soon as that may work, to learn it."""
        if self.ended(now) or now - self.made < OLD_ENOUGH or (self.tried and now - self.tried < AGAIN):
            return False
        return self.ends is None or now >= self.ends - RENEWED_BEFORE_END

    def ended(self, now: datetime) -> bool:
        """Whether it is surely over."""
        return self.ends is not None and now >= self.ends


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a platform renews: `grant` is `th_refresh_token` or `ig_refresh_token`."""

    grant: str
    path: str = "/refresh_access_token"


class LastingToken:
    """One account's token, renewed where need be. From any number of threads, and beside other processes."""

    def __init__(  # what it touches is handed in
        self, account: str, renewal: Renewal, http: HttpSession, store: Credentials, clock: Clock, *, first: str = ""
    ) -> None:
        """`first` is the token in `.env`; empty where a log-in gave it. `http` has the platform's host and `sort`."""
        self._account = account
        self._renewal = renewal
        self._http, self._store, self._clock = http, store, clock
        self._first = first
        self._known: Lasting | None = None

    def current(self) -> str:
        """The token to be used now. Raises `AuthExpired` where there is none or it has ended."""
        return self.lasting().access

    def lasting(self) -> Lasting:
        """The same, with what is known of it."""
        known, now = self._known, self._clock.now()
        if known is None or known.to_renew(now) or known.ended(now):
            self._known = known = self._looked_up()
        if known.ended(now):
            raise AuthExpired(f"The token has ended. {known.trouble} {self._mend()}".replace("  ", " "))
        return known

    def learn(self, ends: datetime | None) -> None:
        """Keeps until when the token is good, where the platform was asked."""
        known = self._known
        if ends is None or known is None or known.ends == ends:
            return
        with self._store.renewing(self._account) as kept:
            if Lasting.read(kept.values) == known:
                self._known = self._keep(replace(known, ends=ends))

    def _looked_up(self) -> Lasting:
        """What is kept is looked at first: another process may have renewed it."""
        with self._store.renewing(self._account) as kept:
            found = Lasting.read(kept.values)
            if self._first and (found is None or found.source != source_of(self._first)):
                found = self._keep(Lasting(self._first, source_of(self._first), self._clock.now()))
            if found is None:
                raise AuthExpired(f"Nobody has logged in. {self._mend()}")
            return self._renewed(found) if found.to_renew(self._clock.now()) else found

    def _renewed(self, old: Lasting) -> Lasting:
        """Another token, or the old one, with what was in the way. That it was tried is on the disk before."""
        now = self._clock.now()
        tried = self._keep(replace(old, tried=now, trouble="The answer to a renewal was lost."))
        try:
            params = {"grant_type": self._renewal.grant, "access_token": old.access}
            reply = self._http.prepare("GET", self._renewal.path, params=params)
            access, ends = given(reply)
        except PublishError as caught:
            return self._keep(replace(tried, trouble=f"It could not be renewed: {caught.message}"))
        return self._keep(Lasting(access, old.source, now, ends))

    def _keep(self, token: Lasting) -> Lasting:
        self._store.keep(self._account, token.written())
        return token

    def _mend(self) -> str:
        if self._first:
            return f"Make a new one, write it into .env, then `drumbeat accounts resume {self._account}`."
        return f"Run `drumbeat accounts login {self._account}`."


def given(reply: Reply) -> tuple[str, datetime]:
    """The token of an answer and when it ends. Raises `Transient` where there is none."""
    said = reply.fields()
    access, seconds = said.get("access_token"), said.get("expires_in")
    if not isinstance(access, str) or not access:
        raise reply.garbled("there is no token in it")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else LASTS
    return access, reply.now + lasts


def source_of(first: str) -> str:
    """What tells one token in `.env` from another, and nothing else of it."""
    return hashlib.sha256(first.encode()).hexdigest()[:16]


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
