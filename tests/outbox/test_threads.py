"""Mornings full of trouble on Threads: containers that are late, lost, expired or used up, and everything once."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.lifecycle import State
from scheduler.settings import Settings
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
TROUBLE = (
    Fate.LOSES_THE_REPLY,
    Fate.NEVER_ARRIVES,
    Fate.GARBLES,
    Fate.FAILS_AFTER_POSTING,
    Fate.REFUSES_AFTER_POSTING,
    Fate.NO_ID,
    Fate.NOT_READY,
    Fate.LIMITS,
    Fate.TAKES,
    Fate.TAKES,
)


@pytest.fixture
def server(world):
    """Threads, and the world with one live account there."""
    with ThreadsServer(world.clock) as running:
        settings = ("platform: threads", "live: true", f"handle: {NAME}", f"server: {running.url}", "token: env:TOKEN")
        text = "workspace: equality-now\ntimezone: UTC\naccounts:\n  main:\n"
        (world.folder / "drumbeat.yaml").write_text(text + "".join(f"    {line}\n" for line in settings))
        (world.folder / ".env").write_text(f"TOKEN={TOKEN}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
        yield running


def run(world):
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)


def morning(world, server, trouble=()):
    """Twelve posts and a thread of three; what became of each, and how often its text is to be seen."""
    names = [
        name for at in range(12) for name in world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))
    ] + world.plan("story", parts=3, due=NINE + timedelta(hours=2))
    server.fates.extend(trouble)
    run(world)
    seen = Counter(server.texts)
    return {name: (world.state(name), seen[world.outbox.row(name).content.text]) for name in names}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_all_of_it_is_sent_once(world, server, seed):
    trouble = random.Random(seed).choices(TROUBLE, k=14)
    assert set(morning(world, server, trouble).values()) == {(State.SENT, 1)}
    story = [post for post in server.posts if "story" in post["text"]]
    assert [post["replied_to"] for post in story] == [None, {"id": story[0]["id"]}, {"id": story[1]["id"]}]


def test_posts_leave_on_their_second_because_containers_were_made_before(world, server):
    server.works_for = timedelta(minutes=2)
    (name,) = world.plan("opening", due=NINE)
    run(world)
    assert server.posts[0]["at"] == NINE
    assert world.outbox.row(name).receipt.url == server.posts[0]["permalink"]


def test_new_posts_that_are_listed_late_are_waited_for_and_never_sent_again(world, server):
    server.lists_after = server.reads_after = timedelta(minutes=4)
    became = morning(world, server, [Fate.LOSES_THE_REPLY] * 4)
    assert set(became.values()) == {(State.SENT, 1)}


def test_containers_that_take_longer_to_get_there_are_tried_again(world, server):
    server.settles = timedelta(seconds=40)
    assert set(morning(world, server).values()) == {(State.SENT, 1)}
    assert len(server.boxes) == 15


def test_a_container_that_meta_lost_is_made_anew(world, server):
    gone = [refused(24, "The container is unknown", subcode=2207006)]
    server.also = lambda one: gone.pop() if gone and one.path.endswith("threads_publish") else None
    (name,) = world.plan("opening", due=NINE)
    run(world)
    assert (world.state(name), len(server.texts), len(server.boxes)) == (State.SENT, 1, 2)


def test_a_days_quota_used_up_keeps_the_rest_for_the_next_day(world, server):
    server.quotas[""] = 3
    names = [
        name
        for at in range(5)
        for name in world.plan(f"post-{at}", due=NINE + at * timedelta(minutes=7), late=timedelta(days=2))
    ]
    run(world)
    assert {world.state(name) for name in names} == {State.SENT}
    assert [post["at"].day for post in server.posts] == [30, 30, 30, 1, 1]
    assert server.creates <= 6


def test_a_dead_token_pauses_the_account_and_fails_no_post(world, server):
    server.tokens[TOKEN].dead = 460
    (name,) = world.plan("opening", due=NINE, late=timedelta(hours=2))
    world.clock.jump(NINE - timedelta(minutes=4))
    world.steps.switchboard = world.switchboard
    world.steps.dispatch()
    assert world.state(name) is State.SCHEDULED
    (lane,) = world.outbox.lanes()
    assert "the password was changed" in lane.paused
