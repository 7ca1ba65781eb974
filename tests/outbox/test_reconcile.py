"""What becomes of posts that got lost: looked for, never guessed, never repeated where that could double."""

from datetime import timedelta

import pytest

from scheduler.errors import Transient
from scheduler.model.lifecycle import State
from scheduler.publishers.base import Unknown
from scheduler.testing.platform import FakePublisher, Fate


def lose(world, fate=Fate.LOSES_THE_REPLY, kind="looks", **said):
    world.kind = kind
    names = world.plan("launch", **said)
    world.platform.next(fate)
    world.at_nine()
    return names


def test_a_lost_reply_is_looked_up_not_repeated(world):
    """The post landed, the answer did not: the next reconcile finds it."""
    (name,) = lose(world)
    world.look(minutes=7)
    row = world.outbox.row(name)
    assert (row.state, row.remote_url) == (State.SENT, "https://fake.example/1")
    assert world.platform.requests == 1


def test_a_request_that_never_arrived_is_sent_once_more_after_looking(world):
    (name,) = lose(world, Fate.NEVER_ARRIVES)
    world.look(seconds=41)
    assert world.state(name) is State.SCHEDULED
    world.steps.dispatch()
    assert world.state(name) is State.SENT
    assert len(world.platform.posts) == 1


def test_not_there_is_not_believed_before_it_had_time_to_settle(world):
    """A process died; its request may still be on the way when the next one begins."""
    (name,) = world.plan("launch")
    world.clock.jump(world.outbox.next_due())
    world.steps.claim(1)
    world.steps.begin()
    world.look(seconds=1)
    row = world.outbox.row(name)
    assert (row.state, row.look_at) == (State.UNCERTAIN, world.clock.now() + timedelta(seconds=39))
    world.look(seconds=39)
    assert world.state(name) is State.SCHEDULED


def test_a_repeat_is_sent_only_while_the_platform_remembers_the_key(world):
    (name,) = lose(world, kind="replays")
    world.look(minutes=5)
    assert world.state(name) is State.SENT
    assert len(world.platform.posts) == 1
    assert world.outbox.row(name).receipt.remote_id == "1"


def test_after_the_window_a_repeat_is_left_to_a_person(world):
    (name,) = lose(world, kind="replays")
    world.look(minutes=46)
    world.look(hours=1)
    assert world.state(name) is State.UNCERTAIN
    assert [row.name for row in world.outbox.needs_a_person()] == [name]
    assert world.platform.requests == 1


def test_the_window_counts_from_the_first_attempt_not_the_last(world):
    (name,) = lose(world, kind="replays")
    first = world.outbox.row(name).first_attempt_at
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.look(minutes=10)
    assert world.outbox.row(name).attempts == 2
    assert world.outbox.row(name).first_attempt_at == first
    world.look(minutes=36)
    assert world.state(name) is State.UNCERTAIN


def test_where_nobody_can_look_and_nothing_can_be_repeated_a_person_is_asked_at_once(world):
    (name,) = lose(world, kind="neither")
    row = world.outbox.row(name)
    assert (row.state, row.look_at) == (State.UNCERTAIN, None)
    assert world.outbox.needs_a_person()


def test_after_a_crash_where_nobody_can_look_a_person_is_asked_at_once(world):
    """Waiting would tell nothing, and meanwhile nobody would know that they are needed."""
    world.kind = "neither"
    (name,) = world.plan("launch")
    world.clock.jump(world.outbox.next_due())
    world.steps.claim(1)
    world.steps.begin()
    world.look(seconds=1)
    assert world.outbox.row(name).look_at is None
    assert [row.name for row in world.outbox.needs_a_person()] == [name]


def test_a_repeat_that_would_be_late_is_not_sent(world):
    (name,) = lose(world, kind="replays", late=timedelta(minutes=3))
    world.look(minutes=5)
    assert world.state(name) is State.UNCERTAIN


def test_what_is_found_not_sent_too_late_is_missed(world):
    (name,) = lose(world, Fate.NEVER_ARRIVES, late=timedelta(minutes=1))
    world.look(minutes=5)
    world.steps.dispatch()
    assert world.state(name) is State.MISSED


class Blind(FakePublisher):
    """May look, and is told nothing."""

    __slots__ = ()
    answer = None

    def verify(self, draft, prepared, since):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [Unknown("The timeline is not readable."), Transient("No route."), OSError("odd")])
def test_looks_that_tell_nothing_come_later_and_later_and_end_with_a_person(world, answer):
    (name,) = lose(world)
    Blind.answer = answer
    world.switchboard._known["main"] = Blind(world.platform, world.publisher("main").capabilities)
    waits = []
    while (at := world.outbox.row(name).look_at) is not None:
        waits.append(at - world.clock.now())
        world.clock.jump(at)
        world.steps.reconcile()
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert len(waits) == 12
    assert world.outbox.needs_a_person()[0].state is State.UNCERTAIN
    assert sum(event.event == "look" for event in world.outbox.events(name)) == 12


def test_without_a_publisher_nobody_looks_yet(world):
    (name,) = lose(world)
    world.switchboard.forget("main")

    def missing(_):
        raise ValueError("uninstalled")

    world.switchboard._resolve = missing
    world.look(minutes=7)
    row = world.outbox.row(name)
    assert row.state is State.UNCERTAIN
    assert row.look_at > world.clock.now()


