"""The difference between what the files ask for and what the outbox holds.

The unit is the thread (a single post is a thread of one part): its parts are created,
reworded, cancelled and brought back together, and it is frozen whole as soon as one part
has left `scheduled`. What a person cancelled only a person brings back; what has left, or
may have left, is never changed silently. Nothing is ever created at, or moved to, a moment
already past. `diff(plan, apply(plan))` is empty.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import Bug
from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.planning.conflicts import LEFT, conflict_in
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import Snapshot
from scheduler.planning.thread import Part, Thread, content_hash, threads

PERSONS = frozenset({State.CANCELLED, State.RETRACTED})
"""Taken out by a person: what a plan cancelled is no longer held by its thread."""
REOPENS = frozenset({State.FAILED, State.MISSED})
WITHDRAWN = "was withdrawn by a person, and is never sent, moved or reworded again"


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is to become of a thread; what is not changed is kept."""

    thread: Thread
    changes: tuple[Change, ...] = ()
    conflict: Conflict | None = None
    note: str = ""

    @property
    def kept(self) -> tuple[str, ...]:
        """The names that stay as they are; those in conflict are shown as that."""
        if self.conflict:
            return ()
        done = {change.name for change in self.changes}
        return tuple(part.name for part in self.thread.parts if _stays(part) and part.name not in done)


def _stays(part: Part) -> bool:
    """Whether there is something to keep: what a person took out and the files took out too is nobody's any more."""
    return part.held is not None and not (part.planned is None and part.state in PERSONS)


def diff(plan: Plan, snapshot: Snapshot, *, campaigns: frozenset[str] | None, now: datetime) -> ChangeSet:
    """What `apply` would do to the outbox at `now` (aware).

    `campaigns` None is a bare apply: what no file asks for any more is cancelled. Else only those campaigns are
    looked at, on both sides.
    """
    wanted = [one for one in plan.deliveries if one.record not in snapshot.withdrawn]
    changes: list[Change] = []
    kept: list[str] = []
    conflicts: list[Conflict] = []
    notes: dict[str, str] = {}
    for thread in threads(wanted, snapshot, campaigns):  # no thread outlives its turn: there may be a million
        verdict = _judge(thread, now)
        changes += verdict.changes
        kept += verdict.kept
        conflicts += [verdict.conflict] if verdict.conflict else ()
        notes |= {thread.name: verdict.note} if verdict.note else {}
    changes.sort(key=_order)
    notes |= {one.thread: WITHDRAWN for one in plan.deliveries if one.record in snapshot.withdrawn}
    return ChangeSet(tuple(changes), tuple(kept), tuple(conflicts), notes, fingerprint(changes))


def fingerprint(changes: Iterable[Change]) -> str:
    """16 hex digits over action, identity, due, content (media included) and live of the changes, in whatever order."""
    hashes: dict[Content, str] = {}
    lines = sorted(_line(change, hashes) for change in changes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _line(change: Change, hashes: dict[Content, str]) -> str:
    due, name = _order(change)
    live = change.planned is not None and change.planned.live
    return f"{change.action} {name} {due.timestamp():.6f} {content_hash(change.planned, hashes)} {live}"


def _order(change: Change) -> tuple[datetime, str]:
    subject = change.planned or change.was
    if subject is None:
        raise Bug(f"the change of {change.name} is of nothing")
    return subject.due, change.name


def _judge(thread: Thread, now: datetime) -> _Verdict:
    if thread.first is None and thread.states - {State.SCHEDULED}:
        return _Verdict(thread, note=_begun(thread, "was taken out of the files"))
    if thread.states & LEFT:
        return _left(thread)
    if thread.states & PERSONS:
        return _persons(thread)
    if thread.states & REOPENS:
        return _ended(thread, now)
    return _waiting(thread, now)


def _begun(thread: Thread, why: str) -> str:
    """The note for a thread that is frozen while some of it still waits; empty where none of it does."""
    waits = State.SCHEDULED in thread.states
    return (
        f"{why}, but its thread has begun: the rest stays queued as it is; `drumbeat cancel` stops it" if waits else ""
    )


def _left(thread: Thread) -> _Verdict:
    conflict = conflict_in(thread)
    moved = conflict is None and any(part.moved for part in thread.parts)
    return _Verdict(thread, conflict=conflict, note=_begun(thread, "has a new time in the files") if moved else "")


def _persons(thread: Thread) -> _Verdict:
    if any(part.difference for part in thread.parts):
        return _Verdict(thread, note="was taken out by a person and stays out; `drumbeat retry` brings it back")
    return _Verdict(thread)


def _ended(thread: Thread, now: datetime) -> _Verdict:
    """Failed or missed, whole or in part: brought back only by files that differ and ask for a moment ahead."""
    if not any(_takes(part) for part in thread.parts):
        return _Verdict(thread)
    if thread.is_past(now):
        note = "was not sent, and what the files say now is due in the past; `drumbeat retry --at WHEN` brings it back"
        return _Verdict(thread, note=note)
    return _Verdict(thread, tuple(change for part in thread.parts if (change := _back(part))))


def _takes(part: Part) -> Action | None:
    """The change that the part takes: one that failed is kept when the thread no longer has it."""
    return None if part.planned is None and part.state in REOPENS else part.difference


def _back(part: Part) -> Change | None:
    """The part's change; one that failed or was missed comes back with its thread, even when it is as it was."""
    returns = part.state in REOPENS and part.planned is not None
    action = _takes(part) or (Action.MOVE if returns else None)
    return _change(part, action, reopens=returns) if action else None


def _waiting(thread: Thread, now: datetime) -> _Verdict:
    """Everything the outbox holds of it is still scheduled, or it holds nothing."""
    changes = tuple([_change(part, action) for part in thread.parts if (action := part.difference)])
    if not changes or thread.first is None or _in_time(thread, now):
        return _Verdict(thread, changes)
    state = "stays in the queue as it was applied" if thread.held else "is not created"
    return _Verdict(thread, note=f"what the files say now is due in the past, so it {state}")


def _in_time(thread: Thread, now: datetime) -> bool:
    """Whether the change can still be made: its moment is ahead, or is the one it had and not yet too late."""
    if thread.first is None or not thread.is_past(now):
        return True
    stays = all(part.difference is not Action.CREATE and not part.moved for part in thread.parts)
    return stays and now < thread.first.expires_at


def _change(part: Part, action: Action, *, reopens: bool = False) -> Change:
    back = reopens or part.cancelled is not None
    return Change(action, part.name, part.planned, part.held or part.cancelled, reopens=back)
