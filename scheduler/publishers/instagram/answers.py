"""What Instagram answers beyond what all of Meta does: a day's posts that are used up, and fields it does not show.

9/2207042 says that the day's posts are used up, and not until when: the quota is asked for that. A field that one
may not see is refused as a whole (100 or a missing permission), so whoever asks for it can ask without it. A block as
spam does not end sooner by being tried.
Sources: Instagram error codes, as of 2026-06; IG Media reference, undated copies.
"""

from datetime import timedelta

from scheduler.errors import Ambiguous, PublishError, RateLimited, Transient
from scheduler.http.reply import Reply
from scheduler.publishers.meta.answers import Fault, Meaning, fault_of, meaning_of, sort, sorting, told

USED_UP = 2207042
LATER = timedelta(hours=1)
"""How long a full quota is waited for where nothing says when a place is free: it is one of 24 rolling hours."""

_A_DAYS = 9
_NO_SUCH = (100, 33)
_sort_made = sorting({_NO_SUCH: Meaning.UNFETCHED})
_sort_published = sorting({_NO_SUCH: Meaning.WAIT})


class Full(RateLimited):
    """The posts that the account has in 24 hours are used up."""


class Blocked(Ambiguous):
    """Instagram takes the account for a spammer for now. The post that it said so of was seen to be live."""


class Hidden(Transient):
    """What was asked for exists, and a field of it is not shown."""


def making(reply: Reply) -> PublishError | None:
    """As `sort`, for making a container: parts of it that are "not there" are ours, and may not be seen yet."""
    return _full(reply) or _sort_made(reply)


def publishing(reply: Reply) -> PublishError | None:
    """As `sort`, for the call that publishes: a container that is "not there" is ours, and may not be seen yet."""
    fault, error = fault_of(reply), _full(reply) or _sort_published(reply)
    spam = fault is not None and meaning_of(fault) is Meaning.SPAM and isinstance(error, Ambiguous)
    return Blocked(told(reply)) if spam else error


def _full(reply: Reply) -> Full | None:
    fault = fault_of(reply)
    if fault is None or not (fault.code == _A_DAYS or fault.subcode == USED_UP):
        return None
    return Full(told(reply), retry_at=reply.now + LATER)


def unless_hidden(reply: Reply) -> PublishError | None:
    """As `sort`, but `Hidden` where a field may be what is refused."""
    fault = fault_of(reply)
    refused = fault is not None and meaning_of(fault) in {Meaning.WRONG, Meaning.RIGHTS}
    return Hidden(told(reply)) if refused else sort(reply)


def unless_gone(reply: Reply) -> PublishError | None:
    """As `sort`, with "there is no such thing" left to whoever asked."""
    return None if is_gone(reply) else sort(reply)


def is_gone(reply: Reply) -> bool:
    """Whether an answer says that there is no such thing, or none that this token may touch, or not yet."""
    fault = fault_of(reply)
    return fault is not None and _pair(fault) == _NO_SUCH


def _pair(fault: Fault) -> tuple[int, int]:
    return fault.code, fault.subcode
