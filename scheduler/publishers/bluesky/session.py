"""One account's session: logged in once, kept, renewed before its moment and not at it.

Logging in is limited to 30 in 5 minutes and 300 a day (docs.bsky.app, rate limits, as of
2026-11), so the session outlives the process, in `.drumbeat/credentials.json`. It belongs to
one server, handle and password: when any of them changes it is not used again. What is new
is on disk before it is used.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scheduler.clock import Clock
from scheduler.errors import AuthExpired, PublishError, RateLimited, Rejected
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.publishers.bluesky.answers import NEW_PASSWORD, SessionOver
from scheduler.publishers.credentials import Credentials, Kept

LOGIN = "/xrpc/com.atproto.server.createSession"
REFRESH = "/xrpc/com.atproto.server.refreshSession"
AHEAD = timedelta(minutes=30)
"""A token that ends within this time is renewed while a post is prepared. It lives for 120 minutes (as of 2026-11)."""
AT_THE_MOMENT = timedelta(seconds=30)
"""A token that ends within this time is renewed even when a post is already due."""
UNSTATED = timedelta(minutes=60)
JUST_NOW = timedelta(minutes=10)

Open = Callable[[str], HttpSession]
"""A server's address to the way there."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a person set: server, handle, where the password is asked for; `private`: a server of one's own network."""

    account: str
    server: str
    handle: str
    password: Callable[[], str] = field(repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the server gave it. `pds` is the account's own server; `access_ends` is a moment in UTC."""

    did: str
    handle: str
    pds: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_ends: datetime
    logged_in: datetime
    seed: str = field(repr=False)

    def lasts(self, now: datetime, time: timedelta) -> bool:
        """Whether the token is good for `time` from now."""
        return now + time < self.access_ends


class Sessions:
    """The account's one session. From any number of threads, and beside other processes."""

    def __init__(self, login: Login, credentials: Credentials, clock: Clock, open_: Open) -> None:
        self._login = login
        self._credentials = credentials
        self._clock = clock
        self._open = open_
        self._known: Session | None = None
        self._refused = ""

    def current(self, *, lasting: timedelta = AT_THE_MOMENT, fresh: bool = False) -> Session:
        """A session whose token lasts that long. `fresh` looks at the password again, in case a person changed it.

        Raises `AuthExpired` where the server does not let us in, else `Transient` or `RateLimited`.
        """
        known = self._known
        if known and not fresh and known.lasts(self._clock.now(), lasting):
            return known
        return self._renewed(lasting)

    def refuse(self, session: Session, caught: SessionOver) -> None:
        """The server no longer takes this session's token; the next `current` is another one.

        Raises `AuthExpired` where that cannot help: it was made by logging in just now.
        """
        self._known, self._refused = None, session.access
        if caught.dead and self._clock.now() - session.logged_in < JUST_NOW:
            raise AuthExpired(caught.message, mend=NEW_PASSWORD) from None

    def _renewed(self, lasting: timedelta) -> Session:
        seed = self._seed()
        with self._credentials.renewing(self._login.account) as kept:
            session = _read(kept, seed)
            if session is None or session.access == self._refused or not session.lasts(self._clock.now(), lasting):
                session = (self._refreshed(session) if session else None) or self._logged_in(seed)
                self._credentials.keep(self._login.account, _written(session))
        self._known = session
        return session

    def _refreshed(self, session: Session) -> Session | None:
        """The session with new tokens; None where only logging in helps. Asked of the account's own server."""
        told = {"Authorization": f"Bearer {session.refresh}"}
        try:
            reply = self._open(session.pds).prepare("POST", REFRESH, headers=told)
        except (SessionOver, AuthExpired, Rejected):
            return None
        return self._session(reply, session.seed, logged_in=session.logged_in, before=session)

    def _logged_in(self, seed: str) -> Session:
        login = self._login
        told = {"identifier": login.handle, "password": login.password()}
        try:
            reply = self._open(login.server).prepare("POST", LOGIN, json=told, sort=_sort_login)
        except RateLimited as caught:
            raise RateLimited(f"Too many log-ins: {caught.message}", retry_at=caught.retry_at) from None
        return self._session(reply, seed, logged_in=self._clock.now(), before=None)

    def _session(self, reply: Reply, seed: str, *, logged_in: datetime, before: Session | None) -> Session:
        said = reply.fields()
        texts = {name: said.get(name) for name in ("did", "handle", "accessJwt", "refreshJwt")}
        if not all(isinstance(text, str) and text for text in texts.values()):
            raise reply.garbled("its session is not whole")
        if said.get("active") is False:
            raise AuthExpired(f"{reply.source}: the account is {said.get('status') or 'not active'}.")
        return Session(
            did=str(texts["did"]),
            handle=str(texts["handle"]),
            pds=self._own_server(said) or (before.pds if before else self._login.server),
            access=str(texts["accessJwt"]),
            refresh=str(texts["refreshJwt"]),
            access_ends=ends(str(texts["accessJwt"])) or self._clock.now() + UNSTATED,
            logged_in=logged_in,
            seed=seed,
        )

    def _own_server(self, said: Mapping[str, object]) -> str:
        named = own_server(said)
        # a token goes over the wire in the open on one's own network only
        return named if self._login.private or named.startswith("https://") else ""

    def _seed(self) -> str:
        """What the session belongs to, so that no post goes out by an earlier account's session.

        Of the password two bytes of a hash: enough to notice another one, too few to find it out.
        """
        login = self._login
        trace = hashlib.sha256(f"drumbeat:bluesky:{login.password()}".encode()).hexdigest()[:4]
        return f"{login.server} {login.handle} {trace}"


def own_server(said: Mapping[str, object]) -> str:
    """The account's own server from its DID document: the service `#atproto_pds` (atproto.com/specs/did, 2026-11)."""
    document = said.get("didDoc")
    services = document.get("service") if isinstance(document, Mapping) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, Mapping) and str(service.get("id")).endswith("#atproto_pds"):
            return str(service.get("serviceEndpoint") or "").rstrip("/")
    return ""


def ends(token: str) -> datetime | None:
    """When a JWT says that it ends, unproved; None where it does not say."""
    claims = token_claims(token)
    moment = claims.get("exp")
    try:
        return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def token_claims(token: str) -> Mapping[str, object]:
    """What a JWT says of itself; nothing where it cannot be read."""
    body = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _sort_login(reply: Reply) -> PublishError | None:
    """A password that is not taken is a person's to mend, whatever the status."""
    return AuthExpired(reply.sentence(), mend=NEW_PASSWORD) if reply.status in {400, 401, 403} else None


def _written(session: Session) -> dict[str, str]:
    return {
        "did": session.did,
        "handle": session.handle,
        "pds": session.pds,
        "access": session.access,
        "refresh": session.refresh,
        "access_ends": session.access_ends.isoformat(),
        "logged_in": session.logged_in.isoformat(),
        "seed": session.seed,
    }


def _read(kept: Kept, seed: str) -> Session | None:
    values = kept.values
    if values.get("seed") != seed:
        return None
    try:
        return Session(
            did=values["did"],
            handle=values["handle"],
            pds=values["pds"],
            access=values["access"],
            refresh=values["refresh"],
            access_ends=datetime.fromisoformat(values["access_ends"]),
            logged_in=datetime.fromisoformat(values["logged_in"]),
            seed=seed,
        )
    except (KeyError, ValueError):
        return None
