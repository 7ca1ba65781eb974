"""Preparing waits with its account: a paused one is left alone, a limited one until it may go on."""

from datetime import timedelta

import pytest

from scheduler.errors import AuthExpired, RateLimited
from scheduler.model.lifecycle import State
from scheduler.outbox import upkeep
from scheduler.outbox.upkeep import moments
from scheduler.testing.platform import KINDS, FakePublisher


class Stubborn(FakePublisher):
    """Prepares nothing for as long as it has a trouble; counts what it was asked."""

    __slots__ = ("asked", "trouble")

    def __init__(self, platform, trouble):
        super().__init__(platform, KINDS["prepares"])
        self.trouble, self.asked = trouble, 0

    def prepare(self, draft):
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return super().prepare(draft)


@pytest.fixture(autouse=True)
def preparing(world):
    world.kind = "prepares"


def stubborn(world, trouble):
    """Its publisher, however often it is built anew."""
    publisher = Stubborn(world.platform, trouble)
    world.publisher = lambda _: publisher
    world.switchboard._resolve = world.publisher
    return publisher


def next_preparation(world):
    with world.outbox.engine.connect() as connection:
        return moments(connection, world.steps.terms(), timedelta(minutes=5)).ahead


def test_a_paused_account_prepares_nothing_until_it_is_resumed(world):
    publisher = stubborn(world, AuthExpired("The token is no longer accepted."))
    world.plan("one", "two")
    world.clock.jump(world.outbox.next_due() - timedelta(minutes=4))
    for _ in range(10):
        world.steps.dispatch()
        world.clock.later(seconds=1)
    asked = publisher.asked
    assert asked <= 2, "each was tried once"
    assert next_preparation(world) is None
    publisher.trouble = None
    world.outbox.resume(["main"], at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert publisher.asked == asked + 2
    world.at_nine()
    assert world.states() == {"sent": 2}


def test_a_limited_account_prepares_again_when_the_limit_ends(world):
    world.plan("one", "two")
    now = world.clock.jump(world.outbox.next_due() - timedelta(minutes=4)) or world.clock.now()
    ends = now + timedelta(minutes=2)
    publisher = stubborn(world, RateLimited("Too many uploads.", retry_at=ends))
    for _ in range(10):
        world.steps.dispatch()
        world.clock.later(seconds=1)
    assert publisher.asked <= 2
    assert next_preparation(world) == ends
    publisher.trouble = None
    world.clock.jump(ends)
    world.steps.dispatch()
    assert len(world.platform.prepared) == 2


def test_one_account_that_waits_keeps_no_other_waiting(world):
    names = [*world.plan("one"), *world.plan("two", account="second")]
    publisher = stubborn(world, None)
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="not today")
    world.at_nine()
    assert [world.state(name) for name in names] == [State.SCHEDULED, State.SENT]
    assert publisher.asked == 1


def test_the_next_preparation_is_that_of_whoever_is_first_not_yet_prepared(world):
    due = world.plan("one", "two") and world.outbox.next_due()
    world.plan("later", account="second", due=due + timedelta(minutes=10))
    stubborn(world, None)
    assert next_preparation(world) == due - timedelta(minutes=5)
    world.clock.jump(due - timedelta(minutes=5))
    world.steps.dispatch()
    assert next_preparation(world) == due + timedelta(minutes=5)


def test_the_next_preparation_is_found_without_reading_the_whole_queue(world):
    world.plan(*(f"p{number}" for number in range(50)))
    stubborn(world, None)
    with world.outbox.engine.connect() as connection:
        asked = {"preparing": '["main"]', "lead": 0}
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {upkeep._NEXT_AHEAD.text}", asked)
        told = [row[3] for row in steps]
    assert any("lane_order" in step for step in told), told
    assert not any(step.startswith("SCAN delivery") for step in told), told
