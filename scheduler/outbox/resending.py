"""Sending again, in other words, what was out and was taken down.

A new generation under the old names: the platform sees a new request, the old receipts
stay with their attempts. Nothing is sent again while any of it is, or may be, out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.errors import NotInHand
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.outbox.applying import write_changes
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.people import refuse_withdrawn
from scheduler.outbox.rows import EventRow
from scheduler.outbox.snapshot import read_snapshot
from scheduler.planning.changes import Action, Change
from scheduler.planning.snapshot import Held

_TAKEN_DOWN = text("""
    SELECT e.at FROM event e JOIN delivery d ON d.n = e.delivery
     WHERE e.event = 'retract' AND e.account = :account AND e.at >= :since AND NOT d.dry_run ORDER BY e.at
""")
_GONE = frozenset({State.RETRACTED, State.CANCELLED, State.FAILED, State.MISSED})


def taken_down(connection: Connection, account: str, *, since: datetime) -> list[datetime]:
    """When posts of the account were deleted, from `since` on; dry runs took nothing down."""
    found = connection.execute(_TAKEN_DOWN, {"account": account, "since": to_us(since)}).scalars()
    return [from_us(at) for at in found]


def resend(
    connection: Connection, parts: Sequence[PlannedDelivery], *, due: datetime, at: datetime, who: str
) -> list[EventRow]:
    """Puts a thread back in line at `due` with the content of `parts`; it may be as late as before.

    Raises `NotInHand` while any part of it is out, may be out, or waits to leave.
    """
    refuse_withdrawn(connection, {part.thread for part in parts})
    held = read_snapshot(connection, threads={part.thread for part in parts}, with_content=False).held
    for one in held.values():
        if one.thread == parts[0].thread and one.state not in _GONE:
            raise NotInHand(f"{one.name} cannot be sent again: it is {one.state}.", mend=f"drumbeat show {one.name}")
    changes = [_change(part, held.get(part.name), due) for part in parts]
    return write_changes(connection, changes, at=at, who=who)


def _change(part: PlannedDelivery, was: Held | None, due: datetime) -> Change:
    planned = replace(part, due=due, expires_at=due + (part.expires_at - part.due))
    action = Action.REWORD if was else Action.CREATE
    return Change(action, part.name, planned, was, reopens=was is not None)
