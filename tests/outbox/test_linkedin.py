"""A morning full of trouble on LinkedIn: an organization's posts once each, a person's asked about, none doubled."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.account import Account
from scheduler.model.lifecycle import State
from scheduler.operations.needs import needs
from scheduler.settings import Settings
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.linkedin import ORGANIZATION, LinkedInServer
from scheduler.testing.emulators.linkedin_tokens import PAGE_TOKEN, TOKEN
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
LOSING = (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING, Fate.NO_ID)
TROUBLE = (*LOSING, Fate.TAKES, Fate.TAKES)
PAGE = {"organization": ORGANIZATION}


class Morning:
    """LinkedIn, and the world with one live account there."""

    def __init__(self, world, server, token, settings):
        self.world, self.server = world, server
        said = {"platform": "linkedin", "live": "true", "server": server.url, "token": "env:LINKEDIN_TOKEN", **settings}
        text = "workspace: equality-now\ntimezone: UTC\naccounts:\n  main:\n"
        (world.folder / "drumbeat.yaml").write_text(text + "".join(f"    {key}: {said[key]}\n" for key in said))
        (world.folder / ".env").write_text(f"LINKEDIN_TOKEN={token}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})

    def become(self, trouble=()):
        """Twelve posts; what became of each, and how often its text is to be seen."""
        names = [
            name for at in range(12) for name in self.world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))
        ]
        self.server.fates.extend(trouble)
        run(self.world)
        seen = Counter(self.server.texts)
        return {name: (self.world.state(name), seen[self.world.outbox.row(name).content.text]) for name in names}


def run(world):
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)


@pytest.fixture
def server(world):
    with LinkedInServer(world.clock) as running:
        yield running


@pytest.mark.parametrize("seed", range(4))
def test_an_organization_sends_all_of_it_once(world, server, seed):
    trouble = random.Random(seed).choices(TROUBLE, k=12)
    became = Morning(world, server, PAGE_TOKEN, PAGE).become(trouble)
    assert set(became.values()) == {(State.SENT, 1)}


def test_a_list_that_lags_behind_doubles_nothing(world, server):
    """Looked for too early, sent again, refused with the post's name, and found by that."""
    server.lists_after = timedelta(minutes=4)
    became = Morning(world, server, PAGE_TOKEN, PAGE).become([Fate.LOSES_THE_REPLY, Fate.TAKES, Fate.GARBLES])
    assert set(became.values()) == {(State.SENT, 1)}


@pytest.mark.parametrize("seed", range(2))
def test_of_a_persons_posts_those_that_got_lost_are_asked_about_and_none_doubles(world, server, seed):
    became = Morning(world, server, TOKEN, {"handle": "our-name"}).become(random.Random(seed).choices(LOSING, k=5))
    lost = [name for name, (state, _) in became.items() if state is State.UNCERTAIN]
    assert len(lost) == 5
    assert set(became.values()) <= {(State.SENT, 1), (State.UNCERTAIN, 1), (State.UNCERTAIN, 0)}
    accounts = {"main": Account("main", "linkedin", "UTC", handle="our-name")}
    told = needs([world.outbox.row(name) for name in lost], accounts)
    assert {one.look for one in told} == {"https://www.linkedin.com/in/our-name/recent-activity/all/"}
    page = {"main": Account("main", "linkedin", "UTC", settings={"organization": "urn:li:organization:7"})}
    assert needs([world.outbox.row(lost[0])], page)[0].look == "https://www.linkedin.com/company/7/posts/"


def test_what_a_quota_keeps_back_goes_after_midnight_or_is_missed_and_none_doubles(world, server):
    server.daily = 5
    became = Morning(world, server, TOKEN, {"handle": "our-name"}).become()
    assert Counter(became.values()) == {(State.SENT, 1): 5, (State.MISSED, 0): 7}


def test_a_post_that_a_person_called_not_sent_and_that_was_is_refused_and_asked_about_again(world, server):
    """The duplicate names the post, and it is not sent a second time."""
    Morning(world, server, TOKEN, {"handle": "our-name"})
    [name] = world.plan("opening", due=NINE)
    server.fates.append(Fate.LOSES_THE_REPLY)
    run(world)
    assert world.state(name) is State.UNCERTAIN
    now = world.clock.now()
    world.outbox.resolve_not_sent(name, at=now, who="mira")
    world.outbox.retry([name], due=now + timedelta(minutes=1), at=now, who="mira")
    run(world)
    assert (world.state(name), len(server.texts)) == (State.UNCERTAIN, 1)
    assert server.posts[0]["id"] in world.outbox.row(name).last_error
