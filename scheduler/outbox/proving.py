"""The proof that what was reviewed is still what would happen, made twice: before the lock and under it.

Before, as much is read and compared as it takes. Under the lock only the threads that moved
since then are, which is nothing or the few posts that a daemon just sent: so much is left
to do while others wait, however much is queued.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from scheduler.errors import Bug, PlanRefused
from scheduler.model.delivery import PlannedDelivery
from scheduler.outbox.marks import mark_of, moved_since
from scheduler.outbox.snapshot import read_snapshot
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.diff import fingerprint
from scheduler.planning.snapshot import Held, Snapshot

Rediff = Callable[[Snapshot, Collection[str] | None], ChangeSet]
"""The same plan's diff against another snapshot; or that of some threads, against a snapshot of only those.

The snapshot's content may be absent, its hashes are not.
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """The changes as they are to be made at `mark`; `moved` are the threads in which they were compared anew."""

    changes: ChangeSet
    mark: str
    moved: frozenset[str] = frozenset()


def prove(connection: Connection, changes: ChangeSet, rediff: Rediff, mark: str) -> Proof:
    """Compares again what moved since `mark`, or everything. Raises `PlanRefused` where it makes a difference."""
    moved = moved_since(connection, mark)
    if moved is not None:
        return _among(connection, changes, rediff, moved)
    fresh = rediff(read_snapshot(connection, with_content=False), None)
    if fresh.fingerprint != changes.fingerprint:
        raise moved_on()
    return Proof(fresh, mark_of(connection))


def prove_again(connection: Connection, proof: Proof, rediff: Rediff) -> Proof:
    """The same under the write lock, where there is no time to compare everything."""
    moved = moved_since(connection, proof.mark)
    if moved is None:
        raise moved_on()
    return _among(connection, proof.changes, rediff, moved)


def _among(connection: Connection, changes: ChangeSet, rediff: Rediff, moved: frozenset[str]) -> Proof:
    if not moved:
        return Proof(changes, mark_of(connection))
    before = [change for change in changes.changes if thread_of(change) in moved]
    fresh = rediff(read_snapshot(connection, threads=moved, with_content=False), moved)
    if fingerprint(before) != fresh.fingerprint or _new(before) != _new(fresh.changes):
        raise moved_on()
    others = [change for change in changes.changes if thread_of(change) not in moved]
    return Proof(replace(changes, changes=(*others, *fresh.changes)), mark_of(connection), moved)


def _new(changes: Collection[Change]) -> set[str]:
    return {change.name for change in changes if is_new(change)}


def is_new(change: Change) -> bool:
    """Whether the outbox never held it."""
    return change.action is Action.CREATE and not change.reopens


def moved_on() -> PlanRefused:
    """The refusal of what is no longer what was reviewed."""
    return PlanRefused(
        "The queue has changed since this plan was made; nothing was written.",
        mend="Look at the plan again: drumbeat plan",
    )


def subject_of(change: Change) -> PlannedDelivery | Held:
    """What is changed, as it is planned, or as it was. Raises `Bug` for a change of nothing."""
    known = change.planned or change.was
    if known is None:
        raise Bug(f"a change to {change.name} says nothing of it")
    return known


def thread_of(change: Change) -> str:
    """The thread that a change is in."""
    return subject_of(change).thread
