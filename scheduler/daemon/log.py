"""One line a post, in words or as JSON, printed from what history already holds. Never content, never a secret."""

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TextIO

from scheduler.model.lifecycle import Event
from scheduler.outbox.budgets import OVER_BUDGET
from scheduler.outbox.observing import GONE, OBSERVED
from scheduler.outbox.rows import EventRow

_WORDS: dict[str, str] = {
    Event.ACCEPT: "sent",
    Event.POSTPONE: "not sent, will try again",
    Event.REFUSE: "not sent, refused",
    Event.LOSE_TRACK: "unknown, no reply",
    Event.HAND_OVER: "handed to a person, not sent yet",
    Event.EXPIRE: "missed, not sent",
    Event.CANCEL: "cancelled",
    Event.REOPEN: "back in the queue",
    Event.RETRACT: "taken down",
    OVER_BUDGET: "waits, too dear for its budget:",
    OBSERVED: "looked at again",
    GONE: "accepted, and not there",
}
_QUIET = frozenset({Event.CLAIM})
_ADVICE = {
    Event.EXPIRE: "drumbeat retry {name} --at WHEN",
    Event.REFUSE: "drumbeat retry {name} --at WHEN",
    Event.LOSE_TRACK: "drumbeat show {name}",
    Event.HAND_OVER: "drumbeat done {name} --url URL",
}

Log = Callable[[EventRow], None]


def text_log(stream: TextIO | None = None) -> Log:
    """A log in words: `09:00:00 sent (dry run) opening/once/x-main, 12 ms after its moment`."""

    def log(entry: EventRow) -> None:
        if entry.event not in _QUIET:
            print(_line(entry), file=stream or sys.stderr, flush=True)

    return log


def json_log(stream: TextIO | None = None) -> Log:
    """A log of one JSON object a line, every event of it."""

    def log(entry: EventRow) -> None:
        print(json.dumps(_fields(entry), ensure_ascii=False), file=stream or sys.stderr, flush=True)

    return log


def json_say(stream: TextIO | None = None) -> Callable[[str], None]:
    """What the daemon says between events, as JSON too."""

    def say(sentence: str) -> None:
        print(json.dumps({"says": sentence}, ensure_ascii=False), file=stream or sys.stderr, flush=True)

    return say


def _line(entry: EventRow) -> str:
    said = _WORDS.get(entry.event, entry.event)
    if entry.dry_run and entry.event == Event.ACCEPT:
        said = "dry run, reached nobody:"
    parts = [f"{entry.at:%Y-%m-%dT%H:%M:%SZ}", said, entry.delivery or entry.account]
    if entry.event == Event.ACCEPT and entry.due:
        parts.append(f"({_lateness(entry.at, entry.due)})")
    if entry.why:
        parts.append(f"- {entry.why}")
    if entry.url:
        parts.append(entry.url)
    if advice := _ADVICE.get(Event(entry.event)) if entry.event in set(Event) and entry.delivery else None:
        lead = "when it is out" if entry.event == Event.HAND_OVER else "to mend"
        parts.append(f"- {lead}: {advice.format(name=entry.delivery)}")
    return " ".join(parts)


def _lateness(at: datetime, due: datetime) -> str:
    late = max(at - due, timedelta(0))
    seconds = late.total_seconds()
    return f"{seconds * 1000:.0f} ms after its moment" if seconds < 1 else f"{seconds:.1f} s after its moment"


def _fields(entry: EventRow) -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "event": entry.event,
        "delivery": entry.delivery,
        "account": entry.account,
        "from": entry.from_state,
        "to": entry.to_state,
        "attempt": entry.attempt,
        "who": entry.who,
        "why": entry.why,
        "dry_run": entry.dry_run,
        "url": entry.url,
        "due": entry.due.isoformat() if entry.due else None,
    }
