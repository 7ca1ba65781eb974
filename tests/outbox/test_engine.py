"""The engine with its threads: what it starts it ends, what it cannot write it keeps in hand."""

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest

from scheduler.clock import SystemClock
from scheduler.engine.alarm import JumpingAlarm, ThreadAlarm
from scheduler.engine.dispatcher import BEAT_SECONDS, Engine
from scheduler.engine.preflight import LEAD
from scheduler.engine.steps import dispatch, reconcile
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Bug, StoreError
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.trouble import Busy, DiskFull
from scheduler.testing.bench import fill, planned
from scheduler.testing.platform import KINDS, LOOKS, FakePlatform, FakePublisher, Fate
from tests.outbox.conftest import NINE

SOON = 10.0


def engine_of(world, **more):
    return Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock), **more)


class Gate(FakePublisher):
    """Holds every post until the test lets it go."""

    __slots__ = ("arrived", "opened")

    def __init__(self, platform):
        super().__init__(platform, LOOKS)
        self.arrived = threading.Semaphore(0)
        self.opened = threading.Event()

    def publish(self, draft, prepared):
        self.arrived.release()
        assert self.opened.wait(SOON)
        return super().publish(draft, prepared)


class Instead:
    """The engine's steps with one of them replaced."""

    def __init__(self, steps, **replaced):
        self.__dict__.update(replaced)
        self._steps = steps

    def __getattr__(self, name):
        return getattr(self._steps, name)


class Real:
    """An engine in a thread of its own, on the machine's clock, with a gate before the platform."""

    def __init__(self, world, *, now=None, **more):
        clock = now or SystemClock()
        self.platform = FakePlatform(clock.now)
        self.gate = Gate(self.platform)
        switchboard = Switchboard(lambda _: self.gate, dry=world.dry, live=lambda: world.live)
        self.alarm = ThreadAlarm(clock)
        self.events, self.troubles, self.beats = [], [], []
        self.engine = Engine(
            world.outbox,
            switchboard,
            clock,
            self.alarm,
            on_event=self.events.append,
            on_trouble=self.troubles.append,
            on_beat=self.beats.append,
            **more,
        )
        self.raised = None
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self.engine.run()
        except (StoreError, Bug) as caught:
            self.raised = caught

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.gate.opened.set()
        self.engine.stop()
        self.thread.join(SOON)
        assert not self.thread.is_alive()


def until(true):
    """Waits for another thread, no longer than it takes."""
    give_up = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.005)


def due_now(world, *posts, **said):
    now = SystemClock().now()
    deliveries = [one for post in posts for one in planned(post, now, **said)]
    fill(world.outbox, deliveries, at=now)
    return [one.name for one in deliveries]


def test_a_whole_day_is_rehearsed_in_no_time(world):
    for hour in range(10):
        world.plan(f"post-{hour}", due=world.clock.now() + timedelta(hours=hour), parts=2)
    events = []
    engine = engine_of(world, on_event=events.append)
    engine.run(until=engine.quiet)
    assert world.states() == {"sent": 20}
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert all(event.at == event.due for event in events)
    assert engine.next_moment is None


def test_a_rehearsal_can_end_with_its_day(world):
    world.plan("today")
    (later,) = world.plan("tomorrow", due=world.clock.now() + timedelta(days=1))
    engine = engine_of(world)
    end = world.clock.now() + timedelta(hours=15)
    engine.run(until=lambda: engine.quiet(by=end))
    assert world.state(later) is State.SCHEDULED
    assert world.clock.now() < end


def test_time_stands_still_while_anything_is_in_flight(world):
    due = world.clock.now()
    for number in range(30):
        world.plan(f"post-{number}", due=due, account=f"account-{number}", live=False)
    engine = engine_of(world, pool_size=4)
    engine.run(until=engine.quiet)
    assert world.states() == {"sent": 30}
    assert world.clock.now() == due


