"""What the Mastodon publisher says to a server, and what it makes of every answer."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    MayExist,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Doubles, Found, Pace, Refused, Replays, Surroundings, Unknown
from scheduler.publishers.installed import publisher_for
from scheduler.publishers.mastodon import Mastodon
from scheduler.testing.contract import draft
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.mastodon import MastodonServer
from scheduler.testing.platform import Fate
from tests.contract.conftest import send

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
PIXELS = b"\x89PNG\r\n\x1a\n not really"
FILM = b"\x00\x00\x00\x18ftypmp42 not really"


class Hands:
    """A clock that a test turns."""

    def __init__(self, moment=NINE):
        self.moment = moment

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()

    def turn(self, **length):
        self.moment += timedelta(**length)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def server(clock):
    with MastodonServer(clock) as running:
        yield running


@pytest.fixture
def publisher(server, clock, tmp_path):
    return connected(server, clock, tmp_path)


@pytest.fixture
def restarted(server, clock, tmp_path):
    return lambda: connected(server, clock, tmp_path)


def connected(server, clock, folder, **settings):
    account = Account("main", "mastodon", "UTC", handle="rights@127.0.0.1", settings={"server": server.url, **settings})
    return Mastodon.connect(account, Surroundings(folder, clock, lambda _: server.token))


def media(folder, name="a.png", kind="image/png", body=PIXELS, alt="A drawing"):
    path = folder / "media" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return Media(name, alt=alt, facts=MediaFacts(name, hashlib.sha256(body).hexdigest(), kind, len(body)))


def post(**content):
    return replace(draft(), content=Content(**{"text": "The time is now.", **content}))


def asked(server, method="POST", path="/api/v1/statuses"):
    return [request for request in server.requests if (request.method, request.path) == (method, path)]


# -- what is said ------------------------------------------------------------------------


def test_everything_a_post_holds_is_said(publisher, server, clock):
    what = post(text="Кажи не.", language="mk", warning="насилство", visibility="followers")
    receipt = send(publisher, replace(what, parent=Receipt(server.post("before").id)))
    [request] = asked(server)
    assert request.headers["idempotency-key"] == what.idempotency_key
    assert request.headers["authorization"] == f"Bearer {server.token}"
    assert request.json() == {
        "status": "Кажи не.",
        "visibility": "private",
        "sensitive": True,
        "spoiler_text": "насилство",
        "language": "mk",
        "in_reply_to_id": server.posts[0].id,
    }
    assert receipt.url == server.posts[1].shown["url"]
    assert receipt.strength is Strength.PROVEN


@pytest.mark.parametrize(
    ("ours", "theirs"), [("", "public"), ("public", "public"), ("unlisted", "unlisted"), ("followers", "private")]
)
def test_visibility_is_always_said(publisher, server, ours, theirs):
    send(publisher, post(visibility=ours))
    assert asked(server)[0].json()["visibility"] == theirs
    assert asked(server)[0].json()["sensitive"] is False


def test_a_poll_is_said(publisher, server):
    send(publisher, post(poll=Poll(("Да", "Не"), 86_400, multiple=True)))
    assert asked(server)[0].json()["poll"] == {"options": ["Да", "Не"], "expires_in": 86_400, "multiple": True}


def test_pictures_are_uploaded_before_with_what_they_show(publisher, server, tmp_path):
    what = post(media=(media(tmp_path), media(tmp_path, "b.jpg", "image/jpeg", alt="Жена зборува")))
    prepared = publisher.prepare(what)
    assert not asked(server)
    uploads = list(server.uploads.values())
    assert [one.description for one in uploads] == ["A drawing", "Жена зборува"]
    assert [one.type for one in uploads] == ["image/png", "image/jpeg"]
    assert [one.body for one in uploads] == [PIXELS, PIXELS]
    assert "a.png" not in uploads[0].filename
    assert uploads[0].filename.endswith(".png")
    publisher.publish(what, prepared)
    assert asked(server)[0].json()["media_ids"] == [one.id for one in uploads]


def test_a_film_is_awaited_without_sending_it_again(publisher, server, tmp_path):
    server.looks_until_ready = 3
    what = post(media=(media(tmp_path, "a.mp4", "video/mp4", FILM),))
    for _ in range(2):
        with pytest.raises(NotReady, match=r"media/a\.mp4"):
            publisher.prepare(what)
    prepared = publisher.prepare(what)
    assert len(asked(server, path="/api/v2/media")) == 1
    assert publisher.publish(what, prepared).remote_id
    assert publisher.prepare(what) == prepared


def test_a_film_is_not_sent_again_by_the_next_process_either(publisher, server, tmp_path, restarted):
    server.looks_until_ready = 2
    what = post(media=(media(tmp_path, "a.mp4", "video/mp4", FILM),))
    with pytest.raises(NotReady) as waited:
        publisher.prepare(what)
    begun = json.loads(json.dumps(waited.value.begun))
    again = restarted()
    prepared = again.prepare(replace(what, begun=begun))
    assert len(asked(server, path="/api/v2/media")) == 1
    assert again.publish(what, prepared).remote_id


def test_what_another_post_had_begun_is_not_taken_for_this_one(publisher, server, tmp_path, restarted):
    server.looks_until_ready = 2
    what = post(media=(media(tmp_path, "a.mp4", "video/mp4", FILM),))
    with pytest.raises(NotReady) as waited:
        publisher.prepare(what)
    other = replace(what, idempotency_key="c" * 32, begun=waited.value.begun)
    with pytest.raises(NotReady):
        restarted().prepare(other)
    assert len(asked(server, path="/api/v2/media")) == 2


def test_uploads_are_good_until_the_server_may_sweep_the_first_of_them_away(publisher, server, tmp_path, clock):
    what = post(media=(media(tmp_path),))
    first = publisher.prepare(what)
    assert first.good_until == clock.now() + timedelta(hours=20)
    clock.turn(hours=19)
    assert publisher.prepare(what) == first
    clock.turn(hours=1)
    assert publisher.prepare(what).good_until == clock.now() + timedelta(hours=20)
    assert len(asked(server, path="/api/v2/media")) == 2


def test_without_pictures_nothing_is_forgotten(publisher):
    assert publisher.prepare(post()).good_until is None


def test_a_film_that_the_server_cannot_use_is_rejected(publisher, server, tmp_path):
    server.looks_until_ready = 2
    what = post(media=(media(tmp_path, "a.mp4", "video/mp4", FILM),))
    with pytest.raises(NotReady):
        publisher.prepare(what)
    next(iter(server.uploads.values())).broken = True
    with pytest.raises(Rejected, match=r"cannot use media/a\.mp4"):
        publisher.prepare(what)


def test_an_upload_that_the_server_lost_is_made_again(publisher, server, tmp_path):
    server.looks_until_ready = 2
    what = post(media=(media(tmp_path, "a.mp4", "video/mp4", FILM),))
    with pytest.raises(NotReady):
        publisher.prepare(what)
    server.sweep()
    with pytest.raises(NotReady, match="made again"):
        publisher.prepare(what)
    server.looks_until_ready = 0
    assert send(publisher, what).remote_id


def test_a_file_that_is_not_what_was_approved_is_not_sent(publisher, server, tmp_path):
    what = post(media=(media(tmp_path),))
    (tmp_path / "media" / "a.png").write_bytes(b"another picture")
    with pytest.raises(Rejected, match="no longer the file"):
        publisher.prepare(what)
    (tmp_path / "media" / "a.png").unlink()
    with pytest.raises(Rejected, match="cannot be read"):
        publisher.prepare(what)
    assert not server.uploads


def test_no_post_leaves_without_its_pictures(publisher, server, tmp_path):
    with pytest.raises(NotReady):
        publisher.publish(post(media=(media(tmp_path),)), Prepared())
    assert not asked(server)


# -- repeats -----------------------------------------------------------------------------


def test_a_repeat_after_a_lost_reply_gets_the_first_post(publisher, server):
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post())
    assert send(publisher, post()).remote_id == server.posts[0].id
    assert len(server.posts) == 1


def test_the_claimed_window_is_shorter_than_the_servers(publisher, server, clock):
    publisher.prepare(post())
    repeat = publisher.capabilities.on_repeat
    assert repeat == Replays(timedelta(minutes=45))
    send(publisher, post())
    clock.turn(minutes=44)
    send(publisher, post())
    assert len(server.posts) == 1
    clock.turn(minutes=16)
    send(publisher, post())
    assert len(server.posts) == 2


def test_a_500_on_a_repeat_is_no_proof_that_nothing_is_there(publisher, server):
    server.repeat_fails = True
    send(publisher, post())
    with pytest.raises(Ambiguous):
        send(publisher, post())


def test_what_was_posted_and_deleted_is_not_posted_again(publisher, server):
    publisher.delete(send(publisher, post()))
    with pytest.raises(Rejected, match="deleted there"):
        send(publisher, post())


def test_pictures_that_are_in_a_post_already_mean_go_and_look(publisher, server, tmp_path, clock):
    what = post(media=(media(tmp_path),))
    prepared = publisher.prepare(what)
    publisher.publish(what, prepared)
    clock.turn(hours=2)
    with pytest.raises(Duplicate):
        publisher.publish(what, prepared)


# -- answers -----------------------------------------------------------------------------


def test_a_post_dropped_in_silence_is_not_taken_for_sent(publisher, server):
    server.drops_silently = True
    with pytest.raises(Ambiguous, match="spam"):
        send(publisher, post())
    assert isinstance(publisher.verify(post(), Prepared(), NINE), Absent)


def test_a_post_that_cannot_be_read_back_is_accepted_and_not_proven(publisher, server):
    server.scopes = ("write",)
    receipt = send(publisher, post())
    assert receipt.strength is Strength.ACCEPTED
    assert receipt.remote_id == server.posts[0].id


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_servers_trouble_says_nothing_of_the_post(publisher, server, status):
    server.answers.append(Answer(status, b"<h1>proxy</h1>", {"Content-Type": "text/html"}))
    with pytest.raises(Ambiguous):
        send(publisher, post())


@pytest.mark.parametrize("said", [[], {}, {"id": None}, {"id": ""}, {"id": True}, "ok", None])
def test_a_2xx_that_names_no_post_is_none(publisher, server, said):
    server.answers.append(Answer(200, said))
    with pytest.raises(Ambiguous):
        send(publisher, post())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "error", "url", "uri", "visibility"]) | st.text(max_size=5), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.sampled_from([200, 201, 202, 204, 206, 299]), said=JSON)
def test_no_2xx_is_ever_called_not_sent(publisher, server, status, said):
    server.answers.append(Answer(status, b"" if status == 204 else said))
    server.drops_silently = True
    try:
        receipt = publisher.publish(draft(), Prepared({"software": "gotosocial"}))
    except MayExist:
        return
    assert receipt.remote_id
    assert receipt.remote_id == str(said["id"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.integers(300, 599), said=JSON)
def test_every_refusal_is_sorted_and_a_servers_trouble_never_as_not_sent(publisher, server, status, said):
    server.answers.append(Answer(status, said))
    with pytest.raises(PublishError) as raised:
        publisher.publish(draft(), Prepared())
    if status >= 500:
        assert isinstance(raised.value, MayExist)


def test_only_a_web_address_is_shown_as_one(publisher, server):
    server.answers.append(Answer(200, {"id": "1", "url": "javascript:alert(1)", "uri": "https://x.example/1"}))
    server.answers.append(Answer(200, {"id": "1", "url": {"a": 1}}))
    what = Prepared({"software": "gotosocial"})
    assert publisher.publish(draft(), what).url == "https://x.example/1"
    assert publisher.publish(draft(), what).url == ""


def test_a_token_that_may_not_write_asks_for_a_person(publisher, server):
    server.scopes = ("read",)
    with pytest.raises(AuthExpired, match="authorized scopes"):
        send(publisher, post())


def test_a_revoked_token_is_met_before_the_moment(publisher, server):
    server.token = "another"
    with pytest.raises(AuthExpired):
        publisher.prepare(post())
    assert not asked(server)


def test_a_reply_to_what_is_gone_is_rejected(publisher, server):
    with pytest.raises(Rejected, match="replies to is gone"):
        send(publisher, replace(post(), parent=Receipt("1")))


def test_a_text_that_is_too_long_is_rejected_with_the_servers_words(publisher, server):
    with pytest.raises(Rejected, match="character limit of 500 exceeded"):
        send(publisher, post(text="x" * 501))


def test_the_servers_reset_says_when_to_come_back(publisher, server, clock):
    clock.turn(minutes=10)
    server.quotas.spend("statuses", clock.now())
    with pytest.raises(RateLimited) as limited:
        send(publisher, post())
    assert limited.value.retry_at == datetime(2027, 6, 30, 9, 0, tzinfo=UTC)


def test_the_quota_of_uploads_is_met_before_the_moment(publisher, server, tmp_path, clock):
    server.quotas.spend("media", clock.now())
    with pytest.raises(RateLimited) as limited:
        publisher.prepare(post(media=(media(tmp_path),)))
    assert limited.value.retry_at == NINE + timedelta(minutes=30)


def test_thirty_posts_are_deleted_in_half_an_hour_and_no_more(publisher, server, clock):
    publisher.prepare(post())
    assert publisher.capabilities.deletes == Pace(30, timedelta(minutes=30))
    receipts = [Receipt(server.post(f"{number}").id) for number in range(31)]
    for receipt in receipts[:30]:
        publisher.delete(receipt)
    with pytest.raises(RateLimited) as limited:
        publisher.delete(receipts[30])
    assert limited.value.retry_at == NINE + timedelta(minutes=30)
    assert asked(server, "DELETE", f"/api/v1/statuses/{receipts[0].remote_id}")[0].query == {"delete_media": "true"}


def test_a_server_that_is_away_loses_nothing(publisher, server):
    server.script(Fate.REFUSES)
    with pytest.raises(Transient):
        send(publisher, post())


# -- looking -----------------------------------------------------------------------------


def looked(publisher, what=None, since=NINE, prepared=None):
    return publisher.verify(what or post(), prepared or Prepared(), since)


def test_a_post_is_found_among_others(publisher, server, clock):
    server.post("before")
    sent = send(publisher, post(text="With @ana@social.example: https://example.org/a?b=1"))
    server.post("after")
    assert looked(publisher, post(text="With @ana@social.example: https://example.org/a?b=1")) == Found(sent)


def test_an_equal_text_from_before_the_try_is_another_post(publisher, server, clock):
    server.post("The time is now.")
    clock.turn(minutes=1)
    assert isinstance(looked(publisher, since=clock.now()), Absent)


def test_two_equal_texts_are_not_told_apart(publisher, server):
    server.post("The time is now.")
    server.post("The time is now.")
    assert "2 posts" in looked(publisher).reason


def test_a_post_that_was_edited_since_leaves_it_open(publisher, server):
    server.post("Time is up.", edited_at="2027-06-30T07:01:00.000Z")
    assert isinstance(looked(publisher), Unknown)


def test_the_window_is_by_the_servers_clock(server, tmp_path):
    """The server's clock is ten minutes behind ours: what it wrote a moment ago looks old."""
    ahead = Hands(NINE + timedelta(minutes=10))
    publisher = connected(server, ahead, tmp_path)
    sent = send(publisher, post())
    assert looked(publisher, since=ahead.now()) == Found(sent)


