"""Putting what was reviewed into the queue, and only that.

The plan is shown first; the yes is bound to its fingerprint. Between the yes and the
write the queue may have moved on, so what moved is compared again, the last of it inside the
write's own transaction, and refused where it makes another difference.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scheduler.errors import PlanRefused
from scheduler.media.freezing import freeze, to_keep
from scheduler.operations.progress import Progress, silent
from scheduler.operations.survey import Survey
from scheduler.outbox.outbox import Outbox
from scheduler.planning.changes import ChangeSet
from scheduler.planning.differ import Differ
from scheduler.planning.guard import guard


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written, in parts; `kept` and `conflicts` were left as they are."""

    fingerprint: str
    created: int
    moved: int
    reworded: int
    cancelled: int
    kept: int
    conflicts: int

    def as_json(self) -> dict[str, Any]:
        """As `apply --json` prints it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sound survey, what it would change, and what wants a second yes."""

    survey: Survey
    changes: ChangeSet
    reasons: tuple[str, ...]


def propose(survey: Survey, *, reviewed: str = "") -> Proposal:
    """What `apply` would do. Raises `WorkspaceError`, and `PlanRefused` if it is not `reviewed`."""
    changes = survey.sound().changes()
    if reviewed and reviewed != changes.fingerprint:
        raise PlanRefused(
            "This is not the plan that was reviewed: files or queue have changed since. Nothing was written.",
            mend="Look again with drumbeat plan, then apply what it shows.",
        )
    return Proposal(survey, changes, guard(changes, survey.snapshot, now=survey.at))


def keep_files(proposal: Proposal, root: Path, progress: Progress = silent) -> None:
    """Freeze every file that goes out from now on, those of what stays as it was included. Raises `MediaError`.

    Before anything is written to the queue: a full disk or a file that was lost is met here.
    """
    survey = proposal.survey
    coming = {id(one.content): one.content for one in survey.plan.deliveries if one.due >= survey.at}
    shown = [content for content in coming.values() if content.media]
    if shown:
        with progress("files kept", len(to_keep(shown))) as tell:
            freeze(root, shown, tell=tell)


def apply(proposal: Proposal, outbox: Outbox, *, at: datetime, who: str) -> Applied:
    """Write the proposal. Raises `PlanRefused` if the queue has moved on, `StoreError` if it cannot be written."""
    changes = proposal.changes
    survey = proposal.survey
    rediff = Differ(survey.plan, campaigns=survey.only, now=survey.at)
    counts = outbox.apply(changes, rediff=rediff, at=at, who=who, mark=survey.snapshot.mark)
    return Applied(
        fingerprint=changes.fingerprint,
        created=counts.created,
        moved=counts.moved,
        reworded=counts.reworded,
        cancelled=counts.cancelled,
        kept=len(changes.kept),
        conflicts=len(changes.conflicts),
    )


def nothing(proposal: Proposal) -> Applied:
    """The result where there was nothing to write."""
    changes = proposal.changes
    return Applied(changes.fingerprint, 0, 0, 0, 0, len(changes.kept), len(changes.conflicts))