def test_a_person_who_was_faster_than_the_look_keeps_the_last_word(world):
    (name,) = lose(world)
    world.clock.later(minutes=7)
    taken = world.steps.claim(0, looks=1)
    world.outbox.resolve_not_sent(name, at=world.clock.now(), who="mira")
    world.steps.claim(0, tuple(step() for step in world.steps.work(taken)))
    assert world.state(name) is State.FAILED


def test_when_a_lost_part_is_found_the_next_part_of_its_thread_goes(world):
    one, two = lose(world, parts=2)
    world.look(minutes=7)
    world.steps.dispatch()
    assert (world.state(one), world.state(two)) == (State.SENT, State.SENT)
    assert [post.reply_to for post in world.platform.posts] == ["", "1"]


def test_what_a_dead_process_was_looking_for_is_looked_for_again_at_once(world):
    (name,) = lose(world)
    world.clock.later(minutes=1)
    world.steps.claim(0, looks=1)
    world.steps.begin()
    assert world.outbox.row(name).look_at == world.clock.now()


def test_a_lost_dry_run_is_found_in_its_own_file(world):
    (name,) = world.plan("launch", live=False)
    world.clock.jump(world.outbox.next_due())
    (claimed,) = world.steps.claim(1).claimed
    world.dry.publish(claimed.draft, claimed.prepared)
    world.steps.begin()
    world.steps.reconcile()
    row = world.outbox.row(name)
    assert (row.state, row.dry_run, row.receipt.dry_run) == (State.SENT, True, True)


def test_a_repeat_never_stands_in_line_where_it_could_be_reworded_or_cancelled(world):
    """It may be out in the world: back in line it would be a post like any other."""
    (name,) = lose(world, kind="replays")
    world.look(minutes=5)
    moves = [(event.event, event.at) for event in world.outbox.events(name)][-3:]
    assert [event for event, _ in moves] == ["postpone", "claim", "accept"]
    assert moves[0][1] == moves[1][1]


@pytest.mark.parametrize("fate", [Fate.REFUSES, Fate.LIMITS, Fate.EXPIRES, Fate.REJECTS, Fate.NEVER_ARRIVES])
def test_a_repeat_that_made_nothing_does_not_prove_that_the_first_try_made_nothing(world, fate):
    (name,) = lose(world, kind="replays")
    world.platform.next(fate)
    world.look(minutes=5)
    row = world.outbox.row(name)
    assert (row.state, row.attempts) == (State.UNCERTAIN, 2)
    assert row.look_at is not None
    world.outbox.resume(at=world.clock.now(), who="mira")
    world.look(minutes=20)
    assert world.state(name) is State.SENT
    assert len(world.platform.posts) == 1


def test_what_may_be_out_in_the_world_is_never_turned_into_a_dry_run(world):
    (name,) = lose(world, kind="replays")
    world.live.clear()
    world.look(minutes=5)
    row = world.outbox.row(name)
    assert (row.state, row.dry_run) == (State.UNCERTAIN, False)
    world.live.add("main")
    world.look(minutes=1)
    assert (world.state(name), world.outbox.row(name).dry_run) == (State.SENT, False)


def test_a_repeat_waits_while_its_account_has_something_in_flight_or_is_paused(world):
    (name,) = lose(world, kind="replays")
    world.plan("another", due=world.clock.now())
    world.steps.claim(1)
    world.look(minutes=5)
    assert world.state(name) is State.UNCERTAIN
    world.steps.begin()
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="quiet")
    world.look(minutes=5)
    assert world.state(name) is State.UNCERTAIN
    assert world.platform.requests == 1


def test_no_repeat_begins_while_the_engine_is_stopping(world):
    (name,) = lose(world, kind="replays")
    world.clock.later(minutes=5)
    taken = world.steps.claim(0, looks=1)
    world.steps.claim(0, tuple(step() for step in world.steps.work(taken)))
    assert world.state(name) is State.UNCERTAIN
    world.steps.begin()
    world.look(seconds=1)
    world.look(minutes=1)
    assert world.state(name) is State.SENT


def test_a_repeat_without_a_publisher_stays_unknown(world):
    (name,) = lose(world, kind="replays")
    world.clock.later(minutes=5)
    looked = tuple(step() for step in world.steps.work(world.steps.claim(0, looks=1)))
    taken = world.steps.claim(0, looked, looks=1)

    def missing(_):
        raise ValueError("uninstalled")

    world.switchboard.forget("main")
    world.switchboard._resolve = missing
    world.steps.claim(0, tuple(step() for step in world.steps.work(taken)))
    row = world.outbox.row(name)
    assert (row.state, row.attempts) == (State.UNCERTAIN, 2)
    assert row.look_at == world.clock.now() + timedelta(minutes=1)


def test_a_repeat_that_finds_nobody_free_is_looked_for_again_soon(world):
    """All workers are busy when the look ends: the unknown must not be forgotten until its look would have died."""
    world.kind = "replays"
    (name,) = world.plan("opening")
    world.platform.next("never arrives")
    world.at_nine()
    world.clock.later(minutes=1)
    taken = world.steps.claim(0, looks=1)
    results = tuple(step() for step in world.steps.work(taken))
    assert [result.repeat for result in results] == [True]

    world.steps.claim(0, results, looks=0)

    assert world.outbox.row(name).look_at <= world.clock.now() + timedelta(minutes=1)
    world.look(minutes=1)
    world.steps.dispatch()
    assert world.state(name) is State.SENT
