"""What a person decides: cancel, retry, and what became of a post that got lost.

The parts of a thread are cancelled and retried together. A decision that does not fit the
state the delivery is in is refused with what to do instead, and changes nothing.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.engine import Connection

from scheduler.errors import NotInHand
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.outbox import lanes
from scheduler.outbox.applying import rehold
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import EventRow, receipt_json
from scheduler.outbox.settling import release

BY_PERSON = "person"

_THREADS = text("""
    SELECT n, name, thread, account, state, due, expires_at, dry_run FROM delivery
     WHERE thread IN (SELECT thread FROM delivery WHERE name IN (SELECT value FROM json_each(:names)))
     ORDER BY due, seq, n
""")
_ONE = text("SELECT n, name, thread, account, state, due, expires_at, dry_run FROM delivery WHERE name = :name")
_CANCEL = text("""
    UPDATE delivery SET state = 'cancelled', cancelled_by = :by, held = NULL, not_before = NULL
     WHERE state = 'scheduled' AND n IN (SELECT value FROM json_each(:numbers))
""")
_RETRY = text("""
    UPDATE delivery
       SET state = 'scheduled', generation = generation + (state <> 'scheduled'), due = :due, expires_at = :expires_at,
           attempts = CASE WHEN state = 'scheduled' THEN attempts ELSE 0 END,
           first_attempt_at = CASE WHEN state = 'scheduled' THEN first_attempt_at END,
           receipt = NULL, dry_run = 0, cancelled_by = '', last_error = '', not_before = NULL
     WHERE n = :n AND state IN ('failed', 'missed', 'cancelled', 'retracted', 'scheduled')
""")
_RESOLVE = text("""
    UPDATE delivery SET state = :state, receipt = :receipt, lost_at = NULL, look_at = NULL,
           dry_run = :dry_run, last_error = CASE WHEN :state = 'sent' THEN '' ELSE :why END
     WHERE n = :n AND state = 'uncertain'
""")
_WITHDRAWN = text("""
    SELECT d.thread, d.record FROM delivery d JOIN withdrawn w ON w.record = d.record
     WHERE d.thread IN (SELECT value FROM json_each(:threads)) LIMIT 1
