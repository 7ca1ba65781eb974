"""From due to sent, and every other way a try can end."""

from datetime import timedelta

import pytest

from scheduler.engine.alarm import JumpingAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.model.lifecycle import State
from scheduler.outbox import lanes
from scheduler.testing.platform import Fate
from tests.outbox.conftest import NINE


def test_a_post_that_is_due_leaves_once_and_is_proved_by_its_receipt(world):
    (name,) = world.plan("opening")
    events = world.at_nine()
    row = world.outbox.row(name)
    assert (row.state, row.remote_url, row.attempts) == (State.SENT, "https://fake.example/1", 1)
    assert [event.event for event in events] == ["claim", "accept"]
    assert world.platform.texts == ["opening, 1 of 1"]
    assert world.at_nine(hours=1) == []
    assert world.platform.requests == 1


def test_nothing_leaves_a_microsecond_before_it_is_due(world):
    (name,) = world.plan("opening")
    world.clock.jump(world.outbox.row(name).due - timedelta(microseconds=1))
    world.steps.dispatch()
    assert world.platform.requests == 0
    assert world.at_nine()
    assert world.state(name) is State.SENT


def test_a_clock_that_steps_back_between_wait_and_claim_sends_nothing_early(world):
    (name,) = world.plan("opening")
    world.clock.jump(world.outbox.row(name).due)
    world.clock.step(seconds=-10)
    world.steps.dispatch()
    assert world.platform.requests == 0


@pytest.mark.parametrize(
    ("fate", "state", "kept"),
    [
        (Fate.REFUSES, State.SCHEDULED, "refused the connection"),
        (Fate.NOT_READY, State.SCHEDULED, "being processed"),
        (Fate.LIMITS, State.SCHEDULED, "Too many posts"),
        (Fate.EXPIRES, State.SCHEDULED, "token"),
        (Fate.REJECTS, State.FAILED, "does not take"),
        (Fate.LOSES_THE_REPLY, State.UNCERTAIN, "No reply"),
        (Fate.NEVER_ARRIVES, State.UNCERTAIN, "No reply"),
        (Fate.GARBLES, State.UNCERTAIN, "cannot be read"),
        (Fate.FAILS_AFTER_POSTING, State.UNCERTAIN, "stumbled"),
        (Fate.NO_ID, State.UNCERTAIN, "without an id"),
    ],
)
def test_what_the_platform_did_decides_where_the_post_stands(world, fate, state, kept):
    (name,) = world.plan("opening")
    world.platform.next(fate)
    world.at_nine()
    row = world.outbox.row(name)
    (attempt,) = world.outbox.attempts(name)
    assert row.state is state
    assert kept in row.last_error
    assert kept in attempt.error
    assert attempt.outcome == ("unknown" if state is State.UNCERTAIN else "not sent")


def test_a_stumbling_publisher_leaves_its_traceback_with_the_attempt(world):
    (name,) = world.plan("opening")
    world.platform.next(Fate.FAILS_AFTER_POSTING)
    world.at_nine()
    assert "Traceback" in world.outbox.attempts(name)[0].error
    assert "Traceback" not in world.outbox.row(name).last_error


def test_a_refused_connection_is_tried_again_and_due_and_late_stay(world):
    (name,) = world.plan("opening")
    before = world.outbox.row(name)
    world.platform.next(Fate.REFUSES)
    world.at_nine()
    waiting = world.outbox.row(name)
    assert waiting.not_before > world.clock.now()
    world.at_nine(minutes=1)
    after = world.outbox.row(name)
    assert (after.state, after.attempts) == (State.SENT, 2)
    assert (after.due, after.expires_at) == (before.due, before.expires_at)
    assert [one.outcome for one in world.outbox.attempts(name)] == ["not sent", "sent"]


def test_a_transient_failure_holds_its_account_in_order_and_no_other(world):
    first, second = world.plan("opening", "closing")
    (other,) = world.plan("opening", account="second")
    world.platform.next(Fate.REFUSES)
    world.clock.jump(world.outbox.row(first).due)
    world.steps.dispatch()
    assert world.state(second) is State.SCHEDULED
    assert world.state(other) is State.SENT
    world.at_nine(minutes=1)
    assert world.platform.texts == ["opening, 1 of 1", "opening, 1 of 1", "closing, 1 of 1"]


