"""Taking what is due, just in time: at most as many as there are free workers.

Every guard stands in the `WHERE`: state, hold, moment, expiry, live, stops, in flight. Nothing
that memory believes can make a post leave. The claim is committed before the caller may
send a byte, so what dies afterwards is found in `sending` and looked for, not repeated.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.content import from_json
from scheduler.model.delivery import Draft, Prepared, idempotency_key
from scheduler.model.lifecycle import Event, State
from scheduler.outbox import budgets, direct, lanes
from scheduler.outbox.budgets import TOO_DEAR, Budgets
from scheduler.outbox.gates import OPEN
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.quotas import Quotas, no_quotas
from scheduler.outbox.rows import EventRow, moment, receipt_from

HALF_MADE = datetime(1970, 1, 1, tzinfo=UTC)
"""Until when something is good that was begun to be prepared, and is not ready to be used."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in our hands: under `lease` while it is being sent, without one while it is prepared or looked for.

    `dry` says that the dry-run publisher stands in for the platform. `ready`: a preparation of it ended well.
    `lost_at` is when an unknown was lost.
    `repeat` says that an earlier try may have made the post: whatever ends this one, short of a receipt, that
    is still not known. `sent`: it was sent, and is only looked at again.
    """

    n: int
    lease: str
    draft: Draft
    prepared: Prepared
    dry: bool
    attempt: int
    generation: int
    expires_at: datetime
    first_attempt_at: datetime | None = None
    lost_at: datetime | None = None
    looks: int = 0
    repeat: bool = False
    ready: bool = False
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a claim is made under, read anew each time.

    `live` are the accounts that may post for real now; `preparing` those whose publisher prepares first.
    `hosts` names the server of accounts that share one, and no server has more than `host_cap` in flight. `quotas` says
    what each account's platform takes of it in a while, `budgets` what an account may spend.
    """

    workspace: str
    live: Collection[str] = frozenset()
    preparing: Collection[str] = frozenset()
    hosts: Mapping[str, str] = field(default_factory=dict)
    host_cap: int = 0
    quotas: Quotas = no_quotas
    budgets: Budgets = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claims:
    """What one claim took: to send now, and to prepare first; with the events to record."""

    claimed: tuple[Claimed, ...]
    to_prepare: tuple[Claimed, ...]
    entries: tuple[Entry, ...]


# Whatever is asked here answers in one row: each row fetched gives up the interpreter's lock, and among a hundred
# threads that wait for it winning it back takes longer than the question.
_READY_LANES = text("""
    SELECT json_group_array(json_array(account, head))
      FROM (SELECT account, head FROM lane WHERE ready_at <= :now ORDER BY ready_at, served_at LIMIT :free)
""")

# Five hundred chapters on one server would be limited by their address, all of them.
_READY_LANES_BY_HOST = text("""
    WITH host AS (SELECT key AS account, value AS name FROM json_each(:hosts)),
         busy AS (SELECT host.name, count(*) AS n FROM delivery d JOIN host ON host.account = d.account
                   WHERE d.state = 'sending' GROUP BY host.name),
         waiting AS (SELECT l.account, l.head, l.ready_at, l.served_at, host.name AS host,
                            row_number() OVER (PARTITION BY host.name ORDER BY l.ready_at, l.served_at) AS place
                       FROM lane l LEFT JOIN host ON host.account = l.account WHERE l.ready_at <= :now)
    SELECT json_group_array(json_array(account, head))
      FROM (SELECT w.account, w.head FROM waiting w LEFT JOIN busy ON busy.name = w.host
             WHERE w.host IS NULL OR w.place <= :cap - coalesce(busy.n, 0)
             ORDER BY w.ready_at, w.served_at LIMIT :free)
""")

_TAKE_LANES = text("""
    UPDATE lane SET ready_at = NULL, served_at = :now WHERE account IN (SELECT value FROM json_each(:accounts))
""")