""")
_RETRACT = text("UPDATE delivery SET state = 'retracted' WHERE n = :n AND state = 'sent'")
_REOPENABLE = frozenset({State.FAILED, State.MISSED, State.CANCELLED, State.RETRACTED})


def cancel(connection: Connection, names: Iterable[str], *, at: datetime, who: str, why: str) -> list[Entry]:
    """Cancels what is still scheduled of the named threads; only a person brings it back."""
    parts = _parts(connection, names)
    scheduled = [part for part in parts if part.state == State.SCHEDULED]
    for thread in {part.thread for part in parts} - {part.thread for part in scheduled}:
        state = next(part.state for part in parts if part.thread == thread)
        raise NotInHand(f"{thread} cannot be cancelled: it is {state}.", mend=_INSTEAD.get(state, ""))
    connection.execute(_CANCEL, {"by": BY_PERSON, "numbers": json.dumps([part.n for part in scheduled])})
    lanes.refresh(connection, {part.account for part in scheduled})
    return [(part.n, _event(part, Event.CANCEL, at, who, why)) for part in scheduled]


_INSTEAD = {
    State.UNCERTAIN: "Look whether it is there, then run `drumbeat resolve`.",
    State.SENDING: "Wait a moment, then look again: drumbeat show",
}


def retry(connection: Connection, names: Iterable[str], *, due: datetime, at: datetime, who: str) -> list[Entry]:
    """Puts what was not sent of the named threads back in line at `due`, as late as before may be late.

    A new generation: the platform will see a new request, not a repeat of the old one.
    """
    parts = _parts(connection, names)
    _refuse_unless_reopenable(parts)
    refuse_withdrawn(connection, {part.thread for part in parts})
    moving = [part for part in parts if part.state in (*_REOPENABLE, State.SCHEDULED)]
    for part in moving:
        late = part.expires_at - part.due
        connection.execute(_RETRY, {"n": part.n, "due": to_us(due), "expires_at": to_us(due) + late})
    rehold(connection, {part.thread for part in moving})
    lanes.refresh(connection, {part.account for part in moving})
    why = f"due {due:%Y-%m-%dT%H:%M:%SZ}"
    return [(part.n, _retried(part, at, who, why, due)) for part in moving]


def refuse_withdrawn(connection: Connection, threads: Iterable[str]) -> None:
    """Raises `NotInHand` where a thread speaks of a record that was withdrawn: nobody sends that again."""
    found = connection.execute(_WITHDRAWN, {"threads": json.dumps(sorted(threads))}).first()
    if found is not None:
        raise NotInHand(f"{found.thread} cannot be sent again: {found.record} was withdrawn.")


def _refuse_unless_reopenable(parts: Sequence[Row[Any]]) -> None:
    for thread in sorted({part.thread for part in parts}):
        states = [State(part.state) for part in parts if part.thread == thread]
        lost = next((state for state in states if state in _INSTEAD), None)
        if lost:
            raise NotInHand(f"{thread} cannot be sent again: it is {lost}.", mend=_INSTEAD[lost])
        if not _REOPENABLE.intersection(states):
            raise NotInHand(f"{thread} cannot be sent again: it is {states[0]}.")


def _retried(part: Row[Any], at: datetime, who: str, why: str, due: datetime) -> EventRow:
    event = Event.REOPEN if part.state in _REOPENABLE else "move"
    return EventRow(at, event, who, why, part.name, part.account, part.state, State.SCHEDULED, due=due)


def resolve_sent(
    connection: Connection, name: str, receipt: Receipt, *, at: datetime, who: str, why: str = ""
) -> list[Entry]:
    """A person found the post: an unknown becomes sent, and the next part of its thread may go.

    Where a person was given a whole thread, all its parts are meant.
    """
    parts = _uncertain(connection, name)
    asked = {"state": State.SENT, "receipt": receipt_json(receipt), "dry_run": receipt.dry_run, "why": ""}
    connection.execute(_RESOLVE, [{**asked, "n": part.n} for part in parts])
    release(connection, [part.n for part in parts])
    lanes.refresh(connection, {part.account for part in parts})
    return [(part.n, _event(part, Event.ACCEPT, at, who, why, receipt.url)) for part in parts]


def resolve_not_sent(connection: Connection, name: str, *, at: datetime, who: str, why: str = "") -> list[Entry]:
    """A person looked, and the post is not there: an unknown becomes failed, and can be retried."""
    parts = _uncertain(connection, name)
    reason = why or "Not there, says a person who looked."
    asked = {"state": State.FAILED, "receipt": None, "why": reason}
    connection.execute(_RESOLVE, [{**asked, "n": part.n, "dry_run": part.dry_run} for part in parts])
    return [(part.n, _event(part, Event.REFUSE, at, who, reason)) for part in parts]


def retract(connection: Connection, name: str, *, at: datetime, who: str, why: str = "") -> list[Entry]:
    """The platform confirmed the delete: what was sent is retracted."""
    part = _named(connection, name)
    if not connection.execute(_RETRACT, {"n": part.n}).rowcount:
        raise NotInHand(f"{name} cannot be retracted: it is {part.state}.")
    return [(part.n, _event(part, Event.RETRACT, at, who, why))]


def _named(connection: Connection, name: str) -> Row[Any]:
    part = connection.execute(_ONE, {"name": name}).one_or_none()
    if part is None:
        raise NotInHand(f"There is no post called {name} in the queue.", mend="List them: drumbeat status")
    return part


def _uncertain(connection: Connection, name: str) -> Sequence[Row[Any]]:
    """What is unknown of the thread: one part, as the next waits for it, or all that a person was given at once."""
    part = _named(connection, name)
    if part.state != State.UNCERTAIN:
        raise NotInHand(f"{name} is not unknown: it is {part.state}.")
    return [one for one in _parts(connection, [name]) if one.state == State.UNCERTAIN]


def _parts(connection: Connection, names: Iterable[str]) -> Sequence[Row[Any]]:
    asked = list(names)
    for name in asked:
        _named(connection, name)
    return connection.execute(_THREADS, {"names": json.dumps(asked)}).all()


def _event(part: Row[Any], event: Event, at: datetime, who: str, why: str, url: str = "") -> EventRow:
    return EventRow(
        at=at,
        event=event,
        who=who,
        why=why,
        delivery=part.name,
        account=part.account,
        from_state=part.state,
        to_state=next_state(State(part.state), event),
        due=from_us(part.due),
        dry_run=bool(part.dry_run),
        url=url,
    )
