"""How much of Meta's call budgets is gone, as its answers' headers tell.

`X-App-Usage` is an object of percentages, for the whole app, over an hour. `X-Business-Use-Case-Usage` comes
with tokens of Pages and Instagram and is an object of *lists*, by the id of the page or account; how long until
calls are taken again stands there in minutes. Calling on while at the limit is said to lengthen it.
Source: Meta, Graph API rate limiting, as of 2026-04.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduler.http.reply import Reply

TIGHT = 90
"""From so many percent on nothing is asked that a post does not need."""

_PERCENTAGES = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Usage:
    """`percent` of the fullest budget; `regained_in` is how long until calls are taken again, zero where it is not."""

    percent: int = 0
    regained_in: timedelta = timedelta()

    @property
    def tight(self) -> bool:
        """Whether what is left is to be kept for posts."""
        return self.percent >= TIGHT


def usage_of(reply: Reply) -> Usage:
    """What the headers of an answer tell; nothing where they tell nothing. Never raises."""
    said = {name.lower(): value for name, value in reply.headers.items()}
    budgets = [*_objects(said.get("x-app-usage", "")), *_objects(said.get("x-business-use-case-usage", ""))]
    percent = max((_number(one.get(name)) for one in budgets for name in _PERCENTAGES), default=0)
    minutes = max((_number(one.get("estimated_time_to_regain_access")) for one in budgets), default=0)
    return Usage(percent, timedelta(minutes=minutes))


def _objects(written: str) -> Iterator[Mapping[str, Any]]:
    """The budgets in one header: the object itself, or every object in the lists of it."""
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    yield said
    for value in said.values():
        yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else 0
