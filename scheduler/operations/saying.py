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
from scheduler.model.delivery import Receipt, Strength, idempotency_key
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow, Row
from scheduler.outbox.snapshot import Wanted
from scheduler.platforms import by_hand
from scheduler.publishers.disk import replace_files
from scheduler.publishers.manual.place import base_name, folder_of, page_name
from scheduler.publishers.manual.sheet import closed

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
    found = (path for row in rows if by_hand(row.platform) and (path := _page(desk, row)).exists())
    return tuple(path for path in found if not _closed(path, closed(path.stem, said, url=url)))


def _rows(desk: Desk, events: Iterable[EventRow]) -> list[Row]:
    return desk.outbox.rows(Wanted(names=[event.delivery for event in events]), with_content=False)


def _page(desk: Desk, row: Row) -> Path:
    key = idempotency_key(workspace=desk.outbox.workspace, delivery=row.name, generation=row.generation)
    account = desk.accounts.get(row.account) or Account(row.account, row.platform, row.timezone)
    return folder_of(desk.root, account) / page_name(base_name(row.name, key))


def _closed(path: Path, empty: bytes) -> bool:
    try:
        replace_files(path.parent, {path.name: empty})
        for picture in path.parent.glob(f"{path.stem}.*"):
            if picture != path:
                picture.unlink(missing_ok=True)
    except (SchedulerError, OSError):
        return False
    return True
