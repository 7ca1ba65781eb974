"""The difference between intent and outbox: changes to make, conflicts to show, what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.snapshot import Held


class Action(StrEnum):
    """What `apply` will do to one delivery. A change that both moves and rewords is a reword."""

    CREATE = "create"
    MOVE = "move"
    REWORD = "reword"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. `planned` is None for a cancel, `was` None for a create of something unknown.

    `reopens` says that the delivery comes back from cancelled, failed or missed.
    """

    action: Action
    name: str
    planned: PlannedDelivery | None
    was: Held | None
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """The files say otherwise than what already left: `message` for a person, `choices` as ready commands."""

    name: str
    message: str
    choices: tuple[str, ...]
    planned: PlannedDelivery | None
    held: Held


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All that a plan would do to an outbox. Keeps and conflicts are no changes.

    `fingerprint` covers the changes only, so what the daemon sends meanwhile does not stale a review.
    """

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    notes: Mapping[str, str]
    fingerprint: str

    def __bool__(self) -> bool:
        return bool(self.changes)
