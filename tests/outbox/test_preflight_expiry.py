"""What a platform forgets after a while is made again before the post needs it, and not all the time."""

from datetime import timedelta

import pytest

from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Forgotten, NotReady
from scheduler.model.delivery import Prepared
from scheduler.model.lifecycle import State
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.platform import KINDS, FakePublisher
from tests.outbox.conftest import NINE

HOUR = timedelta(hours=1)


class Forgetful(FakePublisher):
    """Keeps what was prepared for a while, and takes no post with what it has forgotten."""

    __slots__ = ("kept_for", "lost", "made")

    def __init__(self, platform, kept_for):
        super().__init__(platform, KINDS["prepares"])
        self.kept_for = kept_for
        self.made = []
        self.lost = set()

    def prepare(self, draft):
        self.made.append(self.platform.now())
        number = len(self.made)
        until = self.kept_for and self.platform.now() + self.kept_for
        return Prepared({"upload": number}, good_until=until)

    def publish(self, draft, prepared):
        if prepared.values["upload"] in self.lost:
            raise Forgotten("The upload is no longer known.")
        made = self.made[prepared.values["upload"] - 1]
        assert self.kept_for is None or self.platform.now() < made + self.kept_for, "sent with what was forgotten"
        return super().publish(draft, prepared)


@pytest.fixture
def forgetful(world):
    world.kind = "prepares"

    def make(kept_for):
        publisher = Forgetful(world.platform, kept_for)
        world.switchboard._known["main"] = publisher
        return publisher

    return make


def before_nine(world, **before):
    world.clock.jump(NINE - timedelta(**before))
    return world.steps.dispatch()


