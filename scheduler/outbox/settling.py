"""Closing tries: one guarded statement over everything that waits to be settled.

`WHERE state = 'sending' AND lease = ?` decides who still has the right to say how a try
ended. Whoever lost it is told, and a receipt in hand is then offered to `late_receipt`,
never dropped. A move, its attempt and its event share the caller's transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.errors import Bug
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.outbox import direct, lanes
from scheduler.outbox.handing import hand_over_rest
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import to_us
from scheduler.outbox.quotas import Quotas, free_at, no_quotas
from scheduler.outbox.rows import EventRow, receipt_json

_USES = frozenset({Event.ACCEPT, Event.LOSE_TRACK})
_OUTCOMES = {
    Event.ACCEPT: "sent",
    Event.POSTPONE: "not sent",
    Event.REFUSE: "not sent",
    Event.LOSE_TRACK: "unknown",
    Event.HAND_OVER: "unknown",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one try ended. `why` is a sentence for people; `error` what is kept on the attempt (a traceback).

    `not_before` makes this delivery wait, `blocked_until` its whole lane, `paused` the account until a
    person acts. `look_at` is when an unknown is first looked for (None: only a person can), or what was sent is
    looked at again, as its platform only accepted it (None: there is no need). `forgotten`: what was prepared is gone.
    """

    n: int
    lease: str
    event: Event
    at: datetime
    delivery: str
    account: str
    attempt: int
    due: datetime
    why: str = ""
    error: str = ""
    receipt: Receipt | None = None
    not_before: datetime | None = None
    blocked_until: datetime | None = None
    paused: str = ""
    look_at: datetime | None = None
    dry_run: bool = False
    forgotten: bool = False

    @property
    def state(self) -> State:
        """Where the try leads."""
        return next_state(State.SENDING, self.event)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was settled, what to record, which lanes changed, and who came too late."""

    entries: tuple[Entry, ...]
    accounts: frozenset[str]
    lost: tuple[Settlement, ...]


_FIELDS = ("n", "lease", "state", "at", "outcome", "why", "error", "receipt", "not_before", "look_at", "dry_run")
_BATCH = f"""(SELECT {", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _FIELDS)}
        FROM json_each(:batch)) AS b"""  # noqa: S608  # only our own text

# In one row, see `claiming`.
_MINE = text(f"""
    SELECT json_group_array(delivery.n) FROM {_BATCH}
      JOIN delivery ON delivery.n = b.n AND delivery.state = 'sending' AND delivery.lease = b.lease
""")  # noqa: S608
_SETTLE = text(f"""
    UPDATE delivery
       SET state = b.state, lease = NULL, receipt = b.receipt, not_before = b.not_before,
           last_error = CASE WHEN b.state = 'sent' THEN '' ELSE b.why END, dry_run = b.dry_run,
           lost_at = CASE WHEN b.state = 'uncertain' THEN b.at END, looks = 0,
           look_at = CASE WHEN b.state = 'uncertain' THEN b.look_at END,
           observe_at = CASE WHEN b.state = 'sent' THEN b.look_at END
      FROM {_BATCH}
     WHERE delivery.n = b.n AND delivery.state = 'sending' AND delivery.lease = b.lease
""")  # noqa: S608  # only our own text

_CLOSE = text(f"""
    UPDATE attempt SET ended_at = b.at, outcome = b.outcome, error = b.error, receipt = b.receipt
      FROM {_BATCH}
     WHERE attempt.delivery = b.n AND attempt.lease = b.lease AND attempt.ended_at IS NULL
""")  # noqa: S608

_LET_GO = text("DELETE FROM prepared WHERE delivery IN (SELECT value FROM json_each(:forgotten))")
_RELEASE = text("""
    UPDATE delivery SET held = NULL
     WHERE state = 'scheduled' AND held = 'parent' AND n IN (
        SELECT child.n FROM delivery parent
          JOIN delivery child ON child.thread = parent.thread AND child.part = parent.part + 1
         WHERE parent.n IN (SELECT value FROM json_each(:parents)))
""")


def settle(connection: Connection, settlements: Sequence[Settlement], quotas: Quotas = no_quotas) -> Settled:
    """Closes tries in one statement. The caller refreshes the lanes and records the entries, in this transaction."""
    if not settlements:
        return Settled((), frozenset(), ())
    batch = {"batch": json.dumps([_stored(one) for one in settlements], ensure_ascii=False)}
    done = set(json.loads(direct.value(connection, _MINE, batch)))
    if direct.change(connection, _SETTLE, batch) != len(done):
        raise Bug("what was settled is not what was to be settled")
    direct.change(connection, _CLOSE, batch)
    mine = [one for one in settlements if one.n in done]
    _let_go(connection, [one.n for one in mine if one.forgotten])
    release(connection, [one.n for one in mine if one.event is Event.ACCEPT])
    entries = [(one.n, _event(one)) for one in mine] + _rest(connection, mine) + _lane_reasons(connection, mine)
    _use_up(connection, mine, quotas)
    lost = tuple(one for one in settlements if one.n not in done)
    return Settled(tuple(entries), frozenset(one.account for one in mine), lost)


def _let_go(connection: Connection, forgotten: Sequence[int]) -> None:
    """Lets what was prepared go, so that it is prepared anew before the next try."""
    if forgotten:
        direct.change(connection, _LET_GO, {"forgotten": json.dumps(list(forgotten))})


def release(connection: Connection, parents: Sequence[int]) -> None:
    """Lets the next parts of threads go, whose part before them was just sent."""
    if parents:
        direct.change(connection, _RELEASE, {"parents": json.dumps(list(parents))})


def _rest(connection: Connection, settlements: Sequence[Settlement]) -> list[Entry]:
    handed = [one for one in settlements if one.event is Event.HAND_OVER and not one.dry_run]
    return [
        entry for one in handed for entry in hand_over_rest(connection, one.n, lease=one.lease, at=one.at, why=one.why)
    ]


def _lane_reasons(connection: Connection, settlements: Sequence[Settlement]) -> list[Entry]:
    entries: list[Entry] = []
    for one in settlements:
        if one.blocked_until:
            lanes.block(connection, one.account, one.blocked_until, one.why)
        if one.paused:
            entries += lanes.pause(connection, one.account, why=one.paused, who=lanes.BY_ENGINE, at=one.at)
    return entries


def _use_up(connection: Connection, settlements: Sequence[Settlement], quotas: Quotas) -> None:
    """Makes the line of an account wait whose quota a post of these used up."""
    for one in settlements:
        dry = one.receipt.dry_run if one.receipt else one.dry_run
        if dry or one.event not in _USES or not (limits := quotas(one.account)):
            continue
        if until := free_at(connection, one.account, limits, one.at):
            lanes.block(connection, one.account, until, "The platform's quota is used up.")


def _stored(one: Settlement) -> dict[str, Any]:
    if (one.event is Event.ACCEPT) != (one.receipt is not None):
        raise Bug(f"{one.delivery}: a receipt comes with a post that was sent, and with no other")
    return {
        "n": one.n,
        "lease": one.lease,
        "state": one.state,
        "at": to_us(one.at),
        "outcome": _OUTCOMES[one.event],
        "why": one.why,
        "error": one.error or one.why,
        "receipt": receipt_json(one.receipt),
        "not_before": to_us(one.not_before) if one.not_before else None,
        "look_at": to_us(one.look_at) if one.look_at else None,
        "dry_run": one.receipt.dry_run if one.receipt else one.dry_run,
    }


def _event(one: Settlement) -> EventRow:
    return EventRow(
        at=one.at,
        event=one.event,
        who="engine",
        why=one.why,
        delivery=one.delivery,
        account=one.account,
        from_state=State.SENDING,
        to_state=one.state,
        attempt=one.attempt,
        due=one.due,
        dry_run=one.receipt.dry_run if one.receipt else one.dry_run,
        url=one.receipt.url if one.receipt else "",
    )


_STANDS = text("SELECT state, attempts FROM delivery WHERE n = :n")
_RECLAIM = text("""
    UPDATE delivery SET state = 'sending', lease = :lease, held = NULL, not_before = NULL
     WHERE n = :n AND state = 'scheduled'
       AND NOT EXISTS (SELECT 1 FROM delivery f WHERE f.account = delivery.account AND f.state = 'sending')
""")
_ACCEPT = text("""
    UPDATE delivery SET state = 'sent', lease = NULL, receipt = :receipt, dry_run = :dry_run, last_error = '',
           lost_at = NULL, look_at = NULL, observe_at = :observe_at
     WHERE n = :n AND (state = 'uncertain' OR (state = 'sending' AND lease = :lease))
""")


def late_receipt(connection: Connection, one: Settlement) -> list[Entry]:
    """Someone settled this try first. A receipt in hand is recorded all the same: the post exists.

    Where it stood as unknown, or was back in line, it becomes sent; elsewhere history keeps the receipt's address.
    """
    stands = State(connection.execute(_STANDS, {"n": one.n}).one().state)
    late = replace(_event(one), event="late_receipt" if one.receipt else "lost_lease", from_state=stands)
    if one.receipt is None:
        return [(one.n, replace(late, to_state=stands))]
    asked = {"n": one.n, "lease": one.lease, "receipt": receipt_json(one.receipt), "dry_run": one.receipt.dry_run}
    asked["observe_at"] = to_us(one.look_at) if one.look_at else None
    connection.execute(_RECLAIM, asked)
    if connection.execute(_ACCEPT, asked).rowcount:
        release(connection, [one.n])
        return [(one.n, replace(late, to_state=State.SENT))]
    return [(one.n, replace(late, to_state=stands, why=f"sent as {one.receipt.remote_id} {one.receipt.url}"))]
