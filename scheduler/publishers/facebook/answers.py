"""What Facebook's answers mean where the rules that all of Meta shares would be wrong, or say too little.

A link that Facebook cannot read is tried once more, for its crawler is not always well, and then
refused. 100/33 is said of what is not there and of what one may not touch: to the request that makes
a post it means the rights, to a look at a post that the post is gone.
Sources: Meta's error handling, as of 2026-06; gitroomhq/postiz-app, 2026, for 1609005 and 1609008.
"""

from collections.abc import Callable, Mapping

from scheduler.errors import PublishError, Rejected
from scheduler.http.reply import Reply, Sort
from scheduler.publishers.meta.answers import Fault, Meaning, Pair, fault_of, sort, sorting, told

UNREAD = 1609005
_NO_SUCH = (100, 33)
_MAKING: Mapping[Pair, Meaning] = {_NO_SUCH: Meaning.RIGHTS}
_sort_made = sorting(_MAKING)


def created(*, link_was_unread: bool, unread: Callable[[], None]) -> Sort:
    """As `sort`, for the request that makes the post. `unread` is called where the link cannot be read."""

    def sort_created(reply: Reply) -> PublishError | None:
        fault = fault_of(reply)
        if fault is None or UNREAD not in _numbers(fault):
            return _sort_made(reply)
        if link_was_unread:
            return Rejected(f"Facebook cannot read the link, tried twice: {told(reply)}")
        unread()
        return _sort_made(reply)

    return sort_created


def unless_gone(reply: Reply) -> PublishError | None:
    """As `sort`, with "there is no such thing" left to whoever asked."""
    return None if is_gone(reply) else sort(reply)


def is_gone(reply: Reply) -> bool:
    """Whether an answer says that there is no such thing, or none that this token may touch."""
    fault = fault_of(reply)
    return fault is not None and (fault.code, fault.subcode) == _NO_SUCH


def _numbers(fault: Fault) -> frozenset[int]:
    return frozenset({fault.code, fault.subcode})
