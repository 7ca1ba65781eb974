"""How a LinkedIn account stands: whose token it is, what it may do and until when, and whether the version is young.

Only looks. LinkedIn tells a token's end and scopes to the app alone, so where the account names its app they are
asked for (token introspection). Sources: Microsoft Learn, userinfo, token introspection, organization access
control by role, as of 2026-09.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scheduler.errors import AuthExpired, NotSent
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import AccountReport
from scheduler.publishers.linkedin.answers import sort_told
from scheduler.publishers.linkedin.tokens import Client, divided
from scheduler.publishers.linkedin.version import aged
from scheduler.publishers.linkedin.way import Way

ME, ROLES = "/v2/userinfo", "/rest/organizationAcls"
INTROSPECT = "/oauth/v2/introspectToken"
_SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
POSTING = frozenset({"ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})
NO_OTHER_END = "When a token of the portal ends, LinkedIn tells its app alone: name it (`client`, `client_secret`)."


@dataclass(frozen=True, slots=True)
class Told:
    """What LinkedIn says of a token. `scopes` are empty and `ends` is None where it says nothing."""

    active: bool = True
    scopes: tuple[str, ...] = ()
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything that a look needs. `organization` is its number (empty: a person), `now` is aware."""

    way: Way
    account: Account
    organization: str
    now: datetime
    client: Client | None
    oauth: HttpSession
    kept: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """The scope without which nothing can be posted."""
        return "w_organization_social" if self.organization else "w_member_social"


def report(asking: Asking) -> AccountReport:
    """The account from LinkedIn's side. Raises `Transient` where LinkedIn cannot be asked."""
    try:
        told = _introspected(asking)
        notes = list(_organization(asking) if asking.organization else _person(asking))
    except AuthExpired as caught:
        return AccountReport(works=False, software="LinkedIn", notes=(f"{caught.message} {caught.mend}".strip(),))
    scopes = told.scopes or asking.kept
    lacking = bool(scopes) and asking.wanted not in scopes
    notes += [f"The token lacks {asking.wanted}: add the product that has it to the app."] if lacking else []
    ends = asking.way.credential.ends() or told.ends
    notes += [] if ends else [NO_OTHER_END]
    old = aged(asking.way.version, asking.now.date())
    return AccountReport(
        works=told.active and not lacking and not any(one.startswith(_NO_ROLE) for one in notes),
        scopes=scopes,
        expires_at=ends,
        software=f"LinkedIn API {asking.way.version}",
        notes=(*notes, *([old] if old else [])),
    )


def whose(way: Way) -> str:
    """The id of the person whose token it is. Raises `AuthExpired` where the token may not tell."""
    reply = way.read(ME, sort=sort_told, accept={403, 404})
    if reply.status in {403, 404}:
        mend = "Make one with the scopes openid and profile as well (Sign In with LinkedIn using OpenID Connect)."
        raise AuthExpired("LinkedIn does not say whose token this is, so nobody can post with it.", mend=mend)
    found = reply.said().get("sub")
    if not isinstance(found, str) or not _SUBJECT.fullmatch(found):
        raise reply.garbled("it names nobody")
    return found


def roles(way: Way, organization: str) -> frozenset[str] | None:
    """The roles on the organization's page of the person whose token it is; None where the token may not ask."""
    params = {"q": "roleAssignee", "state": "APPROVED", "count": 100}
    told = {"X-RestLi-Method": "FINDER"}
    reply = way.read(ROLES, params=params, headers=told, sort=sort_told, accept={403, 404})
    if reply.status in {403, 404}:
        return None
    entries = reply.said().get("elements")
    urn = f"urn:li:organization:{organization}"
    return frozenset(str(one.get("role")) for one in entries if _is_of(one, urn)) if isinstance(entries, list) else None


def _is_of(entry: object, urn: str) -> bool:
    return isinstance(entry, dict) and urn in {entry.get("organization"), entry.get("organizationalTarget")}


_NO_ROLE = "Whoever's token this is"


def _organization(asking: Asking) -> Iterator[str]:
    found = roles(asking.way, asking.organization)
    if found is None:
        yield "The token may not tell the roles on the page (rw_organization_admin), so only a post can show them."
    elif not found & POSTING:
        told = f"has none of these roles on the page {asking.organization}: {', '.join(sorted(POSTING))}."
        yield f"{_NO_ROLE} {told}"
    else:
        yield f"It may post on the page {asking.organization}, as {', '.join(sorted(found & POSTING))}."


def _person(asking: Asking) -> Iterator[str]:
    said = asking.way.read(ME, sort=sort_told, accept={403, 404}).said()
    name = str(said.get("name") or "")
    yield f"It is the token of {name or whose(asking.way)}."
    yield "Nobody may read a person's posts, so a lost answer is for you to look up."


def _introspected(asking: Asking) -> Told:
    """What LinkedIn tells the app of its token. A look that fails tells nothing: the token itself is tried next."""
    if asking.client is None:
        return Told()
    form = asking.client.asked({"token": asking.way.credential.bearer()})
    try:
        said: Mapping[str, Any] = asking.oauth.prepare("POST", INTROSPECT, form=form, sort=None).said()
    except NotSent:
        return Told()
    return Told(said.get("active") is not False, divided(said.get("scope")), _moment(said.get("expires_at")))


def _moment(said: object) -> datetime | None:
    """A moment that is written in Unix seconds; None for what is none."""
    try:
        return datetime.fromtimestamp(said, UTC) if isinstance(said, int) and not isinstance(said, bool) else None
    except (OverflowError, ValueError, OSError):
        return None
