"""What a slot is: one moment of a post, by name, as an instant and as the civil time it was written as."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.finding import Finding
from scheduler.model.campaign import Record


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment of a post. `due` is UTC, `local` the same instant in `zone`; both aware.

    `nominal` is the naive civil time that the files say; `note` is `gap` or `fold` where the clocks moved it.
    """

    id: str
    due: datetime
    local: datetime
    zone: str
    nominal: datetime
    note: str = ""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class SlotList:
    """A post's slots, ordered, and what was found on the way; with an error among it there are no slots.

    `rooms` says for each slot by how many seconds `jitter` may make it later; empty: there is none.
    """

    slots: tuple[Slot, ...]
    findings: tuple[Finding, ...] = ()
    rooms: tuple[int, ...] = ()
