"""X: signatures, pictures with descriptions, and a lost answer that is looked for where looking is granted."""

import importlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared, Receipt
from scheduler.platforms.rules.x import PRICES
from scheduler.publishers.base import Absent, Found, Operation, Refused, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.x import X
from scheduler.publishers.x.look import made_at, snowflake
from scheduler.publishers.x.signature import Keys, base_string
from scheduler.publishers.x.uploads import PIECE
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.x import KEYS, NAME, USER, XServer
from scheduler.testing.emulators.x_rules import refused
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands, having, picture, send


@pytest.fixture
def server(clock):
    with XServer(clock) as running:
        yield running


def x(server, root=Path(), *, clock=None, limits=None, keys=KEYS, handle=NAME, **settings):
    said = {"server": server.url, **settings}
    account = Account("main", "x", "UTC", handle=handle, settings=said, limits=limits or {})
    return X.connect(account, Surroundings(root, clock or server.clock, keys.__getitem__))


def asked(server, method, path):
    return [one for one in server.door.requests if (one.method, one.path) == (method, path)]


class TestX(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(XServer(FixedClock(DUE)))
        secrets = tuple(KEYS.values())
        return Bench(x(server, folder), lambda: server.texts, server.script, lambda: server.creates, secrets)


# -- who is let in ---------------------------------------------------------------------------

SHOWN = Keys(
    "xvz1evFS4wEEPTGEFPHBog",
    "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
)
"""The keys that X's own documentation signs its example with, which open nothing."""


def test_a_signature_is_the_one_that_x_shows_in_its_documentation():
    params = {"status": "Hello Ladies + Gentlemen, a signed OAuth request!", "include_entities": "true"}
    url = "https://api.twitter.com/1.1/statuses/update.json"
    nonce = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"
    header = SHOWN.header("post", url, params, nonce=nonce, seconds=1318622958)
    assert 'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"' in header
    assert "kAcSOqF21" not in repr(SHOWN)


@pytest.mark.parametrize("params", [{}, {"a": "б ~*'()", "a b": "1,2&3=+"}])
def test_a_signature_is_the_one_that_another_library_makes(params):
    oauth1 = pytest.importorskip("oauthlib.oauth1")
    parts = importlib.import_module("oauthlib.oauth1.rfc5849.signature")
    common = importlib.import_module("oauthlib.common")
    uri = "HTTPS://API.x.com:443/2/users/1/tweets" + ("?" + common.urlencode([*params.items()]) if params else "")
    client = oauth1.Client(
        SHOWN.key, SHOWN.key_secret, SHOWN.token, SHOWN.token_secret, nonce="n1", timestamp="1318622958"
    )
    _, headers, _ = client.sign(uri)
    signed = headers["Authorization"].rpartition('oauth_signature="')[2].partition('"')[0]
    ours = SHOWN.header("GET", uri.partition("?")[0], params, nonce="n1", seconds=1318622958)
    assert f'oauth_signature="{signed}"' in ours
    assert parts.base_string_uri(uri) in common.unquote(base_string("GET", uri.partition("?")[0], params))


def test_a_dead_key_is_met_before_the_moment_and_told_nowhere(server):
    dead = KEYS | {"token_secret": "another-secret-of-nobody"}
    with pytest.raises(AuthExpired) as caught:
        x(server, keys=dead).prepare(draft())
    assert "another-secret-of-nobody" not in str(caught.value) + repr(caught.value.__cause__)
    assert server.creates == 0


def test_a_clock_that_is_off_is_named_as_the_reason(server, clock):
    with pytest.raises(AuthExpired, match="clock is 12 minutes off"):
        x(server, clock=Hands(clock.moment - timedelta(minutes=12))).prepare(draft())


def test_keys_that_may_only_read_are_met_before_the_moment(server):
    server.level = "read"
    with pytest.raises(AuthExpired, match="make new tokens"):
        x(server).prepare(draft())
    publisher = x(server)
    assert not publisher.inspect().works
    with pytest.raises(AuthExpired, match="make new tokens"):
        publisher.publish(draft(), Prepared())


def test_the_account_is_asked_for_once_a_day_because_that_costs(server, clock):
    publisher = x(server)
    for number in range(3):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert len(asked(server, "GET", "/2/users/me")) == 1
    clock.moment += timedelta(days=1)
    publisher.prepare(draft())
    assert len(asked(server, "GET", "/2/users/me")) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, status):
    def echo(request):
        return refused(status, f"{KEYS} {request.headers['authorization']}")

    publisher, post = x(server), draft()
    prepared = publisher.prepare(post)
    server.also = echo
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, prepared)
    told = caught.value.message + caught.value.mend + publisher.verify(post, prepared, DUE).reason
    signature = server.door.requests[-1].headers["authorization"].rpartition('oauth_signature="')[2]
    assert not [secret for secret in (*KEYS.values(), signature.strip('"')) if secret in told]


