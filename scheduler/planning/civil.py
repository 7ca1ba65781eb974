"""From a civil time to the instant it means, in gaps and folds too.

Files speak of what a clock on the wall shows. In spring some of those times never come,
in autumn some come twice; the rule for both is here and nowhere else: in a gap the first
instant after it, in a fold the first of the two. Instants never run backwards as civil
times go on.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


class Shift(StrEnum):
    """What the clocks did to a civil time; empty: nothing."""

    NONE = ""
    GAP = "gap"
    FOLD = "fold"


def resolve(nominal: datetime, zone: ZoneInfo) -> tuple[datetime, Shift]:
    """The instant (aware, UTC) that the naive civil time `nominal` means in `zone`, and what the clocks did to it."""
    first = nominal.replace(tzinfo=zone, fold=0)
    second = nominal.replace(tzinfo=zone, fold=1)
    before, after = _offset(first), _offset(second)
    if before == after:
        return first.astimezone(UTC), Shift.NONE
    if before > after:
        return first.astimezone(UTC), Shift.FOLD
    return _end_of_gap(nominal, zone, nominal - after, nominal - before), Shift.GAP


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta(0)


def _end_of_gap(nominal: datetime, zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first whole second after `low`, up to `high` (both naive UTC), at which the wall shows `nominal` or later."""
    while high - low > SECOND:
        middle = low + timedelta(seconds=(high - low) // SECOND // 2)
        if civil(middle.replace(tzinfo=UTC), zone) < nominal:
            low = middle
        else:
            high = middle
    return high.replace(tzinfo=UTC)


def civil(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the wall shows in `zone` at `instant`, naive."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
