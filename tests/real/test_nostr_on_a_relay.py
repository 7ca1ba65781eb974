"""Nostr for real: nostr-relay on loopback, as `nostr-up` starts it.

An event's id is its content's hash, so a repeat can only be the same event; what the relay
keeps is compared with what was reviewed, and its view of a length with ours. Pictures need a
media server as well (Blossom), and have only our emulator.
"""

import json
import secrets
import signal
import time

import pytest
from websockets.sync.client import connect

from scheduler.clock import SystemClock
from scheduler.errors import Ambiguous, Rejected
from scheduler.model.account import Account
from scheduler.model.content import Poll
from scheduler.platforms import platform_named
from scheduler.publishers.base import Absent, Found, NamedInAdvance, Surroundings
from scheduler.publishers.nostr.publisher import Nostr, signer_of
from tests.real.bluesky.between import Between
from tests.real.running import applied, await_that, daemon, drumbeat, ready_workspace, serving

pytestmark = pytest.mark.real

ACCOUNT = ("note", "nostr")

KEY = secrets.token_hex(32)
MOST = 65_536
TEXT_FRAME = b"\x81"
"""The first byte of a message over a WebSocket (RFC 6455 5.2); what follows is masked."""


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
    account = Account("note", "nostr", "UTC", settings={"relays": relay})
    return Nostr.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: KEY))


def kept(relay, **wanted):
    """The events that the relay shows for a filter."""
    with connect(relay) as socket:
        socket.send(json.dumps(["REQ", "all", wanted]))
        found = []
        while (said := json.loads(socket.recv(timeout=20)))[0] != "EOSE":
            if said[0] == "EVENT":
                found.append(said[2])
        return found


@pytest.fixture
def stored(relay):
    def stored(receipt):
        [event] = kept(relay, ids=[receipt.remote_id])
        return event

    return stored


def tags(event, name):
    return [tag[1:] for tag in event["tags"] if tag[0] == name]


# -- what is stored --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Сега кажувам. #СегаКажувам https://example.org/a?b=c&d=e",
        'Кажи не 👩‍👩‍👧‍👦 1 < 2 & 3 > 2 <b>не</b> "цитат" \\ крај',
        "Прва линија\nвтора линија\n\nнов став",
    ],
)
def test_the_text_that_is_kept_is_the_text_that_was_reviewed(publish, post, stored, text):
    event = stored(publish(post(text)))
    assert (event["kind"], event["content"]) == (1, text)


def test_hashtags_language_and_warning_are_kept_as_tags(publish, post, stored):
    event = stored(publish(post("Тешко. #СегаКажувам", warning="Насилство", language="mk")))
    assert tags(event, "t") == [["сегакажувам"]]
    assert tags(event, "content-warning") == [["Насилство"]]
    assert tags(event, "l") == [["mk", "ISO-639-1"]]


def test_a_link_that_the_text_has_not_is_kept_below_it(publish, post, stored):
    draft = post(link="https://example.org/time-is-now")
    assert stored(publish(draft))["content"] == f"{draft.content.text}\n\nhttps://example.org/time-is-now"


def test_a_poll_is_kept_with_its_options_and_end(publish, post, stored):
    draft = post(poll=Poll(("Да", "Не"), open_for=3600))
    event = stored(publish(draft))
    assert (event["kind"], event["content"]) == (1068, draft.content.text)
    assert tags(event, "option") == [["0", "Да"], ["1", "Не"]]
    assert tags(event, "endsAt") == [[str(event["created_at"] + 3600)]]


def test_a_thread_hangs_together(publish, post, stored):
    first = publish(post())
    second = publish(post(parent=first, root=first))
    third = publish(post(parent=second, root=first))
    assert [(tag[0], tag[2]) for tag in tags(stored(second), "e")] == [(first.remote_id, "root")]
    assert [(tag[0], tag[2]) for tag in tags(stored(third), "e")] == [
        (first.remote_id, "root"),
        (second.remote_id, "reply"),
    ]


# -- length ----------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["ж", "👍", "a"])
def test_the_relay_counts_as_we_do_at_its_limit_and_one_above(publish, post, stored, relay, letter):
    limits, measure = {"text": MOST}, platform_named("nostr").measure
    longest = letter * MOST
    assert all(one.fits for one in measure(longest, limits=limits))
    assert stored(publish(post(longest)))["content"] == longest
    assert not all(one.fits for one in measure(longest + letter, limits=limits))
    before = len(kept(relay, kinds=[1]))
    with pytest.raises(Rejected, match="invalid"):
        publish(post(longest + letter))
    assert len(kept(relay, kinds=[1])) == before


# -- repeats, looks, takedowns ---------------------------------------------------------


def test_a_repeat_is_the_same_event(publisher, publish, post, relay):
    draft = post()
    first, again = publish(draft), publish(draft)
    assert first.remote_id == again.remote_id
    assert len(kept(relay, ids=[first.remote_id])) == 1
    assert isinstance(publisher.capabilities.on_repeat, NamedInAdvance)


