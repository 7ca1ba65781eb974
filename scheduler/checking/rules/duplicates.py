"""Rules of one account's posts side by side: the same words again, posts on each other's heels, too many.

Only what the plan holds is looked at: what went out before the plan begins is not known here. A
thread is one post.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType

from scheduler.checking.case import Hit, Line, LineHit
from scheduler.checking.rules.quotas import first_over
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.platforms.base import Quota
from scheduler.platforms.plain import plain_links

REFUSE_WITHIN: Mapping[str, timedelta] = MappingProxyType(
    {
        "x": timedelta(hours=24),  # 403 "duplicate content"; its own staff say hours, others up to two days, 2026-02
        "linkedin": timedelta(minutes=10),  # 422 DUPLICATE_POST; Microsoft's page of ugcPosts, read 2026-08
        "facebook": timedelta(hours=24),  # error 506 of Meta's Graph API, as of 2026-08; its page names no time
    }
)
"""How soon after one another a platform refuses the same words of one account. Where it names no time, a day."""
JUST_BEFORE = frozenset({"facebook"})
"""Platforms that compare with the post just before only."""
_TRACKED = "utm_"


def refused(line: Line) -> Iterator[LineHit]:
    """A post that its platform would refuse for having had the same words just now."""
    window = REFUSE_WITHIN.get(line.platform.name)
    if window is None:
        return
    last: dict[Content, PlannedDelivery] = {}
    for post in line.posts:
        earlier = last.get(post.content)
        if earlier and post.due - earlier.due < window and _words(line, post):
            what = f"{line.platform.title} refuses the words of {_called(earlier, post)} so soon again"
            yield post, Hit(what, "Say it in other words, or later.", "text")
        if line.platform.name in JUST_BEFORE:
            last.clear()
        last[post.content] = post


def again(line: Line) -> Iterator[LineHit]:
    """Words that the account has said a few days before, whatever its links count."""
    last: dict[str, PlannedDelivery] = {}
    refuses = {post.name for post, _ in refused(line)}
    for post in line.posts:
        words = _words(line, post)
        earlier = last.get(words)
        within = timedelta(days=line.threshold("duplicate-text", "days", post))
        if earlier and words and post.due - earlier.due < within and post.name not in refuses:
            what = f"says the same as {_called(earlier, post)}"
            yield post, Hit(what, "Say it in other words, or leave one out.", "text")
        last[words] = post


def _words(line: Line, post: PlannedDelivery) -> str:
    text = post.content.text
    return line.counts.once(("words", text), lambda: _plain(text))


def _plain(text: str) -> str:
    """The text without what only counts clicks, blanks as one; empty where there are no letters."""
    for start, end in reversed(plain_links(text)):
        text = text[:start] + _untracked(text[start:end]) + text[end:]
    plain = " ".join(text.split())
    return plain if any(letter.isalnum() for letter in plain) else ""


def _untracked(link: str) -> str:
    address, sign, query = link.partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith(_TRACKED))
    return f"{address}{sign}{kept}" if kept else address


def _called(earlier: PlannedDelivery, later: PlannedDelivery) -> str:
    """An earlier post as a person finds it; the slots of one post are told together, as one mistake."""
    if (earlier.campaign, earlier.post) == (later.campaign, later.post):
        return "its own time before"
    name = f"{earlier.post}/{earlier.slot}"
    return name if earlier.campaign == later.campaign else f"{earlier.campaign}/{name}"


def crowded(line: Line) -> Iterator[LineHit]:
    """Two posts of one account within fewer minutes than its readers bear."""
    for earlier, later in pairwise(line.posts):
        gap, least = later.due - earlier.due, line.threshold("min-gap", "minutes", later)
        if gap < timedelta(minutes=least):
            minutes = int(gap.total_seconds() // 60)
            apart = f"{minutes} min after" if minutes else "at the moment of"
            yield later, Hit(f"{apart} {_called(earlier, later)}", f"Leave {least} min between them.", "at")


def flooding(line: Line) -> Iterator[LineHit]:
    """More posts of one account within an hour, or a day, than its readers bear; said once, where it begins."""
    for name, seconds in (("hour", 3_600), ("day", 86_400)):
        posts = line.posts
        if not posts:
            return
        most = line.threshold("rate", name, posts[0])
        over = first_over([post.due for post in posts], Quota(most, seconds)) if most else None
        if over:
            first = next(post for post in posts if post.due == over)
            what = f"more than {most} posts within {'an hour' if name == 'hour' else 'a day'}, from this one on"
            yield first, Hit(what, "Spread them, or leave some out.", "at")
