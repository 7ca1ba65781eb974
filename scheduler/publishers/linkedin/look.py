"""Finding out whether a post is an organization's: reading its own posts since the try, and nothing else.

Persons' posts can be read by nobody new (`r_member_social` is closed). Texts come back as little text, hashtags
as templates; both are written as people type them before they are compared. A post is also known by the uploads
in it. What is nearly alike, or cut, is neither found nor absent. Source: Microsoft Learn, Posts API, "find posts
by authors", as of 2026-01. Not confirmed: how soon a new post is in the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scheduler.http.reply import Reply
from scheduler.model.delivery import Draft
from scheduler.publishers.linkedin.answers import sort_told
from scheduler.publishers.linkedin.form import words_of
from scheduler.publishers.linkedin.little import comparable, plain
from scheduler.publishers.linkedin.way import Way
from scheduler.publishers.their_clock import by_their_clock

POSTS = "/rest/posts"
MARGIN = timedelta(minutes=1)
PAGE, MOST_PAGES = 20, 5
_ENOUGH = 40

Post = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """An author's own posts since a moment; `whole` where all of them were read."""

    posts: tuple[Post, ...]
    whole: bool


def seen(way: Way, author: str, since: datetime, named: str = "") -> Seen:
    """What `author` posted since a moment of our clock. Raises what looking raises.

    `named` is the post that a refusal named: it is asked for by itself where it is not in the list yet.
    """
    listed = _listed(way, author, since)
    if not named or any(one["id"] == named for one in listed.posts):
        return listed
    return Seen((*listed.posts, *_one(way, author, named, since)), listed.whole)


def _one(way: Way, author: str, urn: str, since: datetime) -> list[Post]:
    reply = way.read(f"{POSTS}/{quote(urn, safe='')}", sort=sort_told, accept={403, 404})
    post = reply.said()
    begin = (by_their_clock(reply, since) or since) - MARGIN
    young = _is_post(post) and post.get("author") == author and _moment(post, "createdAt") >= begin.timestamp()
    return [post] if young else []


def _listed(way: Way, author: str, since: datetime) -> Seen:
    found: list[Post] = []
    for number in range(MOST_PAGES):
        reply = _page(way, author, number * PAGE)
        begin = (by_their_clock(reply, since) or since) - MARGIN
        posts = _posts(reply)
        young = [one for one in posts if _moment(one, "createdAt") >= begin.timestamp()]
        found += young
        # they come by when they were last changed, and none is changed before it is made
        if len(posts) < PAGE or any(_moment(one, "lastModifiedAt") < begin.timestamp() for one in posts):
            return Seen(tuple(found), whole=True)
    return Seen(tuple(found), whole=False)


def _page(way: Way, author: str, start: int) -> Reply:
    asked = {"author": author, "q": "author", "count": PAGE, "start": start, "sortBy": "LAST_MODIFIED"}
    return way.read(POSTS, params=asked, headers={"X-RestLi-Method": "FINDER"})


def _posts(reply: Reply) -> Sequence[Post]:
    posts = reply.fields().get("elements")
    if not isinstance(posts, list) or not all(_is_post(one) for one in posts):
        raise reply.garbled("it is no list of posts")
    return posts


def _is_post(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), str) and _moment(one, "createdAt") > 0


def _moment(post: Post, name: str) -> float:
    """A moment of a post in Unix seconds; LinkedIn writes milliseconds. Without a change it is when it was made."""
    said = post.get(name, post.get("createdAt"))
    return said / 1000 if isinstance(said, int) and not isinstance(said, bool) else 0.0


def is_ours(post: Post, draft: Draft, media: Sequence[str]) -> bool | None:
    """Whether a post is the draft's; None where it is nearly. `media` are the urns of its uploads."""
    content = post.get("content")
    shown: Post = content if isinstance(content, dict) else {}
    text, question = words_of(draft.content)
    ours, theirs = comparable(text), comparable(plain(str(post.get("commentary", ""))))
    same = ours == theirs and question.strip() == _question(shown)
    if same and sorted(_files(shown)) == sorted(media) and _leads(shown, draft.content.link):
        return True
    if media and set(_files(shown)) & set(media):
        return None
    return None if same or _is_cut(theirs, ours) or _letters(theirs) == _letters(ours) != "" else False


def _question(shown: Post) -> str:
    poll = shown.get("poll")
    return str(poll.get("question", "")).strip() if isinstance(poll, dict) else ""


def _leads(shown: Post, link: str) -> bool:
    """Whether a card, if there is one, is that of the link."""
    article = shown.get("article")
    return not isinstance(article, dict) or article.get("source") in {link, None}


def _files(shown: Post) -> list[str]:
    one, many = shown.get("media"), shown.get("multiImage")
    images = many.get("images") if isinstance(many, dict) else None
    every = [one, *(images if isinstance(images, list) else ())]
    return [str(entry["id"]) for entry in every if isinstance(entry, dict) and entry.get("id")]


def _is_cut(theirs: str, ours: str) -> bool:
    """Whether a text is the beginning of ours, as LinkedIn leaves one whose signs it took for its own."""
    return len(theirs) >= min(_ENOUGH, len(ours)) and ours.startswith(theirs)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
