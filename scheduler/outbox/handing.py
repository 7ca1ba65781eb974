"""The rest of a thread that a person was given: it goes with its first part, and waits as that does.

Whoever posts by hand gets a thread whole. Its later parts take the same two arrows as the first, each
in turn (an account has one in flight), inside the transaction that settles the first: nobody ever sees
a thread of which a person holds one part and the queue the others.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.lifecycle import Event, State
from scheduler.outbox import direct
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import EventRow

_REST = text("""
    SELECT json_group_array(json_array(r.part, r.n, r.name, r.account, r.due, r.attempts + 1))
      FROM delivery d JOIN delivery r ON r.thread = d.thread AND r.part > d.part AND r.state = 'scheduled'
     WHERE d.n = :n
""")
_TAKE = text("""
    UPDATE delivery SET state = 'sending', lease = :lease, held = NULL, not_before = NULL, attempts = attempts + 1,
           first_attempt_at = coalesce(first_attempt_at, :at), dry_run = 0
     WHERE n = :n AND state = 'scheduled'
""")
_TRY = text("""
    INSERT INTO attempt (delivery, generation, number, lease, dry_run, started_at, ended_at, outcome, error)
    SELECT n, generation, attempts, lease, 0, :at, :at, 'unknown', :why FROM delivery WHERE n = :n
""")
_GIVE = text("""
    UPDATE delivery SET state = 'uncertain', lease = NULL, lost_at = :at, look_at = NULL, looks = 0, last_error = :why
     WHERE n = :n AND state = 'sending' AND lease = :lease
""")


def hand_over_rest(connection: Connection, first: int, *, lease: str, at: datetime, why: str) -> list[Entry]:
    """Gives what still waits of the thread of `first`, which was just handed over, with it; the events to record."""
    rest = sorted(json.loads(direct.value(connection, _REST, {"n": first})))
    return [entry for _, *one in rest for entry in _handed(connection, one, lease, at, why)]


def _handed(connection: Connection, part: Sequence[object], lease: str, at: datetime, why: str) -> list[Entry]:
    number, name, account, due, attempt = part
    asked = {"n": number, "lease": lease, "at": to_us(at), "why": why}
    for statement in (_TAKE, _TRY, _GIVE):
        direct.change(connection, statement, {key: asked[key] for key in asked if f":{key}" in statement.text})
    arrows = ((Event.CLAIM, State.SCHEDULED, State.SENDING, ""), (Event.HAND_OVER, State.SENDING, State.UNCERTAIN, why))
    return [
        (
            int(str(number)),
            EventRow(
                at=at,
                event=event,
                who="engine",
                why=said,
                delivery=str(name),
                account=str(account),
                from_state=source,
                to_state=target,
                attempt=int(str(attempt)),
                due=from_us(int(str(due))),
            ),
        )
        for event, source, target, said in arrows
    ]
