"""Whose files stay in the store: of all that may yet go out, and not of what was taken back."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.media.freezing import freeze
from scheduler.media.store import folder_of, frozen
from scheduler.model.content import Content, Media
from scheduler.model.lifecycle import State
from scheduler.model.media import MediaFacts
from scheduler.operations.keeping import AGAIN, forget_files, tidy
from scheduler.operations.withdraw import forget_text
from scheduler.testing.bench import fill, planned

SENDING, SENT, FAILED, MISSED = State.SENDING, State.SENT, State.FAILED, State.MISSED
CANCELLED, RETRACTED = State.CANCELLED, State.RETRACTED


def content_with(world, name: str) -> Content:
    """A content with a picture of its own, frozen as `apply` does it."""
    (world.folder / "media").mkdir(exist_ok=True)
    body = f"the picture {name}".encode()
    (world.folder / "media" / name).write_bytes(body)
    facts = MediaFacts(name, hashlib.sha256(body).hexdigest(), "image/png", len(body), 4, 3)
    content = Content(f"With {name}", "en", media=(Media(name, "A door.", facts=facts),))
    freeze(world.folder, [content])
    return content


def queued(world, post: str, content: Content, *, record: str = "", **said):
    parts = [replace(one, content=content, record=record) for one in planned(post, world.clock.now(), **said)]
    fill(world.outbox, parts, at=world.clock.now())
    return parts[0].name


def kept(world, *, since=None):
    since = since or world.clock.now() - timedelta(days=1)
    return {one.media[0].file for one in world.outbox.contents_with_files(since=since)}


def test_the_files_of_what_waits_is_under_way_or_unknown_are_needed(world):
    name = queued(world, "first", content_with(world, "a.png"))
    queued(world, "plain", Content("No picture"))

    for state in (State.SCHEDULED, State.SENDING, State.UNCERTAIN):
        stand(world, name, state)
        assert kept(world) == {"a.png"}


@pytest.mark.parametrize("way", [(SENDING, SENT), (CANCELLED,), (SENDING, SENT, RETRACTED)])
def test_what_was_sent_cancelled_or_taken_down_needs_its_files_no_more(world, way):
    name = queued(world, "first", content_with(world, "a.png"))

    for state in way:
        stand(world, name, state)

    assert kept(world) == set()


@pytest.mark.parametrize("way", [(SENDING, FAILED), (MISSED,)])
def test_what_failed_or_was_missed_keeps_them_a_while_because_it_may_be_sent_again(world, way):
    name = queued(world, "first", content_with(world, "a.png"))
    due = world.outbox.row(name).due

    for state in way:
        stand(world, name, state)

    assert kept(world, since=due) == {"a.png"}
    assert kept(world, since=due + timedelta(microseconds=1)) == set()


def stand(world, name, state):
    """The row in `state`, with what the database asks of a row in it."""
    lease = "'x'" if state is SENDING else "NULL"
    receipt = '\'{"remote_id": "1"}\'' if state in {SENT, RETRACTED} else "NULL"
    who = "'person'" if state is CANCELLED else "''"
    with world.outbox.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE delivery SET state = '{state}', lease = {lease}, receipt = {receipt}, cancelled_by = {who}"
            f" WHERE name = '{name}'"
        )


def test_tidying_takes_only_what_nobody_needs_and_only_a_day_later(world):
    needed, gone = content_with(world, "a.png"), content_with(world, "b.png")
    queued(world, "first", needed)
    real = folder_of(world.folder).stat().st_mtime
    now = world.clock.now()

    assert tidy(world.outbox, world.folder, now=now.fromtimestamp(real, now.tzinfo)) == 0
    assert tidy(world.outbox, world.folder, now=now + AGAIN) == 1
    assert frozen(world.folder, needed.media[0]) is not None
    assert frozen(world.folder, gone.media[0]) is None


def test_a_withdrawn_persons_picture_is_forgotten_at_once_and_one_that_others_show_is_not(world):
    own, shared = content_with(world, "ana.png"), content_with(world, "march.png")
    queued(world, "story", own, record="ana")
    queued(world, "march", replace(shared, text="Ana was there"), record="ana")
    queued(world, "all", shared)
    world.outbox.withdraw("ana", (), at=world.clock.now(), who="mira", why="")

    forget_text(world.outbox, "ana", world.folder)

    assert frozen(world.folder, own.media[0]) is None
    assert frozen(world.folder, shared.media[0]) is not None


def test_a_store_that_cannot_be_written_stops_nobody(world):
    content = content_with(world, "a.png")
    path = frozen(world.folder, content.media[0])
    path.unlink()
    path.mkdir()

    assert tidy(world.outbox, world.folder, now=world.clock.now() + AGAIN) == 0
    assert forget_files(world.outbox, world.folder, [content]) == 0
