"""How the engine waits: an alarm that can be set for a moment, and woken by anyone.

The alarm decides nothing and sends nothing. It may wake too early or twice; it must never
sleep over its moment for longer than the engine's beat, which re-reads the wall clock.
"""

import threading
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.clock import Clock


class Alarm(Protocol):
    """Wakes the engine."""

    def arm(self, moment: datetime | None) -> None:
        """Wake at `moment` (aware), instead of what was armed before; None: at no moment."""
        ...

    def wait(self, timeout: float, *, busy: bool) -> bool:
        """Sleeps until the armed moment, `set`, or `timeout` seconds; True if woken. `busy`: something is in flight."""
        ...

    def set(self) -> None:
        """Wakes whoever waits, or the next one who would; from any thread."""
        ...


class ThreadAlarm:
    """An alarm of the standard library alone: it counts the seconds to its moment by a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = threading.Event()
        self._armed: datetime | None = None

    def arm(self, moment: datetime | None) -> None:
        """Wake at `moment`; None: at no moment."""
        self._armed = moment

    def wait(self, timeout: float, *, busy: bool) -> bool:  # noqa: ARG002  # real time passes either way
        """Sleeps until the armed moment, `set`, or `timeout` seconds."""
        if self._armed is not None:
            timeout = min(timeout, max(0.0, (self._armed - self._clock.now()).total_seconds()))
        woken = self._event.wait(timeout)
        self._event.clear()
        return woken

    def set(self) -> None:
        """Wakes whoever waits."""
        self._event.set()


class JumpingClock:
    """A clock that stands still until it is moved; it never goes back by itself."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._started = moment

    def now(self) -> datetime:
        """The moment it was moved to."""
        return self._moment

    def monotonic(self) -> float:
        """Seconds since it started."""
        return (self._moment - self._started).total_seconds()

    def jump(self, moment: datetime) -> None:
        """Moves forward to `moment`; stays where it is if that is past."""
        self._moment = max(self._moment, moment)

    def later(self, **span: float) -> datetime:
        """Moves forward by a span (`minutes=7`), and says what time it is then."""
        self.jump(self._moment + timedelta(**span))
        return self._moment

    def step(self, **span: float) -> datetime:
        """Steps by a span that may be negative, as a wall clock does when it is corrected."""
        self._moment += timedelta(**span)
        return self._moment


class JumpingAlarm:
    """An alarm for rehearsals: time stands still while anything is in flight, and jumps when all is idle."""

    def __init__(self, clock: JumpingClock) -> None:
        self._clock = clock
        self._event = threading.Event()
        self._armed: datetime | None = None

    def arm(self, moment: datetime | None) -> None:
        """Jump to `moment` when idle; None: stay."""
        self._armed = moment

    def wait(self, timeout: float, *, busy: bool) -> bool:
        """While busy, waits for `set`; else jumps to the armed moment at once."""
        if self._armed is not None and not busy:
            self._clock.jump(self._armed)
            return False
        woken = self._event.wait(timeout)
        self._event.clear()
        return woken

    def set(self) -> None:
        """Wakes whoever waits for something in flight."""
        self._event.set()
