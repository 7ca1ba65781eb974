"""What a person decides, and what is refused with what to do instead."""

from datetime import timedelta

import pytest

from scheduler.errors import NotInHand
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.lifecycle import State
from scheduler.testing.platform import Fate


def now(world):
    return world.clock.now()


def test_a_thread_is_cancelled_whole(world):
    one, two, three = world.plan("thread", parts=3)
    events = world.outbox.cancel([two], at=now(world), who="mira", why="the venue moved")
    assert [event.delivery for event in events] == [one, two, three]
    assert world.states() == {"cancelled": 3}
    row = world.outbox.row(one)
    assert row.cancelled_by == "person"
    assert world.outbox.next_due() is None
    last = world.outbox.events(one)[-1]
    assert (last.event, last.who, last.why) == ("cancel", "mira", "the venue moved")


def test_what_has_left_of_a_thread_stays_sent_when_the_rest_is_cancelled(world):
    one, two = world.plan("thread", parts=2)
    world.platform.next(Fate.TAKES, Fate.REFUSES)
    world.at_nine()
    world.outbox.cancel([one], at=now(world), who="mira")
    assert (world.state(one), world.state(two)) == (State.SENT, State.CANCELLED)


@pytest.mark.parametrize("fate", [Fate.TAKES, Fate.LOSES_THE_REPLY, Fate.REJECTS])
def test_what_is_no_longer_scheduled_cannot_be_cancelled(world, fate):
    (name,) = world.plan("opening")
    world.platform.next(fate)
    world.at_nine()
    with pytest.raises(NotInHand, match="cannot be cancelled"):
        world.outbox.cancel([name], at=now(world), who="mira")


def test_nothing_is_cancelled_when_one_of_several_cannot_be(world):
    (sent,) = world.plan("opening")
    world.at_nine()
    (still,) = world.plan("closing", due=now(world) + timedelta(hours=1))
    with pytest.raises(NotInHand):
        world.outbox.cancel([still, sent], at=now(world), who="mira")
    assert world.state(still) is State.SCHEDULED


def test_a_name_that_is_not_there_is_said_to_be_not_there(world):
    for decide in (
        lambda: world.outbox.cancel(["nothing"], at=now(world), who="mira"),
        lambda: world.outbox.resolve_not_sent("nothing", at=now(world), who="mira"),
        lambda: world.outbox.retract("nothing", at=now(world), who="mira"),
    ):
        with pytest.raises(NotInHand, match="no post called nothing"):
            decide()


@pytest.mark.parametrize("end", ["failed", "missed", "cancelled", "retracted"])
def test_a_retry_sends_again_under_a_new_key_with_the_same_lateness_allowed(world, end):
    (name,) = world.plan("opening", late=timedelta(minutes=20))
    if end == "failed":
        world.platform.next(Fate.REJECTS)
    if end == "cancelled":
        world.outbox.cancel([name], at=now(world), who="mira")
    world.at_nine(**({"hours": 1} if end == "missed" else {}))
    if end == "retracted":
        world.outbox.retract(name, at=now(world), who="mira")
    assert world.state(name).value == end
    due = now(world) + timedelta(minutes=30)
    world.outbox.retry([name], due=due, at=now(world), who="mira")
    row = world.outbox.row(name)
    assert (row.state, row.generation, row.due, row.expires_at) == (
        State.SCHEDULED,
        2,
        due,
        due + timedelta(minutes=20),
    )
    assert (row.attempts, row.first_attempt_at, row.last_error, row.receipt) == (0, None, "", None)
    world.at_nine(hours=2)
    world.clock.jump(due)
    assert len({post.key for post in world.platform.posts}) == len(world.platform.posts)


def test_a_retry_of_a_thread_takes_what_was_not_sent_and_leaves_what_was(world):
    one, two, three = world.plan("thread", parts=3)
    world.platform.next(Fate.TAKES, Fate.REJECTS)
    world.at_nine()
    world.outbox.retry([three], due=now(world), at=now(world), who="mira")
    world.steps.dispatch()
    assert world.states() == {"sent": 3}
    assert [post.reply_to for post in world.platform.posts] == ["", "1", "2"]
    assert world.outbox.row(one).generation == 1
    assert world.outbox.row(two).generation == 2


@pytest.mark.parametrize(("fate", "word"), [(Fate.TAKES, "sent"), (Fate.LOSES_THE_REPLY, "uncertain")])
def test_what_was_sent_or_may_be_sent_is_not_retried(world, fate, word):
    (name,) = world.plan("opening")
    world.platform.next(fate)
    world.at_nine()
    with pytest.raises(NotInHand, match=word):
        world.outbox.retry([name], due=now(world), at=now(world), who="mira")


def test_what_is_scheduled_is_not_retried(world):
    (name,) = world.plan("opening")
    with pytest.raises(NotInHand, match="scheduled"):
        world.outbox.retry([name], due=now(world), at=now(world), who="mira")


def test_a_person_who_found_the_post_settles_it_and_the_thread_goes_on(world):
    world.kind = "neither"
    one, two = world.plan("thread", parts=2)
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.at_nine()
    said = Receipt("https://fake.example/1", "https://fake.example/1", Strength.SAID)
    world.outbox.resolve_sent(one, said, at=now(world), who="mira")
    world.steps.dispatch()
    assert (world.state(one), world.state(two)) == (State.SENT, State.SENT)
    assert world.outbox.row(one).receipt == said


def test_a_person_who_did_not_find_it_may_send_it_again(world):
    world.kind = "neither"
    (name,) = world.plan("opening")
    world.platform.next(Fate.NEVER_ARRIVES)
    world.at_nine()
    world.outbox.resolve_not_sent(name, at=now(world), who="mira")
    assert world.state(name) is State.FAILED
    world.outbox.retry([name], due=now(world), at=now(world), who="mira")
    world.steps.dispatch()
    assert world.state(name) is State.SENT


def test_only_what_is_unknown_is_resolved(world):
    (name,) = world.plan("opening")
    with pytest.raises(NotInHand, match="not unknown"):
        world.outbox.resolve_sent(name, Receipt("1"), at=now(world), who="mira")


def test_only_what_was_sent_is_retracted(world):
    (name,) = world.plan("opening")
    with pytest.raises(NotInHand, match="cannot be retracted"):
        world.outbox.retract(name, at=now(world), who="mira")


def test_old_receipts_stay_with_their_attempts(world):
    (name,) = world.plan("opening")
    world.at_nine()
    world.outbox.retract(name, at=now(world), who="mira")
    world.outbox.retry([name], due=now(world), at=now(world), who="mira")
    world.steps.dispatch()
    assert [one.receipt.remote_id for one in world.outbox.attempts(name)] == ["1", "2"]
    assert [one.generation for one in world.outbox.attempts(name)] == [1, 2]


def test_a_pause_keeps_its_first_reason_and_resume_lifts_only_what_is_paused(world):
    world.plan("opening")
    assert world.outbox.pause("main", at=now(world), who="mira", why="first")
    assert world.outbox.pause("main", at=now(world), who="mira", why="second") == []
    assert world.outbox.lanes()[0].paused == "first"
    assert [event.account for event in world.outbox.resume(at=now(world), who="mira")] == ["main"]
    assert world.outbox.resume(at=now(world), who="mira") == []
    assert world.outbox.next_due() is not None


def test_a_persons_pause_outlives_the_daemon(world):
    world.plan("opening")
    world.outbox.pause("main", at=now(world), who="mira", why="quiet")
    world.steps.begin()
    assert world.outbox.lanes()[0].paused == "quiet"
