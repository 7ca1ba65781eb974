"""A Discord channel, by a webhook that can look nothing up, and by a bot with a nonce that reads its channel."""

from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, RateLimited, Rejected, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt
from scheduler.platforms import platform_named
from scheduler.platforms.rules.discord import escaped
from scheduler.publishers.base import Absent, Doubles, Found, Replays, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.discord.form import nonce_of
from scheduler.publishers.discord.publisher import WINDOW, Discord
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.discord import BOT, CHANNEL, GUILD, HOOK_TOKEN, TOKEN, DiscordServer, error
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate
from tests.contract.conftest import having, picture, send


@pytest.fixture
def server(clock):
    with DiscordServer(clock) as running:
        yield running


def by_webhook(server, root=Path(), *, url="", **settings):
    account = Account("server", "discord", "UTC", settings=settings, secrets={"webhook": "HOOK"})
    return Discord.connect(account, Surroundings(root, server.clock, {"webhook": url or server.webhook}.__getitem__))


def by_bot(server, root=Path(), *, token=TOKEN, **settings):
    said = {"server": server.url, "channel": CHANNEL, **settings}
    account = Account("server", "discord", "UTC", settings=said, secrets={"token": "TOKEN"})
    return Discord.connect(account, Surroundings(root, server.clock, {"token": token}.__getitem__))


BOTH = pytest.mark.parametrize("way", [by_webhook, by_bot])


class Channel(PublisherContract):
    way = staticmethod(by_webhook)
    secrets = (HOOK_TOKEN,)

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(DiscordServer(FixedClock(DUE)))
        folder.mkdir(exist_ok=True)
        publisher = self.way(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, secrets=self.secrets)


class TestAWebhook(Channel):
    pass


class TestABot(Channel):
    way = staticmethod(by_bot)
    secrets = (TOKEN,)


# -- what is promised ------------------------------------------------------------------------


def test_a_webhook_promises_neither_a_safe_repeat_nor_a_look(server):
    can = by_webhook(server).capabilities
    assert (can.on_repeat, can.verify) == (Doubles(), VerifyQuality.NONE)


def test_a_bot_promises_a_minute_in_which_there_is_time_for_a_repeat(server):
    can = by_bot(server).capabilities
    assert (can.on_repeat, can.verify) == (Replays(WINDOW), VerifyQuality.TIMELINE)
    assert can.repeat_is_safe(DUE, DUE + timedelta(seconds=30))
    assert not can.repeat_is_safe(DUE, DUE + timedelta(seconds=40))


def test_a_bots_repeat_within_minutes_is_the_first_message_and_later_a_second_one(server, clock):
    first = send(by_bot(server), draft())
    clock.moment += timedelta(minutes=2)
    assert send(by_bot(server), draft()) == first
    clock.moment += timedelta(minutes=2)
    assert send(by_bot(server), draft()) != first


def test_a_nonce_is_short_enough_and_of_the_key_alone():
    assert len(nonce_of("a" * 32)) == 20
    assert nonce_of("a" * 32) != nonce_of("b" * 32)


def test_a_repeat_of_what_was_deleted_is_refused(server):
    publisher = by_bot(server)
    publisher.delete(send(publisher, draft()))
    with pytest.raises(Rejected, match="posted before and deleted"):
        send(publisher, draft())


def test_a_webhook_always_waits_and_tells_where_to_look_for_what_got_lost(server):
    publisher = by_webhook(server)
    assert send(publisher, draft()).url == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{server.messages[0]['id']}"
    assert server.door.requests[-1].query == {"wait": "true"}
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous, match=f"please look at https://discord.com/channels/{GUILD}/{CHANNEL}"):
        send(publisher, draft(key="a" * 32))
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


# -- texts -----------------------------------------------------------------------------------


@BOTH
def test_nobody_is_woken_by_what_a_text_happens_to_hold(server, way):
    send(way(server), draft("@everyone @here <@123> <@&456>"))
    assert server.messages[0]["content"] == "@everyone @here <@123> <@&456>"
    assert server.notified == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("2 * 3", "2 * 3"),
        ("2 * 3 * 4", "2 \\* 3 \\* 4"),
        ("a snake_case_name", "a snake\\_case\\_name"),
        ("~~no~~ ||x|| ~1 a|b", "\\~\\~no\\~\\~ \\|\\|x\\|\\| \\~1 a\\|b"),
        ("a|b ~1", "a|b ~1"),
        ("# One\n> two\n-# three\n#Four\n- five\n1. six", "\\# One\n\\> two\n\\-# three\n#Four\n- five\n1. six"),
        ("`a` b", "\\`a\\` b"),
        ("[read](https://a.example/b_c_d)", "[read\\](https://a.example/b_c_d)"),
        ("_x_ https://a.example/b_c_d*e*f", "\\_x\\_ https://a.example/b_c_d*e*f"),
        ("https://a.example > b", "https://a.example > b"),
        ("¯\\_(ツ)_/¯", "¯\\\\\\_(ツ)\\_/¯"),
        ("<t:1782820800:F> <:my_own_sign:12>", "<t:1782820800:F> <:my_own_sign:12>"),
    ],
)
def test_a_text_is_words_and_no_markup(text, sent):
    assert escaped(text) == sent


