"""Who may reply on Bluesky: a gate under the post's own key, there before the post, gone with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.engine.alarm import JumpingAlarm, JumpingClock
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Ambiguous, RateLimited, Rejected, Transient, UsageError
from scheduler.model.delivery import Prepared
from scheduler.model.lifecycle import State
from scheduler.publishers.base import Found
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.emulators.bluesky import PUT
from scheduler.testing.platform import Fate
from tests.contract.bluesky.conftest import NINE

GATE = "app.bsky.feed.threadgate"


def rules(server):
    (made,) = server.repo.gates.values()
    return [rule["$type"].removeprefix(f"{GATE}#") for rule in made["allow"]]


@pytest.mark.parametrize(
    ("written", "allowed"),
    [
        ("nobody", []),
        ("mentioned", ["mentionRule"]),
        ("following", ["followingRule"]),
        ("followers", ["followerRule"]),
        ("Mentioned,  followers, mentioned", ["mentionRule", "followerRule"]),
    ],
)
def test_a_gate_stands_before_the_post_does(server, connect, post, written, allowed):
    publisher = connect(replies=written)
    prepared = publisher.prepare(post())
    assert server.texts == []
    assert rules(server) == allowed
    asked = len(server.requests)
    receipt = publisher.publish(post(), prepared)
    assert len(server.requests) == asked + 1, "at the second, only the post"
    ((rkey, gate),) = server.repo.gates.items()
    assert gate["post"] == receipt.remote_id
    assert list(server.repo.records) == [rkey]


@pytest.mark.parametrize("written", ["everyone", "", " Everyone "])
def test_where_everyone_may_reply_there_is_no_gate(server, connect, post, written):
    publisher = connect(replies=written)
    receipt = publisher.publish(post(), publisher.prepare(post()))
    publisher.delete(receipt)
    assert server.repo.gates == {}
    assert server.calls(PUT) == server.calls("com.atproto.repo.deleteRecord") == 1


@pytest.mark.parametrize("written", ["friends", "nobody, mentioned", "everyone,followers", "mentioned,", ","])
def test_what_names_nobody_is_refused_before_anything_is_asked(server, connect, written):
    with pytest.raises(UsageError, match="main") as caught:
        connect(replies=written)
    assert "mentioned, following, followers" in caught.value.mend
    assert server.requests == []


def test_only_a_threads_first_part_has_a_gate(server, connect, post):
    publisher = connect(replies="nobody")
    first = publisher.publish(post("one"), publisher.prepare(post("one")))
    second = post("two", parent=first, root=first)
    publisher.publish(second, publisher.prepare(second))
    assert len(server.repo.gates) == 1
    assert len(server.texts) == 2


def test_a_repeat_changes_no_gate(server, connect, post):
    """People hide single replies by writing into the gate; that must last."""
    publisher = connect(replies="nobody")
    prepared = publisher.prepare(post())
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(post(), prepared)
    (rkey,) = server.repo.gates
    server.repo.gates[rkey]["hiddenReplies"] = ["at://did:plc:x/app.bsky.feed.post/y"]
    verdict = publisher.verify(post(), prepared, NINE)
    assert isinstance(verdict, Found)
    assert publisher.publish(post(), prepared) == verdict.receipt
    assert "hiddenReplies" in server.repo.gates[rkey]


def test_preparing_again_is_the_same_gate(server, connect, post):
    publisher = connect(replies="followers")
    assert publisher.prepare(post()) == publisher.prepare(post())
    assert len(server.repo.gates) == 1


@pytest.mark.parametrize("prepared", [True, False])
def test_a_post_that_leaves_in_another_second_gets_its_gate_first(server, connect, post, prepared):
    publisher = connect(replies="nobody")
    ready = publisher.prepare(post()) if prepared else Prepared()
    late = replace(post(), created_at=NINE + timedelta(minutes=3))
    receipt = publisher.publish(late, ready)
    assert receipt.remote_id in {gate["post"] for gate in server.repo.gates.values()}
    last, before = server.requests[-1].json(), server.requests[-2].json()
    assert (before["collection"], last["rkey"]) == (GATE, before["rkey"])


@pytest.mark.parametrize(("status", "caught"), [(400, Rejected), (500, Transient)])
def test_without_its_gate_no_post_leaves(server, connect, post, status, caught):
    publisher = connect(replies="nobody")
    server.refuse(PUT, status, "InvalidRequest" if status == 400 else "InternalServerError")
    with pytest.raises(caught):
        publisher.publish(post(), Prepared())
    assert server.texts == []


def test_a_try_in_a_later_second_leaves_no_gate_of_an_earlier_one(server, connect, post):
    publisher = connect(replies="nobody")
    first = post()
    prepared = publisher.prepare(first)
    server.script(Fate.LIMITS)
    with pytest.raises(RateLimited):
        publisher.publish(replace(first, created_at=NINE + timedelta(seconds=5)), prepared)
    receipt = publisher.publish(replace(first, created_at=NINE + timedelta(minutes=30)), prepared)
    ((rkey, gate),) = server.repo.gates.items()
    assert gate["post"] == receipt.remote_id
    assert list(server.repo.records) == [rkey]


def test_a_gate_goes_with_its_post_whatever_the_setting_says_by_then(server, connect, post):
    publisher = connect(replies="nobody")
    receipt = publisher.publish(post(), publisher.prepare(post()))
    connect().delete(receipt)
    assert (server.texts, server.repo.gates) == ([], {})
    publisher.delete(receipt)


def test_the_engine_sends_one_request_at_the_second(server, connect, tmp_path):
    clock = JumpingClock(NINE)
    server._clock = clock
    publisher = connect(replies="nobody")
    publisher._clock = publisher._sessions._clock = clock
    with outbox_in(tmp_path) as outbox:
        fill(outbox, planned("thread", NINE + timedelta(hours=1), parts=2), at=NINE)
        board = Switchboard(lambda _: publisher, dry=DryRun(tmp_path / "dry", clock), live=lambda: {"main"})
        engine = Engine(outbox, board, clock, JumpingAlarm(clock))
        engine.run(until=engine.quiet)
        assert outbox.states() == {State.SENT: 2}
        first = outbox.rows()[0].receipt
    puts = [one.json()["collection"] for one in server.requests if one.path.endswith(PUT)]
    assert puts == [GATE, "app.bsky.feed.post", "app.bsky.feed.post"]
    assert [gate["post"] for gate in server.repo.gates.values()] == [first.remote_id]
