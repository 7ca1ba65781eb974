"""Lists at Graph, gone through by cursor.

Not every list names its next page by address (Threads does not), so it is asked for by `paging.cursors.after`,
until a page is empty or has no cursor. A list that was not read whole proves nothing to be absent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.http.reply import Reply, Sort
from scheduler.publishers.meta.answers import sort
from scheduler.publishers.meta.graph import Graph

PAGE, MOST_PAGES = 25, 8

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds; `whole` where all of it was read."""

    entries: tuple[Entry, ...]
    whole: bool


def _never(_: list[Entry]) -> bool:
    return False


def listed(  # a list has so many sides
    graph: Graph,
    path: str,
    params: Mapping[str, Any],
    *,
    page: int = PAGE,
    most: int = MOST_PAGES,
    sort: Sort = sort,
    enough: Callable[[list[Entry]], bool] = _never,
) -> Listing:
    """The list at `path`, at most `most` pages of `page` entries. Raises what looking raises.

    `sort` judges the answers. Where a page is `enough`, what lies behind it is not wanted and the list counts as whole.
    """
    found: list[Entry] = []
    after = ""
    for _ in range(most):
        asked = {**params, "limit": page, **({"after": after} if after else {})}
        reply = graph.read(path, params=asked, sort=sort)
        entries = entries_of(reply)
        found += entries
        after = _after(reply) if entries and not enough(entries) else ""
        if not after:
            return Listing(tuple(found), whole=True)
    return Listing(tuple(found), whole=False)


def entries_of(reply: Reply) -> list[Entry]:
    """One page's entries. Raises `Transient` where the answer is no list."""
    entries = reply.fields().get("data")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise reply.garbled("it is no list")
    return entries


def _after(reply: Reply) -> str:
    paging = reply.said().get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
