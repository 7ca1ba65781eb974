"""Writing a reviewed change set into the outbox: all of it, or nothing.

Content rows are addressed by their hash and written before, in small commits; the one
transaction moves small rows only, so a running daemon is not held up. Inside it the diff
is made again from what the outbox holds now: unless its fingerprint is the reviewed one,
nothing is written.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.dml import Update

from scheduler.errors import Bug, PlanRefused
from scheduler.model.content import Content, as_json
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.outbox import lanes
from scheduler.outbox.history import Entry, record
from scheduler.outbox.moments import to_us
from scheduler.outbox.rows import EventRow
from scheduler.outbox.schema import delivery, quoted
from scheduler.outbox.snapshot import read_snapshot
from scheduler.planning.changes import Action, Change, ChangeSet
from scheduler.planning.snapshot import Snapshot

Rediff = Callable[[Snapshot], ChangeSet]
"""The diff of the same plan against another snapshot; its content may be absent, its hashes are not."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many parts were changed, and how long (seconds) others had to wait for the lock."""

    fingerprint: str
    created: int = 0
    moved: int = 0
    reworded: int = 0
    cancelled: int = 0
    kept: int = 0
    conflicts: int = 0
    lock_seconds: float = 0.0
    events: tuple[EventRow, ...] = ()


_KEEP = text("INSERT INTO content (hash, body) VALUES (:hash, :body) ON CONFLICT (hash) DO NOTHING")

# The parts of a thread know the one before them, and wait until it has a receipt.
_PARENTS = text("""
    UPDATE delivery SET parent_n = (
        SELECT p.n FROM delivery p WHERE p.thread = delivery.thread AND p.part = delivery.part - 1)
     WHERE part > 1 AND thread IN (SELECT value FROM json_each(:threads))
""")
_HOLD = text("""
    UPDATE delivery SET held = CASE
        WHEN part > 1 AND NOT EXISTS (SELECT 1 FROM delivery p WHERE p.n = delivery.parent_n AND p.state = 'sent')
        THEN 'parent' END
     WHERE state = 'scheduled' AND thread IN (SELECT value FROM json_each(:threads))
""")


def keep_contents(connection: Connection, contents: Iterable[Content]) -> None:
    """Writes content rows (at least one) that are not there yet; what nobody refers to in the end does no harm."""
    rows = [
        {"hash": one.hash, "body": json.dumps(as_json(one), ensure_ascii=False, sort_keys=True)} for one in contents
    ]
    connection.execute(_KEEP, rows)


def contents_of(changes: ChangeSet) -> list[Content]:
    """Every content that the changes need, once."""
    planned = (change.planned for change in changes.changes if change.planned is not None)
    return list({one.content.hash: one.content for one in planned}.values())


def apply_changes(
    connection: Connection, changes: ChangeSet, *, rediff: Rediff, at: datetime, who: str
) -> tuple[Applied, list[Entry]]:
    """Moves the small rows, in the caller's transaction. Raises `PlanRefused` where the outbox has moved on."""
    fresh = rediff(read_snapshot(connection, None, with_content=False))
    if fresh.fingerprint != changes.fingerprint:
        raise PlanRefused(
            "The queue has changed since this plan was made; nothing was written.",
            mend="Look at the plan again: drumbeat plan",
        )
    entries = write_changes(connection, fresh.changes, at=at, who=who)
    record(connection, entries)
    return _counted(fresh), entries


def write_changes(connection: Connection, changes: Sequence[Change], *, at: datetime, who: str) -> list[Entry]:
    """Moves the rows of `changes`, and all that follows from it but the history, in the caller's transaction."""
    threads = {_thread_of(change) for change in changes}
    entries = _write(connection, changes, at, who)
    rehold(connection, threads)
    lanes.refresh(connection, {_account_of(change) for change in changes})
    return entries


def _counted(changes: ChangeSet) -> Applied:
    number = {action: sum(change.action is action for change in changes.changes) for action in Action}
    return Applied(
        changes.fingerprint,
        created=number[Action.CREATE],
        moved=number[Action.MOVE],
        reworded=number[Action.REWORD],
        cancelled=number[Action.CANCEL],
        kept=len(changes.kept),
        conflicts=len(changes.conflicts),
    )


def _thread_of(change: Change) -> str:
    known = change.planned or change.was
    if known is None:
        raise Bug(f"a change to {change.name} says nothing of it")
    return known.thread


def _account_of(change: Change) -> str:
    known = change.planned or change.was
    return known.account if known else ""


def rehold(connection: Connection, threads: Iterable[str]) -> None:
    """Ties the parts of threads together again, and holds back each whose part before it is not sent."""
    named = json.dumps(sorted(threads))
    connection.execute(_PARENTS, {"threads": named})
    connection.execute(_HOLD, {"threads": named})


