"""What Instagram's tests set up alike: the publisher by either way in, its pictures in public, and its patience."""

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.publishers.base import Surroundings
from scheduler.publishers.instagram import Instagram
from scheduler.testing.contract import draft
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.instagram import NAME, PAGE
from scheduler.testing.patience import Patient
from scheduler.testing.platform import Fate
from tests.contract.conftest import picture


class Served:
    """Files at public addresses that nobody need open here. `asked` are those whose address was wanted."""

    def __init__(self):
        self.asked = []

    def address(self, media):
        self.asked.append(media.file)
        return f"https://media.example.org/{media.file}"


def instagram(emulator, root, *, clock=None, limits=None, keys=None, secrets=None, public=None, **settings):
    said = {"server": emulator.url, **({"page": PAGE} if emulator.by_page else {}), **settings}
    names = {"token": "T"} if secrets is None else secrets
    account = Account("main", "instagram", "UTC", handle=NAME, settings=said, secrets=names, limits=limits or {})
    keys = keys or {"token": TOKEN}
    around = Surroundings(root, clock or emulator.clock, keys.__getitem__, public=public or Served())
    return Instagram.connect(account, around)


def waiting(publisher, server):
    """The publisher as the engine uses it: whatever is not ready is asked for again, five seconds later."""

    def wait(length):
        server.clock.moment += length

    return Patient(publisher, wait)


def patient(server, root, **settings):
    """The same, of an account with these settings."""
    return waiting(instagram(server, root, **settings), server)


def photo(root: Path, name="march.jpg", **said):
    root.mkdir(parents=True, exist_ok=True)
    return picture(root, name, "image/jpeg", **said)


def film(root: Path, name="march.mp4", **said):
    return picture(root, name, "video/mp4", **said)


def post(root, text="Open day", *files, **facts):
    """A post with this caption, and a picture where it names no files."""
    media = files or (photo(root),)
    return replace(draft(), content=Content(text, language="en", media=media), **facts)


def asked(server):
    """The forms of the containers so far."""
    return [box.asked for box in server.boxes.values()]


def lost(server, publisher, draft_):
    """A post whose answer was lost, and what was prepared for it."""
    prepared = publisher.prepare(draft_)
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)
    return prepared
