"""An emulated Bluesky server, its account, and a clock that a test turns."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft
from scheduler.publishers.base import Surroundings
from scheduler.publishers.bluesky import Bluesky
from scheduler.testing.emulators.bluesky import HANDLE, PASSWORD, BlueskyServer

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


@dataclass
class Hands:
    moment: datetime = NINE

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()

    def turn(self, **time):
        self.moment += timedelta(**time)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def server(clock):
    with BlueskyServer(clock) as server:
        yield server


@pytest.fixture
def connect(server, clock, tmp_path):
    """A publisher as a new process would make it."""

    def connect(password=PASSWORD, handle=HANDLE, **settings):
        account = Account("main", "bluesky", "UTC", handle=handle, settings={"server": server.url, **settings})
        return Bluesky.connect(account, Surroundings(tmp_path, clock, lambda _: password))

    return connect


@pytest.fixture
def publisher(connect):
    return connect()


@pytest.fixture
def post():
    """A draft. Its key is its text's, unless another is named."""

    def post(text="The time is now.", *, key="", parent=None, root=None, at=NINE, **content):
        key = key or text.encode().hex()[:32].ljust(32, "0")
        return Draft(f"c/{key}/once/main", "main", "bluesky", Content(text, **content), key, at, at, root, parent)

    return post


@pytest.fixture
def publish(publisher):
    return lambda draft: publisher.publish(draft, publisher.prepare(draft))
