"""Plan and outbox side by side, thread by thread and part by part.

A single post is a thread of one part. What a plan cancelled stands beside its part as
`cancelled`, never as `held`: for the diff it is not there, and may be created again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action
from scheduler.planning.snapshot import Held, Snapshot

PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what the files ask for (with its content's hash) and what the outbox holds, either None if absent."""

    name: str
    planned: PlannedDelivery | None
    hash: str
    held: Held | None
    cancelled: Held | None

    @property
    def difference(self) -> Action | None:
        """What would make the outbox like the files; None where they agree. A changed `live` is a reword."""
        if self.planned is None:
            return Action.CANCEL if self.held else None
        if self.held is None:
            return Action.CREATE
        if self.hash != self.held.content_hash or self.planned.live != self.held.live:
            return Action.REWORD
        return Action.MOVE if self.moved or self._expiry_moved else None

    @property
    def moved(self) -> bool:
        """Whether both sides have it, at different moments."""
        return bool(self.planned and self.held and self.planned.due != self.held.due)

    @property
    def reads_otherwise(self) -> bool:
        """Whether what people would see differs, or only one side has it at all."""
        return (self.planned is None) != (self.held is None) or bool(self.held and self.held.content_hash != self.hash)

    @property
    def state(self) -> State | None:
        """The state in the outbox, None where it is not there."""
        return self.held.state if self.held else None

    @property
    def _expiry_moved(self) -> bool:
        known = self.held.expires_at if self.held else None
        return bool(self.planned and known and self.planned.expires_at != known)


@dataclass(frozen=True, slots=True)
class Thread:
    """The parts in order, under the first part's name.

    `first` is the first part that the files ask for (None: they ask for none), `states` those of the parts held.
    """

    name: str
    parts: tuple[Part, ...]
    first: PlannedDelivery | None
    states: frozenset[State]

    @property
    def held(self) -> tuple[str, ...]:
        """The names that the outbox holds."""
        return tuple(part.name for part in self.parts if part.held)

    def is_past(self, now: datetime) -> bool:
        """Whether the moment that the files ask for is before `now`."""
        return self.first is not None and self.first.due < now


def threads(
    deliveries: Iterable[PlannedDelivery], snapshot: Snapshot, campaigns: frozenset[str] | None
) -> Iterator[Thread]:
    """Every thread on either side, by name; with `campaigns`, theirs only."""
    planned: dict[str, dict[int, PlannedDelivery]] = {}
    for delivery in deliveries:
        if campaigns is None or delivery.campaign in campaigns:
            planned.setdefault(delivery.thread, {})[delivery.part] = delivery
    held: dict[str, dict[int, Held]] = {}
    for row in snapshot.held.values():
        if campaigns is None or row.campaign in campaigns:
            held.setdefault(row.thread, {})[row.part] = row
    hashes: dict[Content, str] = {}
    for name in sorted(planned.keys() | held.keys()):
        yield _thread(name, planned.get(name, {}), held.get(name, {}), hashes)


def _thread(
    name: str, planned: dict[int, PlannedDelivery], held: dict[int, Held], hashes: dict[Content, str]
) -> Thread:
    numbers = sorted(planned.keys() | held.keys())
    parts = tuple([_part(name, number, planned.get(number), held.get(number), hashes) for number in numbers])
    states = frozenset([part.held.state for part in parts if part.held])
    return Thread(name, parts, planned[min(planned)] if planned else None, states)


def _part(
    thread: str, number: int, planned: PlannedDelivery | None, row: Held | None, hashes: dict[Content, str]
) -> Part:
    name = thread if number == 1 else f"{thread}.{number}"
    gone = row is not None and row.state is State.CANCELLED and row.cancelled_by == PLAN
    return Part(name, planned, content_hash(planned, hashes), None if gone else row, row if gone else None)


def content_hash(planned: PlannedDelivery | None, hashes: dict[Content, str]) -> str:
    """The hash of what the files ask for, empty where they ask for nothing.

    `hashes` keeps them: many accounts have the same content, and hashing is what costs.
    """
    if planned is None:
        return ""
    if planned.content not in hashes:
        hashes[planned.content] = planned.content.hash
    return hashes[planned.content]
