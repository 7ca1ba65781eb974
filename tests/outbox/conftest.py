"""One outbox, one fake platform of each kind, one clock that jumps."""

from datetime import UTC, datetime

import pytest

from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.clocks import JumpingClock
from scheduler.testing.platform import KINDS, FakePlatform, FakePublisher

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class World:
    """A day at the organizers': it is eight o'clock, posts are due at nine."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = JumpingClock(NINE.replace(hour=6))
        self.platform = FakePlatform(self.clock.now)
        self.outbox = outbox_in(folder)
        self.dry = DryRun(folder / ".drumbeat" / "dry-run.jsonl", self.clock)
        self.live = {"main", "second", "third"}
        self.kind = "looks"
        self.switchboard = Switchboard(self.publisher, dry=self.dry, live=lambda: self.live)
        self.steps = Steps(self.outbox, self.switchboard, self.clock)

    def publisher(self, account):
        return FakePublisher(self.platform, KINDS[self.kind])

    def plan(self, *posts, **said):
        """Puts posts into the outbox, due at nine unless said otherwise; gives their names back."""
        due = said.pop("due", NINE)
        deliveries = [one for post in posts for one in planned(post, due, **said)]
        fill(self.outbox, deliveries, at=self.clock.now())
        return [one.name for one in deliveries]

    def at_nine(self, **later):
        self.clock.jump(NINE)
        if later:
            self.clock.later(**later)
        return self.steps.dispatch()

    def look(self, **later):
        self.clock.later(**later)
        return self.steps.reconcile()

    def state(self, name):
        return self.outbox.row(name).state

    def states(self):
        return {state.value: number for state, number in self.outbox.states().items()}


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.outbox.close()
