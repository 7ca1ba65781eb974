"""Which accounts wait, and for what: a person, money, or until a platform takes posts again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduler.outbox.rows import LaneRow
from scheduler.preview.view import instant

SOON = timedelta(minutes=2)
"""A wait that is asked again so soon is told without its end: that is no moment to wait for."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One account whose posts wait. `until` is None where a person must act first."""

    account: str
    why: str
    paused: bool
    until: datetime | None = None

    @property
    def mend(self) -> str:
        """The command that ends it; empty where none does."""
        return f"drumbeat accounts resume {self.account}" if self.paused else ""

    def as_json(self) -> dict[str, Any]:
        """As `status --json` lists it."""
        until = instant(self.until) if self.until else None
        return {"account": self.account, "why": self.why, "paused": self.paused, "until": until, "mend": self.mend}


def waits(lanes: Iterable[LaneRow], *, now: datetime) -> tuple[Wait, ...]:
    """What keeps accounts waiting at `now` beside their posts' own moments, by account."""
    found: list[Wait] = []
    for lane in lanes:
        if lane.paused:
            found.append(Wait(lane.account, lane.paused, paused=True))
        elif lane.ready_at and lane.blocked_until and lane.blocked_until > now:
            until = lane.blocked_until if lane.blocked_until - now > SOON else None
            found.append(Wait(lane.account, lane.blocked_why, paused=False, until=until))
    return tuple(found)
