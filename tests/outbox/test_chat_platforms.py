"""A morning full of trouble on each chat platform: nothing twice, nothing lost, and what cannot be known is asked."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.app import App
from scheduler.engine.dispatcher import Engine
from scheduler.model.lifecycle import State
from scheduler.settings import Settings
from scheduler.testing.clocks import JumpingAlarm
from scheduler.testing.emulators import discord, slack, telegram
from scheduler.testing.platform import Fate

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
WORKSPACE = """
workspace: equality-now
timezone: UTC
accounts:
  main:
    live: true
    language: en
"""
LOSING = (Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING)
TROUBLE = (*LOSING, Fate.LIMITS, Fate.TAKES, Fate.TAKES)


def on_telegram(clock):
    server = telegram.TelegramServer(clock)
    return (
        server,
        lambda: ["platform: telegram", f"server: {server.url}", 'chat: "@our_channel"'],
        telegram.TOKEN,
        "token",
    )


def by_discords_bot(clock):
    server = discord.DiscordServer(clock)
    settings = lambda: ["platform: discord", f"server: {server.url}", f'channel: "{discord.CHANNEL}"']  # noqa: E731
    return server, settings, discord.TOKEN, "token"


def by_discords_webhook(clock):
    server = discord.DiscordServer(clock)
    return server, lambda: ["platform: discord"], lambda: server.webhook, "webhook"


def by_slacks_app(clock):
    server = slack.SlackServer(clock)
    return (
        server,
        lambda: ["platform: slack", f"server: {server.url}", f"channel: {slack.CHANNEL}"],
        slack.TOKEN,
        "token",
    )


def by_slacks_webhook(clock):
    server = slack.SlackServer(clock)
    return server, lambda: ["platform: slack"], lambda: server.webhook, "webhook"


BLIND = (on_telegram, by_discords_webhook, by_slacks_webhook)
SEEING = (by_discords_bot, by_slacks_app)


@pytest.fixture
def on(world):
    """The world with one live account, and the server that it posts to."""
    running = []

    def connected(way):
        server, settings, secret, option = way(world.clock)
        running.append(server.__enter__())
        lines = [*settings(), f"{option}: env:MAIN_SECRET"]
        (world.folder / "drumbeat.yaml").write_text(WORKSPACE + "".join(f"    {line}\n" for line in lines))
        (world.folder / ".env").write_text(f"MAIN_SECRET={secret if isinstance(secret, str) else secret()}\n")
        app = App(Settings(world.folder, "", "text", 4), world.clock, world.folder)
        world.switchboard = app.switchboard(world.folder, live=lambda: {"main"})
        return server

    yield connected
    for server in running:
        server.__exit__(None, None, None)


def morning(world, server, trouble):
    """Twelve posts and a thread, with trouble; what became of each name, and how often each text is to be seen."""
    names = [
        name for at in range(12) for name in world.plan(f"post-{at:02}", due=NINE + at * timedelta(minutes=7))
    ] + world.plan("story", parts=3, due=NINE + timedelta(hours=2))
    server.fates.extend(trouble)
    engine = Engine(world.outbox, world.switchboard, world.clock, JumpingAlarm(world.clock))
    engine.run(until=engine.quiet)
    seen = Counter(server.texts)
    texts = {name: world.outbox.row(name).content.text for name in names}
    return {name: (world.state(name), seen[text]) for name, text in texts.items()}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", SEEING)
def test_who_can_look_sends_all_of_it_once(world, on, way, seed):
    server = on(way)
    trouble = random.Random(seed).choices(TROUBLE, k=14)
    assert set(morning(world, server, trouble).values()) == {(State.SENT, 1)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", BLIND)
def test_who_cannot_look_asks_and_sends_nothing_twice(world, on, way, seed):
    server = on(way)
    trouble = random.Random(seed).choices([one for one in TROUBLE if one is not Fate.NEVER_ARRIVES], k=12)
    became = morning(world, server, trouble)
    lost = [name for name, (state, _) in became.items() if state is State.UNCERTAIN]
    assert lost
    assert set(became.values()) <= {(State.SENT, 1), (State.UNCERTAIN, 1), (State.MISSED, 0)}
    assert all("look at" in (world.outbox.row(name).last_error or "") for name in lost)


@pytest.mark.parametrize("way", BLIND)
def test_what_never_arrived_waits_for_a_person_too(world, on, way):
    became = morning(world, on(way), [Fate.NEVER_ARRIVES])
    assert Counter(became.values()) == {(State.UNCERTAIN, 0): 1, (State.SENT, 1): 14}


@pytest.mark.parametrize("way", [*BLIND, *SEEING])
def test_a_dead_credential_keeps_everything_until_a_person_comes(world, on, way):
    became = morning(world, on(way), [Fate.EXPIRES])
    assert set(became.values()) <= {(State.SCHEDULED, 0), (State.MISSED, 0)}
