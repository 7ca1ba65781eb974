"""A platform that cannot be reached is asked to prepare ever more rarely, not every few seconds for an hour."""

from datetime import timedelta

from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Transient
from scheduler.model.lifecycle import State
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.platform import KINDS, FakePublisher
from tests.outbox.conftest import NINE

HOUR = timedelta(hours=1)


class Unreachable(FakePublisher):
    """Prepares nothing before ten o'clock."""

    __slots__ = ("asked",)

    def __init__(self, platform):
        super().__init__(platform, KINDS["prepares"])
        self.asked = []

    def prepare(self, draft):
        self.asked.append(self.platform.now())
        if self.platform.now() < NINE + HOUR:
            raise Transient("The network is unreachable.")
        return super().prepare(draft)


def test_an_hour_without_a_network_is_not_an_hour_of_knocking(world):
    (name,) = world.plan("picture")
    publisher = Unreachable(world.platform)
    world.switchboard = Switchboard(lambda _: publisher, dry=world.dry, live=lambda: world.live)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert world.state(name) is State.SENT
    assert world.platform.posts[0].at <= NINE + HOUR + timedelta(minutes=5)
    before = [at for at in publisher.asked if at < NINE]
    assert len(before) > 20, "until its moment it is tried every few seconds, so that it may still leave in time"
    assert len(publisher.asked) - len(before) < 90
