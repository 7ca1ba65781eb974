"""A day's posts in the order in which they go out, alike ones together.

A moment holds cards; a card is one text that one or more accounts show at that moment. No
card is lost and none is shown for an account that does not have it: who reads the day on a
terminal or on a page has read every post of it.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.platforms import by_hand
from scheduler.preview.view import DeliveryView
from scheduler.preview.words import PLANNED

_QUERY = re.compile(r"(?<=[^\s?])\?utm_[^\s#]*")
_TO_COME = frozenset({PLANNED, State.SCHEDULED, State.SENDING, State.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Card:
    """One text with all who show it at one moment. `again` is when the same post had the same text before."""

    views: tuple[DeliveryView, ...]
    again: datetime | None = None

    @property
    def first(self) -> DeliveryView:
        """One of them, to show the text by."""
        return self.views[0]


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant (UTC), what goes out then, and how long after the moment before."""

    due: datetime
    cards: tuple[Card, ...]
    gap: timedelta | None = None


def nothing_apart(view: DeliveryView) -> Hashable:  # noqa: ARG001  alike is alike
    """For who shows alike texts on one card, whatever the platform."""
    return ""


def timeline(
    views: Iterable[DeliveryView], *, full: bool = False, apart: Callable[[DeliveryView], Hashable] = nothing_apart
) -> tuple[Moment, ...]:
    """The moments of `views` in order. With `full` every account has a card of its own.

    What differs in what `apart` says of it is never on one card.
    """
    ordered = sorted(views, key=lambda view: (view.due, view.delivery))
    moments: list[Moment] = []
    seen: dict[tuple[str, tuple[Content, ...]], datetime] = {}
    for due, group in groupby(ordered, key=lambda view: view.due):
        cards = [_card(alike, seen, full=full) for alike in _alike(list(group), full=full, apart=apart)]
        gap = due - moments[-1].due if moments else None
        moments.append(Moment(due, tuple(cards), gap))
    return tuple(moments)


def _alike(
    views: Sequence[DeliveryView], *, full: bool, apart: Callable[[DeliveryView], Hashable]
) -> list[list[DeliveryView]]:
    if full:
        return [[view] for view in views]
    groups: dict[object, list[DeliveryView]] = {}
    for view in views:
        files = contents(view.files) if view.files else ()
        groups.setdefault((apart(view), view.title, _read(view), files), []).append(view)
    return list(groups.values())


def _card(views: list[DeliveryView], seen: dict[tuple[str, tuple[Content, ...]], datetime], *, full: bool) -> Card:
    """The card; `again` only where every account's content was shown before to the letter."""
    first = views[0]
    keys = [(view.title, contents(view)) for view in views]
    shown = all(seen.get(key, first.due) != first.due for key in keys)
    again = seen[keys[0]] if shown and not full and not first.files else None
    for key in keys:
        seen.setdefault(key, first.due)
    return Card(tuple(views), again)


def contents(view: DeliveryView) -> tuple[Content, ...]:
    """The contents of its parts, in order."""
    return tuple(part.content for part in view.parts)


def _read(view: DeliveryView) -> tuple[Content, ...]:
    """What a reader sees: the contents without what only tells where a reader came from, and how pictures were made."""
    return tuple(
        replace(
            content,
            text=_QUERY.sub("?", content.text),
            link=_QUERY.sub("?", content.link),
            media=tuple(replace(media, recipe=None) for media in content.media),
        )
        for content in contents(view)
    )


def dry_accounts(views: Iterable[DeliveryView]) -> dict[str, int]:
    """Posts by account that are still to go out and will reach nobody; the most first."""
    return _waiting(view for view in views if not view.live)


def live_accounts(views: Iterable[DeliveryView]) -> dict[str, int]:
    """Posts by account that are still to go out for real, and whether by hand; the most first."""
    return _waiting(view for view in views if view.live)


def _waiting(views: Iterable[DeliveryView]) -> dict[str, int]:
    return dict(Counter(_served(view) for view in views if view.state in _TO_COME).most_common())


def _served(view: DeliveryView) -> str:
    return f"{view.account} (by hand)" if by_hand(view.platform) else view.account