def test_what_is_good_for_ever_is_prepared_once(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(None)
    before_nine(world, minutes=5)
    world.at_nine(hours=1)
    assert (len(publisher.made), world.state(name)) == (1, State.SENT)


def test_what_is_good_past_the_moment_is_prepared_once(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(timedelta(minutes=6))
    before_nine(world, minutes=5)
    world.at_nine()
    assert (len(publisher.made), world.state(name)) == (1, State.SENT)


def test_what_was_forgotten_while_the_account_was_paused_is_made_again_first(world, forgetful):
    (name,) = world.plan("picture", late=timedelta(days=2))
    publisher = forgetful(20 * HOUR)
    before_nine(world, minutes=5)
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="not today")
    world.at_nine(hours=30)
    assert world.state(name) is State.SCHEDULED
    world.outbox.resume(at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert (len(publisher.made), world.state(name)) == (2, State.SENT)


def test_what_the_platform_turns_out_to_have_forgotten_is_made_again_before_the_next_try(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(None)
    before_nine(world, minutes=5)
    publisher.lost = {1}
    world.at_nine()
    assert (world.state(name), world.platform.texts) == (State.SCHEDULED, [])
    world.clock.later(minutes=1)
    world.steps.dispatch()
    assert (len(publisher.made), world.state(name), len(world.platform.texts)) == (2, State.SENT, 1)


def test_what_only_is_not_ready_yet_is_not_made_again(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(None)
    before_nine(world, minutes=5)
    world.platform.next("is not ready")
    world.at_nine()
    world.clock.later(minutes=1)
    world.steps.dispatch()
    assert (len(publisher.made), world.state(name)) == (1, State.SENT)


def test_what_is_not_forgotten_yet_is_used_after_a_pause(world, forgetful):
    (name,) = world.plan("picture", late=timedelta(days=2))
    publisher = forgetful(20 * HOUR)
    before_nine(world, minutes=5)
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="not today")
    world.at_nine(hours=19)
    world.outbox.resume(at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert (len(publisher.made), world.state(name)) == (1, State.SENT)


def test_what_a_platform_keeps_for_minutes_is_made_again_before_the_moment(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(timedelta(minutes=2))
    world.switchboard = Switchboard(lambda _: publisher, dry=world.dry, live=lambda: world.live)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert world.state(name) is State.SENT
    assert world.platform.posts[0].at == NINE, "and the post is not late for it"
    assert 2 <= len(publisher.made) <= 5


def test_what_a_platform_says_it_keeps_for_no_time_is_not_made_for_ever(world, forgetful):
    (name,) = world.plan("picture")
    publisher = forgetful(timedelta(seconds=5))
    publisher.kept_for, said = timedelta(hours=1), timedelta(seconds=5)
    keeps = publisher.prepare

    def prepare(draft):
        made = keeps(draft)
        return Prepared(made.values, good_until=world.clock.now() + said)

    world.switchboard = Switchboard(lambda _: Saying(publisher, prepare), dry=world.dry, live=lambda: world.live)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert world.state(name) is State.SENT
    assert world.platform.posts[0].at == NINE
    assert len(publisher.made) < 15


class Saying:
    """A publisher that prepares otherwise."""

    def __init__(self, publisher, prepare):
        self.capabilities, self.publish, self.prepare = publisher.capabilities, publisher.publish, prepare


def test_a_post_that_is_moved_after_it_was_prepared_is_prepared_for_its_new_moment(world, forgetful):
    from dataclasses import replace

    from scheduler.planning.changes import Action, Change
    from scheduler.testing.bench import apply, planned

    (name,) = world.plan("picture")
    publisher = forgetful(20 * HOUR)
    before_nine(world, minutes=5)
    held = world.outbox.snapshot().held[name]
    (old,) = planned("picture", held.due)
    moved = replace(old, due=NINE + 48 * HOUR, expires_at=NINE + 50 * HOUR)
    apply(world.outbox, [Change(Action.MOVE, name, moved, held)], at=world.clock.now())
    world.clock.jump(NINE + 48 * HOUR - timedelta(minutes=5))
    world.steps.dispatch()
    assert len(publisher.made) == 2, "ahead, as if it were new"
    world.clock.jump(NINE + 48 * HOUR)
    world.steps.dispatch()
    assert (len(publisher.made), world.state(name)) == (2, State.SENT)


class Slow(FakePublisher):
    """Has an upload that its platform works on for a while."""

    __slots__ = ("found", "looks")

    def __init__(self, platform, looks):
        super().__init__(platform, KINDS["prepares"])
        self.looks, self.found = looks, []

    def prepare(self, draft):
        self.found.append(dict(draft.begun))
        if len(self.found) <= self.looks:
            raise NotReady("It still works on it.", begun={"upload": "seven"})
        return Prepared({"upload": "seven"})

    def publish(self, draft, prepared):
        assert len(self.found) > self.looks, "sent with what was not ready"
        return super().publish(draft, prepared)


def test_what_was_begun_is_handed_on_until_it_is_ready_across_restarts(world):
    world.kind = "prepares"
    (name,) = world.plan("film")
    slow = world.switchboard._known["main"] = Slow(world.platform, looks=3)
    before_nine(world, minutes=5)
    for _ in range(3):
        world.clock.later(seconds=10)
        world.steps.begin()
        world.steps.dispatch()
    assert slow.found == [{}, {"upload": "seven"}, {"upload": "seven"}, {"upload": "seven"}]
    world.at_nine()
    assert (world.state(name), len(slow.found)) == (State.SENT, 4)


def test_what_is_only_begun_when_the_moment_comes_does_not_leave_with_it(world):
    world.kind = "prepares"
    (name,) = world.plan("film")
    world.switchboard._known["main"] = Slow(world.platform, looks=2)
    world.at_nine()
    assert world.state(name) is State.SCHEDULED
    for _ in range(2):
        world.clock.later(seconds=10)
        world.steps.dispatch()
    assert world.state(name) is State.SENT


def test_what_was_made_whole_is_not_handed_on_as_begun(world, forgetful):
    (name,) = world.plan("picture", late=timedelta(days=2))
    publisher = forgetful(HOUR)
    before_nine(world, minutes=5)
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="not today")
    world.at_nine(hours=5)
    slow = world.switchboard._known["main"] = Slow(world.platform, looks=0)
    world.outbox.resume(at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert slow.found == [{}], "what is no longer there is of no use"
    assert (len(publisher.made), world.state(name)) == (1, State.SENT)
