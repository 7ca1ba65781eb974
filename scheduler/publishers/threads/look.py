"""Finding out whether a post is on a Threads account: its container first, then the account's own posts since the try.

A container that says `PUBLISHED` proves that the post exists, one that is finished, failed or still worked on that
it does not; which of the account's posts it is, only text, kind, parent and time can tell, and several that fit
are none. The first hashtag comes back without its `#`, as the topic. Posts are listed apart from replies.
Sources: Threads API, user and media reference, as of 2026-07; exileum/meta-mcp issue 143. Not confirmed: how
soon a new post is listed; whether a container that was published can ever be `EXPIRED`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.model.delivery import Draft
from scheduler.platforms.rules.threads import PLATFORM
from scheduler.publishers.meta.containers import EXPIRED, PUBLISHED, UNSEEN
from scheduler.publishers.meta.graph import Graph
from scheduler.publishers.meta.listing import Entry, listed
from scheduler.publishers.their_clock import by_their_clock
from scheduler.publishers.threads.form import kind_of, text_of

FIELDS = "id,text,timestamp,permalink,media_type,topic_tag,is_quote_post,children"
MARGIN = timedelta(minutes=2)
"""Before the try, by Threads' own clock."""

LISTED = timedelta(minutes=10)
"""How long a post that no container tells of may take to be listed: before that, not listed proves nothing."""

SILENT = frozenset({EXPIRED, UNSEEN})
_POSTS, _REPLIES = "/me/threads", "/me/replies"
_ADDRESS = re.compile(r"/post/([A-Za-z0-9_-]+)")
_KINDS = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}
_BLANKS = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the container's state, the entries that are the post, and whether others are nearly."""

    state: str
    ours: tuple[Entry, ...]
    nearly: bool
    whole: bool

    @property
    def is_out(self) -> bool:
        """Whether the container itself says that it was published."""
        return self.state == PUBLISHED

    @property
    def is_silent(self) -> bool:
        """Whether the container says nothing of it: gone, expired or never known."""
        return self.state in SILENT


def look(graph: Graph, draft: Draft, state: str, since: datetime) -> Look:
    """Reads the account's own posts, or replies, since a moment of our clock. Raises what looking raises.

    The account itself is asked for first, for that tells Threads' time, which posts bear.
    """
    reply = draft.parent is not None
    told = graph.read("/me", params={"fields": "id"})
    begin = min(since, by_their_clock(told, since) or since) - MARGIN
    fields = f"{FIELDS},replied_to" if reply else FIELDS
    found = listed(graph, _REPLIES if reply else _POSTS, {"fields": fields, "since": int(begin.timestamp())})
    judged = [(one, is_ours(one, draft)) for one in found.entries if _made_since(one, begin)]
    ours = tuple(one for one, same in judged if same)
    return Look(state, ours, nearly=any(same is None for _, same in judged), whole=found.whole)


def id_at(graph: Graph, address: str) -> str:
    """The id of the account's own post at an address, which does not hold it; empty where none of the latest is there.

    Raises what looking raises.
    """
    code = _code(address)

    def there(entries: Sequence[Entry]) -> str:
        return next((str(one.get("id")) for one in entries if code and _code(str(one.get("permalink"))) == code), "")

    for path in (_POSTS, _REPLIES) if code else ():
        found = listed(graph, path, {"fields": "id,permalink"}, enough=lambda page: bool(there(page)))
        if post := there(found.entries):
            return post
    return ""


def _code(address: str) -> str:
    """What names a post in its address: `C8x` in `https://www.threads.com/@name/post/C8x`."""
    found = _ADDRESS.search(address)
    return found[1] if found else ""


def is_ours(post: Mapping[str, Any], draft: Draft) -> bool | None:
    """Whether a post is the draft's; None where it is nearly, or does not say enough."""
    content = draft.content
    kind = kind_of(content)
    if post.get("is_quote_post") or post.get("media_type") != _KINDS.get(kind, kind):
        return False
    children = post.get("children")
    files = len(children.get("data", ())) if isinstance(children, Mapping) else 0
    if kind == "CAROUSEL" and children is not None and files != len(content.media):
        return False
    same = alike(str(post.get("text") or ""), text_of(content))
    if draft.parent is None or same is False:
        return same
    replied_to = post.get("replied_to")
    if not isinstance(replied_to, Mapping) or not replied_to.get("id"):
        return None
    return same if str(replied_to.get("id")) == draft.parent.remote_id else False


def alike(theirs: str, ours: str) -> bool | None:
    """Whether a text that came back is the one that was sent; None where only its signs differ."""
    read = _kept(theirs)
    if read in {_kept(ours), _kept(without_topic(ours))}:
        return True
    return None if _letters(read) == _letters(ours) else False


def without_topic(text: str) -> str:
    """A text without the # of its first hashtag, which Threads takes away."""
    tags: Sequence[Any] = PLATFORM.entities(text).hashtags
    return text[: tags[0].start] + text[tags[0].start + 1 :] if tags else text


def _made_since(post: Entry, moment: datetime) -> bool:
    """Entries that do not say when are kept: a look that overlooks doubles."""
    try:
        made = datetime.fromisoformat(str(post.get("timestamp")))
    except ValueError:
        return True
    return made.tzinfo is None or made >= moment


def _kept(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines).strip()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
