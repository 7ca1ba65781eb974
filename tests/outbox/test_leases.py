"""Who settles a try: the lease decides, and a receipt in hand is never dropped."""

from dataclasses import replace

import pytest

from scheduler.engine.steps import Steps
from scheduler.errors import Bug
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.testing.platform import Fate


def claim_and_publish(world):
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(1)
    return tuple(step() for step in world.steps.work(taken))


def test_a_receipt_that_comes_after_recovery_settles_the_unknown(world):
    (name,) = world.plan("opening")
    results = claim_and_publish(world)
    world.steps.begin()
    assert world.state(name) is State.UNCERTAIN
    events = world.steps.claim(0, results).events
    assert world.state(name) is State.SENT
    assert [event.event for event in events] == ["late_receipt"]


def test_a_receipt_for_what_is_back_in_line_keeps_it_from_leaving_again(world):
    (name,) = world.plan("opening")
    results = claim_and_publish(world)
    world.platform.posts.clear()  # a platform that denies having it
    world.steps.begin()
    world.look(minutes=1)
    assert world.state(name) is State.SCHEDULED
    world.steps.claim(0, results)
    assert world.state(name) is State.SENT
    assert world.at_nine(minutes=5) == []


def test_a_receipt_for_what_a_person_settled_stays_in_the_history(world):
    (name,) = world.plan("opening")
    results = claim_and_publish(world)
    world.steps.begin()
    world.outbox.resolve_not_sent(name, at=world.clock.now(), who="mira")
    world.steps.claim(0, results)
    assert world.state(name) is State.FAILED
    last = world.outbox.events(name)[-1]
    assert (last.event, last.from_state, last.to_state) == ("late_receipt", "failed", "failed")
    assert "https://fake.example/1" in last.why


def test_a_late_failure_changes_nothing_and_is_said_aloud(world):
    (name,) = world.plan("opening")
    world.platform.next(Fate.REJECTS)
    results = claim_and_publish(world)
    world.steps.begin()
    world.steps.claim(0, results)
    assert world.state(name) is State.UNCERTAIN
    assert world.outbox.events(name)[-1].event == "lost_lease"


def test_the_same_result_handed_in_twice_is_settled_once(world):
    (name,) = world.plan("opening")
    results = claim_and_publish(world)
    world.steps.claim(0, results)
    world.steps.claim(0, results)
    assert world.state(name) is State.SENT
    assert [event.event for event in world.outbox.events(name)] == ["create", "claim", "accept", "late_receipt"]
    assert len(world.outbox.attempts(name)) == 1


def test_two_processes_that_claim_at_once_never_take_the_same_post(world):
    for number in range(20):
        for account in ("main", "second", "third"):
            world.plan(f"post-{number}", account=account)
    world.clock.jump(world.outbox.next_due())
    with open_outbox(world.outbox.path) as other:
        twins = [world.steps, Steps(other, world.switchboard, world.clock, holder="twin")]
        for turn in range(200):
            taken = twins[turn % 2].claim(2)
            both = twins[(turn + 1) % 2].claim(2)
            assert not {one.n for one in taken.claimed} & {one.n for one in both.claimed}
            twins[turn % 2].claim(0, tuple(step() for step in world.steps.work(taken)))
            twins[(turn + 1) % 2].claim(0, tuple(step() for step in world.steps.work(both)))
    assert world.states() == {"sent": 60}
    assert len({post.key for post in world.platform.posts}) == len(world.platform.posts) == 60


def test_a_post_without_a_receipt_is_never_settled_as_sent(world):
    world.plan("opening")
    (result,) = claim_and_publish(world)
    with pytest.raises(Bug, match="a receipt comes with"):
        world.steps.claim(0, (replace(result, receipt=None),))
