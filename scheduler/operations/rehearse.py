"""Playing a day: the real engine on a queue of its own, dry-run publishers, and a clock that jumps.

Time stands still while anything is on its way and jumps to the next moment when nothing
is, so a day takes seconds and keeps its order. Nothing of the workspace is touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler.engine.alarm import JumpingAlarm, JumpingClock
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Bug
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import Event, State
from scheduler.model.zones import zone
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.rows import EventRow, Row
from scheduler.planning.differ import Differ
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import EMPTY
from scheduler.preview.tables import WentOut
from scheduler.preview.view import instant
from scheduler.preview.words import state_words
from scheduler.publishers.base import Publisher
from scheduler.publishers.dryrun import FILE, DryRun

WORKERS = 8
BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What went out when; `complete` says whether all of it did."""

    day: date
    rows: tuple[WentOut, ...]

    @property
    def complete(self) -> bool:
        """Whether everything went out."""
        return all(row.at is not None for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """As `rehearse --json` prints it."""
        return {
            "day": self.day.isoformat(),
            "complete": self.complete,
            "deliveries": [
                {
                    "delivery": row.delivery,
                    "account": row.account,
                    "platform": row.platform,
                    "due": instant(row.due),
                    "at": instant(row.at) if row.at else None,
                    "outcome": row.outcome,
                }
                for row in self.rows
            ],
        }


def parts_of_day(planned: Iterable[PlannedDelivery], held: Iterable[Row], day: date) -> tuple[PlannedDelivery, ...]:
    """What would leave on `day`: as the queue has it frozen, else as the files say; what already left is left out."""
    queue = {row.name: row for row in held}
    chosen = [part for one in planned if (part := _as_queued(one, queue.get(one.name))) is not None]
    return tuple(part for part in chosen if part.due.astimezone(zone(part.timezone)).date() == day)


def _as_queued(planned: PlannedDelivery, row: Row | None) -> PlannedDelivery | None:
    if row is None:
        return planned
    if row.state is not State.SCHEDULED or row.content is None:
        return None
    return replace(planned, due=row.due, expires_at=row.expires_at, content=row.content, timezone=row.timezone)


def rehearse(
    workspace: str, parts: tuple[PlannedDelivery, ...], *, day: date, folder: Path, progress: Callable[[int], None]
) -> Rehearsal:
    """Play `parts` in `folder` (empty, thrown away by the caller); `progress` hears how many went out so far."""
    if not parts:
        return Rehearsal(day, ())
    clock = JumpingClock(min(part.due for part in parts) - BEFORE)
    plan = Plan(tuple(replace(part, live=False) for part in parts))
    sent: dict[str, datetime] = {}

    def hear(event: EventRow) -> None:
        if event.event == Event.ACCEPT:
            sent[event.delivery] = event.at
            progress(len(sent))

    rediff = Differ(plan, campaigns=None, now=clock.now())

    with open_outbox(folder / "outbox.db", create=True, workspace=workspace) as outbox:
        outbox.apply(rediff(EMPTY), rediff=rediff, at=clock.now(), who="rehearsal")
        engine = Engine(
            outbox,
            Switchboard(_nobody, dry=DryRun(folder / FILE, clock)),
            clock,
            JumpingAlarm(clock),
            on_event=hear,
            pool_size=WORKERS,
        )
        engine.run(engine.quiet)
        return Rehearsal(day, tuple(_went_out(row, sent) for row in outbox.rows()))


def _nobody(account: str) -> Publisher:
    raise Bug(f"a rehearsal asked for the live publisher of {account}")


def _went_out(row: Row, sent: dict[str, datetime]) -> WentOut:
    words = state_words(row.state.value, dry_run=row.dry_run)
    text = row.content.text if row.content else ""
    return WentOut(row.name, row.due, sent.get(row.name), row.account, row.platform, text, words)
