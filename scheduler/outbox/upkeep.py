"""What the engine does to the outbox besides sending: expiry, recovery, preparations, looks.

Each is a guarded statement of its own, called inside the engine's one transaction. What
a dead process left in `sending` ends as it was noted, else it becomes `uncertain` here; back in
line it goes only where the notes prove that nothing of it can have left.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection, Row

from scheduler.model.delivery import Prepared, Receipt
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.outbox import direct, lanes, observing, stops
from scheduler.outbox.claiming import Claimed, Terms, claim_again, claim_event, drafts
from scheduler.outbox.gates import OPEN
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, span_us, to_us
from scheduler.outbox.notes import NOTHING_LEFT, Left
from scheduler.outbox.quotas import Quotas, no_quotas
from scheduler.outbox.rows import EventRow, receipt_json
from scheduler.outbox.settling import Settlement, release, settle

DIED = "The process stopped while this was being sent."
NEVER_ASKED = "The process stopped just before this was sent."

_EXPIRED = text("""
    SELECT d.n, d.name, d.account, d.campaign, d.due, d.last_error, l.paused, d.held,
           CASE WHEN l.blocked_until >= d.expires_at THEN l.blocked_why ELSE '' END AS blocked,
           (SELECT h.last_error FROM delivery h
             WHERE h.account = d.account AND h.state = 'scheduled' AND h.held IS NULL AND h.last_error <> ''
               AND (h.due, h.seq) < (d.due, d.seq)
             ORDER BY h.due, h.seq LIMIT 1) AS ahead
      FROM delivery d LEFT JOIN lane l ON l.account = d.account
     WHERE d.state = 'scheduled' AND d.expires_at < :now ORDER BY d.expires_at LIMIT :most
""")
_MISS = text("""
    UPDATE delivery SET state = 'missed', held = NULL, not_before = NULL
     WHERE state = 'scheduled' AND expires_at < :now AND n IN (SELECT value FROM json_each(:numbers))
""")
_SAY_WHY = text("UPDATE delivery SET last_error = :why WHERE n = :n AND last_error = ''")
# A repeat that was not asked is no proof: the try before it may have made the post.
_LEFT = text("""
    SELECT n, name, account, due, attempts, dry_run, lease, EXISTS (
             SELECT 1 FROM attempt a WHERE a.delivery = delivery.n AND a.generation = delivery.generation
                AND a.outcome = 'unknown') AS repeat
      FROM delivery WHERE state = 'sending' ORDER BY due, seq, n
