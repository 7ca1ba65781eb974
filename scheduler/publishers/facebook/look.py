"""Finding out whether a post is on a Page: reading what the Page itself published since the try.

A post with photos, or a video, is known by their ids, which were ours alone: an exact key. Any other
is known by its words and its link, and what is nearly alike is neither found nor absent. Facebook
writes a mentioned Page by its name, and links through a doorman of its own; both are undone.
Sources: Graph API, Page published posts and attachments, as of 2026-04. Not confirmed: how soon a
new post is to be seen (the usual answer is at once), and that the list leaves out nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from scheduler.publishers.meta.graph import Graph
from scheduler.publishers.meta.listing import Entry, Listing, listed
from scheduler.publishers.their_clock import by_their_clock

MARGIN = timedelta(seconds=30)
FIELDS = (
    "id,message,message_tags,created_time,"
    "attachments{media_type,url,unshimmed_url,target{id},subattachments{target{id}}}"
)
_PICTURES = frozenset({"photo", "album", "video"})
_MENTION = re.compile(r"@\[([0-9]+)\]")
_ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a text as it was sent, the link of a card, the ids of photos, or of the video."""

    text: str
    link: str = ""
    witnesses: tuple[str, ...] = ()


def published(graph: Graph, page: str, since: datetime) -> Listing:
    """What the Page published since a moment of our clock. Raises what looking raises.

    The Page itself is asked for first: that proves the right to look, and tells Facebook's time, which posts bear.
    """
    told = graph.read(f"/{page}", params={"fields": "id"})
    if str(told.fields().get("id", "")) != page:
        raise told.garbled("it is not the Page that was asked for")
    begin = min(since, by_their_clock(told, since) or since) - MARGIN
    found = listed(graph, f"/{page}/published_posts", {"fields": FIELDS, "since": int(begin.timestamp())})
    return Listing(tuple(post for post in found.entries if not _older(post, begin)), found.whole)


def _older(post: Entry, begin: datetime) -> bool:
    """Whether a post was surely made before; `+0000` is how Graph writes a zone."""
    try:
        return datetime.strptime(str(post.get("created_time")), "%Y-%m-%dT%H:%M:%S%z") < begin
    except ValueError:
        return False


def is_ours(post: Entry, wanted: Wanted) -> bool | None:
    """Whether a post is the one that is looked for; None where it is nearly, or cannot be told."""
    attached = _attached(post)
    same = _alike(post, wanted.text)
    if wanted.witnesses:
        targets = {str(one["target"].get("id")) for one in attached if isinstance(one.get("target"), dict)}
        if targets & set(wanted.witnesses):
            return True
        others = not wanted.text and targets
        return False if same is False or others else None
    if any(one.get("media_type") in _PICTURES for one in attached):
        return False
    if not same or not wanted.link:
        return same
    return True if _plain(wanted.link) in {_plain(one) for one in _links(attached)} else None


def _attached(post: Entry) -> list[Entry]:
    """A post's attachments, and those within an album."""
    found: list[Entry] = []
    for one in _listed(post.get("attachments")):
        found += [one, *_listed(one.get("subattachments"))]
    return found


def _listed(edge: object) -> list[Entry]:
    listed = edge.get("data") if isinstance(edge, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _links(attached: list[Entry]) -> Iterator[str]:
    """Where attachments lead: the address itself, or what Facebook's doorman (`l.facebook.com/l.php?u=`) leads to."""
    for one in attached:
        for link in (str(one.get("unshimmed_url") or ""), str(one.get("url") or "")):
            yield link
            yield from parse_qs(urlsplit(link).query).get("u", ())


def _plain(link: str) -> str:
    """A link without what may come back changed: its scheme, the case of its host, a slash at its end."""
    host, slash, path = (link.partition("://")[2] or link).partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")


def _alike(post: Entry, text: str) -> bool | None:
    """Whether a post reads as a text: word for word, a mention as the name of the Page that it names."""
    theirs = _kept(str(post.get("message") or ""))
    names = _names(post)
    if theirs == _kept(_MENTION.sub(lambda match: names.get(match[1], match[0]), text)):
        return True
    ours = _kept(text)
    return None if _near(theirs, ours) or _but_for_names(theirs, _MENTION.split(ours)[::2]) else False


def _names(post: Entry) -> dict[str, str]:
    """What the Pages are called that the post mentions, by their ids."""
    tags = post.get("message_tags")
    known = [one for one in tags if isinstance(one, dict)] if isinstance(tags, list) else []
    return {str(one.get("id")): str(one.get("name")) for one in known}


def _but_for_names(theirs: str, parts: list[str]) -> bool:
    """Whether a text has the parts between mentions, in their order, whatever stands where the mentions are."""
    at = len(parts[0])
    for part in parts[1:]:
        found = theirs.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(parts) > 1 and theirs.startswith(parts[0]) and theirs.endswith(parts[-1])


def _near(theirs: str, ours: str) -> bool:
    """Whether two texts have the same letters, or one is the beginning of the other."""
    left, right = (
        "".join(filter(str.isalnum, unicodedata.normalize("NFKC", one).casefold())) for one in (theirs, ours)
    )
    begins = left.startswith(right) or right.startswith(left)
    return bool(left) and (left == right or (begins and min(len(left), len(right)) >= _ENOUGH))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _kept(text: str) -> str:
    """A text without what may come back changed: how its blanks are written."""
    return " ".join(unicodedata.normalize("NFC", text).split())
