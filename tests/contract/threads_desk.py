"""What Threads' tests set up alike: the publisher, its pictures in public, its patience, a try that got lost."""

import pytest

from scheduler.errors import Ambiguous
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.threads import Threads
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.threads import NAME
from scheduler.testing.patience import Patient
from scheduler.testing.platform import Fate


class Served:
    """Files at public addresses that nobody need open here."""

    def __init__(self):
        self.asked = []

    def address(self, media):
        self.asked.append(media.file)
        return f"https://media.example.org/{media.file}"


def threads(server, root, *, clock=None, token=TOKEN, handle=NAME, public=None, **settings):
    account = Account(
        "main",
        "threads",
        "UTC",
        handle=handle,
        settings={"server": server.url, **settings},
        secrets={"token": "MAIN_TOKEN"},
    )
    return Threads.connect(
        account, Surroundings(root, clock or server.clock, lambda _: token, public=public or Served())
    )


def patient(server, root, **settings):
    """The publisher as the engine uses it: whatever is not ready is asked for again, five seconds later."""

    def wait(length):
        server.clock.moment += length

    return Patient(threads(server, root, **settings), wait)


def asked(server):
    """The forms of the containers so far."""
    return [box.asked for box in server.boxes.values()]


def lost(server, publisher, post):
    """A try whose post is out and whose answer is lost."""
    prepared = publisher.prepare(post)
    server.script(Fate.LOSES_THE_REPLY)
    since = server.clock.now()
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    return prepared, since
