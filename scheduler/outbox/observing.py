"""Looking again at what a platform only accepted: a receipt becomes proven, or a person hears that the post is gone.

Nothing here moves a post: what was sent stays sent, whatever is found. Guarded by the state and the
generation, so that a post which was taken down or sent again meanwhile is left alone.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import State
from scheduler.outbox.claiming import Claimed
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import to_us
from scheduler.outbox.rows import EventRow, receipt_json

OBSERVED, GONE = "observe", "gone"
"""The events: it was looked at again; it was accepted, and is not there."""

TURN = timedelta(minutes=10)
"""Should a look never end, another follows after so long."""

_TAKE = text("""
    UPDATE delivery SET observe_at = :again
     WHERE n IN (SELECT n FROM delivery WHERE state = 'sent' AND observe_at <= :now ORDER BY observe_at LIMIT :most)
    RETURNING n
""")
_SETTLE = text("""
    UPDATE delivery SET observe_at = :observe_at, looks = looks + 1, receipt = coalesce(:receipt, receipt)
     WHERE n = :n AND state = 'sent' AND generation = :generation AND observe_at IS NOT NULL
""")
NEXT = "(SELECT min(observe_at) FROM delivery WHERE state = 'sent' AND observe_at IS NOT NULL)"
"""When the next is to be looked at, as SQL."""


def take(connection: Connection, *, now: datetime, most: int) -> list[int]:
    """The numbers of those to look at again now."""
    asked = {"now": to_us(now), "most": most, "again": to_us(now + TURN)}
    return list(connection.execute(_TAKE, asked).scalars()) if most > 0 else []


def settle(
    connection: Connection,
    claimed: Claimed,
    *,
    at: datetime,
    why: str,
    receipt: Receipt | None,
    again: datetime | None,
    gone: bool,
) -> list[Entry]:
    """Keeps a better receipt, and when to look next (None: not any more)."""
    asked = {
        "n": claimed.n,
        "generation": claimed.generation,
        "observe_at": to_us(again) if again else None,
        "receipt": receipt_json(receipt),
    }
    if not connection.execute(_SETTLE, asked).rowcount:
        return []
    row = EventRow(
        at=at,
        event=GONE if gone else OBSERVED,
        who="engine",
        why=why,
        delivery=claimed.draft.delivery,
        account=claimed.draft.account,
        from_state=State.SENT,
        to_state=State.SENT,
        attempt=claimed.attempt,
        due=claimed.draft.due,
        url=receipt.url if receipt else "",
    )
    return [(claimed.n, row)]
