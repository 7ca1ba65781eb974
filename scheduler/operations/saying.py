"""What a person says became of a post: it is out, with its link, or it is not. One way, for `done` and `resolve`.

The word is written down first. The page that a person posts by hand from is then replaced by one that holds
nothing to post, so that nobody posts from it again; a page that cannot be replaced undoes no word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler.errors import SchedulerError, UsageError
from scheduler.model.account import Account
from scheduler.model.delivery import Receipt, Strength
from scheduler.operations.handouts import handout_of
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow, Row
from scheduler.outbox.snapshot import Wanted
from scheduler.platforms import by_hand
from scheduler.publishers.base import Handout

_LINK = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)

POSTED = "This is out. Do not post it again."
DROPPED = "This is not to be posted."
WITHDRAWN = "This was withdrawn. Do not post it; if it is out, take it down."


@dataclass(frozen=True, slots=True)
class Desk:
    """Where words are taken: the queue, the workspace's folder, its accounts, the moment, and who speaks."""

    outbox: Outbox
    root: Path
    accounts: Mapping[str, Account]
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was written down, and the pages that still hold what nobody should post from any more."""

    events: tuple[EventRow, ...]
    open_pages: tuple[Path, ...] = ()


def checked_link(url: str) -> str:
    """`url`, where it is a whole http or https address. Raises `UsageError` else."""
    if not _LINK.fullmatch(url):
        raise UsageError(f"{url!r} is no link.", mend="Copy the post's whole address, https:// included.")
    return url


def say_sent(desk: Desk, name: str, url: str) -> Heard:
    """The post is out, a person says; `url` (empty: it has none) is where. Raises `NotInHand`, `UsageError`."""
    link = checked_link(url) if url else ""
    receipt = Receipt(link or f"by-hand:{name}", link, Strength.SAID)
    events = desk.outbox.resolve_sent(name, receipt, at=desk.at, who=desk.who)
    return Heard(tuple(events), close_pages(desk, _rows(desk, events), POSTED, url=link))


def say_not_sent(desk: Desk, name: str) -> Heard:
    """The post is not out, says a person who looked. Raises `NotInHand`."""
    events = desk.outbox.resolve_not_sent(name, at=desk.at, who=desk.who)
    return Heard(tuple(events), close_pages(desk, _rows(desk, events), DROPPED))


def close_pages(desk: Desk, rows: Iterable[Row], said: str, *, url: str = "") -> tuple[Path, ...]:
    """Takes what there is to post out of the pages of `rows`, and their pictures away; the pages where that failed."""
    found = (_handout(desk, row) for row in rows if by_hand(row.platform))
    return tuple(one.page for one in found if one and not _closed(one, said, url))


def _rows(desk: Desk, events: Iterable[EventRow]) -> list[Row]:
    return desk.outbox.rows(Wanted(names=[event.delivery for event in events]), with_content=False)


def _handout(desk: Desk, row: Row) -> Handout | None:
    return handout_of(desk.outbox, row, desk.accounts.get(row.account), desk.root)


def _closed(one: Handout, said: str, url: str) -> bool:
    try:
        one.close(said, url=url)
    except (SchedulerError, OSError):
        return False
    return True
