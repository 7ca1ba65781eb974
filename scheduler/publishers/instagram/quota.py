"""How many posts an account may publish, as Instagram itself tells it.

Its pages say 50 in one place and 100 in another, once it was 25; only the endpoint knows. A carousel is one. The
hours roll, so one place is free a day after each post. Source: content_publishing_limit, as of 2026-03.
"""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.publishers.meta.graph import Graph

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Quota:
    """`used` of `total` posts within `per`."""

    used: int
    total: int
    per: timedelta

    @property
    def is_full(self) -> bool:
        """Whether no post is taken now."""
        return self.used >= self.total

    def told(self) -> str:
        """In words."""
        return f"{self.used} of {self.total} posts in {self.per // timedelta(hours=1)} hours are used up."


def quota_of(graph: Graph, user: str) -> Quota | None:
    """The account's quota; None where the answer does not tell it. Raises as a look does."""
    params = {"fields": "quota_usage,config"}
    listed = graph.read(f"/{user}/content_publishing_limit", params=params).fields().get("data")
    told = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    used, config = told.get("quota_usage"), told.get("config")
    total = config.get("quota_total") if isinstance(config, dict) else None
    if type(used) is not int or type(total) is not int:
        return None
    seconds = config.get("quota_duration") if isinstance(config, dict) else None
    return Quota(used, total, timedelta(seconds=seconds if type(seconds) is int and seconds > 0 else _DAY))