def test_a_token_that_may_not_read_proves_nothing(publisher, server):
    server.scopes = ("write", "read:accounts")
    send(publisher, post())
    assert "authorized scopes" in looked(publisher).reason


def test_more_posts_than_can_be_looked_through_leave_it_open(publisher, server):
    for number in range(220):
        server.post(f"{number}")
    assert isinstance(looked(publisher), Unknown)


def test_a_post_on_a_later_page_is_found(publisher, server):
    sent = send(publisher, post())
    for number in range(90):
        server.post(f"{number}")
    assert looked(publisher) == Found(sent)


def test_a_post_with_pictures_is_known_by_them(publisher, server, tmp_path):
    what = post(media=(media(tmp_path),))
    prepared = publisher.prepare(what)
    sent = publisher.publish(what, prepared)
    server.post("The time is now.")
    assert looked(publisher, what, prepared=prepared) == Found(sent)


def test_a_part_of_a_thread_is_known_by_what_it_replies_to(publisher, server):
    first = send(publisher, post())
    second = replace(draft(key="b" * 32), content=Content("The time is now."), parent=first)
    assert isinstance(looked(publisher, second), Absent)
    sent = send(publisher, second)
    assert looked(publisher, second) == Found(sent)
    assert looked(publisher) == Found(first)


