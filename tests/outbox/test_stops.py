"""A stop acts before the next byte and outlives everything; a start sends nothing that it made late."""

from datetime import timedelta

import pytest

from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.stops import EVERYTHING, Kind, Target
from scheduler.planning.changes import Action, Change
from scheduler.testing.bench import apply, planned
from scheduler.testing.platform import Fate

ACCOUNT = Target(Kind.ACCOUNT, "main")
CAMPAIGN = Target(Kind.CAMPAIGN, "time-is-now")
STOPS = [EVERYTHING, ACCOUNT, CAMPAIGN]
each_stop = pytest.mark.parametrize("target", STOPS, ids=lambda one: one.kind.value)


def stop(world, *targets, why="a death in the news"):
    return world.outbox.stop(targets, at=world.clock.now(), who="mira", why=why)


def start(world, *targets):
    return world.outbox.start(targets, at=world.clock.now(), who="mira")


@each_stop
def test_nothing_leaves_once_the_stop_is_committed(world, target):
    world.plan("opening")
    stop(world, target)
    assert world.outbox.next_due() is None
    assert world.at_nine() == []
    assert world.platform.requests == 0


@each_stop
def test_a_stop_holds_even_where_a_line_says_that_its_head_is_ready(world, target):
    """The condition stands in the claim itself: a line that was not made anew changes nothing."""
    (name,) = world.plan("opening")
    stop(world, target)
    with world.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET held = NULL")
        connection.exec_driver_sql("UPDATE lane SET head = 1, ready_at = 0")
    world.at_nine()
    assert (world.platform.requests, world.state(name)) == (0, State.SCHEDULED)


@each_stop
def test_a_stop_outlives_a_restart_and_holds_what_is_applied_later(world, target):
    world.plan("opening")
    stop(world, target)
    world.steps.begin()
    world.plan("second", "third")
    assert world.at_nine() == []
    with open_outbox(world.outbox.path) as again:
        (standing,) = again.stops()
    assert (standing.target, standing.who, standing.why) == (target, "mira", "a death in the news")


@each_stop
def test_what_is_stopped_expires_with_the_stop_as_its_reason(world, target):
    (name,) = world.plan("opening")
    stop(world, target)
    world.at_nine(hours=3)
    assert world.state(name) is State.MISSED
    reason = "Stopped by mira since 2027-06-30 06:00 UTC: a death in the news"
    assert world.outbox.row(name).last_error == reason
    assert world.outbox.events(name)[-1].why == reason


@each_stop
def test_a_start_lists_what_is_overdue_and_sends_none_of_it(world, target):
    (late,) = world.plan("opening")
    (later,) = world.plan("closing", due=world.clock.now() + timedelta(hours=2))
    stop(world, target)
    world.at_nine(minutes=10)
    assert world.outbox.made_late([target], at=world.clock.now()) == [late]
    start(world, target)
    world.steps.dispatch()
    assert (world.state(late), world.state(later)) == (State.MISSED, State.SCHEDULED)
    assert world.outbox.row(late).last_error.startswith("Stopped by mira")
    world.clock.later(hours=1)
    world.steps.dispatch()
    assert world.state(later) is State.SENT
    world.outbox.retry([late], due=world.clock.now(), at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert world.state(late) is State.SENT


def test_what_one_stop_still_holds_is_not_lost_when_another_is_lifted(world):
    (name,) = world.plan("opening")
    stop(world, EVERYTHING)
    stop(world, CAMPAIGN)
    world.at_nine(minutes=1)
    assert world.outbox.made_late([EVERYTHING], at=world.clock.now()) == []
    start(world, EVERYTHING)
    world.steps.dispatch()
    assert world.state(name) is State.SCHEDULED
    assert [one.target for one in world.outbox.stops()] == [CAMPAIGN]
    start(world, CAMPAIGN)
    assert world.state(name) is State.MISSED


def test_a_campaigns_stop_lets_the_others_of_the_account_go_on(world):
    (held,) = world.plan("opening")
    other = planned("elsewhere", world.clock.now() + timedelta(hours=1))
    changed = [type(one)(**{**fields(one), "campaign": "he-for-she"}) for one in other]
    apply(world.outbox, [Change(Action.CREATE, one.name, one, None) for one in changed], at=world.clock.now())
    stop(world, CAMPAIGN)
    world.at_nine()
    assert world.state(held) is State.SCHEDULED
    assert world.state(changed[0].name) is State.SENT
    assert world.outbox.row(held).held == "stopped"


def fields(one):
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}


