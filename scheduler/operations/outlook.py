"""What will go out, as one list of posts: sent or frozen content where the queue has it, else the files'.

Where the files now say otherwise than the queue, a post carries both, and a warning says
that it is not applied.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from scheduler.errors import Bug
from scheduler.finding import Finding, warning
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.model.zones import zone
from scheduler.operations.needs import WAITS, need
from scheduler.outbox.rows import Row
from scheduler.preview.view import DeliveryView, ShownPart, view_of_parts, view_of_planned

P = TypeVar("P")
_OUT = frozenset({State.SENT, State.RETRACTED, State.SENDING, State.UNCERTAIN})
"""States in which the files no longer decide what is shown, and a difference was told as a conflict."""


def views(
    planned: Iterable[PlannedDelivery], rows: Iterable[Row], accounts: Mapping[str, Account]
) -> list[DeliveryView]:
    """Every post that the files or the queue know, by due and name; `rows` empty shows the files alone."""
    wanted, held = _threads(planned, lambda part: part.thread), _threads(rows, lambda row: row.thread)
    found: list[DeliveryView] = []
    for thread in {**wanted, **held}:
        files = _of_files(wanted.get(thread), accounts)
        if thread in held:
            found.append(_merged(held[thread], files, accounts))
        elif files is not None:
            found.append(files)
    return sorted(found, key=lambda view: (view.due, view.delivery))


def planned_views(
    planned: Sequence[PlannedDelivery], rows: Iterable[Row], accounts: Mapping[str, Account]
) -> list[DeliveryView]:
    """The posts that the files ask for, in the state the queue has them in."""
    names = {delivery.thread for delivery in planned}
    return [view for view in views(planned, rows, accounts) if view.delivery in names]


def _threads(parts: Iterable[P], thread: Callable[[P], str]) -> dict[str, list[P]]:
    found: dict[str, list[P]] = {}
    for part in parts:
        found.setdefault(thread(part), []).append(part)
    return found


def _of_files(parts: Sequence[PlannedDelivery] | None, accounts: Mapping[str, Account]) -> DeliveryView | None:
    if not parts:
        return None
    return view_of_planned(sorted(parts, key=lambda part: part.part), accounts[parts[0].account])


def view_of_rows(
    rows: Sequence[Row], accounts: Mapping[str, Account], files: DeliveryView | None = None
) -> DeliveryView:
    """One post as the queue holds it, its parts in order; an account gone from the files is shown all the same."""
    parts = sorted(rows, key=lambda row: row.part)
    first = parts[0]
    account = accounts.get(first.account) or Account(first.account, first.platform, first.timezone)
    view = view_of_parts(
        [ShownPart(row.name, row.state.value, _content(row), row.remote_url, _strength(row)) for row in parts],
        account,
        due=first.due,
        timezone=first.timezone,
        live=first.live,
        tags=first.tags,
        dry_run=any(row.dry_run for row in parts),
        files=files,
    )
    waiting = next((row for row in parts if row.state in WAITS), None)
    if waiting is None:
        return view
    told = need(waiting, account)
    return replace(view, trouble=told.message, choices=told.choices)


def _strength(row: Row) -> str:
    return row.receipt.strength.value if row.receipt and not row.dry_run else ""


def _content(row: Row) -> Content:
    if row.content is None:
        raise Bug(f"{row.name} was read without its content")
    return row.content


def _merged(rows: Sequence[Row], files: DeliveryView | None, accounts: Mapping[str, Account]) -> DeliveryView:
    held = view_of_rows(rows, accounts)
    if files is None or _same(held, files):
        return held
    return view_of_rows(rows, accounts, files)


def _same(held: DeliveryView, files: DeliveryView) -> bool:
    texts = [part.content.hash for part in held.parts] == [part.content.hash for part in files.parts]
    return texts and (held.due == files.due or held.state in _OUT)


def on_day(shown: Iterable[DeliveryView], day: date) -> list[DeliveryView]:
    """Those of the day: a post belongs to the day that it has in its slot's zone."""
    return [view for view in shown if view.local.date() == day]


def first_day(shown: Iterable[DeliveryView], *, now: datetime, timezone: str) -> date:
    """Today in `timezone` where it has posts, else the next day that has; today again where none follows."""
    today = now.astimezone(zone(timezone)).date()
    return min((view.local.date() for view in shown if view.local.date() >= today), default=today)


def not_applied(shown: Iterable[DeliveryView]) -> list[Finding]:
    """The warnings for posts whose files say otherwise than the queue."""
    return [
        warning(
            "not-applied",
            f"{view.delivery} is in the queue otherwise than the files now say.",
            mend="Run drumbeat apply to take the files' version, or look at drumbeat plan.",
            delivery=view.delivery,
        )
        for view in shown
        if view.files is not None
    ]
