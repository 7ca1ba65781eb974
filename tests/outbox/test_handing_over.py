"""What a person was given to post by hand: it waits for them, a thread whole, and nothing tells them twice."""

from datetime import timedelta

import pytest

from scheduler.engine.steps import Steps
from scheduler.errors import HandedOver, NotInHand, Transient
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.lifecycle import State
from scheduler.outbox.notes import Notes
from scheduler.publishers.base import Capabilities, NamedInAdvance

SAID = Receipt("https://clips.example/1", "https://clips.example/1", Strength.SAID)


class Hands:
    """Gives every post to a person; `given` is what it gave."""

    capabilities = Capabilities("manual", NamedInAdvance(), timeout=5.0)

    def __init__(self):
        self.given = []
        self.refuses = False

    def publish(self, draft, prepared):
        del prepared
        if self.refuses:
            raise Transient("The disk is full.")
        self.given.append([draft.content.text, *(one.text for one in draft.following)])
        raise HandedOver("Open the page.")


@pytest.fixture
def hands(world, monkeypatch):
    made = Hands()
    monkeypatch.setattr(world, "publisher", lambda _: made)
    world.switchboard.__init__(world.publisher, dry=world.dry, live=lambda: world.live)
    return made


def now(world):
    return world.clock.now()


def test_what_a_person_was_given_is_neither_sent_nor_looked_for(world, hands):
    (name,) = world.plan("clip")
    events = world.at_nine()
    row = world.outbox.row(name)
    assert (row.state, row.look_at, row.last_error) == (State.UNCERTAIN, None, "Open the page.")
    assert [event.event for event in events] == ["claim", "hand_over"]
    world.look(hours=5)
    assert len(hands.given) == 1
    assert world.state(name) is State.UNCERTAIN


def test_a_thread_is_given_whole_and_none_of_it_is_missed(world, hands):
    names = world.plan("thread", parts=3)
    world.at_nine()
    assert hands.given == [["thread, 1 of 3", "thread, 2 of 3", "thread, 3 of 3"]]
    assert world.states() == {"uncertain": 3}
    world.clock.later(hours=9)
    world.steps.dispatch()
    assert world.states() == {"uncertain": 3}
    assert [event.event for event in world.outbox.events(names[2])] == ["create", "claim", "hand_over"]
    assert [attempt.outcome for attempt in world.outbox.attempts(names[2])] == ["unknown"]


def test_a_thread_is_done_whole_by_a_persons_word(world, hands):
    names = world.plan("thread", parts=2)
    world.at_nine()
    events = world.outbox.resolve_sent(names[0], SAID, at=now(world), who="mira")
    assert [event.delivery for event in events] == names
    assert {world.outbox.row(name).receipt.strength for name in names} == {Strength.SAID}
    assert world.states() == {"sent": 2}


def test_a_thread_that_nobody_posted_can_be_tried_again_and_is_given_anew(world, hands):
    names = world.plan("thread", parts=2)
    world.at_nine()
    world.outbox.resolve_not_sent(names[1], at=now(world), who="mira")
    assert world.states() == {"failed": 2}
    world.outbox.retry(names[:1], due=now(world), at=now(world), who="mira")
    world.steps.dispatch()
    assert len(hands.given) == 2
    assert world.states() == {"uncertain": 2}


def test_it_cannot_be_cancelled_while_a_person_may_be_posting_it(world, hands):
    (name,) = world.plan("clip")
    world.at_nine()
    with pytest.raises(NotInHand, match="cannot be cancelled"):
        world.outbox.cancel([name], at=now(world), who="mira")


def test_the_next_post_of_the_account_is_given_while_the_first_still_waits(world, hands):
    world.plan("first", "second", parts=2)
    world.at_nine()
    assert [given[0] for given in hands.given] == ["first, 1 of 2", "second, 1 of 2"]
    assert world.states() == {"uncertain": 4}


def test_a_page_that_could_not_be_written_is_tried_again(world, hands):
    (name,) = world.plan("clip")
    hands.refuses = True
    world.at_nine()
    assert world.state(name) is State.SCHEDULED
    hands.refuses = False
    world.clock.later(minutes=5)
    world.steps.dispatch()
    assert hands.given == [["clip, 1 of 1"]]


def test_whoever_takes_over_from_a_dead_process_gives_the_same_once_more_and_it_waits_as_before(world, hands):
    names = world.plan("thread", parts=2)
    world.clock.later(hours=1)
    for step in world.steps.work(world.steps.claim(1)):
        step()  # it ended, and nobody wrote it down
    again = Steps(world.outbox, world.switchboard, world.clock, holder="another")
    again.begin()
    assert world.state(names[0]) is State.UNCERTAIN
    world.clock.later(minutes=1)
    events = again.reconcile()
    assert [event.event for event in events if event.delivery == names[0]] == ["postpone", "claim", "hand_over"]
    assert hands.given[0] == hands.given[1]
    assert world.states() == {"uncertain": 2}


def test_what_was_given_before_the_process_died_is_recorded_from_its_notes(world, hands, tmp_path):
    boot = tmp_path / "boot"
    boot.write_text("this run")
    names = world.plan("thread", parts=2)
    notes = Notes(tmp_path / "tries", boot=boot)
    steps = Steps(world.outbox, world.switchboard, world.clock, holder="first", notes=notes, tries=4)
    steps.begin()
    world.clock.later(hours=1)
    taken = steps.claim(1)
    for step in steps.work(taken):
        step()  # it ended, and nobody wrote it down
    notes.end()
    after = Steps(
        world.outbox, world.switchboard, world.clock, holder="second", notes=Notes(tmp_path / "tries", boot=boot)
    )
    events = after.begin()
    assert [(event.event, event.delivery) for event in events] == [
        ("hand_over", names[0]),
        ("claim", names[1]),
        ("hand_over", names[1]),
    ]
    assert len(hands.given) == 1


def test_a_stop_keeps_it_from_being_given(world, hands):
    from scheduler.outbox.stops import Kind, Target

    (name,) = world.plan("clip")
    world.outbox.stop([Target(Kind.ACCOUNT, "main")], at=now(world), who="mira")
    world.at_nine()
    assert hands.given == []
    world.clock.later(seconds=timedelta(hours=3).total_seconds())
    world.steps.claim(0)
    assert world.state(name) is State.MISSED