def test_lost_posts_are_looked_for_by_the_engine_itself(world):
    (name,) = world.plan("opening")
    world.platform.next(Fate.LOSES_THE_REPLY)
    engine = engine_of(world)
    engine.run(until=engine.quiet)
    assert world.state(name) is State.SENT
    assert world.clock.now() - world.outbox.row(name).due == timedelta(seconds=40)


def test_what_waits_too_long_is_missed_by_the_engine_itself(world):
    (name,) = world.plan("opening")
    world.outbox.pause("main", at=world.clock.now(), who="mira", why="quiet")
    engine = engine_of(world)
    engine.run(until=engine.quiet)
    row = world.outbox.row(name)
    assert row.state is State.MISSED
    assert world.clock.now() == row.expires_at + timedelta(microseconds=1)


def test_pictures_are_prepared_by_the_engine_itself(world):
    world.kind = "prepares"
    (name,) = world.plan("picture")
    engine = engine_of(world)
    engine.run(until=engine.quiet)
    assert world.state(name) is State.SENT
    assert world.platform.prepared == [name]
    assert world.clock.now() == world.outbox.row(name).due


def test_a_picture_is_prepared_ahead_while_another_post_is_in_flight(world):
    (first,) = due_now(world, "first")
    real = Real(world, pool_size=2)
    real.gate.capabilities = KINDS["prepares"]
    with real:
        assert real.gate.arrived.acquire(timeout=SOON)
        soon = SystemClock().now() + LEAD - timedelta(seconds=5)
        (second,) = planned("second", soon, account="second")
        fill(world.outbox, [second], at=SystemClock().now())
        until(lambda: second.name in real.platform.prepared)
        assert world.state(first) is State.SENDING


def test_stopping_finishes_what_is_in_flight_and_claims_no_more(world):
    due_now(world, "first", "second")
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        assert real.engine.in_flight == 1
        real.engine.stop()
        assert not real.engine.quiet()
    assert world.states() == {"scheduled": 1, "sent": 1}


def test_a_stop_before_the_start_claims_nothing(world):
    due_now(world, "first")
    engine = engine_of(world)
    engine.stop()
    engine.run()
    assert world.states() == {"scheduled": 1}


def test_what_another_process_applies_is_noticed_within_a_second(world):
    with Real(world) as real:
        real.gate.opened.set()
        until(lambda: real.beats)
        with open_outbox(world.outbox.path) as other:
            now = SystemClock().now()
            fill(other, planned("late idea", now), at=now)
        until(lambda: real.platform.posts)
        lateness = real.platform.posts[0].at - now
    assert lateness < timedelta(seconds=1)
    assert BEAT_SECONDS <= 0.5


def test_an_account_turned_to_dry_run_stops_at_its_next_post(world):
    with Real(world) as real:
        real.gate.opened.set()
        world.live.clear()
        (name,) = due_now(world, "first")
        until(lambda: world.state(name) is State.SENT)
    assert world.outbox.row(name).dry_run
    assert real.platform.posts == []


