"""A Telegram channel: entities and no markup, albums with several ids, and a lost answer that only a person settles."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt
from scheduler.platforms import platform_named
from scheduler.publishers.base import Doubles, Operation, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.telegram import Telegram
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.telegram import CHAT, NAME, TOKEN, TelegramServer, refused
from scheduler.testing.platform import Fate
from tests.contract.conftest import having, picture, send


@pytest.fixture
def server(clock):
    with TelegramServer(clock) as running:
        yield running


def telegram(server, root=Path(), *, token=TOKEN, **settings):
    said = {"server": server.url, "chat": f"@{NAME}", **settings}
    account = Account("channel", "telegram", "UTC", settings=said)
    return Telegram.connect(account, Surroundings(root, server.clock, {"token": token}.__getitem__))


class TestTelegram(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(TelegramServer(FixedClock(DUE)))
        publisher = telegram(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, secrets=(TOKEN,))


# -- what is promised ------------------------------------------------------------------------


def test_it_promises_neither_a_safe_repeat_nor_a_look(server):
    can = telegram(server).capabilities
    assert (can.on_repeat, can.verify) == (Doubles(), VerifyQuality.NONE)
    assert can.operations == {Operation.PREPARE, Operation.DELETE, Operation.INSPECT}


@pytest.mark.parametrize("fate", [Fate.LOSES_THE_REPLY, Fate.GARBLES, Fate.FAILS_AFTER_POSTING, Fate.NO_ID])
def test_what_got_lost_is_told_with_the_place_to_look_at(server, fate):
    server.script(fate)
    with pytest.raises(Ambiguous, match=f"please look at https://t.me/{NAME}"):
        send(telegram(server), draft())
    verdict = telegram(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert f"https://t.me/{NAME}" in verdict.reason


def test_a_chat_without_a_name_is_told_by_its_number(server):
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous, match=f"the chat {CHAT}"):
        send(telegram(server, chat=str(CHAT)), draft())


# -- texts -----------------------------------------------------------------------------------


def test_signs_that_would_be_markup_elsewhere_go_as_they_are(server):
    text = "5 * 3 _is_ [15](x) <b> & ~so~ #СегаКажувам `a` ||b||"
    send(telegram(server), draft(text))
    assert server.texts == [text]
    assert "entities" not in server.messages[0]
    assert b"parse_mode" not in server.door.requests[-1].body


def test_behind_a_warning_the_text_is_hidden_and_offsets_are_utf_16_units(server):
    send(telegram(server), having(Content("👩‍👩‍👧 Кажи не", warning="насилство 🎗️")))
    (shown,) = server.messages
    assert shown["text"] == "насилство 🎗️\n\n👩‍👩‍👧 Кажи не"
    units = shown["text"].encode("utf-16-le")
    bold, spoiler = shown["entities"]
    cut = [
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in (bold, spoiler)
    ]
    assert (bold["type"], spoiler["type"]) == ("bold", "spoiler")
    assert cut == ["насилство 🎗️", "👩‍👩‍👧 Кажи не"]


def test_blanks_at_the_ends_move_no_entity(server):
    send(telegram(server), having(Content("  the text\n\n", warning=" violence ")))
    assert server.messages[0]["text"] == "violence\n\nthe text"
    assert server.messages[0]["entities"][1] == {"type": "spoiler", "offset": 10, "length": 8}


def test_what_is_counted_is_what_is_sent(server):
    content = Content("a 🎉", warning="б", link="https://example.org/")
    send(telegram(server), having(content))
    measure = platform_named("telegram").measure(content.text, warning=content.warning, link=content.link)[0]
    assert measure.value == len(server.messages[0]["text"].encode("utf-16-le")) // 2


def test_the_link_is_below_the_text_and_its_card_is_that_of_the_link(server):
    send(telegram(server), having(Content("See https://a.example/", link="https://example.org/b")))
    assert server.messages[0]["text"] == "See https://a.example/\n\nhttps://example.org/b"
    assert server.messages[0]["link_preview_options"] == {"url": "https://example.org/b"}


def test_silence_and_a_topic_are_settings(server):
    send(telegram(server, silent="yes", topic="7"), draft())
    said = server.door.requests[-1].json()
    assert (said["disable_notification"], said["message_thread_id"]) == (True, 7)


def test_a_thread_is_a_chain_of_replies(server):
    publisher = telegram(server)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    assert [one.get("reply_to_message", {}).get("message_id") for one in server.messages] == [None, 812, 813]
    assert two.url == f"https://t.me/{NAME}/813"


def test_a_reply_to_what_is_gone_is_refused_and_not_sent_alone(server):
    with pytest.raises(Rejected, match="message to be replied not found"):
        send(telegram(server), draft(parent=Receipt("https://t.me/our_channel/5")))
    assert server.messages == []


# -- pictures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [("a.png", "image/png", "photo"), ("a.gif", "image/gif", "animation"), ("a.mp4", "video/mp4", "video")],
)
def test_a_file_goes_by_the_method_of_its_kind(server, tmp_path, name, kind, field):
    send(telegram(server, tmp_path), having(Content("[1] {one}", media=(picture(tmp_path, name, kind),))))
    (shown,) = server.messages
    assert (shown[field], shown["caption"]) == (name.encode(), "[1] {one}")


def test_behind_a_warning_a_picture_is_hidden_too(server, tmp_path):
    send(telegram(server, tmp_path), having(Content("text", warning="blood", media=(picture(tmp_path),))))
    assert server.messages[0]["has_media_spoiler"]
    assert server.messages[0]["caption_entities"][1]["type"] == "spoiler"


def test_an_album_has_one_caption_and_all_its_ids_and_goes_whole(server, tmp_path):
    files = (picture(tmp_path, "a.png"), picture(tmp_path, "b.mp4", "video/mp4"))
    publisher = telegram(server, tmp_path)
    receipt = send(publisher, having(Content("two", media=files)))
    assert [one.get("caption") for one in server.messages] == ["two", None]
    assert (receipt.remote_id, receipt.extra["messages"]) == ("812", [812, 813])
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert server.messages == []


def test_a_gif_stands_alone(server, tmp_path):
    files = (picture(tmp_path, "a.gif", "image/gif"), picture(tmp_path))
    with pytest.raises(Rejected, match="stands alone"):
        telegram(server, tmp_path).prepare(having(Content("two", media=files)))


def test_an_album_answered_in_part_is_no_proof(server, tmp_path):
    files = (picture(tmp_path, "a.png"), picture(tmp_path))
    publisher, post = telegram(server, tmp_path), None
    post = having(Content("two", media=files))
    prepared = publisher.prepare(post)
    server.door._answer = lambda _: Answer(200, {"ok": True, "result": [{"message_id": 5, "chat": {}}, {}]})
    with pytest.raises(Ambiguous, match="names no message"):
        publisher.publish(post, prepared)


# -- polls -----------------------------------------------------------------------------------


def test_the_text_is_a_polls_question(server):
    send(telegram(server), having(Content("Will you come?", poll=Poll(("Yes", "No"), 3600, multiple=True))))
    poll = server.messages[0]["poll"]
    assert poll["question"] == "Will you come?"
    assert poll["options"] == [{"text": "Yes"}, {"text": "No"}]
    assert (poll["open_period"], poll["allows_multiple_answers"], poll["is_anonymous"]) == (3600, True, True)


def test_of_a_long_text_the_last_paragraph_asks_and_the_rest_stands_before_it(server):
    text = f"{'Why we ask. ' * 30}\n\nWill you come?"
    send(telegram(server), having(Content(text, link="https://example.org/", poll=Poll(("Yes", "No"), 3600))))
    poll = server.messages[0]["poll"]
    assert poll["question"] == "Will you come?"
    assert poll["description"] == f"{'Why we ask. ' * 30}".strip() + "\n\nhttps://example.org/"


def test_a_poll_has_neither_pictures_nor_a_warning(server, tmp_path):
    poll = Poll(("Yes", "No"), 3600)
    for content in (Content("?", poll=poll, media=(picture(tmp_path),)), Content("?", poll=poll, warning="blood")):
        with pytest.raises(Rejected, match="neither pictures nor a warning"):
            telegram(server, tmp_path).prepare(having(content))


# -- refusals --------------------------------------------------------------------------------


def test_a_limit_is_read_from_where_telegram_says_it(server):
    publisher = telegram(server)
    for number in range(20):
        send(publisher, draft(key=f"{number:032x}"))
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft(key="f" * 32))
    assert limited.value.retry_at == DUE + timedelta(seconds=60)
    assert len(server.messages) == 20


@pytest.mark.parametrize(
    "rights",
    [{"status": "kicked"}, {"status": "administrator", "can_post_messages": False, "can_delete_messages": True}],
)
def test_a_bot_without_rights_pauses_the_account_and_fails_no_post(server, rights):
    server.rights = rights
    with pytest.raises(AuthExpired):
        send(telegram(server), draft())
    assert not telegram(server).inspect().works


def test_a_group_that_moved_is_told_with_its_new_number(server):
    server.moved_to = -1009999999999
    with pytest.raises(AuthExpired, match="`chat: -1009999999999`"):
        send(telegram(server), draft())


def test_a_chat_that_is_none_pauses_the_account(server):
    with pytest.raises(AuthExpired, match="chat not found"):
        send(telegram(server, chat="@another"), draft())


def test_a_dead_token_is_met_before_the_moment_and_told_nowhere(server):
    other = "123456789:AAanotherTokenOfNobody-000000000000"
    with pytest.raises(AuthExpired) as dead:
        telegram(server, token=other).prepare(draft())
    assert other not in str(dead.value)
    with pytest.raises(AuthExpired):
        telegram(server, token="none").prepare(draft())
    assert server.creates == 0


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_in_trouble_may_have_the_post(server, status):
    publisher, post = telegram(server), draft()
    prepared = publisher.prepare(post)
    server.door._answer = lambda _: refused(status, "Bad Gateway")
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


# -- afterwards ------------------------------------------------------------------------------


def test_after_two_days_a_person_has_to_delete(server, clock):
    publisher = telegram(server)
    receipt = send(publisher, draft())
    clock.moment += timedelta(hours=49)
    with pytest.raises(Rejected, match="can't be deleted") as late:
        publisher.delete(receipt)
    assert receipt.url in late.value.mend


def test_a_private_channels_address_is_for_its_members(server):
    server.name = ""
    assert send(telegram(server, chat=str(CHAT)), draft()).url == "https://t.me/c/1234567890/812"


def test_it_says_who_it_is_and_what_it_may(server):
    report = telegram(server).inspect()
    assert (report.works, report.handle, report.notes) == (True, f"@{NAME}", ())
    assert report.software == "Telegram, by @our_bot"
    server.rights["can_delete_messages"] = False
    assert "no right to delete" in telegram(server).inspect().notes[0]
    assert not telegram(server, token="123456789:AA").inspect().works


def test_an_account_without_a_chat_is_refused_and_telegram_itself_is_the_usual_server(server):
    with pytest.raises(UsageError, match="has no chat"):
        telegram(server, chat="our channel")
    account = Account("channel", "telegram", "UTC", settings={"chat": "https://t.me/our_channel"})
    publisher = Telegram.connect(account, Surroundings(Path(), FixedClock(DUE), lambda _: TOKEN))
    assert publisher._http.source == "https://api.telegram.org"
    assert publisher._where_to_look().endswith("https://t.me/our_channel.")
