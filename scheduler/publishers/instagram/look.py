"""Finding out whether a post is on an Instagram account: its container first, then the account's own posts since.

A container that says `PUBLISHED` proves that the post exists, any other state of it that it does not. Which post it
is, caption, kind and time tell; the newest one alone tells nothing (trypost PR 281). Captions come back without `@`
unless the person has a task on the Page, and by Instagram Login perhaps not at all: then kind and time are all there
is, which is said. Pinned posts may stand first, so only a page of nothing but older ones ends a look.
Sources: Instagram API, IG Media and IG Container, undated copies; exileum/meta-mcp issue 143. Not confirmed: whether
captions are shown by Instagram Login; how soon a post is listed; whether a published container can be `EXPIRED`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from scheduler.model.delivery import Draft
from scheduler.publishers.instagram.answers import Hidden, unless_hidden
from scheduler.publishers.instagram.form import CAROUSEL, REELS, kind_of
from scheduler.publishers.meta.containers import EXPIRED, PUBLISHED, UNSEEN
from scheduler.publishers.meta.graph import Graph
from scheduler.publishers.meta.listing import Entry, Listing, entries_of, listed
from scheduler.publishers.their_clock import by_their_clock

FIELDS = "id,timestamp,permalink,media_type,media_product_type,children"
MARGIN = timedelta(minutes=2)
LISTED = timedelta(minutes=10)
"""How long a post that no container tells of may take to be listed: before that, not listed proves nothing."""

SILENT = frozenset({EXPIRED, UNSEEN})


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the container's `state`, entries that are the post, and those that may be. `whole`: all was read.

    `readable` is false where captions are not shown, so that kind and time are all that entries are known by.
    """

    state: str
    ours: tuple[Entry, ...]
    nearly: tuple[Entry, ...]
    whole: bool
    readable: bool

    @property
    def is_out(self) -> bool:
        """Whether the container itself says that it was published."""
        return self.state == PUBLISHED

    @property
    def is_silent(self) -> bool:
        """Whether the container says nothing of it: gone, expired or never known."""
        return self.state in SILENT


def look(graph: Graph, user: str, draft: Draft, state: str, since: datetime) -> Look:
    """Reads the account's own posts since a moment of our clock. Raises what looking raises."""
    begin = _by_instagrams_clock(graph, user, since)
    found, readable = _listed(graph, user, begin)
    known = [one for one in found.entries if named(one)]
    recent = [one for one in known if not _older(one, begin)]
    told = [(one, is_ours(one, draft, readable=readable)) for one in recent]
    return Look(
        state,
        ours=tuple(one for one, same in told if same),
        nearly=tuple(one for one, same in told if same is None),
        whole=found.whole and len(known) == len(found.entries),
        readable=readable,
    )


def shows_captions(graph: Graph, user: str) -> bool | None:
    """Whether captions of the account's posts are shown; None where there is no post to tell by. Raises as a look."""
    try:
        reply = graph.read(f"/{user}/media", params={"fields": "id,caption", "limit": 10}, sort=unless_hidden)
    except Hidden:
        return False
    entries = entries_of(reply)
    if any(one.get("caption") for one in entries):
        return True
    return None if not entries else False


def is_ours(post: Mapping[str, Any], draft: Draft, *, readable: bool) -> bool | None:
    """Whether a post is the draft's; None where it may be, or does not say enough."""
    content = draft.content
    if _kind(post) != kind_of(content) or _children(post) not in {None, len(content.media)}:
        return False
    caption = post.get("caption")
    if caption is None and not readable:
        return None
    return alike(str(caption or ""), content.text)


def alike(theirs: str, ours: str) -> bool | None:
    """Whether a caption that came back is the one that was sent; None where only its signs differ."""
    if _kept(theirs) == _kept(ours):
        return True
    return None if _letters(theirs) and _letters(theirs) == _letters(ours) else False


def named(said: Mapping[str, Any]) -> str:
    """The `id` in an answer; empty where there is none."""
    found = said.get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) and found else ""


def _by_instagrams_clock(graph: Graph, user: str, since: datetime) -> datetime:
    """The moment from which posts may be ours. That the account can be looked at is proved by the way."""
    told = graph.read(f"/{user}", params={"fields": "id"})
    if not told.fields().get("id"):
        raise told.garbled("it does not say which account it is")
    return min(since, by_their_clock(told, since) or since) - MARGIN


def _listed(graph: Graph, user: str, begin: datetime) -> tuple[Listing, bool]:
    """The account's posts, newest first, and whether their captions can be read."""
    reading = partial(listed, graph, f"/{user}/media", enough=partial(_all_older, begin))
    try:
        found = reading({"fields": f"{FIELDS},caption"}, sort=unless_hidden)
    except Hidden:
        return reading({"fields": FIELDS}), False
    return found, any(one.get("caption") for one in found.entries)


def _all_older(begin: datetime, page: Sequence[Entry]) -> bool:
    return all(_older(one, begin) for one in page)


def _older(post: Entry, begin: datetime) -> bool:
    """Whether a post was surely made before; entries that do not say when are kept: a look that overlooks doubles."""
    try:
        made = datetime.fromisoformat(str(post.get("timestamp")))
    except ValueError:
        return False
    return made.tzinfo is not None and made < begin


def _kind(post: Mapping[str, Any]) -> str:
    """A reel reads back as a `VIDEO` of the product `REELS`, a carousel as a `CAROUSEL_ALBUM`."""
    kind = str(post.get("media_type") or "")
    if kind == "VIDEO" and post.get("media_product_type") in {REELS, None}:
        return REELS
    return CAROUSEL if kind == "CAROUSEL_ALBUM" else kind


def _children(post: Mapping[str, Any]) -> int | None:
    children = post.get("children")
    data = children.get("data") if isinstance(children, Mapping) else None
    return len(data) if isinstance(data, list) else None


def _kept(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("@", "").split())


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