@pytest.mark.parametrize("status", [403, 429])
def test_not_being_allowed_to_look_at_the_account_is_no_reason_not_to_post(server, status):
    server.also = lambda one: refused(status, "No") if one.path == "/2/users/me" else None
    assert send(x(server), draft()).remote_id


# -- what is said ----------------------------------------------------------------------------


def test_a_post_says_only_what_is_meant(server):
    receipt = send(x(server), having(Content("Good morning", language="en")))
    assert server.posts[0]["said"] == {"text": "Good morning"}
    assert receipt.url == f"https://x.com/{NAME}/status/{receipt.remote_id}"


def test_a_link_is_below_the_text_once(server):
    publisher = x(server)
    send(publisher, having(Content("See", link="https://example.org/a")))
    send(
        publisher, having(Content("See https://example.org/b", link="https://example.org/b"), idempotency_key="2" * 32)
    )
    assert server.texts == ["See\n\nhttps://example.org/a", "See https://example.org/b"]
    assert server.spent == PRICES.person + 2 * PRICES.linked


def test_a_thread_is_a_chain_of_replies_and_its_first_part_says_who_may_reply(server):
    publisher = x(server, replies="mentioned")
    one = send(publisher, draft("one", key="a" * 32))
    two = send(publisher, draft("two", key="b" * 32, parent=one))
    send(publisher, replace(draft("three", key="c" * 32), root=one, parent=two))
    assert [post["parent"] for post in server.posts] == ["", one.remote_id, two.remote_id]
    assert [post["said"].get("reply_settings") for post in server.posts] == ["mentionedUsers", None, None]


def test_a_reply_that_comes_too_early_waits_and_one_to_nothing_is_refused(server, clock):
    server.hides_for = timedelta(seconds=5)
    publisher = x(server)
    one = send(publisher, draft("one", key="a" * 32))
    with pytest.raises(NotReady):
        send(publisher, draft("two", key="b" * 32, parent=one))
    clock.moment += timedelta(seconds=6)
    assert send(publisher, draft("two", key="b" * 32, parent=one))
    with pytest.raises(Rejected, match="deleted or not visible"):
        send(publisher, draft("three", parent=Receipt("1234567890123456789")))


def test_a_persons_address_of_a_post_is_as_good_as_its_id(server):
    publisher = x(server)
    one = send(publisher, draft("one", key="a" * 32))
    send(publisher, draft("two", key="b" * 32, parent=Receipt(f"https://x.com/{NAME}/status/{one.remote_id}?s=20")))
    assert server.posts[1]["parent"] == one.remote_id
    publisher.delete(Receipt(f"https://twitter.com/i/web/status/{one.remote_id}/"))
    assert server.texts == ["two"]


def test_a_poll_has_minutes_and_one_answer(server):
    poll = Poll(("Yes", "No"), 3600)
    send(x(server), having(Content("Will you come?", poll=poll)))
    assert server.posts[0]["said"]["poll"] == {"options": ["Yes", "No"], "duration_minutes": 60}
    with pytest.raises(Rejected, match="one answer"):
        x(server).prepare(having(Content("?", poll=replace(poll, multiple=True))))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content("a" * 281), "281 weighted characters"),
        (Content("text", warning="blood"), "no content warnings"),
        (Content("text", visibility="followers"), "no visibility"),
        (Content("?", poll=Poll(("Yes", "No"), 3600), media=(Media("a.png"),)), "a poll or pictures"),
    ],
)
def test_what_x_lacks_is_refused_before_anything_is_asked(server, content, words):
    with pytest.raises(Rejected, match=words):
        x(server).prepare(having(content))
    assert server.door.requests == []


def test_an_account_with_long_posts_says_so_itself(server):
    server.most_text, server.subscription = 25_000, "Premium"
    assert "limits: {text: 25000}" in x(server).inspect().notes[0]
    publisher = x(server, limits={"text": 25_000})
    text = "long & longer " * 40
    post = draft(text)
    receipt = send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE) == Found(receipt)


# -- pictures --------------------------------------------------------------------------------


