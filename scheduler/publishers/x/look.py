"""Finding out whether a post is on an X account: reading its own timeline since the try, and nothing else.

X gives a text back changed: links as t.co (also where its servers know a newer domain than our
lists), a link to the media behind it, `&` and its kin as entities, long texts cut with the whole
in `note_tweet`. All of that is undone before texts are compared, and what is nearly alike is
neither found nor absent. Each post that a look returns is charged for, so only those since the try are asked for.
Sources: docs.x.com, GET /2/users/:id/tweets, as of 2026-08; FxEmbed issue 24 for the entities.
Not confirmed: that v2 writes `&amp;`, and how soon a new post is to be seen.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.http.reply import Reply
from scheduler.model.delivery import Draft, Receipt
from scheduler.platforms.base import below
from scheduler.publishers.their_clock import lead_of
from scheduler.publishers.x.way import Way

EPOCH_MILLISECONDS = 1_288_834_974_657
"""When X's ids begin to count: the upper bits of an id are milliseconds since then."""

MARGIN = timedelta(minutes=1)
PAGE, MOST_PAGES = 100, 5
FIELDS = "created_at,entities,note_tweet,referenced_tweets,attachments"
_HIDDEN = re.compile(r"https://t\.co/[A-Za-z0-9]+")
_HIDDEN_OR_LINK = re.compile(r"https?://\S+")
_MEDIA_PAGE = re.compile(r"/(?:photo|video)/\d+$")
_ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Timeline:
    """The account's own posts since a moment; `whole` where all of them were read."""

    posts: tuple[Mapping[str, Any], ...]
    whole: bool


def snowflake(moment: datetime) -> int:
    """The least id of a post made at a moment."""
    return max(0, int(moment.timestamp() * 1000) - EPOCH_MILLISECONDS) << 22


def made_at(post: str) -> float | None:
    """When the post with an id was made, in Unix seconds; None where that is no id of X."""
    return ((int(post) >> 22) + EPOCH_MILLISECONDS) / 1000 if post.isdecimal() and int(post) >> 22 else None


def post_id(receipt: Receipt) -> str:
    """The id of a post, of which a person may have given the address; empty where it has none."""
    last = receipt.remote_id.partition("?")[0].rstrip("/").rpartition("/")[2]
    return last if last.isdecimal() else ""


def timeline(way: Way, user: str, since: datetime) -> Timeline:
    """Own posts since a moment of our clock, replies too. Raises what looking raises.

    Ids are by X's clock: where it is behind ours by more than the margin, the window is moved and read once more.
    """
    first = _page(way, user, since - MARGIN, "")
    lead = lead_of(first) or timedelta()
    begin = since - MARGIN
    if lead < -MARGIN / 2:
        begin += lead
        first = _page(way, user, begin, "")
    return _read_on(way, user, begin, first)


def _read_on(way: Way, user: str, begin: datetime, reply: Reply) -> Timeline:
    posts: list[Mapping[str, Any]] = []
    for _ in range(MOST_PAGES):
        said = reply.fields()
        posts += _posts(said, reply)
        further = said["meta"].get("next_token")
        if not further:
            return Timeline(tuple(posts), whole=True)
        reply = _page(way, user, begin, str(further))
    return Timeline(tuple(posts), whole=False)


def _page(way: Way, user: str, begin: datetime, token: str) -> Reply:
    params = {"since_id": str(snowflake(begin)), "max_results": str(PAGE), "exclude": "retweets"}
    params |= {"tweet.fields": FIELDS} | ({"pagination_token": token} if token else {})
    return way.read(f"/2/users/{user}/tweets", params=params)


def _posts(said: Mapping[str, Any], reply: Reply) -> list[Mapping[str, Any]]:
    posts: list[Mapping[str, Any]] = said.get("data", [])
    whole = isinstance(posts, list) and isinstance(said.get("meta"), dict) and not said.get("errors")
    if not whole or not all(isinstance(post, dict) and isinstance(post.get("id"), str) for post in posts):
        raise reply.garbled("it is no whole timeline")
    return posts


def is_ours(post: Mapping[str, Any], draft: Draft, keys: list[str]) -> bool | None:
    """Whether a post is the draft's; None where it is nearly. `keys` are the media keys of its uploads."""
    content = draft.content
    parent = post_id(draft.parent) if draft.parent else ""
    attached = post.get("attachments") or {}
    media = [str(one) for one in attached.get("media_keys", ())]
    if _replies_to(post) != parent or bool(attached.get("poll_ids")) != (content.poll is not None):
        return False
    if len(media) != len(content.media):
        return False
    same = _alike(post, below(content.text, content.link))
    strange = bool(keys) and sorted(media) != sorted(keys)
    return None if same and strange else same


def _replies_to(post: Mapping[str, Any]) -> str:
    found = post.get("referenced_tweets") or ()
    return next((str(one.get("id")) for one in found if one.get("type") == "replied_to"), "")


def _alike(post: Mapping[str, Any], text: str) -> bool | None:
    """Whether a post reads as a text: word for word between its links, wherever X made a link; None where nearly.

    Both with entities undone and as they are, since nobody says which of the two v2 writes.
    """
    ours = _kept(text)
    theirs, links = _given_back(post)
    for told in (_unescaped(theirs), theirs):
        match = re.fullmatch(r"(\S+)".join(map(re.escape, _kept(told).split("\0"))), ours)
        if match:
            return True if [*map(_plain, match.groups())] == [*map(_plain, links)] else None
    return None if _near(_unescaped(theirs), ours, links) else False


def _given_back(post: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The text of a post with a zero for each link, and where they lead; without the link to its own media."""
    note = post.get("note_tweet")
    said: Mapping[str, Any] = note if isinstance(note, dict) and note.get("text") else post
    entities = said.get("entities")
    urls = entities.get("urls", ()) if isinstance(entities, dict) else ()
    leads = {str(one.get("url")): one for one in urls if isinstance(one, dict)}
    links: list[str] = []

    def leading(match: re.Match[str]) -> str:
        lead = leads.get(match[0], {})
        if _is_media(lead):
            return ""
        links.append(str(lead.get("expanded_url") or match[0]))
        return "\0"

    return _HIDDEN.sub(leading, str(said.get("text", "")).replace("\0", "")), links


def _is_media(lead: Mapping[str, Any]) -> bool:
    return bool(lead.get("media_key")) or bool(_MEDIA_PAGE.search(str(lead.get("expanded_url", ""))))


def _near(theirs: str, ours: str, links: list[str]) -> bool:
    """Whether two texts have the same letters, or one is the beginning of the other: X may change what we do not know.

    Posts of one campaign are often alike to a word, so likeness alone says nothing.
    """
    for link in links:
        ours = ours.replace(link, "").replace(link.partition("://")[2], "")
    left, right = (_letters(_HIDDEN_OR_LINK.sub("", one)) for one in (theirs, ours))
    begins = left.startswith(right) or right.startswith(left)
    return left == right or (begins and min(len(left), len(right)) >= _ENOUGH)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _plain(link: str) -> str:
    """A link without what may come back changed: its scheme, the case of its host, a slash at its end."""
    host, slash, path = (link.partition("://")[2] or link).partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")
