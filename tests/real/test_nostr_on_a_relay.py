"""Nostr for real: nostr-relay on loopback, as `nostr-up` starts it.

An event's id is its content's hash, so a repeat can only be the same event; what the relay
keeps is compared with what was reviewed.
"""

import json
import secrets
import signal
from datetime import UTC, datetime

import pytest
from websockets.sync.client import connect

from scheduler.clock import SystemClock
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft
from scheduler.publishers.base import Absent, Found, Surroundings
from scheduler.publishers.nostr import Nostr
from tests.real.bluesky.between import Between
from tests.real.running import await_that, daemon, drumbeat, ready_workspace, reviewed, serving

pytestmark = pytest.mark.real

KEY = secrets.token_hex(32)


@pytest.fixture(scope="module")
def between():
    between = Between()
    yield between
    between.close()


@pytest.fixture(scope="module")
def relay(between):
    with serving("nostr", between) as told:
        yield told["NOSTR_URL"]


@pytest.fixture
def publisher(relay, tmp_path):
    account = Account("main", "nostr", "UTC", settings={"relays": relay})
    return Nostr.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: KEY))


def draft(text, parent=None):
    now = datetime.now(UTC).replace(microsecond=0)
    return Draft(
        "c/p/once/main", "main", "nostr", Content(text, language="mk"), secrets.token_hex(16), now, now, parent, parent
    )


def kept(relay, **wanted):
    """The events that the relay shows for a filter."""
    with connect(relay) as socket:
        socket.send(json.dumps(["REQ", "all", wanted]))
        found = []
        while (said := json.loads(socket.recv(timeout=20)))[0] != "EOSE":
            if said[0] == "EVENT":
                found.append(said[2])
        return found


def published(publisher, post):
    return publisher.publish(post, publisher.prepare(post))


def test_the_text_that_is_kept_is_the_text_that_was_reviewed(publisher, relay):
    receipt = published(publisher, draft("Сега кажувам. #СегаКажувам https://example.org"))

    [event] = kept(relay, ids=[receipt.remote_id])

    assert event["content"] == "Сега кажувам. #СегаКажувам https://example.org"


def test_a_repeat_is_the_same_event(publisher, relay):
    post = draft("Once, and only once.")

    first, again = published(publisher, post), published(publisher, post)

    assert first.remote_id == again.remote_id
    assert len(kept(relay, ids=[first.remote_id])) == 1


def test_a_reply_names_the_note_before_it(publisher, relay):
    first = published(publisher, draft("Part one."))
    second = published(publisher, draft("Part two.", parent=first))

    [event] = kept(relay, ids=[second.remote_id])

    assert first.remote_id in [tag[1] for tag in event["tags"] if tag[0] == "e"]


def test_a_look_finds_what_is_there_and_nothing_else(publisher):
    post, never = draft("Look for me."), draft("I was never sent.")
    published(publisher, post)

    assert isinstance(publisher.verify(post, publisher.prepare(post), post.created_at), Found)
    assert isinstance(publisher.verify(never, publisher.prepare(never), never.created_at), Absent)


def test_what_is_deleted_is_no_longer_shown(publisher, relay):
    receipt = published(publisher, draft("Take me down."))

    publisher.delete(receipt)
    publisher.delete(receipt)

    assert kept(relay, ids=[receipt.remote_id]) == []


def test_a_killed_daemon_posts_once(relay, tmp_path):
    posts = "  - post: tick\n    at: DUE\n    text: Сега, и еднаш.\n"
    settings = {"platform": "nostr", "relays": relay, "key": "env:REAL_SECRET"}
    root = ready_workspace(tmp_path, "note", settings, posts, secret=KEY, seconds=6)
    assert drumbeat(root, "apply", "--yes", "--force")["created"] == 1
    [part] = reviewed(root)
    with daemon(root) as first:
        await_that(lambda: any(event["content"] == part["text"] for event in kept(relay, kinds=[1])), root)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with daemon(root):
        await_that(lambda: drumbeat(root, "show", "now/tick")["state"] == "sent", root, seconds=90)

    assert [event["content"] for event in kept(relay, kinds=[1])].count(part["text"]) == 1
