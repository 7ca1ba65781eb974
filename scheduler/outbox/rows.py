"""What is read out of the outbox: frozen rows with aware UTC moments, never the database's own.

`Row` carries everything that people and other programs are told of a delivery; what a
row says was true at one moment, and only a guarded update may act on it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scheduler.model.content import Content
from scheduler.model.content import from_json as content_from_json
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.lifecycle import State
from scheduler.outbox.moments import from_us

if TYPE_CHECKING:
    from sqlalchemy import RowMapping  # a look at an empty workspace needs no database


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as it stands. `content` is None where it was not asked for; `look_at` is when it is next looked for.

    `held` is empty or the word for what holds it back (`parent`, `preparing`, `stopped`, `withdrawn`); `record` the key
    of the record that it speaks of (empty: none).
    """

    name: str
    campaign: str
    post: str
    slot: str
    account: str
    platform: str
    part: int
    thread: str
    state: State
    due: datetime
    expires_at: datetime
    timezone: str
    content_hash: str
    content: Content | None
    live: bool
    dry_run: bool
    held: str
    not_before: datetime | None
    generation: int
    attempts: int
    first_attempt_at: datetime | None
    receipt: Receipt | None
    cancelled_by: str
    last_error: str
    tags: tuple[str, ...]
    look_at: datetime | None
    looks: int
    record: str = ""

    @property
    def remote_url(self) -> str:
        """Where a person can open the post; empty where there is none."""
        return self.receipt.url if self.receipt else ""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try: `outcome` is `sent`, `not sent`, `unknown`, or empty while it runs."""

    number: int
    generation: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    error: str
    dry_run: bool
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened, as history keeps it and logs print it. A lane's own events have no `delivery`."""

    at: datetime
    event: str
    who: str
    why: str = ""
    delivery: str = ""
    account: str = ""
    from_state: str = ""
    to_state: str = ""
    attempt: int = 0
    due: datetime | None = None
    dry_run: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One account's line: when its head may go (None: nothing may), and what makes it wait."""

    account: str
    ready_at: datetime | None
    blocked_until: datetime | None
    blocked_why: str
    paused: str
    paused_by: str


def moment(us: int | None) -> datetime | None:
    """An aware UTC moment, or None."""
    return None if us is None else from_us(us)


def receipt_json(receipt: Receipt | None) -> str | None:
    """A receipt as it is stored."""
    if receipt is None:
        return None
    return json.dumps(
        {
            "remote_id": receipt.remote_id,
            "url": receipt.url,
            "strength": receipt.strength.value,
            "dry_run": receipt.dry_run,
            "extra": dict(receipt.extra),
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def receipt_from(stored: str | None) -> Receipt | None:
    """The receipt that `receipt_json` wrote."""
    if stored is None:
        return None
    fields = json.loads(stored)
    return Receipt(
        remote_id=fields["remote_id"],
        url=fields["url"],
        strength=Strength(fields["strength"]),
        dry_run=fields["dry_run"],
        extra=fields["extra"],
    )


def row_from(stored: "RowMapping") -> Row:
    """A delivery's row, with its content where `body` was read."""
    body = stored.get("body")
    return Row(
        name=stored["name"],
        campaign=stored["campaign"],
        post=stored["post"],
        slot=stored["slot"],
        account=stored["account"],
        platform=stored["platform"],
        part=stored["part"],
        thread=stored["thread"],
        state=State(stored["state"]),
        due=from_us(stored["due"]),
        expires_at=from_us(stored["expires_at"]),
        timezone=stored["timezone"],
        content_hash=stored["content_hash"],
        content=content_from_json(json.loads(body)) if body else None,
        live=bool(stored["live"]),
        dry_run=bool(stored["dry_run"]),
        held=stored["held"] or "",
        not_before=moment(stored["not_before"]),
        generation=stored["generation"],
        attempts=stored["attempts"],
        first_attempt_at=moment(stored["first_attempt_at"]),
        receipt=receipt_from(stored["receipt"]),
        cancelled_by=stored["cancelled_by"],
        last_error=stored["last_error"],
        tags=tuple(json.loads(stored["tags"])),
        look_at=moment(stored["look_at"]),
        looks=stored["looks"],
        record=stored["record"],
    )


def attempt_from(stored: "RowMapping") -> AttemptRow:
    """One attempt's row."""
    return AttemptRow(
        number=stored["number"],
        generation=stored["generation"],
        started_at=from_us(stored["started_at"]),
        ended_at=moment(stored["ended_at"]),
        outcome=stored["outcome"] or "",
        error=stored["error"],
        dry_run=bool(stored["dry_run"]),
        receipt=receipt_from(stored["receipt"]),
    )


def event_from(stored: "RowMapping") -> EventRow:
    """One event's row, joined with its delivery's name and due moment."""
    return EventRow(
        at=from_us(stored["at"]),
        event=stored["event"],
        who=stored["who"],
        why=stored["why"],
        delivery=stored["name"] or "",
        account=stored["account"],
        from_state=stored["from_state"],
        to_state=stored["to_state"],
        attempt=stored["attempt"],
        due=moment(stored["due"]),
    )


def lane_from(stored: "RowMapping") -> LaneRow:
    """One lane's row."""
    return LaneRow(
        account=stored["account"],
        ready_at=moment(stored["ready_at"]),
        blocked_until=moment(stored["blocked_until"]),
        blocked_why=stored["blocked_why"],
        paused=stored["paused"],
        paused_by=stored["paused_by"],
    )
