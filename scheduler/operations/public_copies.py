"""Taking pictures out of public again: the copies that `media:` puts where platforms fetch them.

A platform fetches a file within minutes and keeps its own copy; from then on ours is only a
picture of somebody, public at an address. It goes a day after it was last asked for, and at once
where a post is taken back. Never what a post needs that is due within the hour.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.media.store import going_out
from scheduler.model.hosting import LEDGER
from scheduler.model.media import stored_name
from scheduler.outbox.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.publishers.hosting import Hosted

KEPT = timedelta(days=1)
"""Containers of Threads and Instagram expire after 24 hours (Meta's references, 2026-04): nobody fetches later."""

SOON = timedelta(hours=1)
"""Far more than the minutes before its moment in which a post is prepared."""


def anything_public(root: Path) -> bool:
    """Whether any copy may lie in public."""
    return root.joinpath(*LEDGER).exists()


def tidy_public(outbox: Outbox, root: Path, hosted: "Callable[[], Hosted]", *, now: datetime) -> tuple[str, ...]:
    """Take away what nobody asked for in a day; a sentence for each that could not be. Raises `StoreError`."""
    if not anything_public(root):
        return ()
    return hosted().take_away(lambda: _needed(outbox, root, now), before=now - KEPT)


def unpublish(outbox: Outbox, root: Path, hosted: "Callable[[], Hosted]", *, now: datetime) -> tuple[str, ...]:
    """Take away at once all that no post needs now; a sentence for each that could not be. Raises `StoreError`."""
    return hosted().take_away(lambda: _needed(outbox, root, now)) if anything_public(root) else ()


def _needed(outbox: Outbox, root: Path, now: datetime) -> frozenset[str]:
    """The names of what a platform may be told of within the hour, as it goes out."""
    shown = [going_out(root, one) for one in outbox.contents_on_their_way(until=now + SOON)]
    return frozenset(
        stored_name(media.facts) for one in shown for media in one.media if media.facts and media.recipe is None
    )
