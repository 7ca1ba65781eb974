"""Moments as the outbox keeps them: integers, microseconds since 1970 in UTC.

Integers compare exactly, index well, and mean the same in every database. Aware moments
go in, aware UTC moments come out; a naive one is a mistake of ours and is refused.
"""

from datetime import UTC, datetime, timedelta

from scheduler.errors import Bug

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970. Raises `Bug` for a naive moment."""
    if moment.tzinfo is None:
        raise Bug(f"a naive moment reached the outbox: {moment}")
    return (moment - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC moment of so many microseconds since 1970."""
    return EPOCH + us * MICROSECOND


def span_us(span: timedelta) -> int:
    """A duration in microseconds."""
    return span // MICROSECOND
