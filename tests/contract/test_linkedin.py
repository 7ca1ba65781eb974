"""LinkedIn: little text, files before the moment, and a lost answer that is looked for where looking is granted."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import (
    NotReady,
    Rejected,
)
from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Receipt
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Surroundings
from scheduler.publishers.linkedin import LinkedIn
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.linkedin import ORGANIZATION, LinkedInServer
from scheduler.testing.emulators.linkedin_tokens import PAGE_TOKEN, SECRET, TOKEN

A_DAY = 86_400
LINK = "https://example.org/time-is-now"


class Hands:
    """A clock that a test turns."""

    def __init__(self, moment=DUE):
        self.moment = moment

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def server(clock):
    with LinkedInServer(clock) as running:
        yield running


def account_of(server, **settings):
    handle = settings.pop("handle", "our-name")
    said = {"server": server.url, **settings}
    return Account("main", "linkedin", "UTC", handle=handle, settings=said, secrets={"token": "LINKEDIN_TOKEN"})


def person(server, root=Path(), *, clock=None, token=TOKEN, **settings):
    around = Surroundings(root, clock or server.clock, {"token": token, "client_secret": SECRET}.__getitem__)
    return LinkedIn.connect(account_of(server, **settings), around)


def page(server, root=Path(), *, token=PAGE_TOKEN, **settings):
    return person(server, root, token=token, **{"organization": ORGANIZATION, **settings})


BOTH = pytest.mark.parametrize("kind", [person, page])


def send(publisher, post):
    return publisher.publish(post, publisher.prepare(post))


def having(content, **facts):
    return replace(draft(), content=content, **facts)


def picture(root, name="march.png", kind="image/png", alt="", body=None):
    body = body or name.encode()
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(body)
    return Media(name, alt, facts=MediaFacts(name, sha256(body).hexdigest(), kind, len(body), 40, 30))


def asked(server, method, path):
    return [one for one in server.door.requests if (one.method, one.path) == (method, path)]


def settled(publisher, post, clock):
    """Prepared, however long LinkedIn takes; and how often it was asked in vain, each time by a new process."""
    for waits in range(9):
        try:
            return publisher.prepare(post), waits
        except NotReady as caught:
            post = replace(post, begun=caught.begun)
            clock.moment += timedelta(seconds=5)
    raise AssertionError


class _LinkedInContract(PublisherContract):
    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def test_a_reply_goes_below_its_parent(self, tmp_path):
        """There are no threads here: a second part is refused before anything is asked."""
        bench = self.bench(tmp_path)
        with pytest.raises(Rejected, match="no threads"):
            bench.publisher.prepare(draft("two", parent=Receipt("urn:li:share:1")))


class TestAPerson(_LinkedInContract):
    """Against a server that answers as the documentation says."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = person(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (TOKEN,))


class TestAnOrganization(_LinkedInContract):
    """The same, and it may be read."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = page(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (PAGE_TOKEN,))
