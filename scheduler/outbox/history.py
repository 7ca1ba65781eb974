"""What happened, kept for ever: events and attempts, written in the transaction of the move itself.

Rows are only ever added; the database refuses anything else. Logs are printed from these
rows and from nothing else, so a log never says what did not happen.
"""

import json
from collections.abc import Sequence

from sqlalchemy import insert, select, text
from sqlalchemy.engine import Connection

from scheduler.outbox import direct
from scheduler.outbox.moments import to_us
from scheduler.outbox.rows import AttemptRow, EventRow, attempt_from, event_from
from scheduler.outbox.schema import attempt, delivery, history

Entry = tuple[int | None, EventRow]
"""A delivery's number (None: the lane's own event), and what happened to it."""


_FIELDS = ("delivery", "account", "at", "event", "from_state", "to_state", "who", "why", "attempt")
_FEW = 1000
# As one statement, for the engine: one a row gives up the interpreter's lock as often, see `claiming`.
_ADD = text(f"""
    INSERT INTO event ({", ".join(_FIELDS)})
    SELECT {", ".join(f"json_extract(value, '$.{name}')" for name in _FIELDS)} FROM json_each(:entries) ORDER BY key
""")  # noqa: S608  # only our own text


def record(connection: Connection, entries: Sequence[Entry]) -> list[EventRow]:
    """Adds events to the history, in the transaction of `connection`; gives them back for the log."""
    stored = [_stored(number, row) for number, row in entries]
    if len(stored) > _FEW:
        connection.execute(insert(history), stored)
    elif stored:
        direct.change(connection, _ADD, {"entries": json.dumps(stored, ensure_ascii=False)})
    return [row for _, row in entries]


def _stored(number: int | None, row: EventRow) -> dict[str, object]:
    return {
        "delivery": number,
        "account": row.account,
        "at": to_us(row.at),
        "event": row.event,
        "from_state": row.from_state,
        "to_state": row.to_state,
        "who": row.who,
        "why": row.why,
        "attempt": row.attempt,
    }


def events_of(connection: Connection, name: str) -> list[EventRow]:
    """All that happened to one delivery, oldest first."""
    wanted = (
        select(history, delivery.c.name, delivery.c.due)
        .join(delivery, delivery.c.n == history.c.delivery)
        .where(delivery.c.name == name)
        .order_by(history.c.n)
    )
    return [event_from(row) for row in connection.execute(wanted).mappings()]


def attempts_of(connection: Connection, name: str) -> list[AttemptRow]:
    """All tries of one delivery, oldest first."""
    wanted = (
        select(attempt)
        .join(delivery, delivery.c.n == attempt.c.delivery)
        .where(delivery.c.name == name)
        .order_by(attempt.c.n)
    )
    return [attempt_from(row) for row in connection.execute(wanted).mappings()]
