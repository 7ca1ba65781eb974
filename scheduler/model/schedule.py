"""When a post goes out, as the files say it: civil time, before any zone is resolved.

`planning.slots` turns a schedule into slots, and a slot into an instant.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """The civil days in which a campaign speaks, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of `at`: a naive civil time, or an aware instant where an offset was written."""

    slot: str
    when: datetime


@dataclass(frozen=True, slots=True)
class At:
    """Named moments; a single one is called `once`."""

    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """`daily 09:00`, `weekday 12:15`, `monday thursday 18:30`; days count from Monday = 0."""

    days: frozenset[int]
    at: time


@dataclass(frozen=True, slots=True)
class Interval:
    """`2h 09:00-17:00`: each day, every `step` from `first`, up to and including `last`."""

    step: timedelta
    first: time
    last: time


@dataclass(frozen=True, slots=True)
class Cron:
    """`cron 15 12 * * 1-5`: five standard fields, 0 and 7 being Sunday."""

    expression: str


@dataclass(frozen=True, slots=True)
class Every:
    """A rule that fires again and again inside the window (narrowed by `first`), but not on `excluded` days."""

    rule: Weekly | Interval | Cron
    first: date | None = None
    excluded: frozenset[date] = frozenset()
    jitter: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Spread:
    """One slot a record, evenly over a day: the first at `first`, the last at `last`, on whole seconds."""

    on: date
    first: time
    last: time
    jitter: timedelta = timedelta(0)


Schedule = At | Every | Spread