""")
_LOOK_NOW = text("UPDATE delivery SET look_at = :now WHERE look_at > :now")
# held means scheduled (a CHECK); to ask for both would have SQLite read all that is scheduled
_UNHOLD = text("UPDATE delivery SET held = NULL WHERE held = 'preparing'")


def expire(connection: Connection, now: datetime, most: int = 500) -> list[Entry]:
    """Marks what is later than its campaign allows as missed, with the last reason known; refreshes its lanes."""
    found = connection.execute(_EXPIRED, {"now": to_us(now), "most": most}).all()
    if not found:
        return []
    connection.execute(_MISS, {"now": to_us(now), "numbers": json.dumps([row.n for row in found])})
    lanes.refresh(connection, {row.account for row in found})
    stopped = stops.blame(connection, found)
    entries = [
        (
            row.n,
            EventRow(
                at=now,
                event=Event.EXPIRE,
                who="clock",
                why=stopped.get(row.n) or _waited_for(row),
                delivery=row.name,
                account=row.account,
                from_state=State.SCHEDULED,
                to_state=State.MISSED,
                due=from_us(row.due),
            ),
        )
        for row in found
    ]
    untold = [{"n": number, "why": event.why} for number, event in entries if event.why]
    if untold:
        connection.execute(_SAY_WHY, untold)
    return entries


def _waited_for(row: Row[Any]) -> str:
    """Why a post came to be late: its own trouble, its account's, or that of one before it in its account's line."""
    behind = f"A post before it could not leave: {row.ahead}" if row.ahead else ""
    why: str = row.last_error or row.paused or row.blocked or _WAITED.get(row.held) or behind
    return why


_WAITED = {
    "parent": "The part before it was not sent.",
    "preparing": "Its preparation did not end in time.",
    "withdrawn": "It was withdrawn.",
}


def recover(
    connection: Connection, now: datetime, left: Left = NOTHING_LEFT, quotas: Quotas = no_quotas
) -> list[Entry]:
    """What a dead process left behind: sends, half-made preparations, pauses of the engine's own.

    Only for whoever holds the workspace's lock, before the first claim. Makes every lane anew.
    """
    settled = settle(connection, [_ended(row, left, now) for row in connection.execute(_LEFT)], quotas)
    connection.execute(_LOOK_NOW, {"now": to_us(now)})
    connection.execute(_UNHOLD)
    resumed = lanes.resume(connection, at=now, who="engine", paused_by=lanes.BY_ENGINE)
    lanes.refresh(connection, lanes.known(connection))
    return list(settled.entries) + resumed


def _ended(row: Row[Any], left: Left, now: datetime) -> Settlement:
    """How a try ended that nobody settled: as it was noted, not at all, or in a way that nobody knows."""
    key = (row.n, row.lease)
    if key in left.ended:
        return left.ended[key]
    lost = Settlement(
        n=row.n,
        lease=row.lease,
        event=Event.LOSE_TRACK,
        at=now,
        delivery=row.name,
        account=row.account,
        attempt=row.attempts,
        due=from_us(row.due),
        why=DIED,
        look_at=now,
        dry_run=bool(row.dry_run),
    )
    asked = row.repeat or key not in left.never_asked
    return lost if asked else replace(lost, event=Event.POSTPONE, why=NEVER_ASKED, look_at=None)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a preparation ended: `prepared`, or what went wrong, and then when to try again or that it never will."""

    claimed: Claimed
    at: datetime
    prepared: Prepared | None = None
    why: str = ""
    refused: bool = False
    not_before: datetime | None = None
    blocked_until: datetime | None = None
    paused: str = ""


# Only for what still waits for it: it may quote the text, and what was withdrawn meanwhile is forgotten.
_KEEP = text("""
    INSERT INTO prepared (delivery, generation, content_hash, body, made_at, good_until)
    SELECT n, generation, :hash, :body, :at, :good_until FROM delivery
     WHERE n = :n AND generation = :generation AND state = 'scheduled' AND held = 'preparing'
    ON CONFLICT (delivery, generation, content_hash)
    DO UPDATE SET body = excluded.body, made_at = excluded.made_at, good_until = excluded.good_until
""")
_BACK_IN_LINE = text("""
    UPDATE delivery SET held = NULL, not_before = :not_before,
           last_error = CASE WHEN :why = '' THEN last_error ELSE :why END
     WHERE n = :n AND state = 'scheduled' AND held = 'preparing' AND generation = :generation
""")
_REFUSE = text("""
    UPDATE delivery SET state = 'failed', held = NULL, not_before = NULL, last_error = :why
     WHERE n = :n AND state = 'scheduled' AND held = 'preparing' AND generation = :generation
""")


def settle_preparation(connection: Connection, one: Preparation) -> list[Entry]:
    """Keeps what was prepared and puts the delivery back in line, or refuses it. The caller refreshes the lane."""
    asked = {"n": one.claimed.n, "generation": one.claimed.generation, "why": one.why}
    if one.prepared is not None:
        _keep_prepared(connection, one, one.prepared)
    if one.refused:
        moved = connection.execute(_REFUSE, asked).rowcount
        return [_moved(one.claimed, Event.REFUSE, State.SCHEDULED, one.at, one.why)] * moved
    wait = to_us(one.not_before) if one.not_before else None
    connection.execute(_BACK_IN_LINE, {**asked, "not_before": wait})
    entries: list[Entry] = []
    if one.blocked_until:
        lanes.block(connection, one.claimed.draft.account, one.blocked_until, one.why)
    if one.paused:
        account = one.claimed.draft.account
        entries += lanes.pause(connection, account, why=one.paused, who=lanes.BY_ENGINE, at=one.at)
    return entries


