"""What Instagram answers beyond what all of Meta does: a day's posts that are used up, and fields it does not show.

9/2207042 says that the day's posts are used up, and not until when: the quota is asked for that. A field that one
may not see is refused as a whole (100 or a missing permission), so whoever asks for it can ask without it. A block as
spam does not end sooner by being tried.
Sources: Instagram error codes, as of 2026-06; IG Media reference, undated copies.
"""

from datetime import timedelta

from scheduler.errors import Ambiguous, PublishError, RateLimited, Transient
from scheduler.http.reply import Reply
from scheduler.publishers.meta.answers import Fault, Meaning, fault_of, meaning_of, sort, told

USED_UP = 2207042
LATER = timedelta(hours=1)
"""How long a full quota is waited for where nothing says when a place is free: it is one of 24 rolling hours."""

_NO_SUCH = (100, 33)


class Full(RateLimited):
    """The posts that the account has in 24 hours are used up."""


class Blocked(Ambiguous):
    """Instagram takes the account for a spammer for now. The post that it said so of was seen to be live."""


class Hidden(Transient):
    """What was asked for exists, and a field of it is not shown."""


def sort_own(reply: Reply) -> PublishError | None:
    """As `sort`, for making containers and publishing them."""
    fault = fault_of(reply)
    if fault is not None and USED_UP in {fault.code, fault.subcode}:
        return Full(told(reply), retry_at=reply.now + LATER)
    error = sort(reply)
    spam = fault is not None and meaning_of(fault) is Meaning.SPAM and isinstance(error, Ambiguous)
    return Blocked(told(reply)) if spam else error


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