@BOTH
def test_what_is_counted_is_what_is_sent(server, way):
    content = Content(" *a* *b* | c \n", warning="*w* *x*", link="https://example.org/a_b_c")
    send(way(server), having(content))
    measure = platform_named("discord").measure(content.text, warning=content.warning, link=content.link)[0]
    assert measure.value == len(server.messages[0]["content"])
    assert server.messages[0]["content"] == ("\\*w\\* \\*x\\*\n||\\*a\\* \\*b\\* \\| c\n\nhttps://example.org/a_b_c ||")


def test_a_bots_thread_is_a_chain_of_replies_and_a_webhooks_follow_one_another(server):
    bot, hook = by_bot(server), by_webhook(server)
    for number, publisher in enumerate((bot, hook)):
        one = send(publisher, draft("one", key=f"a{number}" * 16))
        send(publisher, draft("two", key=f"b{number}" * 16, parent=one))
    replies = [one.get("message_reference") for one in server.messages]
    assert replies == [None, {"message_id": server.messages[0]["id"]}, None, None]


def test_a_reply_to_what_is_gone_is_refused(server):
    with pytest.raises(Rejected):
        send(by_bot(server), draft(parent=Receipt(f"https://discord.com/channels/{GUILD}/{CHANNEL}/5")))


def test_a_webhooks_thread_and_silence_are_settings(server):
    publisher = by_webhook(server, thread="77", silent="yes")
    receipt = send(publisher, draft())
    assert server.door.requests[-1].query == {"wait": "true", "thread_id": "77"}
    assert server.messages[0]["flags"] == 4096
    publisher.delete(receipt)
    assert server.door.requests[-1].query == {"thread_id": "77"}


# -- pictures and polls ----------------------------------------------------------------------


@BOTH
def test_pictures_go_with_their_words_and_are_hidden_by_a_warning(server, tmp_path, way):
    files = (picture(tmp_path, "a.png"), picture(tmp_path, "b.png", alt=""))
    publisher = way(server, tmp_path)
    send(publisher, having(Content("two", warning="blood", media=files)))
    first, second = server.messages[0]["attachments"]
    assert first["description"] == "Women march"
    assert "description" not in second
    assert first["is_spoiler"]
    assert first["filename"] == f"{sha256(b'a.png').hexdigest()[:32]}.png"
    if way is by_bot:
        verdict = publisher.verify(having(Content("two", warning="blood", media=files)), Prepared(), DUE)
        assert isinstance(verdict, Found)


@BOTH
def test_a_poll_asks_the_text_and_is_open_for_whole_hours(server, way):
    text = f"{'Why we ask. ' * 30}\n\nWill you come?"
    send(way(server), having(Content(text, poll=Poll(("Yes", "No"), 5400, multiple=True))))
    (shown,) = server.messages
    assert shown["content"] == f"{'Why we ask. ' * 30}".strip()
    assert shown["poll"]["question"] == {"text": "Will you come?"}
    assert (shown["poll"]["duration"], shown["poll"]["allow_multiselect"]) == (2, True)


def test_a_poll_alone_is_found_again(server):
    post = having(Content("Will you come?", poll=Poll(("Yes", "No"), 3600)))
    publisher = by_bot(server)
    receipt = send(publisher, post)
    assert publisher.verify(post, Prepared(), DUE) == Found(receipt)
    server.messages[0]["poll"]["results"] = {"answer_counts": [{"id": 1, "count": 2}, {"id": 2, "count": 3}]}
    server.messages[0]["reactions"] = [{"count": 4}]
    assert publisher.metrics(receipt).counts == {"reactions": 4, "votes": 5}


def test_a_poll_has_neither_pictures_nor_a_warning(server, tmp_path):
    with pytest.raises(Rejected, match="neither pictures nor a warning"):
        by_bot(server).prepare(having(Content("?", poll=Poll(("Yes", "No"), 3600), warning="blood")))


# -- looking ---------------------------------------------------------------------------------


def test_an_empty_channel_is_no_proof_that_nothing_is_there(server):
    server.script(Fate.LOSES_THE_REPLY)
    publisher = by_bot(server)
    with pytest.raises(Ambiguous):
        send(publisher, draft())
    server.reads_history = False
    verdict = publisher.verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "right to read" in verdict.reason
    assert "Read Message History" in publisher.inspect().notes[0]
    server.reads_history = True
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Found)


