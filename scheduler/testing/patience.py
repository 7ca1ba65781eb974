"""A publisher as the engine uses it: one that is not ready is asked again, with what it had begun.

For publishers that prepare in several goes: the contract suite asks `prepare` once and wants it prepared.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler.engine.publishing import NOT_READY
from scheduler.errors import NotReady
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.base import AccountReport, Capabilities, Metrics, Publisher, Verdict

MOST = 200


@dataclass(slots=True)
class Patient:
    """Hands everything on; `wait` is called with how long the engine would wait, and turns the clock."""

    publisher: Publisher
    wait: Callable[[timedelta], None]
    waits: int = 0

    @property
    def capabilities(self) -> Capabilities:
        """The publisher's own."""
        return self.publisher.capabilities

    def prepare(self, draft: Draft) -> Prepared:
        """As often as it takes. Raises what the publisher raises, and `NotReady` where it never ends."""
        for _ in range(MOST):
            try:
                return self.publisher.prepare(draft)
            except NotReady as caught:
                draft = replace(draft, begun=caught.begun or draft.begun)
                self.waits += 1
                self.wait(NOT_READY)
        return self.publisher.prepare(draft)

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """The publisher's own, once."""
        return self.publisher.publish(draft, prepared)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:
        """The publisher's own."""
        return self.publisher.verify(draft, prepared, since)

    def delete(self, receipt: Receipt) -> None:
        """The publisher's own."""
        self.publisher.delete(receipt)

    def metrics(self, receipt: Receipt) -> Metrics:
        """The publisher's own."""
        return self.publisher.metrics(receipt)

    def inspect(self) -> AccountReport:
        """The publisher's own."""
        return self.publisher.inspect()
