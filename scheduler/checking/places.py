"""Whom a mistake concerns, and where in the files a writer has to change something."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scheduler.checking.case import Case
from scheduler.finding import Place
from scheduler.model.account import Workspace
from scheduler.model.campaign import CARD, Post
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery

NAMED = 3
"""So many accounts or slots are named one by one; the rest is a number."""

_ONCE = "once"
_NAMES = {"text": ("text", "template"), "at": ("at", "every", "spread")}


def subject(deliveries: Sequence[PlannedDelivery]) -> str:
    """`On x-main, bluesky-main and 4 more (ana)`."""
    accounts = list(dict.fromkeys(delivery.account for delivery in deliveries))
    slots = [slot for slot in dict.fromkeys(delivery.slot for delivery in deliveries) if slot != _ONCE]
    part = f", part {deliveries[0].part}" if deliveries[0].part > 1 else ""
    which = f" ({listed(slots)})" if slots else ""
    return f"On {listed(accounts)}{which}{part}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the first few one by one."""
    rest = len(names) - NAMED
    if rest > 0:
        return f"{', '.join(names[:NAMED])} and {rest:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


_Found = tuple[str, Place]


@dataclass(slots=True)
class Places:
    """Where what was found stands in the files; what accounts have in common is looked up once."""

    workspace: Workspace
    _known: dict[tuple[str, str, str, tuple[str, ...]], _Found] = field(default_factory=dict)

    def of(self, key: str, case: Case) -> _Found:
        """The dotted way to the key that gave this content, the most specific that the file has, and its place."""
        delivery, post, account = case.delivery, case.post, case.account
        if post is None:
            return f"posts.{delivery.post}", delivery.place
        givers = (account.name, *self.workspace.groups_of(account.name), account.platform, delivery.content.language)
        prefixes = (*[f"for.{giver}." for giver in givers if giver in post.overrides], "")
        written = _written(key, delivery.content)
        known = delivery.campaign, post.id, written, prefixes
        if known not in self._known:
            self._known[known] = _look_up(post, written, prefixes)
        return self._known[known]


def _look_up(post: Post, key: str, prefixes: Iterable[str]) -> _Found:
    ways = tuple(_ways(key))
    for prefix in prefixes:
        for way in ways:
            if prefix + way in post.places:
                return f"posts.{post.id}.{prefix}{way}", post.places[prefix + way]
    return f"posts.{post.id}", post.place


def _written(key: str, content: Content) -> str:
    """The key as a writer has it: the first of the files is the post's `card` where it has one."""
    head, _, rest = key.partition(".")
    if head != "media" or not rest or not content.media or not content.media[0].file.startswith(CARD):
        return key
    number, dot, field = rest.partition(".")
    return f"card{dot}{field.replace('file', 'template')}" if number == "0" else f"media.{int(number) - 1}{dot}{field}"


def _ways(key: str) -> Iterator[str]:
    """`media.0.alt`, then `media.0`, then `media`; a text may be called `template` in the file, a moment `every`."""
    if key in _NAMES:
        yield from _NAMES[key]
        return
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
