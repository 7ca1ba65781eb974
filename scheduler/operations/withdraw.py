"""Withdrawing a record: what speaks of it in queue and files, and what it comes to.

It must work with files that are wrong: what they say is used as far as it can be read.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.errors import UsageError
from scheduler.finding import Place
from scheduler.model.campaign import Campaign
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.operations.keeping import forget_files
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.outbox.snapshot import Wanted
from scheduler.publishers.dryrun import FILE, forget


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that speaks of a record: its parts in the queue, and where the files have it."""

    key: str
    rows: tuple[Row, ...]
    places: tuple[Place, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts in the queue."""
        return tuple(row.name for row in self.rows)

    def posts(self, *states: State) -> tuple[str, ...]:
        """The posts of which a part is in one of `states`."""
        return tuple(dict.fromkeys(row.thread for row in self.rows if row.state in states))


def spoken_of(key: str, outbox: Outbox, planned: Sequence[PlannedDelivery], campaigns: Sequence[Campaign]) -> Spoken:
    """All that speaks of the record `key`. Raises `UsageError` where neither queue nor files know it."""
    threads = {part.thread for part in planned if part.record == key}
    rows = {row.name: row for row in outbox.rows(Wanted(records=[key]), with_content=False)}
    rows |= {row.name: row for row in outbox.rows(Wanted(threads=threads), with_content=False) if not row.record}
    places = tuple(
        dict.fromkeys(
            record.place
            for campaign in campaigns
            for post in campaign.posts
            for record in post.records or ()
            if record.key == key
        )
    )
    if not rows and not places and key not in outbox.snapshot((), with_content=False).withdrawn:
        raise _unknown(key, campaigns)
    ordered = sorted(rows.values(), key=lambda row: (row.due, row.thread, row.part))
    return Spoken(key, tuple(ordered), places)


def now_spoken_of(spoken: Spoken, outbox: Outbox) -> Spoken:
    """The same as it stands now: once a record is withdrawn, nothing more of it leaves, but something may just have."""
    return replace(spoken, rows=tuple(outbox.rows(Wanted(records=[spoken.key]), with_content=False)))


def _unknown(key: str, campaigns: Sequence[Campaign]) -> UsageError:
    known = sorted({one.key for campaign in campaigns for post in campaign.posts for one in post.records or ()})
    near = difflib.get_close_matches(key, known, n=1)
    mend = f"Did you mean {near[0]}?" if near else "Write the record's `key`, as it stands in the files."
    return UsageError(f"Nothing in the queue or the files speaks of {key!r}.", mend=mend)


def forget_text(outbox: Outbox, key: str, root: Path) -> int:
    """Blanks what queue and dry run's file keep of the record's texts and frozen files; how many parts need theirs."""
    spoken = outbox.rows(Wanted(records=[key]))
    left = outbox.blank(key)
    forget_files(outbox, root, [row.content for row in spoken if row.content is not None])
    rows = outbox.rows(Wanted(records=[key]), with_content=False)
    forget(root / FILE, {row.name for row in rows})
    return left


def older_copies(outbox: Outbox) -> list[Path]:
    """Backups that an upgrade left beside the queue: they still hold the texts."""
    return sorted(outbox.path.parent.glob(f"{outbox.path.name}.schema-*.bak*"))
