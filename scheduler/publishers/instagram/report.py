"""How an Instagram account stands: whose token it is, until when, what is left of the day, and what a look can see.

Only looks. A token of Instagram Login cannot be asked about itself (`debug_token` answers code 2, seen in 2026-08), so
its end is what was told when it was made; the quota is asked for with the right to publish, which proves that. A
Page's token is told of by Facebook, to the app alone. That a linked Page must first pass Page Publishing
Authorization or two-factor checks cannot be seen beforehand (content publishing, as of 2026-03).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scheduler.errors import AuthExpired, Transient
from scheduler.http.session import HttpSession
from scheduler.platforms.rules.instagram import PLATFORM
from scheduler.publishers.base import AccountReport
from scheduler.publishers.instagram.login import MORE_BY_PAGE, NEEDED_BY_PAGE
from scheduler.publishers.instagram.look import shows_captions
from scheduler.publishers.instagram.quota import Quota, quota_of
from scheduler.publishers.instagram.way import ByInstagram, ByPage
from scheduler.publishers.meta.app import AppOfOurs

ONLY_IN_THE_APP = "By Instagram Login no program can delete posts: that is done by hand, in the app."
UNREAD = (
    "Captions cannot be read by this token: a lost post is known by its container, and which one it is by kind and "
    "time alone."
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks. `http` and `app` are for what Facebook tells to an app alone; None where the account has none."""

    way: ByInstagram | ByPage
    http: HttpSession
    app: AppOfOurs | None


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of the token."""

    ends: datetime | None = None
    scopes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    renews: bool = False


def report(asking: Asking) -> AccountReport:
    """The account from Instagram's side. Raises `Transient`, `RateLimited` where it cannot be asked."""
    way = asking.way
    try:
        token = _token(asking)
        whose = way.asked()
        name = whose.name or _name(way, whose.id)
        quota = quota_of(way.graph, whose.id)
        captions = shows_captions(way.graph, whose.id)
    except AuthExpired as caught:
        return AccountReport(works=False, software=_software(way), notes=(f"{caught.message} {caught.mend}".strip(),))
    lacking = [one for one in NEEDED_BY_PAGE if token.scopes and one not in token.scopes]
    faults = [f"The token lacks {', '.join(lacking)}: without that nothing can be posted."] if lacking else []
    return AccountReport(
        works=not lacking,
        handle=f"@{name}" if name else "",
        scopes=token.scopes,
        expires_at=token.ends,
        renews=token.renews,
        software=_software(way),
        notes=(*faults, *token.notes, *_about_quota(quota), *_more(way, captions=captions)),
    )


def _name(way: ByInstagram | ByPage, user: str) -> str:
    return str(way.graph.read(f"/{user}", params={"fields": "id,username"}).fields().get("username") or "")


def _token(asking: Asking) -> Token:
    way = asking.way
    if isinstance(way, ByInstagram):
        lasting = way.token.lasting()
        trouble = (lasting.trouble,) if lasting.trouble else ()
        return Token(lasting.ends, renews=not trouble, notes=(*trouble, ONLY_IN_THE_APP))
    if asking.app is None:
        return Token(
            notes=("What the token may do, and until when, Facebook tells only with `client` and `client_secret`.",)
        )
    return _told(_debugged(asking, way, asking.app))


def _debugged(asking: Asking, way: ByPage, app: AppOfOurs) -> Mapping[str, Any]:
    """What `debug_token` says; nothing where it says nothing: the account may work none the less."""
    headers = {"Authorization": f"Bearer {app.token}"}
    params = {"input_token": way.credential.current()}
    try:
        reply = asking.http.read(f"/{way.graph.version}/debug_token", params=params, headers=headers)
    except (AuthExpired, Transient):
        return {}
    said = reply.said().get("data")
    return said if isinstance(said, dict) else {}


def _told(said: Mapping[str, Any]) -> Token:
    listed = said.get("scopes")
    scopes = tuple(str(one) for one in listed) if isinstance(listed, list) else ()
    moments = [_moment(said.get(name)) for name in ("expires_at", "data_access_expires_at")]
    missing = [f"The token lacks {one}: no {what}." for one, what in MORE_BY_PAGE.items() if one not in scopes]
    unsaid = [] if said else ["Facebook does not tell what the token may do: see `client` and `client_secret`."]
    ends = min((one for one in moments if one), default=None)
    return Token(ends, scopes, tuple(missing if scopes else unsaid))


def _moment(seconds: object) -> datetime | None:
    """A Unix moment that Meta tells; None for 0, which is never, and for what is none."""
    return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int and 0 < seconds < 1 << 37 else None


def _about_quota(quota: Quota | None) -> Iterator[str]:
    if quota is None:
        yield "Instagram does not tell how many posts this account may publish in a day."
        return
    yield quota.told()
    ours = PLATFORM.quotas[0].posts
    if quota.total != ours:
        yield f"Drumbeat counts {ours} posts in a day; Instagram lets this account publish {quota.total}."


def _more(way: ByInstagram | ByPage, *, captions: bool | None) -> Iterator[str]:
    if captions is False:
        yield UNREAD
    if old := way.graph.outlived():
        yield old


def _software(way: ByInstagram | ByPage) -> str:
    return f"Instagram API {way.graph.version}, by {'Facebook' if way.by_page else 'Instagram'} Login"