def test_somebody_elses_equal_words_are_not_ours_nor_are_old_ones(server, clock):
    send(by_webhook(server), draft())
    assert isinstance(by_bot(server).verify(draft(), Prepared(), DUE), Absent)
    send(by_bot(server), draft())
    assert isinstance(by_bot(server).verify(draft(), Prepared(), DUE + timedelta(minutes=1)), Absent)


def test_two_of_ours_with_equal_words_or_one_with_nearly_them_are_for_a_person(server):
    publisher = by_bot(server)
    send(publisher, draft())
    server.messages[0]["content"] = "The time is now"
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    send(publisher, draft(key="a" * 32))
    send(publisher, draft(key="b" * 32))
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_a_busy_channel_is_read_back_page_by_page_and_not_for_ever(server):
    publisher = by_bot(server)
    send(publisher, draft())
    ours = dict(server.messages[0])
    others = [{**ours, "id": str(int(ours["id"]) + n), "author": {"id": "9"}} for n in range(1, 250)]
    server.messages += others
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Found)
    server.messages += [{**one, "id": str(int(one["id"]) + 1000)} for one in others] * 2
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_a_post_is_found_where_our_clock_runs_ahead_of_theirs(server, clock):
    clock.moment = DUE - timedelta(minutes=7)
    publisher = by_bot(server)
    receipt = send(publisher, draft())
    publisher._http._clock = FixedClock(DUE)
    verdict = publisher.verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Found)
    assert verdict.receipt == receipt


# -- refusals --------------------------------------------------------------------------------


@BOTH
def test_a_limit_that_no_header_foretold_is_waited_for(server, way):
    publisher = way(server)
    for number in range(30):
        send(publisher, draft(key=f"{number:032x}"))
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft(key="f" * 32))
    assert limited.value.retry_at == DUE + timedelta(seconds=13)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(403, "Missing Permissions", 50013), AuthExpired),
        (error(404, "Unknown Channel", 10003), AuthExpired),
        (error(403, "Harmful link", 240000), Rejected),
        (error(413, "Request entity too large", 40005), Rejected),
        (error(400, "Slowmode", 20016, retry_after=7), RateLimited),
        (Answer(429, b"<html>Cloudflare</html>", {"Retry-After": "3600"}), RateLimited),
        (Answer(503, b""), Ambiguous),
    ],
)
@BOTH
def test_every_refusal_says_what_to_do(server, way, answer, kind):
    publisher = way(server)
    prepared = publisher.prepare(draft())
    server.door._answer = lambda _: answer
    with pytest.raises(kind):
        publisher.publish(draft(), prepared)


def test_a_webhook_that_is_gone_pauses_the_account_and_has_deleted_nothing(server):
    publisher = by_webhook(server)
    receipt = send(publisher, draft())
    server.hooks.clear()
    with pytest.raises(AuthExpired, match="Unknown Webhook"):
        send(publisher, draft(key="a" * 32))
    with pytest.raises(AuthExpired):
        publisher.delete(receipt)
    assert not publisher.inspect().works


def test_a_forum_wants_a_thread(server):
    server.forum = True
    with pytest.raises(AuthExpired, match="thread"):
        by_bot(server).prepare(draft())


def test_a_post_that_is_gone_counts_nothing(server):
    publisher = by_bot(server)
    receipt = send(publisher, draft())
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(receipt)
    with pytest.raises(Rejected, match="not known"):
        publisher.delete(Receipt("https://example.org/"))


# -- accounts --------------------------------------------------------------------------------


def test_it_says_who_it_is(server):
    send(by_bot(server), draft())
    report = by_bot(server).inspect()
    assert (report.works, report.software, report.notes) == (True, "Discord, as drumbeat in news", ())
    assert by_webhook(server).inspect().software == "Discord, as Drumbeat"
    server.open_to_us = False
    assert not by_bot(server).inspect().works


def test_settings_that_cannot_be_meant_are_refused_and_never_repeat_the_address(server):
    with pytest.raises(UsageError) as refused:
        by_webhook(server, url="https://discord.com/hooks/s3cret")
    assert "s3cret" not in f"{refused.value} {refused.value.mend}"
    with pytest.raises(UsageError, match="has no channel"):
        by_bot(server, channel="news")
    assert BOT not in CHANNEL


def test_a_webhooks_address_is_told_nowhere(server):
    publisher = by_webhook(server)
    prepared = publisher.prepare(draft())
    server.door._answer = lambda request: error(400, f"no {request.path} {HOOK_TOKEN}", 50035)
    with pytest.raises(Rejected) as refused:
        publisher.publish(draft(), prepared)
    assert HOOK_TOKEN not in str(refused.value)