def _write(connection: Connection, changes: Sequence[Change], at: datetime, who: str) -> list[Entry]:
    new = [change for change in changes if change.action is Action.CREATE and not change.reopens]
    back = [change for change in changes if change.reopens]
    cancelled = [change for change in changes if change.action is Action.CANCEL]
    shifted = [change for change in changes if change.action in (Action.MOVE, Action.REWORD) and not change.reopens]
    _create(connection, new)
    _guarded(connection, _REOPEN, [_replanned(change) for change in back])
    _guarded(connection, _CHANGE, [_replanned(change) for change in shifted])
    _guarded(connection, _CANCEL, [{"wanted": change.name} for change in cancelled])
    numbers = _numbers(connection, [change.name for change in changes])
    return [(numbers[change.name], _event(change, at, who)) for change in changes]


def _create(connection: Connection, changes: Sequence[Change]) -> None:
    if not changes:
        return
    first = connection.execute(select(func.coalesce(func.max(delivery.c.seq), 0))).scalar_one() + 1
    rows = [_new(change.planned, first + index) for index, change in enumerate(changes) if change.planned]
    connection.execute(insert(delivery), rows)


def _new(planned: PlannedDelivery, seq: int) -> dict[str, Any]:
    return {
        "name": planned.name,
        "campaign": planned.campaign,
        "post": planned.post,
        "slot": planned.slot,
        "account": planned.account,
        "part": planned.part,
        "thread": planned.thread,
        "state": State.SCHEDULED,
        "seq": seq,
        **_facets(planned),
    }


def _facets(planned: PlannedDelivery) -> dict[str, Any]:
    return {
        "platform": planned.platform,
        "due": to_us(planned.due),
        "expires_at": to_us(planned.expires_at),
        "timezone": planned.timezone,
        "content_hash": planned.content.hash,
        "live": planned.live,
        "tags": json.dumps(planned.tags, ensure_ascii=False),
        "record": planned.record,
    }


_CHANGED: dict[str, Any] = {
    name: bindparam(name)
    for name in ("platform", "due", "expires_at", "timezone", "content_hash", "live", "tags", "record")
}
_CHANGE = (
    update(delivery)
    .where(delivery.c.name == bindparam("wanted"), delivery.c.state == State.SCHEDULED)
    .values(**_CHANGED, not_before=None)
)
_REOPENABLE = (State.CANCELLED, State.FAILED, State.MISSED, State.RETRACTED)
_REOPEN = (
    update(delivery)
    .where(
        delivery.c.name == bindparam("wanted"),
        text(f"delivery.state in ({quoted(_REOPENABLE)})"),  # many rows at once take no list as a parameter
    )
    .values(
        **_CHANGED,
        state=State.SCHEDULED,
        generation=delivery.c.generation + 1,
        attempts=0,
        first_attempt_at=None,
        receipt=None,
        dry_run=0,
        cancelled_by="",
        last_error="",
    )
)
_CANCEL = (
    update(delivery)
    .where(delivery.c.name == bindparam("wanted"), delivery.c.state == State.SCHEDULED)
    .values(state=State.CANCELLED, cancelled_by="plan", held=None, not_before=None)
)


def _replanned(change: Change) -> dict[str, Any]:
    if change.planned is None:
        raise Bug(f"nothing is planned for {change.name}")
    return {"wanted": change.name, **_facets(change.planned)}


def _guarded(connection: Connection, statement: Update, rows: Sequence[dict[str, Any]]) -> None:
    """Each row must move: the diff was made inside this transaction, so anything else is our mistake."""
    if rows and (moved := connection.execute(statement, list(rows)).rowcount) != len(rows):
        raise Bug(f"{len(rows) - moved} deliveries were not where the diff saw them")


def _numbers(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    named = func.json_each(json.dumps(list(names))).table_valued("value")
    found = connection.execute(select(delivery.c.name, delivery.c.n).where(delivery.c.name.in_(select(named.c.value))))
    return {name: number for name, number in found}  # noqa: C416  # rows are not pairs to mypy


def _event(change: Change, at: datetime, who: str) -> EventRow:
    source, target = _arrow(change)
    known = change.planned or change.was
    return EventRow(
        at=at,
        event=Event.REOPEN if change.reopens else change.action,
        who=who,
        why=_why(change),
        delivery=change.name,
        account=_account_of(change),
        from_state=source,
        to_state=target,
        due=known.due if known else None,
    )


def _arrow(change: Change) -> tuple[str, str]:
    if change.was is None or (change.action is Action.CREATE and not change.reopens):
        return "", State.SCHEDULED
    if change.reopens:
        return change.was.state, next_state(change.was.state, Event.REOPEN)
    return change.was.state, State.CANCELLED if change.action is Action.CANCEL else State.SCHEDULED


def _why(change: Change) -> str:
    if change.action is Action.CANCEL:
        return "no longer in the files"
    if change.was is None or change.planned is None or change.was.due == change.planned.due:
        return ""
    return f"was due {change.was.due:%Y-%m-%dT%H:%M:%SZ}"
