"""What LinkedIn counts of an organization's post.

A post that nobody did anything with is left out of the answer, which reads as zeros. Source: Microsoft Learn,
share statistics, as of 2026-09. Not confirmed: `ugcPosts` as the list for posts with a video.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scheduler.publishers.base import Metrics
from scheduler.publishers.linkedin.way import Way

STATISTICS = "/rest/organizationalEntityShareStatistics"
COUNTS = ("impressionCount", "uniqueImpressionsCount", "clickCount", "likeCount", "commentCount", "shareCount")


def counted(way: Way, organization: str, post: str) -> Metrics:
    """The counts of the organization's (a urn) post. Raises what looking raises."""
    name = "ugcPosts" if ":ugcPost:" in post else "shares"
    asked = f"q=organizationalEntity&organizationalEntity={quote(organization, safe='')}"
    # the brackets of a list must stand bare, and what is in it must not
    path = f"{STATISTICS}?{asked}&{name}=List({quote(post, safe='')})"
    reply = way.read(path, headers={"X-RestLi-Method": "FINDER"})
    entries = reply.fields().get("elements")
    if not isinstance(entries, list):
        raise reply.garbled("it counts nothing")
    said: object = next((one.get("totalShareStatistics") for one in entries if isinstance(one, dict)), {})
    found: Mapping[str, Any] = said if isinstance(said, dict) else {}
    return Metrics({name: count for name in COUNTS if type(count := found.get(name, 0)) is int and count >= 0})
