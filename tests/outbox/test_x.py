"""A morning full of trouble on X: everything once where looking is granted, and a person is asked where it is not."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.account import Account
from scheduler.model.lifecycle import State
from scheduler.operations.incidents import QUIET_SECONDS, Incidents
from scheduler.operations.needs import needs
from scheduler.outbox.rows import EventRow
from scheduler.platforms.rules.x import PRICES
from scheduler.settings import Settings
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.x import KEYS, NAME, XServer
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
LOSING = (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING, Fate.NO_ID)
TROUBLE = (*LOSING, Fate.LIMITS, Fate.TAKES, Fate.TAKES)


@pytest.fixture
def server(world):
    """X, and the world with one live account there."""
    with XServer(world.clock) as running:
        names = {option: f"X_{option.upper()}" for option in KEYS}
        lines = [f"{option}: env:{name}" for option, name in names.items()]
        settings = ["platform: x", "live: true", f"handle: {NAME}", f"server: {running.url}", *lines]
        text = "workspace: equality-now\ntimezone: UTC\naccounts:\n  main:\n"
        (world.folder / "drumbeat.yaml").write_text(text + "".join(f"    {line}\n" for line in settings))
        secrets = "".join(f"{name}={KEYS[option]}\n" for option, name in names.items())
        (world.folder / ".env").write_text(secrets)
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
        yield running


def morning(world, server, trouble=()):
    """Twelve posts and a thread; what became of each, and how often its text is to be seen."""
    names = [
        name for at in range(12) for name in world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))
    ] + world.plan("story", parts=3, due=NINE + timedelta(hours=2))
    server.fates.extend(trouble)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    seen = Counter(server.texts)
    return {name: (world.state(name), seen[world.outbox.row(name).content.text]) for name in names}


@pytest.mark.parametrize("seed", range(4))
def test_who_may_look_sends_all_of_it_once(world, server, seed):
    trouble = random.Random(seed).choices(TROUBLE, k=14)
    assert set(morning(world, server, trouble).values()) == {(State.SENT, 1)}


def test_a_thread_waits_until_its_first_part_is_to_be_seen(world, server):
    server.hides_for = timedelta(seconds=8)
    assert set(morning(world, server).values()) == {(State.SENT, 1)}
    story = [post for post in server.posts if "story" in post["text"] or post["parent"]]
    assert [bool(post["parent"]) for post in story][-2:] == [True, True]


@pytest.mark.parametrize("seed", range(2))
def test_where_reading_is_not_granted_a_person_is_asked_and_nothing_doubles(world, server, seed):
    server.reads = False
    became = morning(world, server, random.Random(seed).choices(LOSING, k=6))
    lost = [name for name, (state, _) in became.items() if state is State.UNCERTAIN]
    assert lost
    assert set(became.values()) <= {(State.SENT, 1), (State.UNCERTAIN, 1), (State.UNCERTAIN, 0), (State.MISSED, 0)}
    account = Account("main", "x", "UTC", handle=NAME)
    told = needs([world.outbox.row(name) for name in lost], {"main": account})
    assert {one.look for one in told} == {f"https://x.com/{NAME}"}


def test_used_up_credit_keeps_the_rest_and_names_the_place_to_buy_more(world, server):
    server.credit = PRICES.person + 3 * PRICES.post
    became = Counter(morning(world, server).values())
    assert became[State.SENT, 1] == 3
    assert set(became) <= {(State.SENT, 1), (State.SCHEDULED, 0), (State.MISSED, 0)}
    assert server.spent == PRICES.person + 3 * PRICES.post
    [lane] = [lane for lane in world.outbox.lanes() if lane.paused]
    assert "Buy some at https://console.x.com" in lane.paused
    incidents = Incidents("rights")
    incidents.hear(EventRow(NINE, "pause", "engine", lane.paused, account="main"), 0)
    [notice] = incidents.due(QUIET_SECONDS)
    assert "Buy some at https://console.x.com" in notice.body
    assert "drumbeat accounts resume main" in notice.body


def test_a_budget_is_kept_on_x_itself_as_far_as_posts_cost(world, server):
    path = world.folder / "drumbeat.yaml"
    path.write_text(path.read_text() + "    budget: 0.200\n")
    app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
    world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
    names = [name for at in range(20) for name in world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))]
    with world.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET cost = ?", (PRICES.post,))  # planned as for a free platform

    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)

    became = Counter(world.state(name) for name in names)
    assert became == {State.SENT: 13, State.MISSED: 7}
    assert len(server.texts) == 13
    assert "exceed the budget" in world.outbox.row(names[-1]).last_error


def test_a_text_that_x_has_from_yesterday_is_left_to_a_person_and_not_tried_for_ever(world, server):
    [name] = world.plan("opening", due=NINE)
    text = world.outbox.row(name).content.text
    server._texts[text] = world.clock.now()
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert (server.texts, server.creates, world.state(name)) == ([], 1, State.UNCERTAIN)
