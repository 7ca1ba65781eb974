"""The Mastodon publisher keeps the contract, on Mastodon and on servers that only speak its API."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.mastodon import Mastodon
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import Bench, PublisherContract
from scheduler.testing.emulators.mastodon import MastodonServer

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class Served(PublisherContract):
    software = "mastodon"

    @pytest.fixture(autouse=True)
    def _servers(self):
        with ExitStack() as self.running:
            yield

    def bench(self, folder):
        clock = FixedClock(NINE)
        server = self.running.enter_context(MastodonServer(clock, software=self.software))
        account = Account("main", "mastodon", "UTC", settings={"server": server.url, "software": self.software})
        publisher = Mastodon.connect(account, Surroundings(folder, clock, lambda _: server.token))
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (server.token,))


class TestMastodon(Served):
    pass


class TestGoToSocial(Served):
    software = "gotosocial"


class TestSnac(Served):
    """It sends no `Date`, and hangs up after each answer."""

    software = "snac"


class TestUnknownSoftware(Served):
    """Nothing is taken for granted; the emulator then answers as GoToSocial does."""

    software = "gotosocial"

    def bench(self, folder):
        made = super().bench(folder)
        made.publisher._software = type(made.publisher._software)("nobody-knows")
        return made