# Not yet prepared, or no longer, though it would leave for real: it steps out of the line, which goes on without it.
_PREPARED = """EXISTS (SELECT 1 FROM prepared p WHERE p.delivery = delivery.n
                          AND p.generation = delivery.generation AND p.content_hash = delivery.content_hash
                          AND (p.good_until IS NULL OR p.good_until > max(delivery.due, :now)))"""
_HOLD = f"""
    UPDATE delivery SET held = 'preparing'
     WHERE n IN ({{which}}) AND state = 'scheduled' AND held IS NULL AND live = 1 AND {OPEN}
       AND account IN (SELECT value FROM json_each(:preparing)) AND NOT {_PREPARED} AND NOT {TOO_DEAR}
    RETURNING n
"""  # noqa: S608  # only our own text
_HOLD_HEADS = text(_HOLD.format(which="SELECT value FROM json_each(:heads)"))
_HOLD_AHEAD = text(
    _HOLD.format(
        which=f"""SELECT n FROM delivery
                  WHERE state = 'scheduled' AND held IS NULL AND live = 1 AND due <= :until AND {OPEN}
                    AND coalesce(not_before, 0) <= :now AND account IN (SELECT value FROM json_each(:preparing))
                    AND account NOT IN (SELECT account FROM lane WHERE paused <> '' OR blocked_until > :now)
                    AND NOT {_PREPARED}
                  ORDER BY due LIMIT :free"""  # noqa: S608  # only our own text
    )
)

# The first try is the first of which anything may have arrived: after some that surely left nothing out, a post that is
# an hour late does not look an hour old, and a platform's memory for repeats is counted from when it can remember.
_FIRST = """CASE WHEN first_attempt_at IS NULL OR NOT EXISTS (
                          SELECT 1 FROM attempt a WHERE a.delivery = delivery.n AND a.generation = delivery.generation
                             AND coalesce(a.outcome, 'unknown') <> 'not sent')
                     THEN :now ELSE first_attempt_at END"""
_CLAIM = text(f"""
    UPDATE delivery
       SET state = 'sending', lease = :lease, attempts = attempts + 1, not_before = NULL, first_attempt_at = {_FIRST},
           dry_run = NOT (live AND account IN (SELECT value FROM json_each(:live))
                          AND NOT coalesce((SELECT p.dry_run FROM delivery p WHERE p.n = delivery.parent_n), 0))
     WHERE n IN (SELECT value FROM json_each(:heads)) AND state = 'scheduled' AND held IS NULL
       AND due <= :now AND coalesce(not_before, 0) <= :now AND expires_at >= :now AND {OPEN} AND NOT {TOO_DEAR}
""")  # noqa: S608  # only our own text

_DRAFT = {
    "n": "d.n",
    "lease": "d.lease",
    "name": "d.name",
    "account": "d.account",
    "platform": "d.platform",
    "generation": "d.generation",
    "due": "d.due",
    "attempts": "d.attempts",
    "first_attempt_at": "d.first_attempt_at",
    "dry_run": "d.dry_run",
    "expires_at": "d.expires_at",
    "lost_at": "d.lost_at",
    "looks": "d.looks",
    "seq": "d.seq",
    "sent": "d.state = 'sent'",
    "body": "c.body",
    "parent": "parent.receipt",
    "root": "root.receipt",
    "prepared": "p.body",
    "good_until": "p.good_until",
    "following": """(SELECT json_group_array(json_array(f.part, fc.body))
                       FROM delivery f JOIN content fc ON fc.hash = f.content_hash
                      WHERE f.thread = d.thread AND f.part > d.part AND f.state = 'scheduled')""",
}
_DRAFTS = text(f"""
    SELECT json_group_array(json_object({", ".join(f"'{name}', {column}" for name, column in _DRAFT.items())}))
      FROM delivery d
      JOIN content c ON c.hash = d.content_hash
      LEFT JOIN delivery parent ON parent.n = d.parent_n
      LEFT JOIN delivery root ON d.part > 1 AND root.name = d.thread
      LEFT JOIN prepared p ON p.delivery = d.n AND p.generation = d.generation AND p.content_hash = d.content_hash
     WHERE d.n IN (SELECT value FROM json_each(:numbers))
""")  # noqa: S608  # only our own text

