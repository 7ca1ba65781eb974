"""The queue's file is moved, deleted or exchanged under a running engine: nothing more leaves, nothing is doubled."""

import time

import pytest

from scheduler.errors import StoreError
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import look_outbox, open_outbox
from scheduler.outbox.trouble import Exchanged, Gone
from scheduler.testing.bench import fill, planned
from tests.outbox.conftest import NINE
from tests.outbox.test_engine import SOON, Real, due_now, until


@pytest.fixture
def in_flight(world):
    """An engine with one post on its way and one behind it."""
    names = due_now(world, "first", "second")
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        real.names = names
        yield real


def beats(real, number):
    seen = len(real.beats)
    until(lambda: len(real.beats) > seen + number)


def moved(world):
    """Moves the queue away as a person would, with what lies beside it; gives back how to move it back."""
    path = world.outbox.path
    away = path.parent / "away"
    away.mkdir()
    files = [one for one in path.parent.iterdir() if one.name.startswith("outbox.db")]
    for one in files:
        one.rename(away / one.name)

    def back():
        for one in sorted(files, reverse=True):
            (away / one.name).rename(one)

    return back


def test_while_the_queue_is_gone_nothing_leaves_and_once_it_is_back_nothing_is_doubled(world, in_flight):
    back = moved(world)
    in_flight.gate.opened.set()
    until(lambda: in_flight.troubles)
    beats(in_flight, 2)
    assert len(in_flight.platform.posts) == 1, "the one that was on its way, and no other"
    assert not world.outbox.path.exists(), "no empty queue is made in its place"
    back()
    until(lambda: world.states() == {"sent": 2})
    assert [type(trouble) for trouble in in_flight.troubles] == [Gone]
    assert in_flight.platform.requests == 2
    assert all(len(world.outbox.attempts(name)) == 1 for name in in_flight.names)


def test_a_deleted_queue_ends_with_the_engine_which_names_what_it_could_not_write_down(world):
    due_now(world, "first", "second")
    real = Real(world)
    with real:
        assert real.gate.arrived.acquire(timeout=SOON)
        world.outbox.path.unlink()
        real.alarm.wait = lambda *_, **__: time.sleep(0.01)  # beats that pass quickly
        real.gate.opened.set()
        until(lambda: real.troubles)
        real.engine.stop()
        real.thread.join(SOON)
    assert isinstance(real.raised, Gone)
    (unrecorded,) = real.engine.unrecorded()
    assert unrecorded.receipt.url == "https://fake.example/1"
    assert real.platform.requests == 1
    assert look_outbox(world.outbox.path) is None


def test_an_idle_engine_notices_at_its_next_beat_and_waits(world):
    with Real(world) as real:
        real.gate.opened.set()
        beats(real, 1)
        back = moved(world)
        until(lambda: real.troubles)
        back()
        (name,) = due_now(world, "first")
        until(lambda: world.state(name) is State.SENT)
    assert len(real.platform.posts) == 1


def test_another_file_in_the_queues_place_stops_the_engine_before_anything_more_leaves(world, in_flight):
    """A copy is put back: the daemon would go on in a file that nobody can read any more."""
    path = world.outbox.path
    world.outbox.copy_to(path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)
    in_flight.gate.opened.set()
    in_flight.thread.join(SOON)
    assert isinstance(in_flight.raised, Exchanged)
    assert "drumbeat status" in in_flight.raised.mend
    assert len(in_flight.engine.unrecorded()) == 1
    assert in_flight.platform.requests == 1


def test_the_next_engine_on_a_copy_looks_for_what_was_on_its_way_and_doubles_nothing(world, in_flight):
    path = world.outbox.path
    world.outbox.copy_to(path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    in_flight.gate.opened.set()
    in_flight.thread.join(SOON)
    world.outbox.close()
    world.outbox = open_outbox(path)
    again = Real(world)
    again.platform, again.gate.platform = in_flight.platform, in_flight.platform
    with again:
        again.gate.opened.set()
        until(lambda: world.states() == {"sent": 2})
    assert sorted(in_flight.platform.texts) == ["first, 1 of 1", "second, 1 of 1"]


def test_a_command_on_a_queue_that_is_gone_says_so_and_makes_none(world):
    fill(world.outbox, planned("opening", NINE), at=world.clock.now())
    back = moved(world)
    for asks in (world.outbox.states, world.outbox.data_version, lambda: world.plan("late idea")):
        with pytest.raises(StoreError, match="is gone") as caught:
            asks()
        assert "Put it back" in caught.value.mend
    assert not world.outbox.path.exists()
    back()
    assert world.states() == {"scheduled": 1}
