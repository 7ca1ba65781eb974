"""A week of posts through the real engine, on a server that does its worst: each post once, whatever happened."""

import random
from datetime import timedelta

import pytest

from scheduler.engine.alarm import JumpingAlarm, JumpingClock
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.model.lifecycle import State
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.emulators.bluesky import HANDLE, PASSWORD, PUT
from scheduler.testing.platform import Fate
from tests.contract.bluesky.conftest import NINE

TROUBLE = [Fate.TAKES, Fate.LIMITS, Fate.LOSES_THE_REPLY, Fate.NEVER_ARRIVES, Fate.GARBLES, Fate.FAILS_AFTER_POSTING]
HOURS = range(1, 168, 6)


@pytest.fixture
def clock():
    return JumpingClock(NINE)


@pytest.mark.parametrize("seed", range(2))
def test_a_week_of_trouble_posts_everything_once(seed, server, clock, connect, tmp_path):
    chance = random.Random(seed)
    server.people[HANDLE] = "did:plc:drumbeatdrumbeatdrumbeat"
    with outbox_in(tmp_path) as outbox:
        for hour in HOURS:
            text = f"{hour} for @{HANDLE}"
            fill(
                outbox,
                planned(f"post-{hour}", NINE + timedelta(hours=hour), text=text, late=timedelta(days=9)),
                at=NINE,
            )
        fill(outbox, planned("thread", NINE + timedelta(hours=30), parts=4, late=timedelta(days=9)), at=NINE)
        publisher = connect()
        board = Switchboard(lambda _: publisher, dry=DryRun(tmp_path / "dry", clock), live=lambda: {"main"})

        def shake(_):
            """Before each round: perhaps something goes wrong."""
            if chance.random() < 0.2:
                server.script(chance.choice(TROUBLE))
            if chance.random() < 0.02:
                server.refuse(PUT, 400, "ExpiredToken")
            if chance.random() < 0.02:
                server.forget_tokens()

        engine = Engine(outbox, board, clock, JumpingAlarm(clock), on_event=lambda _: None, on_beat=shake)
        engine.run(until=engine.quiet)
        assert outbox.states() == {State.SENT: len(HOURS) + 4}
        receipts = {row.receipt.remote_id for row in outbox.rows()}
    assert len(receipts) == len(server.texts) == len(set(server.texts)) == len(HOURS) + 4
    assert server.calls(PUT) > len(HOURS) + 4, "some went wrong at first"
    assert server.calls("com.atproto.server.createSession") < 10
    below = [record["reply"]["parent"]["uri"] for record in server.repo.records.values() if "reply" in record]
    assert len(set(below)) == 3
    assert PASSWORD not in (tmp_path / ".drumbeat" / "outbox.db").read_bytes().decode("latin-1")