def _keep_prepared(connection: Connection, one: Preparation, prepared: Prepared) -> None:
    kept = {
        "n": one.claimed.n,
        "generation": one.claimed.generation,
        "hash": one.claimed.draft.content.hash,
        "body": json.dumps(dict(prepared.values)),
        "at": to_us(one.at),
        "good_until": to_us(prepared.good_until) if prepared.good_until else None,
    }
    connection.execute(_KEEP, kept)


_TAKE_LOOKS = text("""
    UPDATE delivery SET look_at = :again
     WHERE n IN (SELECT n FROM delivery WHERE look_at <= :now ORDER BY look_at LIMIT :most)
    RETURNING n
""")
_TURN_OF_A_LOOK = timedelta(minutes=10)
_LOOKED = text("""
    UPDATE delivery SET look_at = :look_at, looks = looks + 1
     WHERE n = :n AND state = 'uncertain' AND lost_at = :lost_at
""")
_DECIDE = text("""
    UPDATE delivery SET state = :state, receipt = :receipt, not_before = :not_before, lost_at = NULL, look_at = NULL,
           last_error = CASE WHEN :state = 'sent' THEN '' ELSE :why END, observe_at = :observe_at, looks = 0
     WHERE n = :n AND state = 'uncertain' AND lost_at = :lost_at
""")


@dataclass(frozen=True, slots=True)
class Look:
    """What looking for an unknown brought: `event` None means that we still do not know.

    `repeat`: it is still unknown, and sending it once more cannot double it. Of what was sent, and is looked at again,
    `receipt` is a better one, `gone` says that it is not there, and there is no event.
    """

    claimed: Claimed
    at: datetime
    event: Event | None
    why: str = ""
    receipt: Receipt | None = None
    not_before: datetime | None = None
    look_at: datetime | None = None
    repeat: bool = False
    gone: bool = False


def take_looks(connection: Connection, *, now: datetime, most: int, workspace: str) -> list[Claimed]:
    """The unknown to look for now, then what was only accepted; should a look never end, another follows in a while."""
    if most <= 0:
        return []
    asked = {"now": to_us(now), "most": most, "again": to_us(now + _TURN_OF_A_LOOK)}
    numbers = list(connection.execute(_TAKE_LOOKS, asked).scalars())
    numbers += observing.take(connection, now=now, most=most - len(numbers))
    return drafts(connection, numbers, workspace)


def settle_look(connection: Connection, one: Look) -> list[Entry]:
    """Moves an unknown on, or sets the next look; nothing if a person was faster. The caller refreshes the lane."""
    if one.claimed.sent:
        return observing.settle(
            connection,
            one.claimed,
            at=one.at,
            why=one.why,
            receipt=one.receipt,
            again=one.look_at,
            gone=one.gone,
        )
    lost_at = to_us(one.claimed.lost_at) if one.claimed.lost_at else None
    asked: dict[str, object] = {"n": one.claimed.n, "lost_at": lost_at}
    if one.event is None:
        look_at = to_us(one.look_at) if one.look_at else None
        looked = connection.execute(_LOOKED, {**asked, "look_at": look_at}).rowcount
        return [_moved(one.claimed, "look", State.UNCERTAIN, one.at, one.why)] * looked
    asked["state"] = next_state(State.UNCERTAIN, one.event)
    asked["receipt"] = receipt_json(one.receipt)
    asked["not_before"] = to_us(one.not_before) if one.not_before else None
    asked["observe_at"] = to_us(one.look_at) if one.look_at and one.event is Event.ACCEPT else None
    moved = connection.execute(_DECIDE, {**asked, "why": one.why}).rowcount
    if moved and one.event is Event.ACCEPT:
        release(connection, [one.claimed.n])
    return [_moved(one.claimed, one.event, State.UNCERTAIN, one.at, one.why, one.receipt)] * moved


