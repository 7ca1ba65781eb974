"""Dying on purpose, at a chosen call: the enumeration of all the ways to stop half-way.

A `Mortal` counts calls and raises `Died` at the nth, after which nothing of that process
may run. `Died` is no `Exception`: like a SIGKILL, nobody can catch it by mistake.
"""

from dataclasses import dataclass

from sqlalchemy import event

from scheduler.outbox.outbox import Outbox


class Died(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Mortal:
    """Dies at call number `at` (from 1; 0: never). `calls` says how far it came, `last` what it died in."""

    at: int = 0
    calls: int = 0
    last: str = ""

    def call(self, what: str) -> None:
        """One call; perhaps the last."""
        if self.at and self.calls >= self.at:
            raise Died(self.last)  # a dead process does nothing more
        self.calls += 1
        if self.calls == self.at:
            self.last = what
            raise Died(what)

    def live_in(self, outbox: Outbox, *, statements: bool = False) -> None:
        """Every commit and what follows it count as calls; with `statements`, every statement before it as well."""
        engine = outbox.engine
        if statements:
            event.listen(engine, "before_cursor_execute", lambda *args: self.call(f"sql: {args[2].strip()[:40]}"))
        event.listen(engine, "commit", lambda _: self.call("before a commit"))
        event.listen(engine.pool, "checkin", lambda *_: self.call("after a commit") if not self._dead() else None)

    def _dead(self) -> bool:
        return bool(self.at) and self.calls >= self.at
