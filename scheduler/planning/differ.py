"""The same plan against the outbox again, whole or a few threads of it.

Between a review and its apply the outbox moves on: a daemon sends, a person cancels. What
becomes of a thread depends on that thread alone, so only those that moved are compared
again, and that takes milliseconds however much is planned.
"""

from collections.abc import Collection
from datetime import datetime

from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.changes import ChangeSet
from scheduler.planning.diff import diff
from scheduler.planning.plan import Plan
from scheduler.planning.snapshot import Snapshot


class Differ:
    """Compares one plan, made at `now` (aware), with whatever snapshot it is handed."""

    def __init__(self, plan: Plan, *, campaigns: frozenset[str] | None, now: datetime) -> None:
        self._plan = plan
        self._campaigns = campaigns
        self._now = now
        self._threads: dict[str, list[PlannedDelivery]] = {}
        for one in plan.deliveries:
            self._threads.setdefault(one.thread, []).append(one)

    def __call__(self, snapshot: Snapshot, threads: Collection[str] | None = None) -> ChangeSet:
        """The difference; with `threads` only theirs, and then `snapshot` holds nothing else."""
        plan = self._plan
        if threads is not None:
            plan = Plan(tuple(one for thread in threads for one in self._threads.get(thread, ())))
        return diff(plan, snapshot, campaigns=self._campaigns, now=self._now)
