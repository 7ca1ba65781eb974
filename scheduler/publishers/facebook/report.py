"""How a Page's account stands: whose token it is, what it may do, until when, and whether we may look.

With the app's secret Facebook itself says of the token that it is a Page's, and of which one
(`debug_token`); without it, the Page that `/me` names is all there is. A token that never ends may
still lose the right to the Page's data after ninety days without the app being used: that is told
too. What Facebook does not tell is whether the app is in its Development mode, where only people with
a role on the app see the posts (restfb issue 1053, verbb/social-poster issue 32): a person must look.
Sources: Meta, access tokens and debug_token, as of 2026-04; `expires_at: 0` as "never" is not confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scheduler.errors import AuthExpired, PublishError, RateLimited
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.publishers.base import AccountReport
from scheduler.publishers.meta.app import AppOfOurs
from scheduler.publishers.meta.credential import Credential
from scheduler.publishers.meta.graph import Graph

ONLY_WE_SEE = "Is the app Live? Facebook does not tell; in Development mode nobody but the app's own people sees posts."
NEEDED = ("pages_manage_posts", "pages_read_engagement")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and by what."""

    account: Account
    graph: Graph
    credential: Credential
    http: HttpSession
    app: AppOfOurs | None


@dataclass(frozen=True, slots=True)
class Told:
    """What Facebook says of the token; `asked` is false where it could not be asked."""

    asked: bool = False
    faults: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    notes: tuple[str, ...] = ()


def report(asking: Asking) -> AccountReport:
    """The account from Facebook's side. Raises `Transient`, `RateLimited` where Facebook cannot be asked."""
    try:
        page = asking.credential.page
        me = asking.graph.read("/me", params={"fields": "id,name"}).fields()
        told = _introspected(asking, page)
        looks = _may_look(asking.graph, page)
    except AuthExpired as caught:
        return AccountReport(works=False, software=_software(asking), notes=(caught.message,))
    other = "" if str(me.get("id", "")) == page else f"The token is that of {me.get('id')}, not of Page {page}."
    faults = [one for one in (other, *told.faults, looks) if one]
    return AccountReport(
        works=not faults,
        handle=f"{me.get('name', '')} ({page})".strip(),
        scopes=told.scopes,
        expires_at=told.expires_at,
        software=_software(asking),
        notes=(*faults, *told.notes, *_notes(asking, told)),
    )


def _introspected(asking: Asking, page: str) -> Told:
    """What `debug_token` says. Raises `RateLimited`, `Transient`; a secret that is no good is a fault of its own."""
    if asking.app is None:
        return Told()
    params = {"input_token": asking.credential.current()}
    headers = {"Authorization": f"Bearer {asking.app.token}"}
    path = f"/{asking.graph.version}/debug_token"
    try:
        said = asking.http.read(path, params=params, headers=headers).fields().get("data")
    except AuthExpired as caught:
        return Told(asked=True, faults=(f"Facebook does not know the app: {caught.message}",))
    return _read(said if isinstance(said, dict) else {}, asking.app, page)


def _read(said: Mapping[str, Any], app: AppOfOurs, page: str) -> Told:
    scopes = tuple(str(one) for one in said.get("scopes") or ())
    lacking = [one for one in NEEDED if one not in scopes]
    kind, whose = str(said.get("type", "")).upper(), str(said.get("profile_id", ""))
    faults = (
        "" if said.get("is_valid") is True else f"The token is not valid. {_why(said)}".strip(),
        "" if kind == "PAGE" else f"It is a token of type {kind or 'unknown'}, not a Page's own.",
        "" if kind != "PAGE" or whose == page else f"It is the token of Page {whose}, not of {page}.",
        f"It lacks {', '.join(lacking)}." if lacking else "",
        "" if str(said.get("app_id", app.id)) == app.id else f"It was made by another app, {said.get('app_id')}.",
    )
    ends, seen = _moment(said.get("expires_at")), _moment(said.get("data_access_expires_at"))
    note = f"The right to the Page's data ends on {seen:%Y-%m-%d} unless somebody logs in before." if seen else ""
    earliest = min((one for one in (ends, seen) if one), default=None)
    return Told(True, tuple(one for one in faults if one), scopes, earliest, (note,) if note else ())


def _why(said: Mapping[str, Any]) -> str:
    error = said.get("error")
    return str(error.get("message", "")) if isinstance(error, dict) else ""


def _moment(seconds: object) -> datetime | None:
    """A moment in Unix seconds; 0 is never."""
    if type(seconds) is not int or not 0 < seconds < 1 << 40:
        return None
    return datetime.fromtimestamp(min(seconds, 253_370_764_800), UTC)


def _may_look(graph: Graph, page: str) -> str:
    """Why posts cannot be looked for; empty where they can."""
    try:
        graph.read(f"/{page}/published_posts", params={"fields": "id", "limit": 1})
    except RateLimited:
        raise
    except PublishError as caught:
        return f"It may not read the Page's posts, so a lost one could not be found: {caught.message}"
    return ""


def _notes(asking: Asking, told: Told) -> Sequence[str]:
    return tuple(_more(asking, told))


def _more(asking: Asking, told: Told) -> Iterator[str]:
    yield ONLY_WE_SEE
    if old := asking.graph.outlived():
        yield old
    if not told.asked:
        yield "What the token may do, and until when, Facebook tells only with `client` and `client_secret`."
    if asking.graph.usage.tight:
        yield f"{asking.graph.usage.percent} % of the calls that Facebook takes within an hour are used up."


def _software(asking: Asking) -> str:
    return f"Graph API {asking.graph.version}"
