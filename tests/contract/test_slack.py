"""A Slack channel, by an app whose messages carry our key, and by a webhook that only ever says ok."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, NotReady, RateLimited, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.platforms import platform_named
from scheduler.publishers.base import Absent, Doubles, Found, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.slack import Slack
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.slack import CHANNEL, HOOK, TOKEN, SlackServer, no, plain
from scheduler.testing.platform import Fate
from tests.contract.conftest import having, picture, send


@pytest.fixture
def server(clock):
    with SlackServer(clock) as running:
        yield running


def by_app(server, root=Path(), *, token=TOKEN, **settings):
    said = {"server": server.url, "channel": CHANNEL, **settings}
    account = Account("team", "slack", "UTC", settings=said, secrets={"token": "TOKEN"})
    return Slack.connect(account, Surroundings(root, server.clock, {"token": token}.__getitem__))


def by_webhook(server, root=Path(), *, url=""):
    account = Account("team", "slack", "UTC", secrets={"webhook": "HOOK"})
    return Slack.connect(account, Surroundings(root, server.clock, {"webhook": url or server.webhook}.__getitem__))


BOTH = pytest.mark.parametrize("way", [by_app, by_webhook])


class Channel(PublisherContract):
    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def running(self):
        return self.open.enter_context(SlackServer(FixedClock(DUE)))


class TestAnApp(Channel):
    def bench(self, folder: Path) -> Bench:
        server = self.running()
        return Bench(by_app(server, folder), lambda: server.texts, server.script, lambda: server.creates, (TOKEN,))


class TestAWebhook(Channel):
    def bench(self, folder: Path) -> Bench:
        server = self.running()
        publisher = by_webhook(server, folder)
        return Bench(publisher, lambda: server.texts, server.script_hook, lambda: server.creates, (HOOK,))


# -- what is promised ------------------------------------------------------------------------


def test_an_app_finds_lost_posts_for_sure_and_a_webhook_never(server):
    app, hook = by_app(server).capabilities, by_webhook(server).capabilities
    assert (app.on_repeat, app.verify) == (Doubles(), VerifyQuality.EXACT)
    assert (hook.on_repeat, hook.verify) == (Doubles(), VerifyQuality.NONE)


def test_a_webhooks_ok_is_acceptance_and_no_proof(server):
    assert send(by_webhook(server), draft()) == Receipt(draft().idempotency_key, "", Strength.ACCEPTED)


def test_what_a_webhook_lost_is_told_with_where_to_look(server):
    publisher = by_webhook(server)
    for fate in (Fate.LOSES_THE_REPLY, Fate.FAILS_AFTER_POSTING, Fate.GARBLES):
        server.script_hook(fate)
        with pytest.raises(Ambiguous, match="look at the channel"):
            send(publisher, draft())
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    with pytest.raises(Rejected, match="cannot delete"):
        publisher.delete(Receipt("1"))
    assert publisher.metrics(Receipt("1")).counts == {}


def test_a_receipt_leads_to_the_message(server):
    publisher = by_app(server)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    ts = server.messages[0]["ts"]
    assert one.url == f"https://sayno.slack.com/archives/{CHANNEL}/p{ts.replace('.', '')}"
    assert two.url.endswith(f"?thread_ts={ts}&cid={CHANNEL}")
    assert (one.remote_id, one.extra) == (ts, {"channel": CHANNEL})


# -- texts -----------------------------------------------------------------------------------


@BOTH
def test_no_sign_is_markup_and_nobody_is_woken_by_accident(server, way):
    text = "*5* & <b> _x_ `a` @channel <!here> <!everyone> <@U0AB> <#C01|news>"
    send(way(server), draft(text))
    (shown,) = server.messages
    assert shown["text"] == "*5* &amp; &lt;b&gt; _x_ `a` @channel &lt;!here&gt; &lt;!everyone&gt; <@U0AB> <#C01|news>"
    assert shown["mrkdwn"] is False


@BOTH
def test_what_is_counted_is_what_is_sent(server, way):
    content = Content("a & b <c>", link="https://example.org/?a=1&b=2")
    send(way(server), having(content))
    measure = platform_named("slack").measure(content.text, link=content.link)[0]
    assert measure.value == len(server.messages[0]["text"])


@BOTH
def test_a_card_is_made_of_a_link_that_was_given_and_of_none_that_stands_in_the_text(server, way):
    send(way(server), having(Content("See https://a.example/", link="https://b.example/")))
    send(way(server), draft("See https://a.example/", key="b" * 32))
    assert [(one["unfurl_links"], one["unfurl_media"]) for one in server.messages] == [(True, True), (False, False)]
    assert server.texts[0] == "See https://a.example/\n\nhttps://b.example/"


def test_the_limit_keeps_below_what_slack_would_split(server):
    send(by_app(server), draft("a" * 4001))
    assert len(server.messages) == 2, "this is what the limit is there for"
    assert not platform_named("slack").measure("a" * 4001)[0].fits


def test_a_thread_hangs_on_its_root(server):
    publisher = by_app(server)
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    assert [one.get("thread_ts") for one in server.messages] == [None, one.remote_id, one.remote_id]
    given = Receipt(one.url)
    assert send(publisher, draft("four", key="d" * 32, parent=given)).remote_id
    assert server.messages[3]["thread_ts"] == one.remote_id


def test_what_slack_lacks_is_refused_and_never_dropped(server):
    for content in (Content("?", poll=Poll(("Yes", "No"), 3600)), Content("x", warning="blood")):
        for publisher in (by_app(server), by_webhook(server)):
            with pytest.raises(Rejected, match="neither polls nor warnings"):
                publisher.prepare(having(content))


# -- pictures --------------------------------------------------------------------------------


def test_pictures_are_uploaded_before_and_shown_with_their_words(server, tmp_path):
    files = (picture(tmp_path, "a.png"), picture(tmp_path, "b.png", alt=""))
    text = "*Join* <@U0AB> & see https://a.example/b_c."
    publisher, post = by_app(server, tmp_path), having(Content(text, media=files))
    prepared = publisher.prepare(post)
    assert server.messages == []
    assert [one["body"] for one in server.files.values()] == [b"a.png", b"b.png"]
    assert [one["alt"] for one in server.files.values()] == ["Women march", ""]
    publisher.publish(post, prepared)
    words, first, second = server.messages[0]["blocks"]
    assert words["elements"][0]["elements"] == [
        {"type": "text", "text": "*Join* "},
        {"type": "user", "user_id": "U0AB"},
        {"type": "text", "text": " & see "},
        {"type": "link", "url": "https://a.example/b_c"},
        {"type": "text", "text": "."},
    ]
    assert (first["slack_file"], first["alt_text"]) == ({"id": "F0000000000"}, "Women march")
    assert second["alt_text"]
    assert server.messages[0]["text"].startswith("*Join*")


def test_a_picture_without_words_is_told_by_its_alternative_text(server, tmp_path):
    send(by_app(server, tmp_path), having(Content("", media=(picture(tmp_path),))))
    assert server.messages[0]["text"] == "Women march"
    assert [one["type"] for one in server.messages[0]["blocks"]] == ["image"]


def test_a_picture_that_slack_still_works_on_is_waited_for_and_makes_no_post(server, tmp_path):
    publisher, post = by_app(server, tmp_path), having(Content("x", media=(picture(tmp_path),)))
    prepared = publisher.prepare(post)
    server.working.add("F0000000000")
    with pytest.raises(NotReady):
        publisher.publish(post, prepared)
    assert server.messages == []
    server.working.clear()
    assert publisher.publish(post, prepared).remote_id
    with pytest.raises(NotReady, match="not on Slack yet"):
        publisher.publish(post, Prepared())


def test_a_picture_that_is_never_ready_fails_the_post_after_ten_minutes(server, tmp_path, clock):
    publisher, post = by_app(server, tmp_path), having(Content("x", media=(picture(tmp_path),)))
    prepared = publisher.prepare(post)
    server.working.add("F0000000000")
    clock.moment += timedelta(minutes=11)
    with pytest.raises(Rejected, match="invalid_blocks"):
        publisher.publish(post, prepared)


def test_bytes_go_nowhere_but_to_slack(server, tmp_path):
    publisher, post = by_app(server, tmp_path), having(Content("x", media=(picture(tmp_path),)))
    routed = server.door._answer

    def elsewhere(request):
        if request.path.endswith("getUploadURLExternal"):
            return Answer(200, {"ok": True, "upload_url": "https://slack.com.example/upload", "file_id": "F1"})
        return routed(request)

    server.door._answer = elsewhere
    with pytest.raises(Rejected, match="no address of its own"):
        publisher.prepare(post)


def test_a_webhook_carries_no_pictures(server, tmp_path):
    with pytest.raises(Rejected, match="carries no pictures"):
        by_webhook(server, tmp_path).prepare(having(Content("x", media=(picture(tmp_path),))))


# -- looking ---------------------------------------------------------------------------------


def test_the_key_is_found_in_the_channel_and_in_a_thread(server):
    publisher = by_app(server)
    parent = send(publisher, draft("one", key="a" * 32))
    for number, post in enumerate((draft("one", key="b" * 32), draft("two", key="c" * 32, parent=parent))):
        server.script(Fate.LOSES_THE_REPLY)
        with pytest.raises(Ambiguous):
            send(publisher, post)
        verdict = publisher.verify(post, Prepared(), DUE)
        assert isinstance(verdict, Found)
        assert verdict.receipt.remote_id == server.messages[number + 1]["ts"]
        assert verdict.receipt.url.startswith("https://sayno.slack.com/")
    assert isinstance(publisher.verify(draft(key="d" * 32, parent=parent), Prepared(), DUE), Absent)
    assert isinstance(publisher.verify(draft(key="d" * 32), Prepared(), DUE), Absent)


def test_who_cannot_see_what_messages_carry_cannot_say_that_it_is_not_there(server):
    publisher = by_app(server)
    send(publisher, draft())
    server.scopes = tuple(one for one in server.scopes if one != "metadata.message:read")
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    server.messages[0]["bot_id"] = "B9"
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Absent), "somebody else's message is not ours"


@pytest.mark.parametrize("change", [{"member": False}, {"scopes": ("chat:write",)}])
def test_a_channel_that_cannot_be_read_is_no_proof(server, change):
    publisher = by_app(server)
    send(publisher, draft())
    for name, value in change.items():
        setattr(server, name, value)
    assert isinstance(publisher.verify(draft(key="b" * 32), Prepared(), DUE), Unknown)


def test_a_busy_channel_is_read_page_by_page_and_not_for_ever(server):
    publisher = by_app(server)
    send(publisher, draft())
    ours = server.messages[0]
    others = [{**ours, "ts": f"{ours['ts'][:-6]}{n:06d}", "bot_id": "B9", "metadata": {}} for n in range(10, 260)]
    server.messages = [*others, ours]
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Found)
    server.messages = [*others * 5, ours]
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_a_post_is_found_where_our_clock_runs_ahead_of_theirs(server, clock):
    clock.moment = DUE - timedelta(minutes=7)
    publisher = by_app(server)
    receipt = send(publisher, draft())
    publisher._http._clock = FixedClock(DUE)
    verdict = publisher.verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Found)
    assert verdict.receipt == receipt


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no("channel_not_found"), AuthExpired),
        (no("restricted_action_read_only_channel"), AuthExpired),
        (no("account_inactive"), AuthExpired),
        (no("msg_blocks_too_long"), Rejected),
        (no("invalid_metadata_schema"), Rejected),
        (no("invalid_blocks"), Rejected),
        (no("request_timeout"), Transient),
        (no("message_limit_exceeded"), RateLimited),
        (no("service_unavailable"), Ambiguous),
        (no("a_word_that_is_new"), Ambiguous),
        (Answer(503, b""), Ambiguous),
        (Answer(200, {"ok": "yes", "ts": "1782810000.000200"}), Ambiguous),
        (Answer(200, {"ok": True, "ts": 1782810000.0002}), Ambiguous),
    ],
)
def test_every_no_with_status_200_says_what_to_do(server, answer, kind):
    publisher = by_app(server)
    prepared = publisher.prepare(draft())
    server.door._answer = lambda _: answer
    with pytest.raises(kind):
        publisher.publish(draft(), prepared)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (plain(403, "action_prohibited"), AuthExpired),
        (plain(404, "channel_not_found"), AuthExpired),
        (plain(410, "channel_is_archived"), AuthExpired),
        (plain(400, "no_text"), Rejected),
        (plain(500, "rollup_error"), Ambiguous),
    ],
)
def test_a_webhooks_refusals_say_what_to_do(server, answer, kind):
    publisher = by_webhook(server)
    server.door._answer = lambda _: answer
    with pytest.raises(kind) as raised:
        publisher.publish(draft(), Prepared())
    assert HOOK not in str(raised.value)
    assert kind is Ambiguous or answer.body.decode() in str(raised.value)


def test_a_burst_is_tolerated_and_then_waited_for(server):
    publisher = by_app(server)
    for number in range(20):
        send(publisher, draft(key=f"{number:032x}"))
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft(key="f" * 32))
    assert limited.value.retry_at == DUE + timedelta(seconds=30)


def test_a_dead_token_is_met_before_the_moment(server, clock):
    with pytest.raises(AuthExpired, match="invalid_auth"):
        by_app(server, token="xoxb-other").prepare(draft())
    assert server.creates == 0


# -- afterwards ------------------------------------------------------------------------------


def test_reactions_and_answers_are_counted_until_it_is_gone(server):
    publisher = by_app(server)
    receipt = send(publisher, draft())
    server.messages[0] |= {"reactions": [{"name": "fist", "count": 3}, {"name": "heart", "count": 1}], "reply_count": 2}
    assert publisher.metrics(receipt).counts == {"reactions": 4, "answers": 2}
    publisher.delete(receipt)
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(receipt)
    with pytest.raises(Rejected, match="not known"):
        publisher.delete(Receipt("https://example.org/"))


def test_it_says_who_it_is_and_what_it_may(server):
    report = by_app(server).inspect()
    assert (report.works, report.software, report.notes) == (True, "Slack, as drumbeat in Say no", ())
    assert "chat:write" in report.scopes
    server.member = False
    out = by_app(server).inspect()
    assert not out.works
    assert "/invite" in out.notes[0]
    server.scopes = ("channels:history",)
    lacking = by_app(server).inspect()
    assert not lacking.works
    assert [note.split(":")[0] for note in lacking.notes[:2]] == ["The token lacks chat", "The token lacks files"]
    assert not by_app(server, token="xoxb-other").inspect().works


def test_a_webhooks_door_is_opened_and_nothing_sent(server):
    assert by_webhook(server).inspect().works
    assert server.door.requests == []
    server.door.refuse()
    assert not by_webhook(server).inspect().works
    with pytest.raises(Transient):
        by_webhook(server).warm()


def test_settings_that_cannot_be_meant_are_refused_and_never_repeat_the_address(server):
    with pytest.raises(UsageError, match="has no channel"):
        by_app(server, channel="news")
    with pytest.raises(UsageError) as refused:
        by_webhook(server, url="https://hooks.slack.com/workflows/s3cret")
    assert "s3cret" not in f"{refused.value} {refused.value.mend}"
