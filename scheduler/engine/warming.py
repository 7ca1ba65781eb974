"""Opening connections a moment ahead, so that at the second no handshake is in the way.

A courtesy, never a condition: whatever goes wrong here is met again by the request
itself, which opens a connection of its own then.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from scheduler.engine.switchboard import Switchboard
from scheduler.errors import SchedulerError
from scheduler.outbox.rows import LaneRow

LEAD = timedelta(seconds=2.5)
"""How long before its moment: longer than a beat, shorter than servers keep an idle connection."""
TOGETHER = timedelta(seconds=1)
MOST = 100
"""More connections than these would be closed again before they are used: so many may wait (`http.idle`)."""


@runtime_checkable
class Warms(Protocol):
    """A publisher that can open its connection ahead."""

    def warm(self) -> None:
        """Opens a connection for the next request. Raises `Transient` where that does not work now."""
        ...


def due_for_warming(ready: datetime | None, now: datetime) -> bool:
    """Whether the next moment is near enough, and not there yet."""
    return ready is not None and now < ready <= now + LEAD


def accounts_to_warm(lanes: Iterable[LaneRow], ready: datetime, live: frozenset[str]) -> list[str]:
    """The live accounts whose next post leaves at `ready`, or within a second of it; of very many the first."""
    soon = [
        (lane.ready_at, lane.account)
        for lane in lanes
        if lane.account in live and lane.ready_at is not None and lane.ready_at <= ready + TOGETHER
    ]
    return [account for _, account in sorted(soon)[:MOST]]


def warm(account: str, switchboard: Switchboard) -> None:
    """Opens the account's connection, where its publisher can; fails in silence."""
    with suppress(SchedulerError, OSError):
        publisher = switchboard.publisher(account, dry=False)
        if isinstance(publisher, Warms):
            publisher.warm()