def test_an_accounts_stop_leaves_the_other_accounts_alone(world):
    world.plan("opening")
    (other,) = world.plan("opening", account="second")
    stop(world, ACCOUNT)
    world.at_nine()
    assert world.state(other) is State.SENT


def test_a_stop_amid_a_thread_holds_the_rest_of_it(world):
    one, two, three = world.plan("thread", parts=3)
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(1)
    results = tuple(step() for step in world.steps.work(taken))
    stop(world, CAMPAIGN)
    world.steps.claim(1, results)
    world.steps.dispatch()
    assert [world.state(name) for name in (one, two, three)] == [State.SENT, State.SCHEDULED, State.SCHEDULED]
    assert len(world.platform.posts) == 1
    assert world.outbox.row(two).held == "stopped"


@each_stop
@pytest.mark.parametrize("fate", [Fate.REFUSES, Fate.LIMITS, Fate.NOT_READY])
def test_what_comes_back_from_a_try_waits_for_the_start_too(world, target, fate):
    (name,) = world.plan("opening")
    world.platform.next(fate)
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(1)
    stop(world, target)
    world.steps.claim(1, tuple(step() for step in world.steps.work(taken)))
    for _ in range(4):
        world.clock.later(minutes=20)
        world.steps.dispatch()
    assert (world.platform.requests, world.state(name)) == (1, State.SCHEDULED)


@each_stop
@pytest.mark.parametrize("kind", ["looks", "replays", "names"])
def test_an_unknown_is_looked_for_but_not_sent_again_while_stopped(world, target, kind):
    world.kind = kind
    (name,) = world.plan("opening")
    world.platform.next(Fate.NEVER_ARRIVES)
    world.at_nine()
    stop(world, target)
    for _ in range(6):
        world.look(minutes=2)
        world.steps.dispatch()
    assert world.platform.requests == 1
    assert world.state(name) in {State.SCHEDULED, State.UNCERTAIN}


@each_stop
def test_nothing_is_prepared_while_stopped_and_the_clock_does_not_spin(world, target):
    world.kind = "prepares"
    world.plan("opening")
    stop(world, target)
    world.clock.later(minutes=57)
    turn = world.steps.claim(10)
    assert (turn.to_prepare, turn.moments.ahead) == ((), None)
    assert world.platform.prepared == []


@each_stop
def test_what_was_being_prepared_steps_out_of_the_line_when_it_comes_back(world, target):
    world.kind = "prepares"
    (name,) = world.plan("opening")
    world.clock.later(minutes=57)
    taken = world.steps.claim(10)
    stop(world, target)
    world.steps.claim(10, tuple(step() for step in world.steps.work(taken)))
    world.at_nine()
    assert (world.platform.requests, world.state(name)) == (0, State.SCHEDULED)
    world.steps.begin()
    world.steps.dispatch()
    assert world.platform.requests == 0


def test_a_stop_keeps_its_first_reason_and_is_lifted_once(world):
    world.plan("opening")
    assert len(stop(world, ACCOUNT)) == 1
    assert stop(world, ACCOUNT, why="another") == []
    assert [one.why for one in world.outbox.stops()] == ["a death in the news"]
    assert len(start(world, ACCOUNT)) == 1
    assert start(world, ACCOUNT) == []
    world.at_nine()
    assert len(world.platform.posts) == 1


def test_a_pause_and_a_stop_are_two_reasons(world):
    world.plan("opening")
    stop(world, ACCOUNT)
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="quiet")
    start(world, ACCOUNT)
    assert world.outbox.next_due() is None
    world.outbox.resume(at=world.clock.now(), who="mira")
    assert world.outbox.next_due() is not None


def test_an_account_can_be_stopped_before_it_has_any_post(world):
    stop(world, Target(Kind.ACCOUNT, "main"))
    world.plan("opening")
    assert world.at_nine() == []


def test_a_retry_of_a_stopped_campaign_waits_too(world):
    (name,) = world.plan("opening")
    world.outbox.cancel([name], at=world.clock.now(), who="mira")
    stop(world, CAMPAIGN)
    world.outbox.retry([name], due=world.clock.now(), at=world.clock.now(), who="mira")
    assert world.at_nine() == []
    assert world.outbox.row(name).held == "stopped"
