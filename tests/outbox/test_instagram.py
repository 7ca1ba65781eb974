"""A morning full of trouble on Instagram: every picture out once, whatever happens to answers, files and captions."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.content import Media
from scheduler.model.lifecycle import State
from scheduler.model.media import STORE, MediaFacts, stored_name
from scheduler.settings import Settings
from scheduler.testing.bench import fill, planned
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.instagram import NAME, PAGE, InstagramServer
from scheduler.testing.emulators.instagram_rules import BLOCKED
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
LOSING = (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING, Fate.NO_ID)
TROUBLE = (*LOSING, Fate.REFUSES_AFTER_POSTING, Fate.NOT_READY, Fate.LIMITS, Fate.TAKES, Fate.TAKES)
ONCE = {(State.SENT, 1)}


def pictures(folder, *names):
    """Files in the store that are as good as photos."""
    store, found = folder.joinpath(*STORE), []
    store.mkdir(parents=True, exist_ok=True)
    for name in names:
        facts = MediaFacts(name, sha256(name.encode()).hexdigest(), "image/jpeg", len(name), 40, 30)
        (store / stored_name(facts)).write_bytes(name.encode())
        found.append(Media(name, alt=f"What {name} shows", facts=facts))
    return tuple(found)


class Morning:
    """Instagram, and the world with one live account there, whose pictures lie in a folder that is served."""

    def __init__(self, world, server):
        self.world, self.server = world, server
        page = {"page": f'"{PAGE}"'} if server.by_page else {}
        said = {"platform": "instagram", "live": "true", "handle": NAME, "server": server.url, **page}
        said["token"] = "env:INSTAGRAM_TOKEN"
        text = "workspace: equality-now\ntimezone: UTC\nmedia: {url: 'https://media.example.org'}\naccounts:\n  main:\n"
        (world.folder / "drumbeat.yaml").write_text(text + "".join(f"    {key}: {said[key]}\n" for key in said))
        (world.folder / ".env").write_text(f"INSTAGRAM_TOKEN={TOKEN}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})

    def become(self, trouble=()):
        """Twelve posts, each third a carousel; what became of each, and how often its caption is to be seen."""
        one, three = pictures(self.world.folder, "a.jpg"), pictures(self.world.folder, "a.jpg", "b.jpg", "c.jpg")
        posts = []
        for at in range(12):
            [post] = planned(f"post-{at:02}", NINE + at * timedelta(minutes=7))
            media = one if at % 3 else three
            posts.append(replace(post, platform="instagram", content=replace(post.content, media=media)))
        fill(self.world.outbox, posts, at=self.world.clock.now())
        self.server.fates.extend(trouble)
        engine = Engine(self.world.outbox, self.world.switchboard, self.world.clock, JumpingAlarm(self.world.clock))
        engine.run(until=engine.quiet)
        seen = Counter(self.server.texts)
        return {one.name: (self.world.state(one.name), seen[one.content.text]) for one in posts}


@pytest.fixture(params=[False, True], ids=["by Instagram Login", "by Facebook Login"])
def server(request, world):
    with InstagramServer(world.clock, by_page=request.param) as running:
        yield running


@pytest.mark.parametrize("seed", range(2))
def test_all_of_it_is_sent_once(world, server, seed):
    trouble = random.Random(seed).choices(TROUBLE, k=14)
    assert set(Morning(world, server).become(trouble).values()) == ONCE


def test_files_that_fail_by_the_way_and_containers_that_take_their_time_hold_nothing_up(world, server):
    server.works_for, server.settles = timedelta(seconds=40), timedelta(seconds=8)
    server.unfetched = 2
    server.fails = ["", "Error: 2207052", "", "Error: 2207003"]
    assert set(Morning(world, server).become().values()) == ONCE


def test_a_list_and_reads_that_lag_behind_double_nothing(world, server):
    server.lists_after = timedelta(minutes=3)
    server.reads_after = timedelta(seconds=3)
    became = Morning(world, server).become([Fate.LOSES_THE_REPLY, Fate.TAKES, Fate.GARBLES])
    assert {seen for _, seen in became.values()} == {1}
    assert {state for state, _ in became.values()} <= {State.SENT, State.UNCERTAIN}


@pytest.mark.parametrize("captions", ["left out", "refused"])
def test_where_captions_cannot_be_read_nothing_is_lost_and_nothing_doubles(world, captions):
    with InstagramServer(world.clock, captions=captions) as server:
        became = Morning(world, server).become([*LOSING, Fate.TAKES, *LOSING])
        assert set(became.values()) == ONCE


def test_a_block_as_spam_is_not_answered_with_more_of_the_same(world, server):
    blocked = iter([BLOCKED])
    server.also = lambda one: next(blocked, None) if one.path.endswith("media_publish") else None
    became = Morning(world, server).become()
    assert set(became.values()) <= {(State.SENT, 1), (State.MISSED, 0)}
    moments = [post["at"] for post in server.posts]
    assert moments[0] - NINE >= timedelta(hours=1)


def test_used_up_posts_are_waited_for_and_those_that_come_too_late_are_missed(world, server):
    server.total = 5
    became = Counter(Morning(world, server).become().values())
    assert became == {(State.SENT, 1): 5, (State.MISSED, 0): 7}
    assert server.creates < 12
