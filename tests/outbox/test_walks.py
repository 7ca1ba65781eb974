"""Random walks: whatever people, plans, platforms and clocks do in whatever order, the promises hold."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import NotInHand
from scheduler.model.content import Content
from scheduler.model.delivery import Receipt, Strength, idempotency_key
from scheduler.model.lifecycle import TRANSITIONS, State
from scheduler.outbox.marks import moved_since
from scheduler.planning.changes import Action, Change
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import apply, fill, outbox_in, planned
from scheduler.testing.clocks import JumpingClock
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher, Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
MEMORY = Path("/dev/shm")  # noqa: S108
LEGAL = {(str(source), str(target)) for (source, _), target in TRANSITIONS.items()}
ACCOUNTS = {"replays": "replays", "looks": "looks", "refuses": "refuses", "prepares": "prepares"}
FROZEN = (State.SENT, State.SENDING, State.UNCERTAIN)


class Walk(RuleBasedStateMachine):
    """A queue, four kinds of platform, a process that may die, and people who change their minds."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.clock = JumpingClock(NINE)
        self.platform = FakePlatform(self.clock.now)
        self.outbox = outbox_in(Path(self.folder.name))
        self.live = set(ACCOUNTS)
        dry = DryRun(Path(self.folder.name) / "dry-run.jsonl", self.clock)
        publisher = lambda account: FakePublisher(self.platform, KINDS[ACCOUNTS[account]])  # noqa: E731
        self.switchboard = Switchboard(publisher, dry=dry, live=lambda: self.live)
        self.steps = Steps(self.outbox, self.switchboard, self.clock)
        self.pending = []
        self.seen = self.outbox.snapshot()
        for account in ACCOUNTS:
            fill(self.outbox, planned("thread", NINE, account=account, parts=2), at=NINE)
            fill(self.outbox, planned("lone", NINE + timedelta(minutes=10), account=account), at=NINE)
        self.names = [row.name for row in self.outbox.rows()]

    def teardown(self):
        if hasattr(self, "outbox"):
            self.outbox.close()
            self.folder.cleanup()

    @rule(fate=st.sampled_from(Fate))
    def the_platform_has_a_mind_of_its_own(self, fate):
        self.platform.next(fate)

    @rule(minutes=st.sampled_from([0, 1, 5, 20, 90]))
    def time_passes(self, minutes):
        self.clock.later(minutes=minutes)

    @rule(free=st.integers(0, 4), looks=st.integers(0, 3))
    def the_engine_takes_work(self, free, looks):
        taken = self.steps.claim(free, looks=looks)
        assert all(one.draft.due <= self.clock.now() for one in taken.claimed)
        self.pending += self.steps.work(taken)

    @rule()
    def the_work_is_done_and_settled(self):
        results, self.pending = tuple(step() for step in self.pending), []
        self.pending = self.steps.work(self.steps.claim(0, results, looks=1))

    @rule()
    def the_work_is_done_and_the_process_dies(self):
        for step in self.pending:
            step()
        self.the_process_dies()

    @rule()
    def the_process_dies(self):
        self.pending = []
        self.steps.begin()

    @rule(pick=st.integers(0, 99))
    def a_person_cancels(self, pick):
        with suppress(NotInHand):
            self.outbox.cancel([self.names[pick % len(self.names)]], at=self.clock.now(), who="mira")

    @rule(pick=st.integers(0, 99))
    def a_person_retries(self, pick):
        with suppress(NotInHand):
            name = self.names[pick % len(self.names)]
            self.outbox.retry([name], due=self.clock.now(), at=self.clock.now(), who="mira")

    @rule(pick=st.integers(0, 99))
    def a_person_looks_and_says(self, pick):
        row = self.outbox.row(self.names[pick % len(self.names)])
        shown = self.shown(row)
        # someone who resolves while the daemon is stopped, and has really looked
        if row.state is State.UNCERTAIN and not self.pending:
            if shown:
                receipt = Receipt(shown[0].remote_id, strength=Strength.SAID)
                self.outbox.resolve_sent(row.name, receipt, at=self.clock.now(), who="mira")
            else:
                self.outbox.resolve_not_sent(row.name, at=self.clock.now(), who="mira")

    @rule(pick=st.integers(0, 99), later=st.sampled_from([0, 30]))
    def a_plan_rewords_or_moves(self, pick, later):
        held = self.outbox.snapshot().held[self.names[pick % len(self.names)]]
        if held.state is not State.SCHEDULED:
            return
        post = self.outbox.row(held.name).post
        files = planned(post, held.due, account=held.account, parts=2)[held.part - 1]
        due = held.due + timedelta(minutes=later)
        files = replace(files, content=Content(f"at {self.clock.now()}"), due=due, expires_at=due + timedelta(hours=2))
        apply(self.outbox, [Change(Action.REWORD, held.name, files, held)], at=self.clock.now())

    @rule(account=st.sampled_from(sorted(ACCOUNTS)))
    def an_account_is_turned_on_or_off(self, account):
        self.live ^= {account}

    @rule()
    def someone_resumes_everything(self):
        self.outbox.resume(at=self.clock.now(), who="mira")

    def shown(self, row):
        key = idempotency_key(workspace="equality-now", delivery=row.name, generation=row.generation)
        return self.platform.shown(key)

    @invariant()
    def no_post_is_ever_doubled(self):
        if hasattr(self, "platform"):
            keys = [post.key for post in self.platform.posts]
            assert len(keys) == len(set(keys))

    @invariant()
    def what_is_sent_is_there_and_what_is_there_is_not_forgotten(self):
        for row in self.outbox.rows(with_content=False) if hasattr(self, "outbox") else ():
            if row.state is State.SENT and not row.dry_run:
                assert self.shown(row), f"{row.name} is believed sent"
            if self.shown(row) and not self.pending:
                assert row.state in FROZEN, f"{row.name} is there, and stands as {row.state}"

    @invariant()
    def the_history_names_all_that_moved(self):
        if not hasattr(self, "seen"):
            return
        before, self.seen = self.seen, self.outbox.snapshot(with_content=False)
        with self.outbox.read() as connection:
            moved = moved_since(connection, before.mark)
        for name in before.held.keys() | self.seen.held.keys():
            was, now = before.held.get(name), self.seen.held.get(name)
            assert (was and replace(was, content=None)) == now or now.thread in moved, f"{name} moved in silence"

    @invariant()
    def every_lane_is_what_its_deliveries_make_it(self):
        if not hasattr(self, "outbox"):
            return
        before = self.outbox.lanes()
        with self.outbox.write() as connection:
            from scheduler.outbox import lanes

            lanes.refresh(connection, [lane.account for lane in before])
        assert self.outbox.lanes() == before

    @invariant()
    def history_tells_only_legal_moves_that_follow_from_each_other(self):
        for name in self.names if hasattr(self, "names") else ():
            stands = ""
            for event in self.outbox.events(name):
                if event.event in ("late_receipt", "lost_lease"):
                    stands = event.to_state
                    continue
                assert event.from_state == stands
                assert not stands or event.from_state == event.to_state or (stands, event.to_state) in LEGAL
                stands = event.to_state
            assert stands == self.outbox.row(name).state


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
