"""How a Threads account stands: whose token it is, what it may do, until when, and what is left of its quotas.

Only looks. The quotas are asked, not counted: a carousel is one post, a reply has another purse. Sources:
Threads API, debug token and publishing limit, as of 2026-07. Whether a profile is private is told nowhere.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.errors import AuthExpired, PublishError
from scheduler.publishers.base import AccountReport
from scheduler.publishers.meta.graph import Graph
from scheduler.publishers.meta.tokens import Lasting, LastingToken
from scheduler.publishers.threads.login import NEEDED, SCOPES

SOFTWARE = "Threads API v1.0"
PRIVATE = (
    "If the profile is private, Meta extends its permission by no renewal: a person must log in again, or make a "
    "new token, at the latest 90 days after the last time."
)
_PURSES = {"": "posts", "reply_": "replies", "delete_": "deletions"}
_QUOTAS = ",".join(f"{purse}quota_usage,{purse}config" for purse in _PURSES)


def report(graph: Graph, token: LastingToken) -> AccountReport:
    """The account from Meta's side. Raises `Transient` where Meta cannot be asked."""
    try:
        lasting = token.lasting()
        me = graph.read("/me", params={"fields": "id,username"}).fields()
        told = _debugged(graph, lasting)
    except AuthExpired as caught:
        return AccountReport(works=False, software=SOFTWARE, notes=(caught.message,))
    scopes = tuple(str(one) for one in told.get("scopes") or ())
    ends = moment_of(told.get("expires_at")) or lasting.ends
    token.learn(ends)
    lacking = [one for one in NEEDED if scopes and one not in scopes]
    handle = str(me.get("username") or "")
    return AccountReport(
        works=bool(handle) and not lacking,
        handle=f"@{handle}",
        scopes=scopes,
        expires_at=ends,
        renews=not token.lasting().trouble,
        software=SOFTWARE,
        notes=(*_about_scopes(scopes, lacking), *_about_renewal(token), PRIVATE, *_about_quotas(graph)),
    )


def moment_of(seconds: object) -> datetime | None:
    """A Unix moment that Meta tells; None for 0, which is never, and for what is none."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None


def _debugged(graph: Graph, lasting: Lasting) -> Mapping[str, Any]:
    """What `debug_token` says; nothing where it says nothing: the account may work none the less."""
    try:
        said = graph.read("/debug_token", params={"input_token": lasting.access}).fields().get("data")
    except AuthExpired:
        raise
    except PublishError:
        return {}
    return said if isinstance(said, dict) else {}


def _about_scopes(scopes: tuple[str, ...], lacking: list[str]) -> Iterator[str]:
    if lacking:
        yield f"The token lacks {', '.join(lacking)}: without that nothing can be posted."
    for scope, what in SCOPES.items():
        if scopes and scope not in scopes:
            yield f"The token lacks {scope}: no {what}."


def _about_renewal(token: LastingToken) -> Iterator[str]:
    trouble = token.lasting().trouble
    if trouble:
        yield trouble


def _about_quotas(graph: Graph) -> Iterator[str]:
    try:
        said = graph.read("/me/threads_publishing_limit", params={"fields": _QUOTAS}).fields().get("data")
    except PublishError:
        return
    told: Mapping[str, Any] = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    for purse, words in _PURSES.items():
        used, config = told.get(f"{purse}quota_usage"), told.get(f"{purse}config")
        if isinstance(used, int) and isinstance(config, dict) and isinstance(config.get("quota_total"), int):
            hours = timedelta(seconds=config.get("quota_duration") or 86_400) // timedelta(hours=1)
            yield f"{used} of {config['quota_total']:,} {words} in {hours} hours are used up."
