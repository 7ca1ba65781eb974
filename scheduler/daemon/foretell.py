"""Tells ahead that a credential ends before the last post it must serve, while there is time to mend it.

Nobody is asked: what platforms said before stands in `.drumbeat/ends.json`. Each end is told once, and
once more on its last day; what a person looked at meanwhile (`accounts inspect`) counts.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from scheduler.clock import Clock
from scheduler.errors import SchedulerError
from scheduler.operations.endings import LAST_CALL, Ending, foretold, known
from scheduler.operations.incidents import Kind, Trouble
from scheduler.outbox.outbox import Outbox
from scheduler.workspace.loader import load_workspace


class Foretelling:
    """Called again and again; `tell` hears each trouble, `say` the same as a sentence."""

    def __init__(
        self,
        root: Path,
        outbox: Outbox,
        clock: Clock,
        *,
        say: Callable[[str], None],
        tell: Callable[[Trouble], None],
    ) -> None:
        self._root, self._outbox, self._clock = root, outbox, clock
        self._say, self._tell = say, tell
        self._told: set[tuple[str, datetime, bool]] = set()

    def __call__(self) -> None:
        """One look. What cannot be read now is read the next time."""
        with suppress(SchedulerError):
            for ending in self._endings():
                self._once(ending)

    def _endings(self) -> tuple[Ending, ...]:
        ends = known(self._root)
        workspace = load_workspace(self._root)[0] if ends else None
        if workspace is None:
            return ()
        return foretold(ends, self._outbox.last_dues(), workspace.accounts, now=self._clock.now())

    def _once(self, ending: Ending) -> None:
        now = self._clock.now()
        key = ending.account, ending.ends, ending.ends - now <= LAST_CALL
        if key not in self._told:
            self._told.add(key)
            self._say(ending.told(now))
            self._tell(Trouble(Kind.ENDING, ending.account, reason=ending.told(now), mend=ending.commands))