def settle_repeat(
    connection: Connection, one: Look, *, now: datetime, lease: str, terms: Terms
) -> tuple[Claimed | None, list[Entry]]:
    """Sends an unknown once more at once, or leaves it unknown for later. The caller refreshes the lane."""
    again = claim_again(connection, one.claimed, now=now, lease=lease, terms=terms)
    if again is None:
        return None, settle_look(connection, one)
    postponed = _moved(one.claimed, Event.POSTPONE, State.UNCERTAIN, one.at, one.why)
    return again, [postponed, (again.n, claim_event(again, now))]


def _moved(
    claimed: Claimed, event: Event | str, source: State, at: datetime, why: str, receipt: Receipt | None = None
) -> Entry:
    target = next_state(source, event) if isinstance(event, Event) else source
    row = EventRow(
        at=at,
        event=event,
        who="engine",
        why=why,
        delivery=claimed.draft.delivery,
        account=claimed.draft.account,
        from_state=source,
        to_state=target,
        attempt=claimed.attempt,
        due=claimed.draft.due,
        dry_run=claimed.dry,
        url=receipt.url if receipt else "",
    )
    return claimed.n, row


_NEXT = text(f"""
    SELECT (SELECT min(ready_at) FROM lane WHERE ready_at IS NOT NULL) AS ready,
           (SELECT min(expires_at) FROM delivery WHERE state = 'scheduled') AS expiry,
           (SELECT min(look_at) FROM delivery WHERE look_at IS NOT NULL) AS look,
           {observing.NEXT} AS observe
""")  # noqa: S608  # only our own text
# The first unprepared post of each account, by the index of its line: with a million waiting, a scan is too slow.
_NEXT_AHEAD = text(f"""
    SELECT min(max(ahead, coalesce(blocked_until, 0)))
      FROM (SELECT lane.blocked_until, (
                SELECT max(due - :lead, coalesce(not_before, 0)) FROM delivery
                 WHERE account = lane.account AND state = 'scheduled' AND held IS NULL AND live = 1 AND {OPEN}
                   AND NOT EXISTS (SELECT 1 FROM prepared p WHERE p.delivery = delivery.n
                                      AND p.generation = delivery.generation AND p.content_hash = delivery.content_hash
                                      AND (p.good_until IS NULL OR p.good_until > delivery.due))
                 ORDER BY due, seq LIMIT 1) AS ahead
              FROM lane WHERE paused = '' AND account IN (SELECT value FROM json_each(:preparing)))
""")  # noqa: S608  # only our own text


@dataclass(frozen=True, slots=True)
class Moments:
    """When something can next be done; None: never, as things stand. `ahead` is the next preparation."""

    ready: datetime | None
    expiry: datetime | None
    look: datetime | None
    ahead: datetime | None


def moments(connection: Connection, terms: Terms, lead: timedelta) -> Moments:
    """The next moments, each one index look-up; preparations begin `lead` before what they are for."""
    ready, expiry, *looks = direct.row(connection, _NEXT, {})
    look = min((at for at in looks if at is not None), default=None)
    return Moments(
        ready=from_us(ready) if ready is not None else None,
        # what expires at a moment may still leave at that moment, and is missed a microsecond later
        expiry=from_us(expiry + 1) if expiry is not None else None,
        look=from_us(look) if look is not None else None,
        ahead=_next_ahead(connection, terms, lead),
    )


def _next_ahead(connection: Connection, terms: Terms, lead: timedelta) -> datetime | None:
    preparing: Sequence[str] = sorted(frozenset(terms.live) & frozenset(terms.preparing))
    if not preparing:
        return None
    asked = {"preparing": json.dumps(preparing), "lead": span_us(lead)}
    begin = connection.execute(_NEXT_AHEAD, asked).scalar()
    return None if begin is None else from_us(begin)
