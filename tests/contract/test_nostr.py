"""Nostr: one signed event whose id is known before, on as many relays as are needed."""

import base64
import json
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.nostr.event import event_id, from_bech32, to_bech32
from scheduler.publishers.nostr.publisher import Nostr, signer_of
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.loopback import Answer, Loopback
from scheduler.testing.emulators.nostr import NostrRelay
from scheduler.testing.platform import Fate
from tests.contract.conftest import send

KEY = "01" * 32
PUBLIC = "1b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f"


@pytest.fixture
def relay():
    with NostrRelay() as running:
        yield running


@pytest.fixture
def other():
    with NostrRelay() as running:
        yield running


def nostr(*relays, root=Path(), key=KEY, **settings):
    said = {"relays": ", ".join(relay.url for relay in relays), **settings}
    return Nostr.connect(
        Account("key", "nostr", "UTC", settings=said), Surroundings(root, FixedClock(DUE), lambda _: key)
    )


def tags(relay):
    (event,) = relay.events.values()
    return event["tags"]


class TestNostr(PublisherContract):
    """Against a relay that checks every signature."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        relay = self.open.enter_context(NostrRelay())
        publisher = nostr(relay, root=folder)
        return Bench(publisher, lambda: relay.texts, relay.script, lambda: relay.offers, secrets=(KEY,))


def test_an_id_is_the_hash_that_the_protocol_asks_for():
    """Letters as themselves: an escaped Сега would be another post."""
    found = event_id(
        "a" * 64, 1782810000, 1, [["t", "timeisnow"], ["t", "сегакажувам"]], "Say no. #TimeIsNow #СегаКажувам"
    )
    assert found == "b43909c9524ad9f4647edfb6a2bb4c8c93db496f73bcbc7205924027c7380360"


def test_keys_are_read_as_people_have_them():
    nsec = to_bech32("nsec", bytes.fromhex(KEY))
    assert nsec.startswith("nsec1")
    assert signer_of(nsec, "key").public == signer_of(KEY, "key").public == PUBLIC
    for wrong in ("", "nsec1qqqq", nsec[:-1] + "q", to_bech32("npub", bytes.fromhex(KEY)), "00" * 32, "zz" * 32):
        with pytest.raises(AuthExpired) as raised:
            signer_of(wrong, "key")
        assert not wrong or wrong not in str(raised.value)


def test_letters_with_a_checksum_come_back_as_they_went():
    for length in (0, 1, 32, 33):
        content = bytes(range(length))
        assert from_bech32(to_bech32("note", content)) == ("note", content)
    with pytest.raises(ValueError, match="checksum"):
        from_bech32("npub1" + "q" * 58)


def test_a_post_says_all_it_has_in_tags(relay):
    npub = to_bech32("npub", bytes.fromhex(PUBLIC))
    profile = to_bech32("nprofile", b"\x01\x01a" + b"\x00\x20" + bytes.fromhex("ab" * 32))
    text = f"#СегаКажувам nostr:{npub} and nostr:{profile} and nostr:npub1wrong\x00"
    content = Content(text, language="mk-Cyrl", warning="violence", link="https://example.org/a")
    send(nostr(relay), replace(draft(key="e" * 32), content=content))
    assert tags(relay) == [
        ["t", "сегакажувам"],
        ["p", PUBLIC],
        ["p", "ab" * 32],
        ["content-warning", "violence"],
        ["L", "ISO-639-1"],
        ["l", "mk", "ISO-639-1"],
        ["drumbeat", "e" * 32],
    ]
    assert relay.texts == [text[:-1] + "\n\nhttps://example.org/a"]


def test_a_thread_names_root_and_parent(relay):
    publisher = nostr(relay)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    three = send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    root = ["e", one.remote_id, relay.url, "root", PUBLIC]
    assert relay.events[two.remote_id]["tags"][:2] == [root, ["p", PUBLIC]]
    assert relay.events[three.remote_id]["tags"][:2] == [root, ["e", two.remote_id, relay.url, "reply", PUBLIC]]


def test_a_poll_is_an_event_of_its_own_kind(relay):
    content = Content("Which?", poll=Poll(("This", "That"), 3600, multiple=True))
    receipt = send(nostr(relay), replace(draft(), content=content))
    assert relay.events[receipt.remote_id]["kind"] == 1068
    assert ["option", "1", "That"] in tags(relay)
    assert ["polltype", "multiplechoice"] in tags(relay)
    assert ["endsAt", str(int(DUE.timestamp()) + 3600)] in tags(relay)


def picture(root):
    (root / "media").mkdir()
    (root / "media" / "march.png").write_bytes(b"a picture")
    facts = MediaFacts("march.png", sha256(b"a picture").hexdigest(), "image/png", 9, 40, 30)
    return Media("march.png", alt="Women march", facts=facts)


def test_a_picture_is_uploaded_with_a_signed_permission_and_told_in_words(relay, tmp_path):
    content = Content("Look", media=(picture(tmp_path),))
    digest = content.media[0].facts.sha256

    def blossom(request):
        permission = json.loads(base64.b64decode(request.headers["authorization"].removeprefix("Nostr ")))
        assert (permission["kind"], request.method, request.path) == (24242, "PUT", "/upload")
        assert ["x", sha256(request.body).hexdigest()] in permission["tags"]
        return Answer(200, {"url": f"https://media.example/{digest}.png", "sha256": digest})

    with Loopback(blossom, FixedClock(DUE)) as media:
        publisher = nostr(relay, root=tmp_path, media=media.url)
        send(publisher, replace(draft(), content=content))
    url = f"https://media.example/{digest}.png"
    assert relay.texts == [f"Look\n\n{url}"]
    facts = [f"url {url}", "m image/png", f"x {digest}", "size 9", "dim 40x30", "alt Women march"]
    assert tags(relay)[0] == ["imeta", *facts]


def test_pictures_without_a_media_server_are_refused_before_the_moment(relay, tmp_path):
    post = replace(draft(), content=Content("Look", media=(picture(tmp_path),)))
    publisher = nostr(relay, root=tmp_path)
    with pytest.raises(Rejected, match="media server"):
        publisher.prepare(post)
    assert isinstance(publisher.verify(post, Prepared(), DUE), Unknown)
    with pytest.raises(Transient):
        publisher.publish(post, Prepared())


def test_every_try_has_the_same_bytes(relay, other):
    send(nostr(relay), draft())
    send(nostr(other), draft())
    assert relay.events == other.events


def test_a_relay_that_says_no_to_what_it_has_has_it(relay):
    relay.curt = True
    one = send(nostr(relay), draft())
    assert send(nostr(relay), draft()) == one
    relay.script(Fate.REJECTS)
    with pytest.raises(Rejected, match="too long"):
        send(nostr(relay), draft(key="f" * 32))


def test_one_relay_that_is_down_stops_nobody(relay, other):
    other.refuse()
    receipt = send(nostr(relay, other), draft())
    assert receipt.extra == {"relays": [f"127.0.0.1:{relay.port}"], "kind": 1}
    assert receipt.url == f"nostr:{to_bech32('note', bytes.fromhex(receipt.remote_id))}"
    assert isinstance(nostr(relay, other).verify(draft(), Prepared(), DUE), Found)


def test_too_few_relays_are_an_unknown_that_a_repeat_makes_good(relay, other):
    other.script(Fate.LIMITS)
    publisher = nostr(relay, other, need="2")
    with pytest.raises(Ambiguous, match="1 of the 2"):
        send(publisher, draft())
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    send(publisher, draft())
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Found)
    assert (len(relay.events), len(other.events)) == (1, 1)


def test_a_doubt_outweighs_a_refusal(relay, other):
    relay.script(Fate.REJECTS)
    other.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(nostr(relay, other), draft())


def test_a_relay_that_is_down_and_one_that_has_it_not_are_no_absence(relay, other):
    other.refuse()
    assert isinstance(nostr(relay, other).verify(draft(), Prepared(), DUE), Unknown)
    assert nostr(relay).verify(draft(), Prepared(), DUE) == Absent()


def test_a_relay_that_lets_nobody_look_knows_nothing(relay):
    relay.blind = True
    verdict = nostr(relay).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "does not let us look" in verdict.reason


def test_a_relay_for_members_is_logged_in_to(relay):
    relay.members_only = True
    send(nostr(relay), draft())
    assert len(relay.events) == 1


def test_deleting_asks_every_relay_and_one_yes_is_enough(relay, other):
    publisher = nostr(relay, other)
    receipt = send(publisher, draft())
    other.refuse()
    publisher.delete(receipt)
    assert relay.texts == []
    relay.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Transient):
        nostr(relay).delete(receipt)


def test_inspecting_shows_the_key_and_the_tightest_limit(relay, other):
    relay.about["limitation"] = {"max_content_length": 9000}
    other.about["limitation"] = {"max_content_length": 8000}
    report = nostr(relay, other).inspect()
    assert report.works
    assert report.handle == to_bech32("npub", bytes.fromhex(PUBLIC))
    assert report.limits == {"text": 8000}
    other.refuse()
    assert not nostr(relay, other, need="2").inspect().works


@pytest.mark.parametrize(
    "settings",
    [
        {"relays": ""},
        {"relays": "https://relay.example"},
        {"relays": "ws://relay.example"},
        {"relays": "wss://relay.example", "need": "2"},
        {"relays": "wss://relay.example", "need": "x"},
        {"relays": "wss://relay.example", "media": "http://media.example"},
    ],
    ids=str,
)
def test_settings_that_lead_nowhere_are_refused(settings):
    with pytest.raises(UsageError):
        nostr(**settings)


def test_without_its_packages_it_says_which(monkeypatch, tmp_path):
    import sys

    from scheduler.publishers.installed import publisher_for

    monkeypatch.setitem(sys.modules, "coincurve", None)
    for module in ("nostr", "nostr.publisher"):
        monkeypatch.delitem(sys.modules, f"scheduler.publishers.{module}")
    account = Account("notes", "nostr", "UTC", settings={"relays": "wss://relay.example"})
    with pytest.raises(UsageError, match=r"pip install 'drumbeat\[nostr\]'"):
        publisher_for(account, Surroundings(tmp_path, FixedClock(DUE), lambda _: KEY))


# -- what is counted ---------------------------------------------------------------------


def said_by_another(kind, about, content="", key="03" * 32):
    return signer_of(key, "other").signed(kind, 1_800_000_000, [["e", about]], content)


def test_reactions_reposts_and_replies_of_others_are_counted_once_over_all_relays(relay, other):
    publisher = nostr(relay, other)
    first = send(publisher, draft())
    send(publisher, draft("two", key="a" * 32, parent=first))
    answers = [said_by_another(7, first.remote_id, "+"), said_by_another(7, first.remote_id, "🔥", "04" * 32)]
    answers += [said_by_another(6, first.remote_id), said_by_another(1, first.remote_id, "yes")]
    for event in (*answers, said_by_another(7, first.remote_id, "-", "05" * 32), said_by_another(7, "f" * 64, "+")):
        relay.events[event["id"]] = event
    other.events[answers[0]["id"]] = answers[0]
    assert publisher.metrics(first).counts == {"replies": 1, "reposts": 1, "reactions": 2}


def test_relays_that_do_not_tell_count_nothing_and_say_so(relay, other):
    publisher = nostr(relay, other)
    receipt = send(publisher, draft())
    relay.blind = True
    assert publisher.metrics(receipt).counts == {"replies": 0, "reposts": 0, "reactions": 0}
    other.blind = True
    with pytest.raises(Transient, match="does not let us look"):
        publisher.metrics(receipt)
