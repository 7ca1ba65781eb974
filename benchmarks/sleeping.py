"""A platform that is a call which sleeps, where only the engine's own waiting is of interest."""

import time

from scheduler.clock import SystemClock
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.testing.platform import NEITHER, FakePlatform, FakePublisher


class Slow(FakePublisher):
    """Notes how late each request begins, and answers after a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(FakePlatform(SystemClock().now), NEITHER)
        self.seconds = seconds
        self.begun: list[float] = []

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Sleeps as a platform would think."""
        self.begun.append((SystemClock().now() - draft.due).total_seconds())
        time.sleep(self.seconds)
        return Receipt(draft.idempotency_key)