def test_pictures_are_uploaded_and_described_before_the_moment(server, tmp_path):
    files = (picture(tmp_path, "a.png", alt="Women march"), picture(tmp_path, "b.jpg", "image/jpeg", alt=""))
    publisher, post = x(server, tmp_path), having(Content("two", media=files))
    prepared = publisher.prepare(post)
    assert server.posts == []
    assert prepared.good_until == DUE + timedelta(hours=20)
    publisher.publish(post, prepared)
    one, two = (server.files.known[name] for name in server.posts[0]["media"])
    assert (one.bytes, one.alt, two.bytes, two.alt) == (b"a.png", "Women march", b"b.jpg", "")
    assert server.spent == PRICES.person + PRICES.of(links=0, described=1)


def test_what_was_uploaded_and_described_is_not_so_again(server, tmp_path):
    post = having(Content("one", media=(picture(tmp_path, alt="Women march"),)))
    publisher = x(server, tmp_path)
    assert publisher.prepare(post) == publisher.prepare(post)
    assert (len(server.files.known), server.files.described) == (1, 1)


def test_a_film_goes_in_pieces_and_is_waited_for_across_restarts(server, tmp_path, clock):
    server.files.works_for = 2
    body = bytes(range(256)) * (PIECE // 256) + b"the end"
    post = having(Content("film", media=(picture(tmp_path, "a.mp4", "video/mp4", alt="A march", body=body),)))
    waits = []
    for _ in range(6):
        try:
            prepared = x(server, tmp_path).prepare(post)  # a new process each time
            break
        except NotReady as caught:
            waits.append(caught.begun)
            post = replace(post, begun=caught.begun)
            clock.moment += timedelta(seconds=1)
    assert len(waits) >= 3
    (file,) = server.files.known.values()
    assert (file.bytes == body, len(file.pieces), file.category, file.alt) == (True, 2, "tweet_video", "A march")
    assert x(server, tmp_path).publish(post, prepared).remote_id


def test_a_film_that_x_cannot_use_is_refused_with_its_reason(server, tmp_path, clock):
    server.files.breaks = True
    post = having(Content("film", media=(picture(tmp_path, "a.mp4", "video/mp4"),)))
    publisher = x(server, tmp_path)
    with pytest.raises(NotReady):
        publisher.prepare(post)
    clock.moment += timedelta(seconds=3)
    with pytest.raises(Rejected, match=r"media/a.mp4. Unsupported video"):
        publisher.prepare(post)


def test_what_x_forgot_after_a_day_is_uploaded_again(server, tmp_path, clock):
    post = having(Content("one", media=(picture(tmp_path, "a.gif", "image/gif"),)))
    publisher = x(server, tmp_path)
    publisher.prepare(post)
    clock.moment += timedelta(hours=25)
    assert send(publisher, post).remote_id
    assert [file.category for file in server.files.known.values()] == ["tweet_gif", "tweet_gif"]


def test_a_post_whose_files_are_not_there_is_not_made_without_them(server, tmp_path):
    with pytest.raises(Transient):
        x(server, tmp_path).publish(having(Content("one", media=(picture(tmp_path),))), Prepared())
    assert server.creates == 0


# -- refusals --------------------------------------------------------------------------------


def test_a_duplicate_may_be_our_own_lost_post_and_looking_finds_it(server, clock):
    publisher, post = x(server), draft()
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post)
    with pytest.raises(Duplicate, match="duplicate content"):
        send(publisher, post)
    clock.moment += timedelta(minutes=3)
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    assert verdict == Found(Receipt(server.posts[0]["id"], f"https://x.com/{NAME}/status/{server.posts[0]['id']}"))


def test_used_up_credit_pauses_the_account_and_fails_no_post(server):
    server.credit = PRICES.person + PRICES.post
    publisher = x(server)
    send(publisher, draft("one", key="a" * 32))
    with pytest.raises(AuthExpired, match=r"wants credit.*console\.x\.com"):
        send(publisher, draft("two", key="b" * 32))
    assert server.texts == ["one"]


def test_a_limit_ends_when_its_header_says(server):
    publisher = x(server)
    server.script(Fate.LIMITS)
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft())
    assert limited.value.retry_at == DUE + timedelta(minutes=15)


@pytest.mark.parametrize(("told", "wait"), [(True, timedelta(hours=24)), (False, timedelta(hours=1))])
def test_a_daily_limit_is_not_knocked_at_every_quarter_of_an_hour(server, told, wait):
    server.daily, server.tells_daily = 1, told
    publisher = x(server)
    send(publisher, draft("one", key="a" * 32))
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft("two", key="b" * 32))
    assert limited.value.retry_at == DUE + wait


