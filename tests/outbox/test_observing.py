"""What a platform only accepted is looked at again: it becomes proven, or a person hears that it is gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.engine.steps import Steps
from scheduler.model.account import Account
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.lifecycle import State
from scheduler.operations.incidents import QUIET_SECONDS, Incidents
from scheduler.outbox.observing import GONE, OBSERVED
from scheduler.publishers.base import Found, Surroundings, Unknown
from scheduler.publishers.wordpress import WordPress
from scheduler.testing.emulators.wordpress import PASSWORD, USER, Site
from scheduler.testing.platform import KINDS, FakePublisher, Fate
from tests.outbox.conftest import NINE


class Accepting(FakePublisher):
    """Takes a post without showing it; `says` is what a look brings (None: what the platform shows)."""

    says = None
    looks = 0

    def publish(self, draft, prepared):
        return replace(super().publish(draft, prepared), strength=Strength.ACCEPTED)

    def verify(self, draft, prepared, since):
        type(self).looks += 1
        return type(self).says or super().verify(draft, prepared, since)


@pytest.fixture
def accepting(world):
    class Here(Accepting):
        pass

    world.publisher = lambda _: Here(world.platform, KINDS[world.kind])
    world.switchboard._resolve = world.publisher
    return Here


def strength(world, name):
    return world.outbox.row(name).receipt.strength


def wait(world, **later):
    world.clock.later(**later)
    return [event.event for event in world.steps.reconcile()]


def test_what_was_accepted_is_proven_once_the_platform_shows_it(world, accepting):
    [name] = world.plan("opening")
    world.at_nine()
    assert strength(world, name) is Strength.ACCEPTED

    events = wait(world, seconds=41)

    assert events == [OBSERVED]
    assert (world.state(name), strength(world, name)) == (State.SENT, Strength.PROVEN)
    assert wait(world, days=9) == []
    assert accepting.looks == 1


def test_what_the_platform_shows_at_once_is_never_looked_at_again(world):
    [name] = world.plan("opening")
    world.at_nine()
    assert strength(world, name) is Strength.PROVEN
    assert wait(world, days=9) == []


def test_where_nobody_can_look_it_stays_accepted(world, accepting):
    world.kind = "neither"
    [name] = world.plan("opening")
    world.at_nine()
    assert wait(world, days=9) == []
    assert (strength(world, name), accepting.looks) == (Strength.ACCEPTED, 0)


def test_what_is_gone_is_told_and_stays_as_it_was_sent(world, accepting):
    [name] = world.plan("opening")
    world.at_nine()
    world.platform.posts.clear()

    assert wait(world, seconds=41) == [OBSERVED], "once is not believed yet"
    world.clock.later(minutes=3)
    [gone] = world.steps.reconcile()

    assert (gone.event, world.state(name), strength(world, name)) == (GONE, State.SENT, Strength.ACCEPTED)
    assert wait(world, days=9) == []
    incidents = Incidents("rights")
    incidents.hear(gone, 0)
    [notice] = incidents.due(QUIET_SECONDS)
    assert notice.title == "Drumbeat · rights: 1 post accepted on main, and not there"
    assert f"drumbeat show {name}" in notice.body


def test_what_cannot_be_told_is_looked_at_later_and_later_for_two_days_or_so(world, accepting):
    accepting.says = Unknown("An editor has not seen it yet.")
    world.plan("opening")
    world.at_nine()
    began, moments = world.clock.now(), []
    while (coming := world.steps.claim(0).moments.look) is not None:
        world.clock.jump(coming)
        world.steps.reconcile()
        moments.append(coming - began)
    assert accepting.looks == 12
    assert timedelta(days=1) < moments[-1] < timedelta(days=3)
    assert sorted(moments) == moments


def test_a_receipt_that_is_better_but_still_only_accepted_is_kept(world, accepting):
    [name] = world.plan("opening")
    world.at_nine()
    receipt = world.outbox.row(name).receipt
    accepting.says = Found(replace(receipt, url="https://fake.example/waiting"))
    wait(world, seconds=41)
    assert world.outbox.row(name).remote_url == "https://fake.example/waiting"
    accepting.says = None
    wait(world, minutes=5)
    assert strength(world, name) is Strength.PROVEN


def test_a_lost_post_that_is_found_as_accepted_is_looked_at_again(world, accepting):
    [name] = world.plan("opening")
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.at_nine()
    [shown] = world.platform.posts
    accepting.says = Found(Receipt(shown.remote_id, strength=Strength.ACCEPTED))
    wait(world, seconds=41)
    assert (world.state(name), strength(world, name)) == (State.SENT, Strength.ACCEPTED)
    accepting.says = None
    wait(world, seconds=41)
    assert strength(world, name) is Strength.PROVEN
    assert shown.remote_id == world.outbox.row(name).receipt.remote_id


def test_what_was_taken_down_meanwhile_is_left_alone(world, accepting):
    [name] = world.plan("opening")
    world.at_nine()
    world.clock.later(seconds=41)
    taken = world.steps.claim(0, looks=1)
    world.outbox.retract(name, at=world.clock.now(), who="mira")
    results = tuple(step() for step in world.steps.work(taken))
    world.steps.claim(0, results)
    assert world.state(name) is State.RETRACTED
    assert world.outbox.events(name)[-1].event == "retract"
    assert wait(world, days=9) == []


def test_an_engine_that_dies_while_it_looks_looks_again(world, accepting):
    [name] = world.plan("opening")
    world.at_nine()
    world.clock.later(seconds=41)
    world.steps.claim(0, looks=1)
    later = Steps(world.outbox, world.switchboard, world.clock)
    later.begin()
    world.clock.later(minutes=11)
    later.reconcile()
    assert strength(world, name) is Strength.PROVEN


def test_a_dry_run_is_never_looked_at(world, accepting):
    world.live = set()
    world.plan("opening", due=NINE)
    world.at_nine()
    assert wait(world, days=9) == []
    assert accepting.looks == 0


def test_an_article_that_an_editor_lets_through_the_next_day_becomes_proven(world):
    around = Surroundings(world.folder, world.clock, {"password": PASSWORD}.__getitem__)
    with Site(world.clock) as site:
        account = Account("main", "wordpress", "UTC", settings={"server": site.url, "user": USER})
        publisher = WordPress.connect(account, around)
        world.switchboard._resolve = lambda _: publisher
        site.holds_back = True
        [name] = world.plan("opening", text="A title\n\nAnd more of it.")
        world.at_nine()
        assert strength(world, name) is Strength.ACCEPTED
        wait(world, minutes=2)
        assert strength(world, name) is Strength.ACCEPTED

        site.posts[0]["status"] = "publish"
        while (coming := world.steps.claim(0).moments.look) is not None:
            world.clock.jump(coming)
            world.steps.reconcile()

    assert (world.state(name), strength(world, name)) == (State.SENT, Strength.PROVEN)
    assert world.clock.now() - NINE < timedelta(days=1)
