"""Whatever is stopped, started, withdrawn, tried and lost in whatever order: a no is a no."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import NotInHand
from scheduler.model.lifecycle import State
from scheduler.outbox.stops import EVERYTHING, Kind, Target
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.clocks import JumpingClock
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher, Fate

START = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
ACCOUNTS = ("main", "second")
CAMPAIGNS = ("one", "two")
RECORDS = ("", "ana", "emma")
TARGETS = [
    EVERYTHING,
    *(Target(Kind.ACCOUNT, name) for name in ACCOUNTS),
    *(Target(Kind.CAMPAIGN, name) for name in CAMPAIGNS),
]


class Walk(RuleBasedStateMachine):
    """What leaves is looked at request by request, against what was said no to when it was claimed."""

    @initialize(kind=st.sampled_from(sorted(KINDS)))
    def begin(self, kind):
        self.folder = tempfile.TemporaryDirectory()
        self.clock = JumpingClock(START)
        self.platform = FakePlatform(self.clock.now)
        self.outbox = outbox_in(Path(self.folder.name))
        dry = DryRun(Path(self.folder.name) / "dry.jsonl", self.clock)
        board = Switchboard(lambda _: FakePublisher(self.platform, KINDS[kind]), dry=dry, live=lambda: ACCOUNTS)
        self.steps = Steps(self.outbox, board, self.clock)
        self.steps.begin()
        self.about = {}
        self.stopped = set()
        self.withdrawn = set()
        self.late = set()
        self.in_flight = []
        self.number = 0

    def teardown(self):
        if hasattr(self, "outbox"):
            self.outbox.close()
            self.folder.cleanup()

    @rule(
        account=st.sampled_from(ACCOUNTS),
        campaign=st.sampled_from(CAMPAIGNS),
        record=st.sampled_from(RECORDS),
        parts=st.integers(1, 3),
        minutes=st.integers(0, 30),
    )
    def applied(self, account, campaign, record, parts, minutes):
        self.number += 1
        due = self.clock.now() + timedelta(minutes=minutes)
        made = planned(f"post-{self.number}", due, account=account, parts=parts, late=timedelta(minutes=40))
        made = [replace(one, campaign=campaign, record=record) for one in made]
        fill(self.outbox, made, at=self.clock.now())
        self.about |= {one.name: one for one in made}

    @rule(what=st.sampled_from(TARGETS))
    def stop(self, what):
        self.outbox.stop([what], at=self.clock.now(), who="mira")
        self.stopped.add(what)

    @rule(what=st.sampled_from(TARGETS))
    def start(self, what):
        overdue = set(self.outbox.made_late([what], at=self.clock.now()))
        events = self.outbox.start([what], at=self.clock.now(), who="mira")
        self.stopped.discard(what)
        assert {event.delivery for event in events if event.delivery} == overdue
        assert all(self.outbox.row(name).state is State.MISSED for name in overdue)
        self.late |= overdue

    @rule(record=st.sampled_from(RECORDS[1:]))
    def withdraw(self, record):
        self.outbox.withdraw(record, at=self.clock.now(), who="mira")
        self.withdrawn.add(record)
        self.outbox.blank(record)

    @rule(data=st.data())
    def retry(self, data):
        gone = [row.name for row in self.outbox.rows() if row.state in {State.MISSED, State.CANCELLED, State.FAILED}]
        if not gone:
            return
        name = data.draw(st.sampled_from(gone))
        try:
            events = self.outbox.retry([name], due=self.clock.now(), at=self.clock.now(), who="mira")
        except NotInHand:
            return
        self.late -= {event.delivery for event in events}

    @rule(fate=st.sampled_from(sorted(Fate)))
    def next_request(self, fate):
        self.platform.next(fate)

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes):
        self.clock.later(minutes=minutes)

    @rule(free=st.integers(1, 4), looks=st.integers(0, 2))
    def turn(self, free, looks):
        """What was taken before is settled, and what may leave now is taken: nothing that was said no to."""
        results, self.in_flight = tuple(step() for step in self.in_flight), []
        taken = self.steps.claim(free, results, looks=looks)
        for one in (*taken.claimed, *taken.to_prepare):
            self.may_leave(one.draft.delivery)
        self.in_flight = self.steps.work(taken)

    @rule()
    def restart(self):
        self.in_flight = []
        self.steps.begin()

    def may_leave(self, name):
        part = self.about[name]
        no = {EVERYTHING, Target(Kind.ACCOUNT, part.account), Target(Kind.CAMPAIGN, part.campaign)}
        assert not no & self.stopped
        assert part.record not in self.withdrawn
        assert name not in self.late

    @invariant()
    def nothing_stopped_looks_ready(self):
        if not hasattr(self, "outbox") or not self.stopped:
            return
        for lane in self.outbox.lanes():
            if {EVERYTHING, Target(Kind.ACCOUNT, lane.account)} & self.stopped:
                assert lane.ready_at is None
        for row in self.outbox.rows(with_content=False):
            if row.state is State.SCHEDULED and Target(Kind.CAMPAIGN, row.campaign) in self.stopped:
                assert row.held != ""

    @invariant()
    def nothing_is_posted_twice(self):
        if hasattr(self, "platform"):
            keys = [post.key for post in self.platform.posts]
            assert len(keys) == len(set(keys))


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
