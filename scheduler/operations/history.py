"""Everything that is known of one post: what it is, each try, and all that happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.model.account import Account
from scheduler.operations.outlook import view_of_rows
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import AttemptRow, EventRow, Row
from scheduler.outbox.snapshot import Wanted
from scheduler.preview.view import DeliveryView, as_json, instant


@dataclass(frozen=True, slots=True)
class History:
    """One post (a thread whole), its tries and its events, oldest first."""

    view: DeliveryView
    rows: tuple[Row, ...]
    attempts: tuple[tuple[str, AttemptRow], ...]
    events: tuple[EventRow, ...]

    def as_json(self) -> dict[str, Any]:
        """As `show --json` prints it."""
        return {
            **as_json(self.view),
            "attempts": [_attempt(name, attempt) for name, attempt in self.attempts],
            "events": [_event(event) for event in self.events],
        }


def history(outbox: Outbox, name: str, accounts: Mapping[str, Account]) -> History:
    """All about the thread that `name` (a whole name) belongs to."""
    row = outbox.row(name)
    thread = row.thread if row else name
    rows = sorted(outbox.rows(Wanted(threads=[thread])), key=lambda part: part.part)
    attempts = [(part.name, attempt) for part in rows for attempt in outbox.attempts(part.name)]
    events = [event for part in rows for event in outbox.events(part.name)]
    return History(
        view_of_rows(rows, accounts),
        tuple(rows),
        tuple(sorted(attempts, key=lambda pair: pair[1].started_at)),
        tuple(sorted(events, key=lambda event: event.at)),
    )


def _attempt(name: str, attempt: AttemptRow) -> dict[str, Any]:
    receipt = attempt.receipt
    return {
        "delivery": name,
        "number": attempt.number,
        "generation": attempt.generation,
        "started_at": instant(attempt.started_at),
        "ended_at": instant(attempt.ended_at) if attempt.ended_at else None,
        "outcome": attempt.outcome,
        "error": attempt.error,
        "dry_run": attempt.dry_run,
        "remote_url": receipt.url if receipt else "",
        "strength": receipt.strength.value if receipt else None,
    }


def _event(event: EventRow) -> dict[str, Any]:
    return {
        "at": instant(event.at),
        "event": event.event,
        "from": event.from_state or None,
        "to": event.to_state or None,
        "who": event.who,
        "why": event.why,
        "delivery": event.delivery,
    }
