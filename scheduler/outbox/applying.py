"""Writing a reviewed change set into the outbox: all of it, or nothing.

Whatever takes time is done before the write lock is taken: content rows, addressed by their
hash, in small commits; the comparison with what the outbox holds; the rows, laid out in a
temporary table. The one transaction proves that nothing moved meanwhile that would make a
difference, and moves small rows in a few statements, so a running daemon is not held up.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import TextClause

from scheduler.errors import Bug
from scheduler.model.content import Content, body_of, hash_of
from scheduler.model.lifecycle import State
from scheduler.outbox import lanes, staging
from scheduler.outbox.moments import to_us
from scheduler.outbox.proving import Proof, Rediff, is_new, prove_again, thread_of
from scheduler.outbox.rows import EventRow
from scheduler.outbox.schema import quoted
from scheduler.outbox.staging import CANCEL, CHANGE, CREATE, FACETS, IDENTITY, REOPEN
from scheduler.planning.changes import Action, Change, ChangeSet


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


_KEEP = "INSERT INTO content (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING"

# A part that came before the one it follows would have SQLite look through all deliveries for it, row after row.
_CREATE = text(f"""
    INSERT INTO delivery (n, seq, parent_n, held, state, {", ".join((*IDENTITY, *FACETS))})
    SELECT :base + k, :base + k, :base + parent_k, CASE WHEN part > 1 THEN 'parent' END, 'scheduled',
           {", ".join((*IDENTITY, *FACETS))}
      FROM temp.staged WHERE kind = '{CREATE}' ORDER BY part, k
""")  # noqa: S608  # only our own text
_FACETS = ", ".join(f"{name} = s.{name}" for name in FACETS)
_REOPENABLE = quoted((State.CANCELLED, State.FAILED, State.MISSED, State.RETRACTED))
_REOPEN = text(f"""
    UPDATE delivery
       SET {_FACETS}, state = 'scheduled', generation = generation + 1, attempts = 0, first_attempt_at = NULL,
           receipt = NULL, dry_run = 0, cancelled_by = '', last_error = ''
      FROM temp.staged s
     WHERE s.kind = '{REOPEN}' AND delivery.n = s.n AND delivery.state IN ({_REOPENABLE})
""")  # noqa: S608
_CHANGE = text(f"""
    UPDATE delivery SET {_FACETS}, not_before = NULL
      FROM temp.staged s WHERE s.kind = '{CHANGE}' AND delivery.n = s.n AND delivery.state = 'scheduled'
""")  # noqa: S608
_CANCEL = text(f"""
    UPDATE delivery SET state = 'cancelled', cancelled_by = 'plan', held = NULL, not_before = NULL
      FROM temp.staged s WHERE s.kind = '{CANCEL}' AND delivery.n = s.n AND delivery.state = 'scheduled'
""")  # noqa: S608
_TELL = text("""
    INSERT INTO event (delivery, account, at, event, from_state, to_state, who, why)
    SELECT coalesce(n, :base + k), account, :at, event, from_state, to_state, :who, why FROM temp.staged ORDER BY k
""")
_LAST = text("SELECT coalesce(max(n), 0) FROM delivery")

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


def contents_of(changes: ChangeSet) -> dict[Content, str]:
    """Every content that the changes need, once, as it is stored."""
    planned = (change.planned for change in changes.changes if change.planned is not None)
    return {content: body_of(content) for content in {one.content: None for one in planned}}


def hashes_of(bodies: Mapping[Content, str]) -> dict[Content, str]:
    """The hash of each content."""
    return {content: hash_of(body) for content, body in bodies.items()}


def keep_contents(connection: Connection, bodies: Iterable[tuple[str, str]]) -> None:
    """Writes content rows (hash and body; at least one) that are not there yet; one that nobody needs does no harm."""
    connection.exec_driver_sql(_KEEP, list(bodies))


def move(
    connection: Connection, proof: Proof, rediff: Rediff, hashes: Mapping[Content, str], *, at: datetime, who: str
) -> ChangeSet:
    """Moves what is staged, in the caller's transaction. Raises `PlanRefused` where the outbox has moved on."""
    now = prove_again(connection, proof, rediff)
    if now.moved:
        staging.stage_again(connection, now.changes.changes, hashes, now.moved)
    write_staged(connection, now.changes.changes, at=at, who=who)
    return now.changes


def write_changes(connection: Connection, changes: Sequence[Change], *, at: datetime, who: str) -> list[EventRow]:
    """Moves the rows of `changes` and all that follows from it, in the caller's transaction; what was recorded."""
    staging.stage(connection, changes, {})
    write_staged(connection, changes, at=at, who=who)
    staging.clear(connection)
    return events_of(changes, at=at, who=who)


def write_staged(connection: Connection, changes: Sequence[Change], *, at: datetime, who: str) -> None:
    """Moves the rows that are staged for `changes`, their events included, in the caller's transaction."""
    kinds = [staging.kind_of(change) for change in changes]
    base = {"base": connection.execute(_LAST).scalar_one()}
    _guarded(connection, _CREATE, kinds.count(CREATE), base)
    for kind, statement in ((REOPEN, _REOPEN), (CHANGE, _CHANGE), (CANCEL, _CANCEL)):
        _guarded(connection, statement, kinds.count(kind), {})
    if changes:
        connection.execute(_TELL, {**base, "at": to_us(at), "who": who})
    rehold(connection, _to_tie(changes))
    lanes.refresh(connection, {_account_of(change) for change in changes})


def _guarded(connection: Connection, statement: TextClause, rows: int, asked: dict[str, int]) -> None:
    """Each row must move: the diff was proved inside this transaction, so anything else is our mistake."""
    if rows and (moved := connection.execute(statement, asked).rowcount) != rows:
        raise Bug(f"{rows - moved} deliveries were not where the diff saw them")


def _to_tie(changes: Sequence[Change]) -> set[str]:
    """The threads that are not new from their first part on: those came tied."""
    new = {change.name for change in changes if is_new(change)}
    return {thread for change in changes if (thread := thread_of(change)) not in new or change.name not in new}


def rehold(connection: Connection, threads: Iterable[str]) -> None:
    """Ties the parts of threads together again, and holds back each whose part before it is not sent."""
    named = json.dumps(sorted(threads))
    if named == "[]":
        return
    connection.execute(_PARENTS, {"threads": named})
    connection.execute(_HOLD, {"threads": named})


def counted(changes: ChangeSet) -> Applied:
    """How many of each there are."""
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


def _account_of(change: Change) -> str:
    known = change.planned or change.was
    return known.account if known else ""


def events_of(changes: Iterable[Change], *, at: datetime, who: str) -> list[EventRow]:
    """What history keeps of `changes`."""
    return [_event(change, at, who) for change in changes]


def _event(change: Change, at: datetime, who: str) -> EventRow:
    source, target = staging.arrow(change)
    known = change.planned or change.was
    return EventRow(
        at=at,
        event=staging.told_as(change),
        who=who,
        why=staging.why(change),
        delivery=change.name,
        account=_account_of(change),
        from_state=source,
        to_state=target,
        due=known.due if known else None,
    )
