"""A moment of our clock as a server's clock had it: looks are bounded by moments that the server wrote.

Where our clock runs ahead, a post made "since then" lies before it by the server's, and a look
that took ours for the truth would call it absent.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scheduler.http.reply import Reply


def lead_of(reply: Reply) -> timedelta | None:
    """How far a server's clock is ahead of ours, going by the `Date` of its answer; None where it tells no time."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")) - reply.now
    except (ValueError, TypeError):
        return None


def by_their_clock(reply: Reply, moment: datetime) -> datetime | None:
    """`moment` (aware) by the server's clock; None where it tells no time."""
    lead = lead_of(reply)
    return None if lead is None else moment + lead
