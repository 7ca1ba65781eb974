"""A morning full of trouble on a Page: whatever Facebook answers, each post is there once, or a person is asked."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Strength
from scheduler.model.lifecycle import State
from scheduler.model.media import MediaFacts
from scheduler.operations.needs import needs
from scheduler.settings import Settings
from scheduler.testing.bench import fill, planned
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators.facebook import PAGE, FacebookServer
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
LOSING = (
    Fate.LOSES_THE_REPLY,
    Fate.NEVER_ARRIVES,
    Fate.GARBLES,
    Fate.FAILS_AFTER_POSTING,
    Fate.REFUSES_AFTER_POSTING,
    Fate.NO_ID,
)
TROUBLE = (*LOSING, Fate.LIMITS, Fate.TAKES, Fate.TAKES)


@pytest.fixture
def server(world):
    """Facebook, and the world with one live Page there."""
    with FacebookServer(world.clock) as running:
        settings = [
            "platform: facebook",
            "live: true",
            f"page: '{PAGE}'",
            f"server: {running.url}",
            "token: env:FB_TOKEN",
        ]
        text = "workspace: equality-now\ntimezone: UTC\naccounts:\n  main:\n"
        (world.folder / "drumbeat.yaml").write_text(text + "".join(f"    {line}\n" for line in settings))
        (world.folder / ".env").write_text(f"FB_TOKEN={TOKEN}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
        yield running


def morning(world, server, trouble=()):
    """Twelve posts, and what became of each and how often its text is to be seen."""
    names = [name for at in range(12) for name in world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))]
    server.fates.extend(trouble)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    seen = Counter(server.texts)
    return {name: (world.state(name), seen[world.outbox.row(name).content.text]) for name in names}


@pytest.mark.parametrize("seed", range(6))
def test_all_of_it_is_there_once_whatever_was_answered(world, server, seed):
    trouble = random.Random(seed).choices(TROUBLE, k=14)
    assert set(morning(world, server, trouble).values()) == {(State.SENT, 1)}


def test_try_again_later_is_never_taken_at_its_word(world, server):
    """koala issue 699, with a client that does not believe it: twelve errors, twelve posts."""
    assert set(morning(world, server, [Fate.FAILS_AFTER_POSTING] * 12).values()) == {(State.SENT, 1)}
    assert server.creates == 12


def test_a_list_that_lags_a_minute_doubles_nothing(world, server):
    server.hides_for = timedelta(seconds=60)
    assert set(morning(world, server, random.Random(1).choices(LOSING, k=8)).values()) == {(State.SENT, 1)}


def test_where_the_posts_may_not_be_read_a_person_is_asked_and_nothing_doubles(world, server):
    server.tokens[TOKEN].scopes = ("pages_manage_posts",)
    became = morning(world, server, random.Random(2).choices(LOSING, k=6))
    lost = [name for name, (state, _) in became.items() if state is State.UNCERTAIN]
    assert lost
    assert set(became.values()) <= {(State.SENT, 1), (State.UNCERTAIN, 1), (State.UNCERTAIN, 0), (State.MISSED, 0)}
    account = Account("main", "facebook", "UTC", settings={"page": PAGE})
    told = needs([world.outbox.row(name) for name in lost], {"main": account})
    assert {one.look for one in told} == {f"https://www.facebook.com/{PAGE}"}


def test_a_token_that_dies_pauses_the_account_and_fails_no_post(world, server):
    creates = []

    def dies(request):
        creates.extend([1] if request.path.endswith("/feed") else [])
        return refused(190, "Error validating access token", subcode=460, status=401) if len(creates) > 3 else None

    server.also = dies
    became = Counter(morning(world, server).values())
    assert became[State.SENT, 1] == 3
    assert set(became) <= {(State.SENT, 1), (State.SCHEDULED, 0), (State.MISSED, 0)}


def test_a_post_that_facebook_has_from_before_is_left_to_a_person_and_not_tried_for_ever(world, server):
    [name] = world.plan("opening", due=NINE)
    server.show(world.outbox.row(name).content.text)
    server.posts[0].at = NINE - timedelta(days=1)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert (len(server.texts), server.creates, world.state(name)) == (1, 1, State.UNCERTAIN)


def illustrated(world, name, kind, *, due=NINE):
    """One post with one file, and its name."""
    body = name.encode()
    (world.folder / "media").mkdir(exist_ok=True)
    (world.folder / "media" / name).write_bytes(body)
    facts = MediaFacts(name, sha256(body).hexdigest(), kind, len(body), 40, 30)
    [one] = planned(name.partition(".")[0], due)
    fill(world.outbox, [replace(one, content=Content("See this.", media=(Media(name, facts=facts),)))], at=NINE)
    return one.name


@pytest.mark.parametrize("fate", LOSING)
def test_posts_with_photos_are_found_by_them_though_their_words_are_alike(world, server, fate):
    names = [illustrated(world, f"{at}.png", "image/png", due=NINE + at * timedelta(minutes=7)) for at in range(4)]
    server.fates.extend([fate, Fate.TAKES, fate])
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert {world.state(name) for name in names} == {State.SENT}
    assert sorted(server.photos[one].body for post in server.posts for one in post.photos) == [
        f"{at}.png".encode() for at in range(4)
    ]


def test_a_video_is_accepted_and_proven_once_the_page_shows_it(world, server):
    name = illustrated(world, "march.mp4", "video/mp4")
    server.works_for = timedelta(minutes=20)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert (world.state(name), server.creates) == (State.SENT, 1)
    receipt = world.outbox.row(name).receipt
    assert (receipt.remote_id, receipt.strength) == (server.posts[0].id, Strength.PROVEN)


def test_a_video_whose_answer_is_lost_is_waited_for_and_never_finished_twice(world, server):
    name = illustrated(world, "march.mp4", "video/mp4")
    server.works_for = timedelta(minutes=20)
    server.fates.append(Fate.FAILS_AFTER_POSTING)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    assert (world.state(name), server.creates, len(server.posts)) == (State.SENT, 1, 1)
