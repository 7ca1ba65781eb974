"""A Matrix room: one event a post, by its transaction id on one device, and found by our own key."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Receipt
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Doubles, Found, Replays, Surroundings, Unknown
from scheduler.publishers.matrix.event import MOST_BYTES, Uploaded, event, size
from scheduler.publishers.matrix.publisher import WINDOW, Matrix
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.matrix import ALIAS, DEVICE, ROOM, TOKEN, USER, Homeserver
from scheduler.testing.platform import Fate
from tests.contract.conftest import send


@pytest.fixture
def server():
    with Homeserver(FixedClock(DUE)) as running:
        yield running


def matrix(server, root=Path(), *, token=TOKEN, at="", **settings):
    said = {"server": at or server.url, "room": ALIAS, "device": DEVICE, **settings}
    account = Account("room", "matrix", "UTC", settings={name: value for name, value in said.items() if value})
    return Matrix.connect(account, Surroundings(root, FixedClock(DUE), {"token": token}.__getitem__))


def only(server):
    (one,) = server.events
    return one["content"]


class TestMatrix(PublisherContract):
    """Against a homeserver that answers as Synapse does."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(Homeserver(FixedClock(DUE)))
        publisher = matrix(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, secrets=(TOKEN,))


def test_only_a_named_device_makes_a_repeat_safe(server):
    assert matrix(server).capabilities.on_repeat == Replays(WINDOW)
    anyone = matrix(server, device="")
    assert anyone.capabilities.on_repeat == Doubles()
    assert f"device: {DEVICE}" in anyone.inspect().notes[0]


def test_a_token_of_another_device_pauses_the_account_before_anything_doubles(server):
    server.devices["syt_new"] = "OTHER"
    publisher = matrix(server, token="syt_new")
    with pytest.raises(AuthExpired, match="belongs to the device OTHER, not to DRUM"):
        publisher.prepare(draft())
    assert not publisher.inspect().works


def test_a_text_is_plain_and_html_and_wakes_nobody(server):
    send(matrix(server), draft("Say <no> & @room @sayno:matrix.test\nhttps://example.org/a?b=1&c=2\n\nTwo"))
    content = only(server)
    assert content["msgtype"] == "m.text"
    assert content["body"].startswith("Say <no> & @room")
    assert content["m.mentions"] == {}
    assert content["formatted_body"] == (
        "<p>Say &lt;no&gt; &amp; @room @sayno:matrix.test<br>"
        '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a></p><p>Two</p>'
    )


def test_a_link_that_the_text_lacks_is_put_below_it(server):
    send(matrix(server), replace(draft(), content=Content("Read on", link="https://example.org/a")))
    assert only(server)["body"] == "Read on\n\nhttps://example.org/a"


def test_a_thread_hangs_on_its_root_and_answers_the_part_before(server):
    publisher = matrix(server)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    assert server.events[2]["content"]["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": one.remote_id,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": two.remote_id},
    }
    assert publisher.metrics(one).counts == {"reactions": 0, "answers": 0}, "its own next parts answer nobody"
    server.events[2]["sender"] = "@reader:matrix.test"
    assert publisher.metrics(one).counts == {"reactions": 0, "answers": 1}


def test_a_receipt_that_a_person_gave_leads_to_its_event_where_it_can(server):
    said = Receipt("https://matrix.to/#/!room:matrix.test/%24event7?via=matrix.test")
    send(matrix(server), draft(key="a" * 32, parent=said))
    assert server.events[0]["content"]["m.relates_to"]["event_id"] == "$event7"
    send(matrix(server), draft(key="b" * 32, parent=Receipt("https://example.org/a")))
    assert "m.relates_to" not in server.events[1]["content"]


def picture(root):
    (root / "media").mkdir()
    (root / "media" / "march.png").write_bytes(b"a picture")
    facts = MediaFacts("march.png", sha256(b"a picture").hexdigest(), "image/png", 9, 40, 30)
    return Media("march.png", alt="Women march", facts=facts)


def test_a_picture_is_one_event_with_the_text_as_its_caption(server, tmp_path):
    send(matrix(server, tmp_path), replace(draft(), content=Content("Look", media=(picture(tmp_path),))))
    content = only(server)
    assert content["msgtype"] == "m.image"
    assert content["body"] == "Look"
    assert content["filename"].endswith(".png")
    assert content["info"] == {"mimetype": "image/png", "size": 9, "w": 40, "h": 30}
    assert server.media[content["url"]] == b"a picture"


def test_a_picture_without_words_says_what_it_shows(server, tmp_path):
    send(matrix(server, tmp_path), replace(draft(), content=Content("", media=(picture(tmp_path),))))
    assert only(server)["body"] == "Women march"


def test_behind_a_warning_no_word_and_no_picture_shows_by_itself(server, tmp_path):
    content = Content("Hard words", warning='violence "x"', media=(picture(tmp_path),))
    send(matrix(server, tmp_path), replace(draft(), content=content))
    sent = only(server)
    assert sent["msgtype"] == "m.file"
    assert sent["body"] == '[violence "x"](mxc://matrix.test/0)'
    assert server.media["mxc://matrix.test/0"] == b"Hard words"
    assert sent["formatted_body"] == '<span data-mx-spoiler="violence &quot;x&quot;">Hard words</span>'