def test_another_warning_is_another_post(publisher, server):
    server.post("The time is now.", spoiler_text="violence")
    assert isinstance(looked(publisher), Absent)


def test_a_server_in_trouble_leaves_it_open(publisher, server):
    server.script(Fate.REFUSES)
    assert isinstance(looked(publisher), Unknown)


# -- what else it runs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("software", "on_repeat"),
    [("gotosocial", Doubles()), ("pixelfed", Refused()), ("pleroma", Doubles()), ("somethingnew", Doubles())],
)
def test_what_the_server_runs_decides_what_a_repeat_does(server, clock, tmp_path, software, on_repeat):
    server.software = software
    publisher = connected(server, clock, tmp_path)
    assert publisher.capabilities.on_repeat == Doubles(), "until it is known, the worst is assumed"
    publisher.verify(post(), Prepared(), NINE)
    assert publisher.capabilities.on_repeat == on_repeat


def test_gotosocial_is_told_that_a_text_is_plain(server, clock, tmp_path):
    server.software = "gotosocial"
    publisher = connected(server, clock, tmp_path)
    send(publisher, post())
    assert asked(server)[0].json()["content_type"] == "text/plain"
    with pytest.raises(Rejected):
        send(publisher, post(text="x" * 5001))


def test_pixelfed_refuses_a_text_alone_before_the_moment_and_a_repeat_without_an_id(server, clock, tmp_path):
    server.software = "pixelfed"
    publisher = connected(server, clock, tmp_path)
    with pytest.raises(Rejected, match="needs a picture"):
        publisher.prepare(post())
    with pytest.raises(Rejected, match="no polls"):
        publisher.prepare(post(poll=Poll(("a", "b"), 600), media=(media(tmp_path),)))
    what = post(media=(media(tmp_path),))
    prepared = publisher.prepare(what)
    sent = publisher.publish(what, prepared)
    with pytest.raises(Duplicate):
        publisher.publish(what, prepared)
    assert looked(publisher, what, prepared=prepared) == Found(sent)