def test_a_rejection_holds_nothing_else(world):
    first, second = world.plan("opening", "closing")
    world.platform.next(Fate.REJECTS)
    world.at_nine()
    assert (world.state(first), world.state(second)) == (State.FAILED, State.SENT)


def test_an_unknown_holds_only_its_own_thread(world):
    one, two = world.plan("thread", parts=2)
    (other,) = world.plan("closing")
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.at_nine()
    assert world.state(one) is State.UNCERTAIN
    assert (world.state(two), world.outbox.row(two).held) == (State.SCHEDULED, "parent")
    assert world.state(other) is State.SENT


def test_a_rate_limit_makes_the_whole_account_wait_until_the_platform_says(world):
    _first, _second = world.plan("opening", "closing")
    world.platform.next(Fate.LIMITS)
    world.at_nine()
    (lane,) = world.outbox.lanes()
    assert lane.blocked_until == world.clock.now() + timedelta(minutes=15)
    assert lane.ready_at == lane.blocked_until
    world.at_nine(minutes=14)
    assert world.platform.texts == []
    world.at_nine(minutes=1)
    assert world.states() == {"sent": 2}


def test_an_expired_credential_pauses_the_account_until_someone_resumes_it(world):
    _first, _second = world.plan("opening", "closing")
    world.platform.next(Fate.EXPIRES)
    world.at_nine()
    (lane,) = world.outbox.lanes()
    assert (lane.paused_by, lane.ready_at) == ("engine", None)
    assert "token" in lane.paused
    world.at_nine(minutes=30)
    assert world.platform.requests == 1
    world.outbox.resume(["main"], at=world.clock.now(), who="person")
    world.steps.dispatch()
    assert world.states() == {"sent": 2}


def test_a_paused_account_sends_nothing_and_what_expires_says_why(world):
    (name,) = world.plan("opening")
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="while we talk to the press")
    world.at_nine(hours=3)
    row = world.outbox.row(name)
    assert (row.state, world.platform.requests) == (State.MISSED, 0)
    assert world.outbox.events(name)[-1].why == "while we talk to the press"


def test_what_waits_behind_a_limit_until_it_is_too_late_says_which(world):
    first, second = world.plan("opening", "closing")
    world.platform.next(Fate.LIMITS)
    world.at_nine()
    with world.outbox.write() as connection:
        lanes.block(connection, "main", NINE + timedelta(days=1), "The day's limit is reached.")

    world.at_nine(hours=3)

    assert (world.state(first), world.state(second)) == (State.MISSED, State.MISSED)
    assert world.outbox.row(second).last_error == "The day's limit is reached."


def test_what_is_later_than_its_campaign_allows_is_missed_and_keeps_its_last_error(world):
    (name,) = world.plan("opening", late=timedelta(minutes=10))
    world.platform.next(*[Fate.REFUSES] * 50)
    world.at_nine()
    for _ in range(30):
        world.at_nine(minutes=1)
    row = world.outbox.row(name)
    assert row.state is State.MISSED
    assert "refused" in row.last_error
    assert world.outbox.needs_a_person()[0].name == name


def test_after_downtime_what_is_still_allowed_leaves_and_the_rest_is_missed(world):
    early = world.plan("joke", late=timedelta(minutes=30))
    still = world.plan("appeal", late=timedelta(hours=6))
    world.at_nine(hours=2)
    assert world.state(early[0]) is State.MISSED
    assert world.state(still[0]) is State.SENT


def test_a_post_may_still_leave_at_the_very_last_moment(world):
    (name,) = world.plan("opening", late=timedelta(hours=2))
    world.at_nine(hours=2)
    assert world.state(name) is State.SENT


def test_parts_of_a_thread_reply_to_the_one_before(world):
    world.plan("thread", parts=3)
    world.at_nine()
    assert [post.reply_to for post in world.platform.posts] == ["", "1", "2"]
    assert world.states() == {"sent": 3}


