"""APScheduler's alarm: it wakes the engine, and knows nothing else.

Its callback only sets an event. With a callback that worked, a trigger that fires while
the one before still runs would be dropped together with its moment; a post would sleep.
No post is ever a job here, so nothing of ours is lost with the scheduler's memory.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

_NEXT = "next"


class SchedulerAlarm:
    """An `Alarm` on a background scheduler, which also runs the daemon's housekeeping. A context manager."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._event = threading.Event()
        self._armed: datetime | None = None
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": DebugExecutor()},  # inline: a hop to a pool costs one more turn at the GIL
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1000},
        )

    def __enter__(self) -> Self:
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=False)

    def arm(self, moment: datetime | None) -> None:
        """Wake at `moment`. Nothing is done where that is armed already; too early a waking does no harm."""
        if moment is None or moment == self._armed:
            return
        self._armed = moment
        self._scheduler.add_job(self._ring, DateTrigger(moment), id=_NEXT, replace_existing=True)

    def _ring(self) -> None:
        self._armed = None
        self._event.set()

    def wait(self, timeout: float, *, busy: bool) -> bool:  # noqa: ARG002 - real time passes either way
        """Sleeps until rung, `set`, or `timeout` seconds."""
        woken = self._event.wait(timeout)
        self._event.clear()
        return woken

    def set(self) -> None:
        """Wakes whoever waits."""
        self._event.set()

    def every(self, seconds: float, housekeeping: Callable[[], None]) -> None:
        """Calls `housekeeping`, which must be quick, again and again."""
        self._scheduler.add_job(housekeeping, "interval", seconds=seconds, max_instances=1)
