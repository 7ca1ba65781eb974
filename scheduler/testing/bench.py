"""An outbox for tests, filled from a few words: no files, no plan, no clock but the one handed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.outbox.applying import Applied
from scheduler.outbox.marks import mark_of
from scheduler.outbox.outbox import Outbox, open_outbox
from scheduler.planning.changes import Action, Change, ChangeSet

LATE = timedelta(hours=2)


def outbox_in(folder: Path) -> Outbox:
    """A fresh outbox in `folder`."""
    return open_outbox(folder / ".drumbeat" / "outbox.db", create=True, workspace="equality-now")


def planned(  # one word for each thing a test may want to say
    post: str,
    due: datetime,
    *,
    account: str = "main",
    parts: int = 1,
    live: bool = True,
    late: timedelta = LATE,
    text: str = "",
    slot: str = "once",
) -> list[PlannedDelivery]:
    """The parts of one post, as a plan would have them."""
    return [
        PlannedDelivery(
            campaign="time-is-now",
            post=post,
            slot=slot,
            account=account,
            platform="mastodon",
            due=due,
            expires_at=due + late,
            timezone="Europe/Skopje",
            content=Content(text or f"{post}, {part} of {parts}", language="en"),
            part=part,
            live=live,
        )
        for part in range(1, parts + 1)
    ]


def fill(outbox: Outbox, deliveries: Iterable[PlannedDelivery], *, at: datetime, who: str = "person") -> Applied:
    """Applies the deliveries as new ones."""
    changes = tuple(Change(Action.CREATE, one.name, one, None) for one in deliveries)
    return apply(outbox, changes, at=at, who=who)


def apply(outbox: Outbox, changes: Iterable[Change], *, at: datetime, who: str = "person") -> Applied:
    """Applies changes as they are, with no diff behind them."""
    whole = ChangeSet(tuple(changes), (), (), {}, "reviewed")
    with outbox.read() as connection:
        mark = mark_of(connection)
    return outbox.apply(whole, rediff=lambda *_: whole, at=at, who=who, mark=mark)
