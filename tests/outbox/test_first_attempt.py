"""When a post says that it was made: at the first try of which anything may have arrived, and then for good."""

from datetime import timedelta

import pytest

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.model.lifecycle import State
from scheduler.testing.platform import KINDS, FakePublisher, Fate
from tests.outbox.conftest import NINE


class Noting(FakePublisher):
    """Notes the moment that each draft bears."""

    __slots__ = ("moments",)

    def __init__(self, platform, capabilities):
        super().__init__(platform, capabilities)
        self.moments = []

    def publish(self, draft, prepared):
        self.moments.append(draft.created_at)
        return super().publish(draft, prepared)


@pytest.fixture
def noting(world):
    def noting(kind):
        made = Noting(world.platform, KINDS[kind])
        world.switchboard = Switchboard(lambda _: made, dry=world.dry, live=lambda: world.live)
        world.steps = Steps(world.outbox, world.switchboard, world.clock)
        return made

    return noting


def test_a_post_that_left_late_does_not_look_old(world, noting):
    """An hour without a network: nothing arrived, so the post is as young as its first real try."""
    publisher = noting("names")
    (name,) = world.plan("tick")
    world.platform.next(Fate.REFUSES, Fate.LIMITS)
    world.at_nine()
    world.clock.later(minutes=30)
    world.steps.dispatch()
    world.clock.later(minutes=30)
    world.steps.dispatch()
    assert world.state(name) is State.SENT
    assert publisher.moments == [NINE, NINE + timedelta(minutes=30), NINE + timedelta(minutes=60)]


@pytest.mark.parametrize("fate", [Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING])
def test_what_may_have_arrived_keeps_its_moment_in_every_repeat(world, noting, fate):
    publisher = noting("names")
    (name,) = world.plan("tick")
    world.platform.next(fate)
    world.at_nine()
    assert world.state(name) is State.UNCERTAIN
    world.look(minutes=10)
    world.steps.dispatch()
    assert world.state(name) is State.SENT
    assert set(publisher.moments) == {NINE}
    assert len(world.platform.posts) == 1


def test_a_moment_once_kept_is_kept_through_later_tries_that_surely_left_nothing(world, noting):
    """Lost, proved absent, refused, sent: were the look wrong, the same bytes would still be the same post."""
    publisher = noting("names")
    (name,) = world.plan("tick")
    world.platform.next(Fate.NEVER_ARRIVES, Fate.REFUSES)
    world.at_nine()
    world.look(minutes=10)
    for _ in range(3):
        world.steps.dispatch()
        world.clock.later(minutes=10)
    assert world.state(name) is State.SENT
    assert len(publisher.moments) == 3
    assert set(publisher.moments) == {NINE}


def test_a_platforms_memory_is_counted_from_when_it_can_remember(world, noting):
    """Refused at nine, lost an hour later: its forty-five minutes begin then, and a repeat is still safe."""
    noting("replays")
    (name,) = world.plan("tick")
    world.platform.next(Fate.REFUSES, Fate.LOSES_THE_REPLY)
    world.at_nine()
    world.clock.later(minutes=60)
    world.steps.dispatch()
    assert world.state(name) is State.UNCERTAIN
    world.look(minutes=10)
    world.steps.dispatch()
    assert world.state(name) is State.SENT
    assert len(world.platform.posts) == 1
