"""The webhook publisher keeps the contract, whether its receiver remembers ids or not."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.webhook import Webhook
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import Bench, PublisherContract
from scheduler.testing.emulators.webhook import WebhookReceiver

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class Received(PublisherContract):
    remembers = False
    settings: dict[str, str] = {}  # noqa: RUF012

    @pytest.fixture(autouse=True)
    def _receivers(self):
        with ExitStack() as self.running:
            yield

    def bench(self, folder):
        clock = FixedClock(NINE)
        server = self.running.enter_context(WebhookReceiver(clock, remembers=self.remembers))
        account = Account("main", "webhook", "UTC", settings={"url": server.url, **self.settings})
        publisher = Webhook.connect(account, Surroundings(folder, clock, lambda _: server.secret))
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (server.secret,))


class TestAReceiverThatForgets(Received):
    pass


class TestAReceiverThatRemembers(Received):
    remembers = True
    settings = {"idempotent_for": "24h"}  # noqa: RUF012
