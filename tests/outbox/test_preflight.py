"""What must exist before the post is made before its moment, and nothing leaves without it."""

from datetime import timedelta

import pytest

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import AuthExpired, NotReady, RateLimited, Rejected, Transient
from scheduler.model.lifecycle import State
from scheduler.testing.platform import KINDS, FakePublisher


class Choosy(FakePublisher):
    """Prepares as its script says."""

    __slots__ = ("troubles",)

    def __init__(self, platform, *troubles):
        super().__init__(platform, KINDS["prepares"])
        self.troubles = list(troubles)

    def prepare(self, draft):
        if self.troubles:
            raise self.troubles.pop(0)
        return super().prepare(draft)


@pytest.fixture(autouse=True)
def preparing(world):
    world.kind = "prepares"


def before_nine(world, **before):
    world.clock.jump(world.outbox.next_due() - timedelta(**before))
    return world.steps.dispatch()


def test_a_post_is_prepared_minutes_before_and_only_created_at_its_second(world):
    (name,) = world.plan("picture")
    before_nine(world, minutes=5)
    assert world.platform.prepared == [name]
    assert world.platform.requests == 0
    assert world.outbox.row(name).held == ""
    world.at_nine()
    assert world.state(name) is State.SENT
    assert len(world.platform.prepared) == 1


def test_nothing_is_prepared_too_early(world):
    world.plan("picture")
    before_nine(world, minutes=5, seconds=1)
    assert world.platform.prepared == []


def test_a_post_applied_at_the_last_second_is_prepared_first_and_then_leaves(world):
    (name,) = world.plan("picture")
    world.at_nine()
    assert world.state(name) is State.SENT
    assert world.platform.prepared == [name]


def test_while_one_post_is_prepared_its_account_goes_on_without_it(world):
    first, second = world.plan("picture", "words")
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(9)
    assert [one.draft.delivery for one in taken.to_prepare] == [first, second]
    results = tuple(step() for step in world.steps.work(taken))
    then = world.steps.claim(9, (results[1],))
    assert [one.draft.delivery for one in then.claimed] == [second]


def test_a_crash_while_preparing_is_never_unknown(world):
    (name,) = world.plan("picture")
    world.clock.jump(world.outbox.next_due())
    world.steps.claim(9)
    assert world.outbox.row(name).held == "preparing"
    world.steps.begin()
    row = world.outbox.row(name)
    assert (row.state, row.held) == (State.SCHEDULED, "")
    world.steps.dispatch()
    assert world.state(name) is State.SENT


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Transient("No route."), State.SENT),
        (NotReady("Still processing."), State.SENT),
        (RateLimited("Too many uploads."), State.SENT),
        (OSError("odd"), State.SENT),
        (Rejected("This picture is too large."), State.FAILED),
    ],
)
def test_trouble_before_the_post_means_not_sent_and_is_tried_again(world, trouble, state):
    (name,) = world.plan("picture")
    world.switchboard._known["main"] = Choosy(world.platform, trouble)
    before_nine(world, minutes=4)
    assert world.outbox.attempts(name) == []
    assert str(trouble) in world.outbox.row(name).last_error
    for _ in range(5):
        world.clock.later(minutes=1)
        world.steps.dispatch()
    assert world.state(name) is state


def test_a_credential_that_fails_while_preparing_pauses_the_account(world):
    (name,) = world.plan("picture")
    world.switchboard._known["main"] = Choosy(world.platform, AuthExpired("The token is no longer accepted."))
    before_nine(world, minutes=4)
    assert world.outbox.lanes()[0].paused_by == "engine"
    world.steps.begin()
    world.at_nine()
    assert world.state(name) is State.SENT


def test_a_reworded_post_is_prepared_anew(world):
    from dataclasses import replace

    from scheduler.model.content import Content
    from scheduler.planning.changes import Action, Change
    from scheduler.testing.bench import apply, planned

    (name,) = world.plan("picture")
    before_nine(world, minutes=4)
    held = world.outbox.snapshot().held[name]
    (old,) = planned("picture", held.due)
    apply(
        world.outbox, [Change(Action.REWORD, name, replace(old, content=Content("other")), held)], at=world.clock.now()
    )
    world.at_nine()
    assert world.platform.prepared == [name, name]
    assert world.platform.texts == ["other"]


def test_what_was_cancelled_while_it_was_prepared_stays_cancelled(world):
    (name,) = world.plan("picture")
    world.clock.jump(world.outbox.next_due() - timedelta(minutes=1))
    taken = world.steps.claim(9)
    world.outbox.cancel([name], at=world.clock.now(), who="mira")
    world.steps.claim(9, tuple(step() for step in world.steps.work(taken)))
    world.at_nine()
    assert world.state(name) is State.CANCELLED
    assert world.platform.requests == 0


def test_dry_posts_are_not_prepared(world):
    (name,) = world.plan("picture", live=False)
    world.at_nine()
    assert world.outbox.row(name).dry_run
    assert world.platform.prepared == []


def test_a_post_claimed_before_its_publisher_could_be_asked_is_prepared_first(world):
    (name,) = world.plan("picture")
    logged_in = []

    def resolve(account):
        if not logged_in:
            raise AuthExpired("Nobody is logged in.")
        return world.publisher(account)

    steps = Steps(world.outbox, Switchboard(resolve, dry=world.dry, live=lambda: world.live), world.clock)
    world.clock.jump(world.outbox.next_due())
    steps.dispatch()
    world.outbox.resume(["main"], at=world.clock.now(), who="person")
    logged_in.append(True)  # without a change of .env, by which everything would be built anew
    steps.dispatch()
    world.clock.later(seconds=5)
    steps.dispatch()
    assert world.state(name) is State.SENT
    assert world.platform.prepared == [name]
