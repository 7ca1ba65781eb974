"""Finding out whether a post is on a Mastodon account: reading its own timeline, and nothing else.

Found only where exactly one post is ours: by the ids of its uploads, or by its own text as the
server keeps it. Absent only where the token was proved good, the timeline was read back to
before the first try, and this software's timelines are known to show everything. The window
is set by the server's clock, because that is what `created_at` is written by.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scheduler.http.session import HttpSession
from scheduler.model.delivery import Draft, Receipt
from scheduler.publishers.base import Absent, Found, Unknown, Verdict
from scheduler.publishers.markup import alike, text_of
from scheduler.publishers.mastodon.dialects import Dialect
from scheduler.publishers.their_clock import by_their_clock

PAGE = 40
"""The most that one page holds (docs.joinmastodon.org/methods/accounts#statuses, as of 2026-11)."""

MOST_PAGES = 5
WHO = "/api/v1/accounts/verify_credentials"
MARGIN = timedelta(seconds=5)
WIDE = timedelta(minutes=2)
"""Where a server does not tell its time (snac), and ours is taken for it."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Own posts made since the beginning of the window; `whole` where it was read back so far."""

    posts: tuple[Mapping[str, Any], ...]
    whole: bool


def look(http: HttpSession, dialect: Dialect, draft: Draft, media: Sequence[str], since: datetime) -> Verdict:
    """Whether the post is there. Raises what looking raises."""
    me = http.read(WHO)
    account = me.fields().get("id")
    if not account:
        return Unknown("The server does not say whose token this is.")
    by_its_clock = by_their_clock(me, since)
    timeline = _timeline(http, str(account), by_its_clock - MARGIN if by_its_clock else since - WIDE)
    told = [(post, _is_ours(http, dialect, post, draft, media)) for post in timeline.posts]
    verdict = _verdict(timeline, dialect, told)
    if isinstance(verdict, Absent) and by_its_clock is None:
        return Unknown("It is not among the latest posts, but the server does not tell its time.")
    return verdict


def _verdict(timeline: Timeline, dialect: Dialect, told: Sequence[tuple[Mapping[str, Any], bool | None]]) -> Verdict:
    ours = [post for post, same in told if same]
    if len(ours) == 1:
        return Found(receipt_of(ours[0]))
    if ours:
        return Unknown(f"{len(ours)} posts on the account read like this one.")
    if any(same is None for _, same in told):
        return Unknown("A post on the account is nearly this one, or was edited since.")
    if not timeline.whole:
        return Unknown("The account posted too much since to look through it all.")
    if not dialect.trusted:
        return Unknown(f"It is not on the account, but {dialect.title} may not show everything.")
    return Absent()


def receipt_of(said: Mapping[str, Any]) -> Receipt:
    """The receipt of a status as the API shows it."""
    links = [link for link in (said.get("url"), said.get("uri")) if isinstance(link, str)]
    return Receipt(str(said["id"]), next((link for link in links if link.startswith(("https://", "http://"))), ""))


def _timeline(http: HttpSession, account: str, begin: datetime) -> Timeline:
    posts: list[Mapping[str, Any]] = []
    before = ""
    for _ in range(MOST_PAGES):
        page = list(_page(http, account, before))
        dated = [(post, _made_at(post)) for post in page]
        posts += [post for post, at in dated if at is None or at >= begin]
        if not page or any(at is not None and at < begin for _, at in dated):
            return Timeline(tuple(posts), whole=True)
        before = str(page[-1]["id"])
    return Timeline(tuple(posts), whole=False)


def _page(http: HttpSession, account: str, before: str) -> Iterator[Mapping[str, Any]]:
    params = {"limit": str(PAGE), "exclude_reblogs": "true"} | ({"max_id": before} if before else {})
    reply = http.read(f"/api/v1/accounts/{quote(account, safe='')}/statuses", params=params)
    said = reply.json()
    if not isinstance(said, list) or not all(isinstance(post, dict) and post.get("id") for post in said):
        raise reply.garbled("it is no timeline")
    yield from said


def _made_at(post: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(post.get("created_at", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _is_ours(
    http: HttpSession, dialect: Dialect, post: Mapping[str, Any], draft: Draft, media: Sequence[str]
) -> bool | None:
    parent = draft.parent.remote_id if draft.parent else ""
    attached = [str(one.get("id")) for one in post.get("media_attachments") or ()]
    if str(post.get("in_reply_to_id") or "") != parent or bool(post.get("poll")) != (draft.content.poll is not None):
        return False
    if media and dialect.keeps_media_ids:
        return sorted(attached) == sorted(media)
    if len(attached) != len(draft.content.media):
        return False
    if post.get("edited_at"):
        return None
    return _reads_alike(http, dialect, post, draft)


def _reads_alike(http: HttpSession, dialect: Dialect, post: Mapping[str, Any], draft: Draft) -> bool | None:
    """By the text as the server keeps it (`/source`, since 3.5), or where that cannot be had by its HTML."""
    content = draft.content
    if dialect.has_source:
        path = f"/api/v1/statuses/{quote(str(post['id']), safe='')}/source"
        reply = http.find(path, accept=frozenset({403}))
        if reply is not None and reply.status != 403:
            said = reply.fields()
            same_warning = _kept(str(said.get("spoiler_text") or "")) == _kept(content.warning)
            return same_warning and _kept(str(said.get("text") or "")) == _kept(content.text)
    told = (
        alike(text_of(str(post.get("content") or "")), content.text),
        alike(str(post.get("spoiler_text") or ""), content.warning),
    )
    return False if False in told else (None if None in told else True)


def _kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
