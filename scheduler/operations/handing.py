"""What a person is told at the moment at which a post is theirs to post: the text itself, and its pictures.

Other notices say names and reasons only. This one holds what the post says, because it goes out at this very
moment, and whoever posts it often has nothing at hand but a phone. `notice: short` keeps it to the page's place.
Each post is one notice, a thread one together; the page is where the rest stands.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.lifecycle import Event, State
from scheduler.operations.handouts import handout_of
from scheduler.operations.incidents import Notice
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow, Row
from scheduler.outbox.snapshot import Wanted
from scheduler.platforms import by_hand
from scheduler.preview.visible import visible
from scheduler.publishers.base import Handout
from scheduler.publishers.html import clean

SHORT = "short"
MOST_FILES = 10
MOST_BYTES = 5_000_000
"""Larger pictures stay beside the page: many ways to tell people refuse a notice for them."""
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})


def handed_notice(outbox: Outbox, name: str, account: Account, root: Path, *, again: bool = False) -> Notice | None:
    """What the person is told of the post of which `name` is the first part in their hands; None: nothing more of it.

    `again`: they may have been told before. Raises `SchedulerError` where the folder is none, or the queue is locked.
    """
    row = outbox.row(name)
    if row is None:
        return None
    thread = sorted(outbox.rows(Wanted(threads=[row.thread], states=[State.UNCERTAIN])), key=lambda one: one.part)
    if not thread or thread[0].name != name:
        return None
    handout = handout_of(outbox, row, account, root)
    where = account.settings.get("where") or account.name
    short = account.settings.get("notice") == SHORT
    body = [] if short else [_part(one, len(thread)) for one in thread]
    page = [f"The page: {handout.page}"] if handout else []
    end = [*page, f"When it is out: drumbeat done {name} --url URL"]
    once_more = " (told again after a crash: the same post)" if again else ""
    title = visible(f"Drumbeat · {outbox.workspace}: post this by hand, {where}{once_more}")
    pictures = tuple(_pictures(handout)) if handout and not short else ()
    return Notice(title, "\n\n".join((*body, "\n".join(end))), pictures)


def just_handed(outbox: Outbox, *, since: datetime) -> list[EventRow]:
    """What was handed to a person at `since` or later and still waits for them, each as its last event."""
    waiting = [row for row in outbox.needs_a_person() if row.state is State.UNCERTAIN and by_hand(row.platform)]
    last = [outbox.events(row.name)[-1] for row in waiting]
    return [entry for entry in last if entry.event == Event.HAND_OVER and entry.at >= since]


def _part(row: Row, number: int) -> str:
    content = row.content or Content("")
    head = f"{row.part} of {number}:\n" if number > 1 else ""
    return head + clean("\n\n".join(_said(content)))


def _said(content: Content) -> Iterable[str]:
    if content.warning:
        yield f"Warning: {content.warning}"
    yield content.text
    if content.link and content.link not in content.text:
        yield content.link
    if content.poll:
        yield "\n".join(("A poll:", *(f"- {option}" for option in content.poll.options)))
    words = [one.alt for one in content.media if one.alt]
    yield from (f"Alternative text: {alt}" for alt in words)


def _pictures(handout: Handout) -> Sequence[str]:
    found = [one for one in handout.files if one.suffix in _PICTURES]
    return [str(one) for one in found if one.stat().st_size <= MOST_BYTES][:MOST_FILES]