def test_where_no_source_can_be_read_a_post_is_known_by_what_is_shown(server, clock, tmp_path):
    server.software = "pixelfed"
    publisher = connected(server, clock, tmp_path)
    text = "Join us on Friday at noon in the park, with @ana@social.example. https://example.org/a?b=1&c=2"
    what = post(text=text, media=(media(tmp_path),), warning="crowds")
    prepared = publisher.prepare(what)
    assert isinstance(looked(publisher, what, prepared=prepared), Absent)
    sent = publisher.publish(what, prepared)
    assert looked(publisher, what, prepared=prepared) == Found(sent)
    server.posts[0].shown["spoiler_text"] = "crowd"
    assert isinstance(looked(publisher, what, prepared=prepared), Unknown)
    server.posts[0].shown["content"] = "<p>Никогаш повеќе! Доста е со молчењето, доста е со стравот.</p>"
    assert isinstance(looked(publisher, what, prepared=prepared), Absent)


def test_a_server_that_is_not_known_is_never_believed_to_show_all(server, clock, tmp_path):
    server.software = "somethingnew"
    assert isinstance(looked(connected(server, clock, tmp_path)), Unknown)


@pytest.fixture
def snac(clock, tmp_path):
    with MastodonServer(clock, software="snac") as server:
        yield server, connected(server, clock, tmp_path)