def test_a_used_up_month_is_for_a_person(server):
    answer = refused(429, "Usage cap exceeded: Monthly product cap", kind="usage-capped", period="Monthly")
    server.also = lambda one: answer if one.method == "POST" else None
    with pytest.raises(AuthExpired, match="this month"):
        send(x(server), draft())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, "One or more parameters", errors=[{"message": "Your media IDs are invalid."}]), Rejected),
        (refused(403, "You can only reply to posts where you are mentioned or are the author."), Rejected),
        (refused(403, "Your account is suspended", kind="user-suspended"), AuthExpired),
        (refused(403, "An app must be enrolled", kind="client-forbidden"), AuthExpired),
        (refused(404, "Not Found"), Rejected),
        (refused(403, "Status is a duplicate."), Duplicate),
        (Answer(403, b"<html>Attention required</html>"), Ambiguous),
        (Answer(401, b""), AuthExpired),
        (Answer(429, b""), RateLimited),
        (refused(500, "Internal"), Ambiguous),
        (refused(504, "Gateway"), Ambiguous),
        (Answer(200, {"data": {"id": ""}}), Ambiguous),
        (Answer(201, {"data": {"text": "no id"}, "errors": []}), Ambiguous),
    ],
)
def test_each_answer_says_whether_the_post_could_exist(server, answer, kind):
    server.also = lambda one: answer if one.method == "POST" else None
    with pytest.raises(kind):
        send(x(server), draft())


def test_the_reasons_within_an_answer_are_told(server):
    answer = refused(400, "One or more parameters", errors=[{"message": "Your media IDs are invalid."}])
    server.also = lambda one: answer if one.method == "POST" else None
    with pytest.raises(Rejected, match=r"One or more parameters · Your media IDs are invalid\."):
        send(x(server), draft())


# -- looking ---------------------------------------------------------------------------------

LOST = "Кажи не & <не> «да»: https://Example.org/a?b=c&d, readme.md и e\u0301 👩‍👩‍👧 #СегаКажувам"


@pytest.mark.parametrize(
    "content",
    [
        Content(LOST),
        Content(LOST, link="https://example.org/"),
        Content("Will you come? https://example.org/", poll=Poll(("Yes", "No"), 3600)),
    ],
)
def test_what_x_changes_in_a_text_does_not_hide_it(server, content):
    publisher, post = x(server), having(content)
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post)
    assert isinstance(publisher.verify(post, publisher.prepare(post), DUE), Found)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        ("Say it with us – now! https://example.org/", Unknown),  # another dash
        ("Say it with us - now! https://example.org/other", Unknown),
        ("Say it with us - now, all! https://example.org/", Absent),
        ("Say it with you - now! https://example.org/", Absent),
    ],
)
def test_what_is_nearly_our_text_is_neither_found_nor_absent(server, shown, verdict):
    server._show({"text": shown})
    post = draft("Say it with us - now! https://example.org/")
    assert isinstance(x(server).verify(post, Prepared(), DUE), verdict)


def test_of_a_long_text_that_comes_back_cut_nothing_is_said_for_sure(server):
    text = "long and longer " * 30
    server._show({"text": text[:270]})
    assert isinstance(x(server).verify(draft(text), Prepared(), DUE), Unknown)


def test_a_text_that_x_has_from_before_is_left_to_a_person(server):
    publisher, post = x(server), draft()
    server._texts[post.content.text] = server.clock.now()
    with pytest.raises(Duplicate):
        send(publisher, post)
    assert publisher.verify(draft("another"), Prepared(), DUE) == Unknown(
        f"X says that it has this text, but not since when; please look at https://x.com/{NAME}."
    )
    assert publisher.verify(draft("another", key="b" * 32), Prepared(), DUE) == Absent()


def test_a_lost_post_with_pictures_is_known_by_their_keys(server, tmp_path):
    publisher, post = x(server, tmp_path), having(Content("see", media=(picture(tmp_path),)))
    prepared = publisher.prepare(post)
    receipt = publisher.publish(post, prepared)
    assert publisher.verify(post, prepared, DUE) == Found(receipt)
    others = replace(prepared, values={**prepared.values, "keys": ["3_1"]})
    assert isinstance(publisher.verify(post, others, DUE), Unknown)


