"""What Threads answers beyond what all of Meta does: topics that are not permitted.

The list of these is not published, and one of them fails the whole container with 100/4279071 (a live test of
others, 2026-08). The link limit (five different ones since 2025-12-22) has a name and no code that is known.
"""

from scheduler.errors import PublishError, Rejected
from scheduler.http.reply import Reply
from scheduler.publishers.meta.answers import fault_of, sort, told

TOPIC = (100, 4279071)
LINKS = "THREADS_API__LINK_LIMIT_EXCEEDED"


class TopicRefused(Rejected):
    """The post's topic is not permitted; without it the post may be taken."""


def making(reply: Reply) -> PublishError | None:
    """As `sort`, for the request that makes a container."""
    fault = fault_of(reply)
    if fault is not None and (fault.code, fault.subcode) == TOPIC:
        return TopicRefused(told(reply), mend="Take the # off the text's first hashtag, or write another.")
    if fault is not None and LINKS in fault.message:
        return Rejected(told(reply), mend="Threads takes five different links in a post.")
    return sort(reply)