_OPEN_ATTEMPTS = text("""
    INSERT INTO attempt (delivery, generation, number, lease, dry_run, started_at)
    SELECT n, generation, attempts, lease, dry_run, :now FROM delivery
     WHERE n IN (SELECT value FROM json_each(:numbers)) ORDER BY due, seq, n
""")


def claim(connection: Connection, *, free: int, now: datetime, lease: str, terms: Terms) -> Claims:
    """Takes at most `free` lanes whose head may go at `now` (aware), all under one `lease`."""
    if free <= 0:
        return Claims((), (), ())
    taken = _take_lanes(connection, free, now, terms)
    if not taken:
        return Claims((), (), ())
    numbers = [head for _, head in taken]
    heads = json.dumps(numbers)
    accounts = {account for account, _ in taken}
    live = accounts & frozenset(terms.live)
    money = {"live": json.dumps(sorted(live)), "budgets": budgets.asked(terms.budgets, now)}
    to_prepare = _hold(connection, heads, live & frozenset(terms.preparing), {**money, "now": to_us(now)})
    asked = {"heads": heads, "lease": lease, "now": to_us(now), **money}
    some = direct.change(connection, _CLAIM, asked) > 0
    claimed = [one for one in drafts(connection, numbers if some else (), terms.workspace) if one.lease == lease]
    lanes.renew(connection, accounts - {one.draft.account for one in claimed})
    _open_attempts(connection, claimed, now)
    return Claims(
        tuple(claimed),
        tuple(drafts(connection, to_prepare, terms.workspace)),
        tuple((one.n, claim_event(one, now)) for one in claimed),
    )


def _take_lanes(connection: Connection, free: int, now: datetime, terms: Terms) -> list[tuple[str, int]]:
    asked: dict[str, object] = {"now": to_us(now), "free": free}
    statement = _READY_LANES
    if terms.hosts:
        statement = _READY_LANES_BY_HOST
        asked |= {"hosts": json.dumps(dict(terms.hosts)), "cap": terms.host_cap}
    ready: list[tuple[str, int]] = json.loads(direct.value(connection, statement, asked))
    if ready:
        accounts = json.dumps([account for account, _ in ready])
        direct.change(connection, _TAKE_LANES, {"now": to_us(now), "accounts": accounts})
    return ready


def _hold(connection: Connection, heads: str, preparing: Collection[str], asked: Mapping[str, object]) -> list[int]:
    if not preparing:
        return []
    named = {**asked, "heads": heads, "preparing": json.dumps(sorted(preparing))}
    return list(connection.execute(_HOLD_HEADS, named).scalars())


def hold_ahead(connection: Connection, *, free: int, now: datetime, until: datetime, terms: Terms) -> list[Claimed]:
    """Takes at most `free` deliveries due by `until` out of the line, to be prepared before their moment."""
    preparing = frozenset(terms.live) & frozenset(terms.preparing)
    if free <= 0 or not preparing:
        return []
    asked = {
        "now": to_us(now),
        "until": to_us(until),
        "free": free,
        "preparing": json.dumps(sorted(preparing)),
        "live": json.dumps(sorted(preparing)),
        "budgets": budgets.asked(terms.budgets, now),
    }
    held = drafts(connection, list(connection.execute(_HOLD_AHEAD, asked).scalars()), terms.workspace)
    lanes.renew(connection, {one.draft.account for one in held})
    return held


def drafts(connection: Connection, numbers: Sequence[int], workspace: str) -> list[Claimed]:
    """The deliveries of these numbers as a publisher gets them, in the order of their moments."""
    if not numbers:
        return []
    found: str = direct.value(connection, _DRAFTS, {"numbers": json.dumps(list(numbers))})
    rows = sorted(json.loads(found), key=lambda row: (row["due"], row["seq"], row["n"]))
    return [_claimed(row, workspace) for row in rows]