def test_a_server_that_hangs_up_after_each_answer_loses_no_post(snac):
    server, publisher = snac
    for number in range(20):
        send(publisher, replace(draft(f"{number}", key=f"{number:032x}")))
    assert len(server.posts) == 20


def test_without_the_servers_time_a_post_is_found_but_never_absent(snac, clock):
    _, publisher = snac
    assert isinstance(looked(publisher), Unknown)
    sent = send(publisher, post())
    clock.turn(minutes=1)
    assert looked(publisher) == Found(sent)
    assert isinstance(looked(publisher, since=clock.now() + timedelta(minutes=5)), Unknown)


# -- afterwards ---------------------------------------------------------------------------


def test_metrics_are_the_platforms_counts(publisher, server):
    shown = server.post("liked", favourites_count=3, reblogs_count=2)
    counts = publisher.metrics(Receipt(shown.id)).counts
    assert counts == {"replies": 0, "reblogs": 2, "favourites": 3, "quotes": 0}
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(Receipt("1"))


def test_an_account_is_inspected_with_its_servers_limits_beside_ours(publisher, server):
    report = publisher.inspect()
    assert report.works
    assert report.handle == "rights@127.0.0.1"
    assert report.software == "mastodon 4.5.2"
    assert report.limits["text"] == 500
    assert report.scopes == ("read", "write:statuses", "write:media")
    assert report.notes == ()
    assert not asked(server)