def test_a_locked_outbox_is_waited_for_and_no_receipt_is_lost(world):
    due_now(world, "first")
    world.outbox.close()
    world.outbox = open_outbox(world.outbox.path, busy_seconds=0.01)
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        with closing(sqlite3.connect(world.outbox.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            real.gate.opened.set()
            until(lambda: real.troubles)
            until(lambda: real.platform.posts)
            seen = len(real.beats)
            until(lambda: len(real.beats) > seen + 2)
            other.execute("ROLLBACK")
        until(lambda: world.states() == {"sent": 1})
    assert [type(trouble) for trouble in real.troubles] == [Busy]
    assert len(real.platform.posts) == 1


def test_a_full_disk_is_waited_for_and_no_receipt_is_lost(world):
    (name,) = due_now(world, "first", "second")[:1]
    full = threading.Event()
    write = world.outbox.write

    def writing():
        if full.is_set():
            raise DiskFull("The disk is full.")
        return write()

    world.outbox.write = writing
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        full.set()
        real.gate.opened.set()
        until(lambda: real.troubles)
        assert world.state(name) is State.SENDING
        full.clear()
        until(lambda: world.states() == {"sent": 2})
    assert len(real.platform.posts) == 2
    assert len(real.troubles) == 1


def test_an_outbox_that_breaks_stops_the_engine_and_it_says_what_it_could_not_write_down(world):
    due_now(world, "first")
    write = world.outbox.write
    broken = threading.Event()

    def writing():
        if broken.is_set():
            raise StoreError("The outbox is damaged.")
        return write()

    world.outbox.write = writing
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        broken.set()
        real.gate.opened.set()
        real.thread.join(SOON)
    assert "damaged" in str(real.raised)
    (unrecorded,) = real.engine.unrecorded()
    assert unrecorded.receipt.url == "https://fake.example/1"


def test_a_bug_of_ours_in_a_worker_stops_the_engine_and_leaves_the_row_to_be_looked_for(world):
    (name,) = due_now(world, "first")
    engine = Real(world).engine
    engine._steps = Instead(engine._steps, work=lambda taken: [lambda: 1 / 0 for _ in taken.claimed])
    with pytest.raises(Bug, match="ZeroDivisionError"):
        engine.run()
    assert world.state(name) is State.SENDING


def test_a_bug_keeps_its_own_name(world):
    from scheduler.engine.publishing import broken

    bug = Bug("ours")
    assert broken(bug) is bug


def test_a_log_that_cannot_be_written_stops_no_post(world):
    def full(_):
        raise OSError(28, "No space left on device")

    world.plan("opening")
    engine = engine_of(world, on_event=full, on_beat=full)
    engine.run(until=engine.quiet)
    assert world.states() == {"sent": 1}


def test_a_big_moment_is_claimed_in_slices_so_that_the_first_leaves_at_once(world):
    due = world.clock.now()
    for number in range(120):
        fill(world.outbox, planned("post", due, account=f"a-{number}", live=False), at=due)
    sizes = []
    engine = engine_of(world, pool_size=120)
    claim = engine._steps.claim

    def counting(free, *args, **more):
        taken = claim(free, *args, **more)
        sizes.append(len(taken.claimed))
        return taken

    engine._steps = Instead(engine._steps, claim=counting)
    engine.run(until=engine.quiet)
    assert max(sizes) == sizes[0] == 10
    assert world.states() == {"sent": 120}


def test_an_idle_engine_reads_a_number_and_sleeps(world):
    fill(
        world.outbox,
        [one for n in range(50) for one in planned(f"p{n}", SystemClock().now() + timedelta(days=9))],
        at=world.clock.now(),
    )
    statements = []
    from sqlalchemy import event

    with Real(world) as real:
        until(lambda: len(real.beats) > 1)
        event.listen(world.outbox.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        seen = len(real.beats)
        until(lambda: len(real.beats) > seen + 2)
        assert statements == []


def test_a_forward_step_of_the_clock_is_noticed_within_a_beat(world):
    """A laptop that slept: monotonic time stood still, the wall clock did not."""

    class Stepping:
        ahead = timedelta()

        def now(self):
            return SystemClock().now() + self.ahead

        def monotonic(self):
            return SystemClock().monotonic()

    clock = Stepping()
    fill(world.outbox, planned("first", clock.now() + timedelta(hours=1)), at=clock.now())
    with Real(world, now=clock) as real:
        real.gate.opened.set()
        until(lambda: len(real.beats) > 1)
        assert real.platform.posts == []
        clock.ahead = timedelta(hours=1)
        stepped = time.monotonic()
        until(lambda: real.platform.posts)
        assert time.monotonic() - stepped < 1.0


def test_a_receipt_is_never_taken_from_something_that_is_no_receipt(world):
    class Odd(FakePublisher):
        __slots__ = ()

        def publish(self, draft, prepared):
            return "posted, trust me"

    (name,) = world.plan("opening")
    world.switchboard._known["main"] = Odd(world.platform, LOOKS)
    world.at_nine()
    assert world.state(name) is State.UNCERTAIN


def test_a_live_post_can_never_be_believed_dry_nor_a_dry_one_live(world):
    class Lying(FakePublisher):
        __slots__ = ()

        def publish(self, draft, prepared):
            return Receipt("1", dry_run=True)

    (name,) = world.plan("opening")
    world.switchboard._known["main"] = Lying(world.platform, LOOKS)
    world.at_nine()
    assert world.outbox.row(name).dry_run is False


def test_the_steps_work_without_a_thread(world):
    (name,) = world.plan("opening")
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.clock.jump(world.outbox.next_due())
    assert [event.event for event in dispatch(world.outbox, world.switchboard, world.clock)] == ["claim", "lose_track"]
    world.clock.later(minutes=7)
    assert [event.event for event in reconcile(world.outbox, world.switchboard, world.clock)] == ["accept"]
    assert world.state(name) is State.SENT


def test_after_the_outbox_broke_nothing_new_begins_while_the_rest_ends(world):
    due_now(world, "first", account="main")
    due_now(world, "first", account="second")
    write = world.outbox.write
    broken = threading.Event()

    def writing():
        if broken.is_set():
            raise StoreError("The queue is damaged.")
        return write()

    class OneFirst(Gate):
        """Lets the first account's post go at once."""

        __slots__ = ()

        def publish(self, draft, prepared):
            self.arrived.release()
            if draft.account == "second":
                assert self.opened.wait(SOON)
            else:
                assert both.wait(SOON)
            return FakePublisher.publish(self, draft, prepared)

    both = threading.Event()
    world.outbox.write = writing
    real = Real(world)
    real.gate = OneFirst(real.platform)
    with real:
        for _ in range(2):
            assert real.gate.arrived.acquire(timeout=SOON)
        broken.set()
        both.set()
        seen = len(real.beats)
        until(lambda: len(real.beats) > seen + 3)
        real.gate.opened.set()
        real.thread.join(SOON)
    assert "damaged" in str(real.raised)
    assert len(real.engine.unrecorded()) == 2


def test_an_engine_that_takes_over_tells_what_the_dead_one_left(world):
    (name,) = world.plan("opening")
    world.clock.jump(world.outbox.next_due())
    world.steps.claim(1)
    events = []
    engine = engine_of(world, on_event=events.append)
    engine.run(until=engine.quiet)
    assert [event.event for event in events][:1] == ["lose_track"]
    assert world.state(name) is State.SENT


def test_told_to_stop_it_does_not_wait_for_ever_for_a_full_disk(world):
    due_now(world, "first")
    write = world.outbox.write
    full = threading.Event()

    def writing():
        if full.is_set():
            raise DiskFull("The disk is full.")
        return write()

    world.outbox.write = writing
    with Real(world) as real:
        assert real.gate.arrived.acquire(timeout=SOON)
        full.set()
        real.alarm.wait = lambda *_, **__: time.sleep(0.01)  # beats that pass quickly
        real.gate.opened.set()
        until(lambda: real.troubles)
        real.engine.stop()
        real.thread.join(SOON)
    assert isinstance(real.raised, DiskFull)
    assert len(real.engine.unrecorded()) == 1


class Arms(JumpingAlarm):
    """Keeps what it was armed for."""

    def __init__(self, clock):
        super().__init__(clock)
        self.armed = []

    def arm(self, moment):
        self.armed.append(moment)
        super().arm(moment)


def test_a_moment_that_passes_while_connections_are_opened_is_not_slept_over(world):
    (name,) = world.plan("opening")
    world.clock.jump(NINE - timedelta(seconds=1))
    alarm = Arms(world.clock)
    engine = Engine(world.outbox, world.switchboard, world.clock, alarm)

    def slowly(ready):
        world.clock.jump(ready + timedelta(milliseconds=20))
        return []

    engine._steps = Instead(engine._steps, accounts_to_warm=slowly)

    engine.run(until=lambda: world.state(name) is State.SENT)

    assert alarm.armed[0] == NINE
