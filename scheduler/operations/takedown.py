"""Taking down what is out: through its publisher, last part first, no faster than its platform allows.

Each delete is recorded as soon as it is confirmed, so that a call that dies half-way goes
on where it stopped; deleting what is gone already is fine. What cannot be deleted is
handed back with the reason, for a person to remove.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.clock import Clock
from scheduler.errors import MayExist, RateLimited, SchedulerError
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.platforms import by_hand
from scheduler.publishers.base import Operation, Pace, Publisher

TRIES = 3
LONGEST_WAIT = timedelta(hours=1)
"""A platform that asks for more than this is left for later."""
WITHOUT_WORD = timedelta(minutes=1)
"""How long to wait for a platform that limits and does not say until when."""


@dataclass(frozen=True, slots=True)
class Left:
    """A post that is still out, and why Drumbeat could not take it down."""

    row: Row
    why: str


@dataclass(slots=True)
class Outcome:
    """What was taken down, and what a person must remove."""

    taken: list[Row] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hands:
    """What a take-down works with: `publisher` by account, `pause` in seconds, `who` and `why` for the history."""

    publisher: Callable[[str], Publisher]
    clock: Clock
    pause: Callable[[float], None]
    who: str
    why: str = ""


def in_order(rows: Iterable[Row]) -> list[Row]:
    """What is out among `rows`, the newest post first, and of each thread the last part first."""
    out = [row for row in rows if row.state is State.SENT]
    return sorted(out, key=lambda row: (row.due, row.thread, row.part), reverse=True)


def take_down(outbox: Outbox, rows: Sequence[Row], hands: Hands) -> Outcome:
    """Deletes `rows` in their order, and records each. Raises nothing that a publisher can cause."""
    outcome = Outcome()
    queues: dict[str, _Queue] = {}
    for row in rows:
        why = "" if row.dry_run else _delete(row, outbox, hands, queues)
        if why:
            outcome.left.append(Left(row, why))
        else:
            outbox.retract(row.name, at=hands.clock.now(), who=hands.who, why=hands.why)
            outcome.taken.append(row)
    return outcome


def how_long(outbox: Outbox, rows: Sequence[Row], hands: Hands) -> timedelta:
    """How long the platforms' paces make taking down `rows` last, as far as is known beforehand."""
    now = hands.clock.now()
    last = now
    queues: dict[str, _Queue] = {}
    for row in rows:
        pace = None if row.dry_run else _pace(row, hands)
        if pace is not None:
            queue = queues.setdefault(row.account, _queue(outbox, row.account, pace, now))
            moment = queue.next(now)
            queue.used(moment)
            last = max(last, moment)
    return last - now


@dataclass(slots=True)
class _Queue:
    """When an account deleted lately, and when it may again."""

    pace: Pace
    times: deque[datetime]

    def next(self, now: datetime) -> datetime:
        """The first moment, now or later, at which one more is within the pace."""
        if len(self.times) < self.pace.number:
            return now
        return max(now, self.times[-self.pace.number] + self.pace.per)

    def used(self, at: datetime) -> None:
        """One more was made."""
        self.times.append(at)


def _queue(outbox: Outbox, account: str, pace: Pace, now: datetime) -> _Queue:
    return _Queue(pace, deque(outbox.taken_down(account, since=now - pace.per)))


def _pace(row: Row, hands: Hands) -> Pace | None:
    try:
        return hands.publisher(row.account).capabilities.deletes
    except Exception:  # noqa: BLE001  # the delete itself will meet the same trouble, and say so
        return None


def _delete(row: Row, outbox: Outbox, hands: Hands, queues: dict[str, _Queue]) -> str:
    """Deletes one post; empty, or why it is still out."""
    try:
        publisher = hands.publisher(row.account)
        if by_hand(row.platform):
            return "A person posted it by hand, and must remove it."
        if Operation.DELETE not in publisher.capabilities.operations:
            return f"Posts on {row.platform} cannot be deleted from here."
        pace = publisher.capabilities.deletes
        if pace is not None and row.account not in queues:
            queues[row.account] = _queue(outbox, row.account, pace, hands.clock.now())
        return _deleted(row, publisher, hands, queues.get(row.account))
    except SchedulerError as caught:
        return f"{caught.message} {caught.mend}".strip()
    except Exception as caught:  # noqa: BLE001  # a stranger's publisher; the other posts still come down
        return f"Its publisher stumbled: {type(caught).__name__}."


def _deleted(row: Row, publisher: Publisher, hands: Hands, queue: _Queue | None) -> str:
    if row.receipt is None:
        return "Nobody knows its id."
    for _ in range(TRIES - 1):
        again = _tried(row.receipt, publisher, hands, queue)
        if again is None:
            return ""
        _wait(again, hands)
    _once(row.receipt, publisher, hands, queue)
    return ""


def _tried(receipt: Receipt, publisher: Publisher, hands: Hands, queue: _Queue | None) -> datetime | None:
    """One request; None where it is done, else when to try again. A lost reply is no trouble: it is asked again."""
    try:
        _once(receipt, publisher, hands, queue)
    except MayExist:
        return hands.clock.now()
    except RateLimited as caught:
        again = caught.retry_at or hands.clock.now() + WITHOUT_WORD
        if again > hands.clock.now() + LONGEST_WAIT:
            raise
        return again
    return None


def _once(receipt: Receipt, publisher: Publisher, hands: Hands, queue: _Queue | None) -> None:
    if queue is not None:
        _wait(queue.next(hands.clock.now()), hands)
        queue.used(hands.clock.now())
    publisher.delete(receipt)


def _wait(until: datetime, hands: Hands) -> None:
    seconds = (until - hands.clock.now()).total_seconds()
    if seconds > 0:
        hands.pause(seconds)
