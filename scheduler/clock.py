"""The only place that asks what time it is.

Everything else is handed a `Clock` or a moment, so a test, a rehearsal and `--at` need
no patching. Moments are aware and in UTC.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something takes."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """The wall clock's moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The machine's monotonic seconds."""
        return time.monotonic()


class FixedClock:
    """A moment that somebody named: `--at`."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The named moment, in UTC."""
        return self._moment

    def monotonic(self) -> float:
        """Seconds since the epoch at the named moment: it stands still."""
        return self._moment.timestamp()
