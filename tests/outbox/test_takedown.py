"""Taking down what is out: last part first, at the platform's pace, and what cannot be is handed back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.errors import Ambiguous, AuthExpired, NotInHand, RateLimited, Rejected
from scheduler.model.lifecycle import State
from scheduler.operations.takedown import Hands, how_long, in_order, take_down
from scheduler.publishers.base import Operation, Pace
from scheduler.testing.bench import planned
from scheduler.testing.platform import LOOKS, FakePublisher

MASTODONS = Pace(30, timedelta(minutes=30))


class Deleter(FakePublisher):
    """A fake publisher that can delete, unless its script says otherwise."""

    def __init__(self, platform, capabilities, script):
        super().__init__(platform, capabilities)
        self.script = script
        self.asked = []

    def delete(self, receipt):
        self.asked.append(receipt.remote_id)
        if self.script:
            trouble = self.script.pop(0)
            if trouble is not None:
                raise trouble
        super().delete(receipt)


def hands(world, *script, pace=None, operations=frozenset({Operation.DELETE})):
    publisher = Deleter(world.platform, replace(LOOKS, operations=operations, deletes=pace), list(script))
    waits = []

    def pause(seconds):
        waits.append(seconds)
        world.clock.later(seconds=seconds)

    made = Hands(lambda _: publisher, world.clock, pause, "mira", "a typo")
    return made, publisher, waits


def rows(world):
    return in_order(world.outbox.rows())


def test_a_thread_comes_down_last_part_first_and_each_part_is_recorded(world):
    one, two, three = world.plan("thread", parts=3)
    world.at_nine()
    made, publisher, _ = hands(world)
    outcome = take_down(world.outbox, rows(world), made)
    assert publisher.asked == ["3", "2", "1"]
    assert [row.name for row in outcome.taken] == [three, two, one]
    assert (world.states(), world.platform.posts) == ({"retracted": 3}, [])
    last = world.outbox.events(one)[-1]
    assert (last.event, last.who, last.why) == ("retract", "mira", "a typo")


def test_a_call_that_dies_half_way_goes_on_where_it_stopped(world):
    world.plan("thread", parts=3)
    world.at_nine()
    made, publisher, _ = hands(world, None, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        take_down(world.outbox, rows(world), made)
    assert world.states() == {"sent": 2, "retracted": 1}
    take_down(world.outbox, rows(world), made)
    assert world.states() == {"retracted": 3}
    assert publisher.asked == ["3", "2", "2", "1"]


@pytest.mark.parametrize(
    "trouble", [Rejected("It is too old."), AuthExpired("The token is no longer accepted."), RuntimeError("a bug")]
)
def test_what_cannot_be_deleted_is_handed_back_and_the_rest_comes_down(world, trouble):
    one, two = world.plan("thread", parts=2)
    world.at_nine()
    made, _, _ = hands(world, trouble)
    outcome = take_down(world.outbox, rows(world), made)
    assert [(left.row.name, bool(left.why)) for left in outcome.left] == [(two, True)]
    assert (world.state(one), world.state(two)) == (State.RETRACTED, State.SENT)
    assert outcome.left[0].row.remote_url == "https://fake.example/2"


def test_a_platform_that_cannot_delete_is_never_asked(world):
    world.plan("opening")
    world.at_nine()
    made, publisher, _ = hands(world, operations=frozenset())
    outcome = take_down(world.outbox, rows(world), made)
    assert (publisher.asked, outcome.taken) == ([], [])
    assert "cannot be deleted from here" in outcome.left[0].why


def test_an_account_without_a_publisher_hands_its_posts_back(world):
    world.plan("opening")
    world.at_nine()

    def nobody(account):
        raise Rejected(f"There is no account {account} any more.")

    made = Hands(nobody, world.clock, lambda _: None, "mira")
    assert how_long(world.outbox, rows(world), made) == timedelta(0)
    assert take_down(world.outbox, rows(world), made).left[0].why == "There is no account main any more."


def test_a_lost_reply_is_asked_again_for_a_delete_can_be_repeated(world):
    world.plan("opening")
    world.at_nine()
    made, publisher, _ = hands(world, Ambiguous("No reply."), Ambiguous("No reply."))
    assert take_down(world.outbox, rows(world), made).left == []
    assert publisher.asked == ["1", "1", "1"]


def test_the_platforms_own_word_of_when_is_obeyed(world):
    world.plan("opening")
    world.at_nine()
    until = world.clock.now() + timedelta(minutes=9)
    made, _, waits = hands(world, RateLimited("Slower.", retry_at=until))
    assert take_down(world.outbox, rows(world), made).left == []
    assert waits == [540.0]


def test_a_platform_that_asks_for_half_a_day_is_left_for_later(world):
    world.plan("opening")
    world.at_nine()
    until = world.clock.now() + timedelta(hours=12)
    made, _, waits = hands(world, RateLimited("Tomorrow.", retry_at=until))
    assert len(take_down(world.outbox, rows(world), made).left) == 1
    assert waits == []


def test_takedowns_keep_to_thirty_in_thirty_minutes_and_say_how_long_they_take(world):
    world.plan(*(f"post-{number}" for number in range(70)))
    world.at_nine()
    made, publisher, waits = hands(world, pace=MASTODONS)
    out = rows(world)
    assert how_long(world.outbox, out, made) == timedelta(hours=1)
    began = world.clock.now()
    take_down(world.outbox, out, made)
    assert len(publisher.asked) == 70
    assert waits == [1800.0, 1800.0]
    assert world.clock.now() - began == timedelta(hours=1)


def test_what_an_earlier_call_took_down_counts_for_the_pace(world):
    world.plan(*(f"post-{number}" for number in range(31)))
    world.at_nine()
    made, _, waits = hands(world, pace=MASTODONS)
    out = rows(world)
    take_down(world.outbox, out[:30], made)
    world.clock.later(minutes=10)
    assert how_long(world.outbox, out[30:], made) == timedelta(minutes=20)
    take_down(world.outbox, out[30:], made)
    assert waits == [1200.0]


def test_a_dry_run_reached_nobody_and_needs_no_publisher(world):
    (name,) = world.plan("opening", live=False)
    world.at_nine()
    made, publisher, _ = hands(world)
    take_down(world.outbox, rows(world), made)
    assert (world.state(name), publisher.asked) == (State.RETRACTED, [])
    assert world.outbox.taken_down("main", since=world.clock.now() - timedelta(hours=1)) == []


def anew(world, text, parts=1):
    now = world.clock.now()
    return planned("opening", now - timedelta(minutes=3), text=text, parts=parts, late=timedelta(minutes=20))


def test_what_was_taken_down_is_sent_again_with_the_new_text_under_a_new_key(world):
    (name,) = world.plan("opening", text="teh typo")
    world.at_nine()
    first = world.platform.posts[0].key
    take_down(world.outbox, rows(world), hands(world)[0])
    world.outbox.resend(anew(world, "the word"), due=world.clock.now(), at=world.clock.now(), who="mira")
    row = world.outbox.row(name)
    assert (row.state, row.generation, row.expires_at - row.due) == (State.SCHEDULED, 2, timedelta(minutes=20))
    world.steps.dispatch()
    assert world.platform.texts == ["the word"]
    assert world.platform.posts[0].key != first


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 1), (3, 2), (2, 2)])
def test_a_thread_comes_back_with_as_many_parts_as_the_files_have_now(world, before, after):
    world.plan("opening", parts=before)
    world.at_nine()
    take_down(world.outbox, rows(world), hands(world)[0])
    world.platform.posts.clear()
    world.outbox.resend(anew(world, "", parts=after), due=world.clock.now(), at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert world.platform.texts == [f"opening, {part} of {after}" for part in range(1, after + 1)]
    assert world.states() == {"sent": after} | ({"retracted": before - after} if before > after else {})


def test_nothing_is_sent_again_while_a_part_of_it_is_out(world):
    world.plan("opening", parts=2)
    world.at_nine()
    made, _, _ = hands(world, Rejected("It is too old."))
    take_down(world.outbox, rows(world), made)
    with pytest.raises(NotInHand, match="cannot be sent again"):
        world.outbox.resend(anew(world, "again"), due=world.clock.now(), at=world.clock.now(), who="mira")
    assert world.states() == {"sent": 1, "retracted": 1}