def test_a_second_picture_is_refused_before_the_moment(server, tmp_path):
    one = picture(tmp_path)
    with pytest.raises(Rejected, match="holds one file"):
        matrix(server, tmp_path).prepare(replace(draft(), content=Content("x", media=(one, one))))


def test_what_is_too_long_with_html_goes_plain_and_what_is_too_long_at_all_not(server):
    publisher = matrix(server)
    send(publisher, draft("&" * 20_000))
    assert "formatted_body" not in only(server)
    with pytest.raises(Rejected, match="60,000"):
        publisher.prepare(draft("x" * 60_000))
    assert size(event(draft("a" * 29_000), Uploaded())) <= MOST_BYTES


def test_an_encrypted_room_is_refused_unless_the_account_says_otherwise(server):
    server.encrypted = True
    with pytest.raises(AuthExpired, match="is encrypted"):
        matrix(server).prepare(draft())
    send(matrix(server, encrypted="yes"), draft())
    assert len(server.texts) == 1


def test_a_room_that_the_account_is_not_in_asks_for_a_person(server):
    server.joined = False
    with pytest.raises(AuthExpired, match="is not in the room"):
        matrix(server).prepare(draft())
    with pytest.raises(AuthExpired, match="There is no room"):
        matrix(server, room="#other:matrix.test").prepare(draft())


def test_a_burst_waits_as_long_as_the_server_says(server):
    server.script(Fate.LIMITS)
    with pytest.raises(RateLimited) as raised:
        send(matrix(server), draft())
    assert raised.value.retry_at == DUE + timedelta(seconds=5)


def test_another_device_finds_the_post_by_our_key(server):
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(matrix(server), draft())
    server.devices["syt_new"] = "OTHER"
    assert isinstance(matrix(server, token="syt_new", device="").verify(draft(), Prepared(), DUE), Found)


def test_the_same_device_finds_even_what_was_taken_down(server):
    publisher = matrix(server)
    receipt = send(publisher, draft())
    publisher.delete(receipt)
    assert publisher.verify(draft(), Prepared(), DUE) == Found(receipt)


def test_another_post_that_the_same_device_took_down_is_not_taken_for_this_one(server):
    publisher = matrix(server)
    publisher.delete(send(publisher, draft()))
    assert publisher.verify(draft(key="f" * 32), Prepared(), DUE) == Absent()


def test_what_was_taken_down_could_have_been_this_post(server):
    receipt = send(matrix(server), draft())
    matrix(server).delete(receipt)
    server.devices["syt_new"] = "OTHER"
    verdict = matrix(server, token="syt_new", device="").verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "taken down" in verdict.reason


def test_a_look_reads_on_through_what_others_say(server):
    receipt = send(matrix(server), draft())
    for number in range(250):
        server.say("@other:matrix.test", f"{number}")
    publisher = matrix(server)
    assert publisher.verify(draft(), Prepared(), DUE) == Found(receipt)
    assert publisher.verify(draft(key="f" * 32), Prepared(), DUE) == Absent()


def test_a_look_that_never_comes_to_the_beginning_knows_nothing(server):
    for number in range(2100):
        server.say("@other:matrix.test", f"{number}")
    verdict = matrix(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)


def test_a_look_stops_at_what_is_older_than_the_try(server):
    for number in range(2100):
        server.say(USER, f"{number}")
    assert matrix(server).verify(draft(), Prepared(), DUE + timedelta(hours=1)) == Absent()


def test_a_look_into_a_room_that_is_closed_to_us_is_no_absence(server):
    publisher = matrix(server)
    prepared = publisher.prepare(draft())
    server.joined = False
    with pytest.raises(Transient):
        publisher.verify(draft(), prepared, DUE)


def test_without_its_preparation_nothing_is_sent(server):
    with pytest.raises(Transient, match="not looked up"):
        matrix(server).publish(draft(), Prepared())
    assert server.creates == 0


def test_a_connection_is_opened_ahead(server):
    publisher = matrix(server)
    publisher.warm()
    server.script(Fate.REFUSES)
    with pytest.raises(Transient):
        publisher.warm()


def test_a_receipt_leads_to_the_event(server):
    receipt = send(matrix(server), draft())
    assert receipt == Receipt("$event0", "https://matrix.to/#/!room:matrix.test/$event0", extra={"room": ROOM})


def test_it_says_who_it_is_and_what_the_media_store_takes(server):
    report = matrix(server).inspect()
    assert (report.handle, report.limits, report.notes) == (USER, {"media_bytes": 52_428_800}, ())


def test_an_account_without_a_room_or_over_plain_http_is_refused(server):
    with pytest.raises(UsageError, match="has no room"):
        matrix(server, room="room")
    with pytest.raises(UsageError):
        matrix(server, at="http://matrix.example")
