"""The Bluesky publisher keeps the contract, against an emulated server on loopback."""

from datetime import UTC, datetime

import pytest

from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.bluesky import Bluesky
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import Bench, PublisherContract
from scheduler.testing.emulators.bluesky import HANDLE, PASSWORD, PUT, BlueskyServer

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class TestBluesky(PublisherContract):
    @pytest.fixture(autouse=True)
    def _servers(self):
        self.servers = []
        yield
        for server in self.servers:
            server.door.refuse()

    def bench(self, folder):
        server = BlueskyServer(FixedClock(NINE))
        self.servers.append(server)
        account = Account("main", "bluesky", "UTC", handle=HANDLE, settings={"server": server.url})
        publisher = Bluesky.connect(account, Surroundings(folder, FixedClock(NINE), lambda _: PASSWORD))
        return Bench(
            publisher,
            visible=lambda: server.texts,
            script=server.script,
            requests=lambda: server.calls(PUT),
            secrets=(PASSWORD,),
        )
