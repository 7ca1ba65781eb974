"""The engine never asks a platform for more than it takes, whatever was planned."""

from datetime import timedelta

from scheduler.model.lifecycle import State
from scheduler.platforms.base import Quota
from scheduler.testing.platform import Fate
from tests.outbox.conftest import NINE


def two_an_hour(world):
    world.switchboard.quotas = lambda account: (Quota(2, 3600),) if account == "main" else ()


def test_what_is_over_the_quota_waits_until_the_oldest_is_out_of_the_window(world):
    two_an_hour(world)
    world.plan("one", "two", "three")

    world.at_nine()
    assert world.states() == {"sent": 2, "scheduled": 1}
    world.at_nine(minutes=59)
    assert world.platform.requests == 2
    world.at_nine(minutes=2)

    assert world.states() == {"sent": 3}


def test_the_wait_is_written_down_and_survives_a_restart(world):
    two_an_hour(world)
    world.plan("one", "two", "three")
    world.at_nine()

    [lane] = [lane for lane in world.outbox.lanes() if lane.account == "main"]
    world.steps.begin()
    world.steps.dispatch()

    assert lane.blocked_until == NINE + timedelta(hours=1)
    assert "quota" in lane.blocked_why
    assert world.platform.requests == 2


def test_what_was_lost_sight_of_counts_as_used(world):
    two_an_hour(world)
    names = world.plan("one", "two", "three")
    world.platform.next(Fate.LOSES_THE_REPLY)

    world.at_nine()

    assert [world.state(name) for name in names] == [State.UNCERTAIN, State.SENT, State.SCHEDULED]


def test_what_surely_was_not_sent_uses_nothing_up(world):
    two_an_hour(world)
    world.plan("one", "two")
    world.platform.next(Fate.REJECTS)

    world.at_nine()

    assert world.states() == {"failed": 1, "sent": 1}
    assert [lane.blocked_until for lane in world.outbox.lanes()] == [None]


def test_accounts_have_quotas_of_their_own_and_a_dry_run_has_none(world):
    two_an_hour(world)
    world.plan("one", "two", "three", account="second")
    world.live = {"second"}
    world.plan("four", "five", "six")

    world.at_nine()

    assert world.states() == {"sent": 6}


def test_a_quota_of_one_waits_its_whole_window(world):
    world.switchboard.quotas = lambda _: (Quota(1, 60),)
    world.plan("one", "two")

    world.at_nine()
    assert world.platform.requests == 1
    world.at_nine(seconds=61)

    assert world.states() == {"sent": 2}