def test_a_look_finds_what_is_there_and_nothing_else(publisher, publish, post):
    sent, never = post(), post()
    publish(sent)
    assert isinstance(publisher.verify(sent, publisher.prepare(sent), sent.created_at), Found)
    assert isinstance(publisher.verify(never, publisher.prepare(never), never.created_at), Absent)


def test_a_lost_reply_is_found_out(publisher, post, between, relay):
    draft = post()
    between.swallow(TEXT_FRAME)
    try:
        with pytest.raises(Ambiguous):
            publisher.publish(draft, publisher.prepare(draft))
    finally:
        between.pass_on()
    verdict = publisher.verify(draft, publisher.prepare(draft), draft.created_at)
    assert isinstance(verdict, Found)
    assert publisher.publish(draft, publisher.prepare(draft)) == verdict.receipt
    assert [event["content"] for event in kept(relay, kinds=[1])].count(draft.content.text) == 1


def test_what_is_deleted_is_no_longer_shown(publisher, publish, post, relay):
    receipt = publish(post())
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert kept(relay, ids=[receipt.remote_id]) == []


def test_what_others_make_of_a_post_is_counted(publisher, publish, post, relay):
    first = publish(post())
    publish(post(parent=first, root=first))
    other = signer_of(secrets.token_hex(32), "other")
    with connect(relay) as socket:
        for kind, content in ((7, "+"), (6, ""), (1, "Да!")):
            event = other.signed(
                kind, int(time.time()), [["e", first.remote_id], ["p", publisher._signer.public]], content
            )
            socket.send(json.dumps(["EVENT", event]))
            assert json.loads(socket.recv(timeout=20))[2] is True
    assert publisher.metrics(first).counts == {"replies": 1, "reposts": 1, "reactions": 1}


def test_the_account_is_known(publisher):
    report = publisher.inspect()
    assert report.works
    assert report.handle.startswith("npub1")
    assert report.software


# -- several relays ----------------------------------------------------------------------


def test_a_post_is_out_when_as_many_relays_as_needed_have_it(relay, post, tmp_path):
    """Where one answer is lost, one of two is out, two of two is not known, and a repeat is harmless."""
    second = Between()
    with serving("nostr", second) as told:
        other = told["NOSTR_URL"]

        def among(need):
            account = Account("note", "nostr", "UTC", settings={"relays": f"{relay}, {other}", "need": str(need)})
            return Nostr.connect(account, Surroundings(tmp_path, SystemClock(), lambda _: KEY))

        both, either = among(2), among(1)
        draft = post()
        receipt = both.publish(draft, both.prepare(draft))
        assert [kept(one, ids=[receipt.remote_id])[0]["content"] for one in (relay, other)] == [draft.content.text] * 2
        second.swallow(TEXT_FRAME)
        lone = post()
        assert either.publish(lone, either.prepare(lone)).remote_id
        half = post()
        with pytest.raises(Ambiguous, match="1 of the 2 relays"):
            both.publish(half, both.prepare(half))
        second.pass_on()
        assert isinstance(both.verify(half, both.prepare(half), half.due), Found)
        assert both.publish(half, both.prepare(half)).remote_id
        assert len(kept(other, ids=[receipt.remote_id])) == 1
    second.close()


# -- the whole way ---------------------------------------------------------------------

POSTS = """\
  - {post: alone, at: "DUE", text: "Кажи не. #СегаКажувам https://example.org/a"}
  - {post: warned, at: "DUE", text: Тешко, warning: Насилство}
  - {post: asked, at: "DUE", text: Ќе дојдеш?, poll: {options: [Да, Не], open_for: 24h}}
  - post: thread
    at: "DUE"
    text: |
      Прво
      ---
      Второ
      ---
      Трето
"""


def test_a_daemon_that_is_killed_before_the_reply_posts_everything_once(relay, between, tmp_path):
    """Six posts in one second; the relay has the first when the process dies; the next one looks, and finds it."""
    before = {event["id"] for event in kept(relay, kinds=[1, 1068])}
    settings = {"platform": "nostr", "relays": relay, "key": "env:REAL_SECRET"}
    root = ready_workspace(tmp_path, "note", settings, POSTS, secret=KEY, seconds=12)
    texts = applied(root, 6)
    between.swallow(TEXT_FRAME, hold=True)
    with daemon(root) as process:
        await_that(between.swallowed.is_set, root)
        process.send_signal(signal.SIGKILL)
        process.wait()
    between.pass_on()
    with daemon(root) as process:
        await_that(lambda: drumbeat(root, "status")["states"].get("sent") == 6, root, seconds=90)
        process.terminate()
        process.wait(30)
    made = [event for event in kept(relay, kinds=[1, 1068]) if event["id"] not in before]
    assert sorted(event["content"] for event in made) == sorted(texts)