def test_a_failed_part_holds_the_rest_of_its_thread_until_they_are_missed(world):
    _one, _two, three = world.plan("thread", parts=3)
    world.platform.next(Fate.TAKES, Fate.REJECTS)
    world.at_nine()
    assert world.states() == {"sent": 1, "failed": 1, "scheduled": 1}
    world.at_nine(hours=3)
    assert world.state(three) is State.MISSED
    assert "part before it" in world.outbox.events(three)[-1].why


def test_accounts_that_share_a_moment_take_turns(world):
    for post in ("first", "second", "third"):
        for account in ("main", "second", "third"):
            world.plan(post, account=account)
    world.clock.jump(world.outbox.next_due())
    served = []
    for _ in range(9):
        taken = world.steps.claim(1)
        served += [one.draft.account for one in taken.claimed]
        world.steps.claim(0, tuple(step() for step in world.steps.work(taken)))
        world.clock.later(seconds=1)
    assert served[:3] == served[3:6] == served[6:]
    assert len(set(served[:3])) == 3


def test_at_most_as_many_are_claimed_as_workers_are_free(world):
    for account in ("main", "second", "third"):
        world.plan("opening", account=account)
    world.clock.jump(world.outbox.next_due())
    assert len(world.steps.claim(2).claimed) == 2
    assert world.states() == {"scheduled": 1, "sending": 2}
    assert world.steps.claim(0).claimed == ()


def test_one_account_never_has_two_in_flight(world):
    world.plan("opening", "closing")
    world.clock.jump(world.outbox.next_due())
    assert len(world.steps.claim(9).claimed) == 1
    assert world.steps.claim(9).claimed == ()
    assert world.outbox.next_due() is None


def test_what_was_dry_at_apply_stays_dry(world):
    (name,) = world.plan("opening", live=False)
    world.at_nine()
    row = world.outbox.row(name)
    assert (row.state, row.dry_run, world.platform.requests) == (State.SENT, True, 0)


def test_turning_an_account_off_works_at_once(world):
    (name,) = world.plan("opening")
    world.live.clear()
    world.at_nine()
    assert world.outbox.row(name).dry_run
    assert world.outbox.attempts(name)[0].dry_run
    assert world.platform.requests == 0


def test_a_thread_that_began_dry_ends_dry(world):
    _one, two = world.plan("thread", parts=2)
    world.live.clear()
    world.clock.jump(world.outbox.next_due())
    taken = world.steps.claim(1)
    world.live.add("main")
    world.steps.claim(0, tuple(step() for step in world.steps.work(taken)))
    world.steps.dispatch()
    assert world.outbox.row(two).dry_run
    assert world.platform.requests == 0


def test_an_account_without_a_publisher_is_paused_and_nothing_is_lost(world):
    (name,) = world.plan("opening")
    world.publisher = None

    def missing(_):
        raise ValueError("no such thing")

    world.switchboard._resolve = missing
    world.at_nine()
    assert world.state(name) is State.SCHEDULED
    assert "no such thing" in world.outbox.lanes()[0].paused


def test_a_server_that_many_accounts_share_gets_only_so_many_requests_at_once(world):
    shared = {f"chapter-{number}": "mastodon.example" for number in range(6)}
    for account in (*shared, "elsewhere"):
        world.plan("opening", account=account, live=False)
    world.switchboard.hosts = lambda: shared
    world.switchboard.host_cap = 2
    world.clock.jump(world.outbox.next_due())
    first = world.steps.claim(9)
    assert sorted(one.draft.account in shared for one in first.claimed) == [False, True, True]
    assert world.steps.claim(9).claimed == ()
    (one, *_) = (
        step()
        for step, taken in zip(world.steps.work(first), first.claimed, strict=True)
        if taken.draft.account in shared
    )
    assert len(world.steps.claim(9, (one,)).claimed) == 1


def test_a_shared_server_is_worked_off_whole(world):
    shared = {f"chapter-{number}": "mastodon.example" for number in range(9)}
    for account in shared:
        world.plan("opening", account=account, live=False)
    world.switchboard.hosts = lambda: shared
    world.switchboard.host_cap = 2
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert world.states() == {"sent": 9}
    assert world.clock.now() == world.outbox.rows()[0].due
