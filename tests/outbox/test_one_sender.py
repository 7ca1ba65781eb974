"""Once another computer sends, nothing more leaves from here; what was on its way is still written down."""

from datetime import timedelta

import pytest

from scheduler.engine.alarm import JumpingAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Forbidden, Switchboard
from scheduler.model.lifecycle import State


class Word:
    """Who is live, until somebody else sends."""

    def __init__(self):
        self.forbidden = False

    def __call__(self):
        if self.forbidden:
            raise Forbidden("Live posts are sent from elsewhere.")
        return {"main", "second"}


def test_what_is_in_flight_is_settled_and_nothing_else_leaves(world):
    word = Word()
    first, later = world.plan("first")[0], world.plan("later", due=world.clock.now() + timedelta(hours=2))[0]
    dry = world.plan("dry", live=False, account="third", due=world.clock.now() + timedelta(hours=2))[0]
    board = Switchboard(world.publisher, dry=world.dry, live=word)
    world.platform.watch = lambda call: setattr(word, "forbidden", call == "after the request" or word.forbidden)
    engine = Engine(world.outbox, board, world.clock, JumpingAlarm(world.clock), pool_size=4)
    with pytest.raises(Forbidden, match="elsewhere"):
        engine.run()
    assert [world.state(name) for name in (first, later, dry)] == [State.SENT, State.SCHEDULED, State.SCHEDULED]
    assert engine.unrecorded() == ()
    assert world.platform.requests == 1


def test_an_engine_that_may_not_send_from_the_start_sends_nothing(world):
    word = Word()
    word.forbidden = True
    (name,) = world.plan("first")
    board = Switchboard(world.publisher, dry=world.dry, live=word)
    world.clock.later(hours=1)
    with pytest.raises(Forbidden):
        Engine(world.outbox, board, world.clock, JumpingAlarm(world.clock), pool_size=4).run()
    assert (world.state(name), world.platform.requests) == (State.SCHEDULED, 0)


def test_a_queue_becomes_somebody_once_and_another_only_when_asked(world):
    assert world.outbox.identity() is None
    first = world.outbox.somebody("laptop")
    assert world.outbox.somebody("server") == first == world.outbox.identity()
    second = world.outbox.somebody("server", anew=True)
    assert second.id != first.id
    assert (second.computer, world.outbox.identity()) == ("server", second)