def _claimed(row: Mapping[str, Any], workspace: str) -> Claimed:
    first = moment(row["first_attempt_at"])
    due = from_us(row["due"])
    draft = Draft(
        delivery=row["name"],
        account=row["account"],
        platform=row["platform"],
        content=from_json(json.loads(row["body"])),
        idempotency_key=idempotency_key(workspace=workspace, delivery=row["name"], generation=row["generation"]),
        due=due,
        created_at=first or due,
        root=receipt_from(row["root"]),
        parent=receipt_from(row["parent"]),
        following=tuple(from_json(json.loads(body)) for _, body in sorted(row["following"])),
    )
    return Claimed(
        n=row["n"],
        lease=row["lease"] or "",
        draft=draft,
        prepared=_prepared(row),
        dry=bool(row["dry_run"]),
        attempt=row["attempts"],
        generation=row["generation"],
        expires_at=from_us(row["expires_at"]),
        first_attempt_at=first,
        lost_at=moment(row["lost_at"]),
        looks=row["looks"],
        ready=bool(row["prepared"]) and row["good_until"] != to_us(HALF_MADE),
        sent=bool(row["sent"]),
    )


def _prepared(row: Mapping[str, Any]) -> Prepared:
    return Prepared(json.loads(row["prepared"]), moment(row["good_until"])) if row["prepared"] else Prepared()


_REPEAT = text("""
    UPDATE delivery SET state = 'sending', lease = :lease, attempts = attempts + 1 WHERE n = :n AND state = 'scheduled'
""")
_BACK = text(f"""
    UPDATE delivery SET state = 'scheduled', lost_at = NULL, look_at = NULL, looks = 0
     WHERE n = :n AND state = 'uncertain' AND lost_at = :lost_at AND expires_at >= :now AND {OPEN}
       AND (dry_run OR account IN (SELECT value FROM json_each(:live)))
       AND NOT EXISTS (SELECT 1 FROM delivery f WHERE f.account = delivery.account AND f.state = 'sending')
       AND NOT EXISTS (SELECT 1 FROM lane l WHERE l.account = delivery.account
                          AND (l.paused <> '' OR coalesce(l.blocked_until, 0) > :now))
""")  # noqa: S608  # only our own text


def claim_again(connection: Connection, lost: Claimed, *, now: datetime, lease: str, terms: Terms) -> Claimed | None:
    """Takes an unknown to send it once more, to the publisher that had it; None where that cannot be just now.

    Both arrows in one transaction: were it put back in line, it could be reworded, cancelled or turned into a
    dry run there while it may be out in the world.
    """
    asked = {
        "n": lost.n,
        "lost_at": to_us(lost.lost_at or now),
        "now": to_us(now),
        "live": json.dumps([lost.draft.account] if lost.draft.account in terms.live else []),
        "lease": lease,
    }
    if not connection.execute(_BACK, asked).rowcount:
        return None
    connection.execute(_REPEAT, asked)
    (claimed,) = drafts(connection, [lost.n], terms.workspace)
    again = replace(claimed, repeat=True)
    _open_attempts(connection, [again], now)
    return again


def _open_attempts(connection: Connection, claimed: Sequence[Claimed], now: datetime) -> None:
    if claimed:
        numbers = json.dumps([one.n for one in claimed])
        direct.change(connection, _OPEN_ATTEMPTS, {"now": to_us(now), "numbers": numbers})


def claim_event(one: Claimed, now: datetime) -> EventRow:
    """What history keeps of a claim."""
    return EventRow(
        at=now,
        event=Event.CLAIM,
        who="engine",
        delivery=one.draft.delivery,
        account=one.draft.account,
        from_state=State.SCHEDULED,
        to_state=State.SENDING,
        attempt=one.attempt,
        due=one.draft.due,
        dry_run=one.dry,
    )