def test_a_part_of_a_thread_is_found_below_its_parent_only(server):
    publisher = x(server)
    one = send(publisher, draft("one", key="a" * 32))
    second = draft("two", key="b" * 32, parent=one)
    receipt = send(publisher, second)
    assert publisher.verify(second, Prepared(), DUE) == Found(receipt)
    assert publisher.verify(draft("two", key="b" * 32), Prepared(), DUE) == Absent()


def test_only_posts_since_the_try_are_paid_for(server, clock):
    publisher = x(server)
    for number in range(5):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
        clock.moment += timedelta(hours=1)
    before = server.spent
    assert publisher.verify(draft("never", key="f" * 32), Prepared(), clock.moment - timedelta(hours=1)) == Absent()
    assert server.spent - before == PRICES.look


def test_a_long_timeline_is_read_on_and_an_endless_one_proves_nothing(server):
    send(x(server), draft("the one", key="a" * 32))
    for number in range(150):
        server._show({"text": f"post {number}"})
    assert isinstance(x(server).verify(draft("the one"), Prepared(), DUE), Found)
    for number in range(400):
        server._show({"text": f"more {number}"})
    assert isinstance(x(server).verify(draft("the one"), Prepared(), DUE), Unknown)


def test_a_server_whose_clock_is_behind_hides_nothing(server, clock):
    ahead = Hands(clock.moment + timedelta(minutes=4))
    publisher, post = x(server, clock=ahead), draft()
    receipt = send(publisher, post)
    assert publisher.verify(post, Prepared(), ahead.moment) == Found(receipt)


def test_where_reading_is_not_granted_a_person_is_asked(server):
    server.reads = False
    verdict = x(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert f"please look at https://x.com/{NAME}" in verdict.reason


def test_whose_timeline_it_is_x_itself_says_or_nobody(server):
    publisher = x(server)
    assert publisher.verify(draft(), Prepared(), DUE) == Absent()
    server.also = lambda one: refused(403, "No") if one.path == "/2/users/me" else None
    verdict = x(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "whose keys" in verdict.reason


@pytest.mark.parametrize("said", [{"errors": [{"title": "Not found"}]}, {"data": [{}], "meta": {}}, {"data": []}, []])
def test_half_a_timeline_proves_nothing(server, said):
    server.also = lambda one: Answer(200, said) if one.path.endswith(f"{USER}/tweets") else None
    assert isinstance(x(server).verify(draft(), Prepared(), DUE), Unknown)


def test_an_account_that_does_not_pay_for_looking_says_so_and_asks_nothing(server):
    publisher = x(server, look="no")
    can = publisher.capabilities
    assert (can.verify, Operation.VERIFY in can.operations) == (VerifyQuality.NONE, False)
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    assert server.door.requests == []


def test_an_id_tells_when_its_post_was_made():
    assert made_at(str(snowflake(DUE))) == DUE.timestamp()
    assert made_at("no id") is None
    assert snowflake(DUE.replace(year=2001)) == 0


# -- afterwards ------------------------------------------------------------------------------


def test_what_is_gone_counts_nothing_and_is_deleted_without_trouble(server):
    publisher = x(server)
    receipt = send(publisher, draft())
    assert publisher.metrics(receipt).counts["impression_count"] == 0
    publisher.delete(receipt)
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(receipt)
    with pytest.raises(Rejected, match="not known"):
        publisher.delete(Receipt("nothing"))


def test_it_says_whose_keys_they_are_and_what_x_charges(server):
    report = x(server).inspect()
    assert (report.works, report.handle) == (True, f"@{NAME}")
    assert report.notes == (f"X charges: {PRICES.told()}.",)
    assert "drumbeat.yaml says @another" in x(server, handle="@another").inspect().notes[0]
    assert not x(server, keys=KEYS | {"key": "none"}).inspect().works


def test_what_it_promises_is_said_with_its_price(server):
    can = x(server).capabilities
    assert (can.on_repeat, can.verify) == (Refused(), VerifyQuality.TIMELINE)
    assert can.cost == "0.015 a post, 0.200 with a link, 0.005 each alternative text (USD, as of 2026-08-22)"


def test_a_setting_that_means_nothing_is_refused_and_x_itself_is_the_usual_server():
    around = Surroundings(Path(), FixedClock(DUE), KEYS.__getitem__)
    with pytest.raises(UsageError, match="replies: friends"):
        X.connect(Account("main", "x", "UTC", settings={"replies": "friends"}), around)
    assert X.connect(Account("main", "x", "UTC"), around)._way.http.source == "https://api.x.com"
