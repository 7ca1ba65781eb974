"""Meta's containers, as Threads and Instagram make them: worked on for a while, finished or failed, gone after a day.

Sources: Threads API and Instagram API, content publishing, as of 2026-03 and 2026-04.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


@dataclass(slots=True)
class Box:
    """One container: what it was made of, when, when it is done, and how that ends."""

    id: str
    asked: Mapping[str, str]
    made: datetime
    done: datetime
    error: str = ""
    published: bool = False

    def state(self, now: datetime) -> str:
        """What the container says of itself at this moment."""
        if self.published:
            return "PUBLISHED"
        if now - self.made >= DAY:
            return "EXPIRED"
        if now < self.done:
            return "IN_PROGRESS"
        return "ERROR" if self.error else "FINISHED"