def test_what_a_server_does_differently_is_told(server, clock, tmp_path):
    server.software = "gotosocial"
    report = connected(server, clock, tmp_path).inspect()
    assert any("a repeat would make a second post" in note for note in report.notes)
    assert report.limits["text"] == 5000
    # it states 25 for a link and counts them in full (57cb4fe7)
    assert "url" not in report.limits


def test_a_token_of_someone_else_or_with_too_few_rights_is_told(server, clock, tmp_path):
    server.scopes = ("read", "write:statuses")
    account = Account("main", "mastodon", "UTC", handle="@other@127.0.0.1", settings={"server": server.url})
    report = Mastodon.connect(account, Surroundings(tmp_path, clock, lambda _: server.token)).inspect()
    assert not report.works
    assert "write:media" in report.notes[0]
    assert "rights@127.0.0.1" in report.notes[1]


def test_a_dead_token_is_told_and_not_raised(publisher, server):
    server.token = "another"
    report = publisher.inspect()
    assert not report.works
    assert "401" in report.notes[0]


def test_it_is_found_by_its_platforms_name(server, clock, tmp_path):
    account = Account("main", "mastodon", "UTC", settings={"server": server.url})
    found = publisher_for(account, Surroundings(tmp_path, clock, lambda _: server.token))
    assert send(found, post()).url


def test_an_account_without_a_server_is_told_where_to_write_it(clock, tmp_path):
    with pytest.raises(UsageError, match="has no server"):
        Mastodon.connect(Account("main", "mastodon", "UTC"), Surroundings(tmp_path, clock, str))


def test_a_public_name_never_leads_into_ones_own_network(server, clock, tmp_path):
    """The wire refuses what resolves to loopback unless the account itself names such a host."""
    account = Account("main", "mastodon", "UTC", settings={"server": "https://localtest.example"})
    publisher = Mastodon.connect(account, Surroundings(tmp_path, clock, str))
    assert publisher._http._wire.allow_private is False
    assert connected(server, clock, tmp_path)._http._wire.allow_private is True
