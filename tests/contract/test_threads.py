"""Threads: containers before the moment, one call that publishes, and a lost answer that the container settles."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Forgotten,
    NotReady,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.threads import Threads
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from scheduler.testing.patience import Patient
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands, having, picture, send


class Served:
    """Files at public addresses that nobody need open here."""

    def __init__(self):
        self.asked = []

    def address(self, media):
        self.asked.append(media.file)
        return f"https://media.example.org/{media.file}"


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


def threads(server, root, *, clock=None, token=TOKEN, handle=NAME, public=None, **settings):
    account = Account(
        "main",
        "threads",
        "UTC",
        handle=handle,
        settings={"server": server.url, **settings},
        secrets={"token": "MAIN_TOKEN"},
    )
    return Threads.connect(
        account, Surroundings(root, clock or server.clock, lambda _: token, public=public or Served())
    )


def patient(server, root, **settings):
    """The publisher as the engine uses it: whatever is not ready is asked for again, five seconds later."""

    def wait(length):
        server.clock.moment += length

    return Patient(threads(server, root, **settings), wait)


def asked(server):
    """The forms of the containers so far."""
    return [box.asked for box in server.boxes.values()]


class TestThreads(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        folder.mkdir(exist_ok=True)
        server = self.open.enter_context(ThreadsServer(Hands()))
        return Bench(
            patient(server, folder), lambda: server.texts, server.script, lambda: server.creates, secrets=(TOKEN,)
        )


# -- what is said ----------------------------------------------------------------------------


def test_a_text_is_one_container_and_says_only_what_is_meant(server, root):
    receipt = send(patient(server, root), having(Content("Good morning", language="en")))
    assert asked(server) == [{"media_type": "TEXT", "text": "Good morning"}]
    assert receipt.remote_id == server.posts[0]["id"]
    assert receipt.url == server.posts[0]["permalink"]


def test_the_token_goes_in_a_header_and_never_in_an_address(server, root):
    send(patient(server, root), draft())
    assert {one.headers["authorization"] for one in server.requests} == {f"Bearer {TOKEN}"}
    assert not [one for one in server.requests if TOKEN in one.target]


def test_a_picture_goes_by_its_public_address_with_its_alternative_text(server, root):
    send(patient(server, root), having(Content("March", media=(picture(root),))))
    (form,) = asked(server)
    assert form == {
        "media_type": "IMAGE",
        "image_url": "https://media.example.org/march.png",
        "alt_text": "Women march",
        "text": "March",
    }


def test_several_files_are_a_carousel_whose_parts_are_finished_before_it_is_made(server, root):
    server.works_for, server.settles = timedelta(seconds=20), timedelta()
    files = (picture(root, "a.png"), picture(root, "b.mp4", "video/mp4", alt="A film"))
    publisher = patient(server, root)
    send(publisher, having(Content("Two", media=files)))
    first, second, whole = server.boxes.values()
    assert (first.asked["is_carousel_item"], first.asked["alt_text"]) == ("true", "Women march")
    assert second.asked["video_url"] == "https://media.example.org/b.mp4"
    assert whole.asked == {"media_type": "CAROUSEL", "children": f"{first.id},{second.id}", "text": "Two"}
    assert whole.made >= first.done
    assert server.posts[0]["media_type"] == "CAROUSEL_ALBUM"


def test_a_file_is_given_its_address_once_however_long_it_takes(server, root):
    server.works_for = timedelta(minutes=3)
    public = Served()
    files = (picture(root, "a.png"), picture(root, "b.png"))
    patient(server, root, public=public).prepare(having(Content("Two", media=files)))
    assert public.asked == ["a.png", "b.png"]


def test_an_account_without_a_public_place_is_told_so_before_the_moment(server, root):
    account = Account("main", "threads", "UTC", settings={"server": server.url}, secrets={"token": "T"})
    publisher = Threads.connect(account, Surroundings(root, server.clock, lambda _: TOKEN))
    with pytest.raises(Rejected, match="no public address"):
        publisher.prepare(having(Content("March", media=(picture(root),))))


def test_a_link_is_a_card_of_its_own_beside_a_text(server, root):
    send(patient(server, root), having(Content("Read", link="https://example.org/a")))
    assert asked(server) == [{"media_type": "TEXT", "text": "Read", "link_attachment": "https://example.org/a"}]


@pytest.mark.parametrize("beside", ["a picture", "a poll"])
def test_a_link_stands_below_the_text_where_no_card_can_be(server, root, beside):
    media = (picture(root),) if beside == "a picture" else ()
    poll = None if media else Poll(("Yes", "No"), 86_400)
    send(patient(server, root), having(Content("Read", link="https://example.org/a", media=media, poll=poll)))
    (form,) = asked(server)
    assert form["text"] == "Read\n\nhttps://example.org/a"
    assert "link_attachment" not in form


def test_a_poll_goes_as_options_by_letter(server, root):
    send(patient(server, root), having(Content("Which?", poll=Poll(("A day", "A week", "A month"), 86_400))))
    (form,) = asked(server)
    assert json.loads(form["poll_attachment"]) == {"option_a": "A day", "option_b": "A week", "option_c": "A month"}


@pytest.mark.parametrize("poll", [Poll(("a", "b"), 3600), Poll(("a", "b"), 86_400, multiple=True)])
def test_a_poll_of_another_length_or_of_several_answers_is_refused_here(server, root, poll):
    with pytest.raises(Rejected, match="one answer and is open for 24 hours"):
        patient(server, root).prepare(having(Content("Which?", poll=poll)))
    assert not server.requests


def test_a_warning_stands_first_and_covers_text_and_pictures_counted_in_utf16(server, root):
    content = Content("It hurts 🎉", warning="Violence 🎉", media=(picture(root),))
    send(patient(server, root), having(content))
    (form,) = asked(server)
    assert form["text"] == "Violence 🎉\n\nIt hurts 🎉"
    assert json.loads(form["text_entities"]) == [{"entity_type": "SPOILER", "offset": 13, "length": 11}]
    assert form["is_spoiler_media"] == "true"


def test_a_warning_over_a_picture_alone_covers_only_that(server, root):
    send(patient(server, root), having(Content("", warning="Violence", media=(picture(root),))))
    (form,) = asked(server)
    assert (form["text"], form["is_spoiler_media"], "text_entities" in form) == ("Violence", "true", False)


def test_a_reply_names_its_parent_and_lies_apart(server, root):
    publisher = patient(server, root, replies="following")
    first = send(publisher, draft("one", key="a" * 32))
    send(publisher, draft("two", key="b" * 32, parent=first))
    assert [form.get("reply_control") for form in asked(server)] == ["accounts_you_follow", None]
    assert server.posts[1]["replied_to"] == {"id": first.remote_id}


def test_who_may_reply_is_said_in_words_that_mean_something(server, root):
    with pytest.raises(UsageError, match="means nothing") as caught:
        threads(server, root, replies="nobody")
    assert "everyone, following, followers, mentioned" in caught.value.mend


def test_a_text_over_the_limit_is_refused_before_anything_is_asked(server, root):
    for text in ("a" * 501, "🎉" * 126):
        with pytest.raises(Rejected, match="this account has 500"):
            patient(server, root).prepare(draft(text))
    assert not server.requests
    patient(server, root).prepare(draft("🎉" * 125))


def test_more_than_five_links_are_refused_by_name(server, root):
    text = " ".join(f"https://example.org/{number}" for number in range(6))
    with pytest.raises(Rejected, match="LINK_LIMIT_EXCEEDED") as caught:
        patient(server, root).prepare(draft(text))
    assert "five different links" in caught.value.mend


# -- topics ----------------------------------------------------------------------------------


def test_an_accounts_topic_goes_with_texts_that_have_none(server, root):
    publisher = patient(server, root, topic="#Equality")
    send(publisher, draft("Good morning", key="a" * 32))
    send(publisher, draft("Good #morning", key="b" * 32))
    assert [form.get("topic_tag") for form in asked(server)] == ["Equality", None]
    assert [post["topic_tag"] for post in server.posts] == ["Equality", "morning"]


def test_an_accounts_topic_that_is_not_permitted_is_left_out(server, root):
    server.forbidden = frozenset({"equality"})
    send(patient(server, root, topic="Equality"), draft())
    assert "topic_tag" not in asked(server)[0]
    assert server.texts == ["The time is now."]


def test_a_topic_of_the_text_that_is_not_permitted_says_what_to_do(server, root):
    words = refused(100, "Invalid parameter", subcode=4279071, words="Topic Tag Not Permitted")
    server.also = lambda one: words if one.path.endswith("/me/threads") and one.method == "POST" else None
    with pytest.raises(Rejected) as caught:
        patient(server, root).prepare(draft("#Forbidden"))
    assert "first hashtag" in caught.value.mend


# -- containers ------------------------------------------------------------------------------


def test_a_container_is_not_asked_for_in_its_first_seconds(server, root):
    publisher = threads(server, root)
    with pytest.raises(NotReady) as caught:
        publisher.prepare(draft())
    with pytest.raises(NotReady):
        publisher.prepare(replace(draft(), begun=caught.value.begun))
    assert len(server.requests) == 1
    server.clock.moment += timedelta(seconds=5)
    prepared = publisher.prepare(replace(draft(), begun=caught.value.begun))
    (box,) = server.boxes.values()
    assert prepared.values["container"] == box.id
    assert prepared.good_until <= box.made + timedelta(hours=24)


def test_what_was_begun_is_taken_up_by_another_process(server, root):
    with pytest.raises(NotReady) as caught:
        threads(server, root).prepare(draft())
    begun = json.loads(json.dumps(caught.value.begun))
    server.clock.moment += timedelta(seconds=5)
    threads(server, root).prepare(replace(draft(), begun=begun))
    assert len(server.boxes) == 1


def test_what_was_begun_for_another_text_or_parent_is_left_alone(server, root):
    with pytest.raises(NotReady) as caught:
        threads(server, root).prepare(draft())
    server.clock.moment += timedelta(seconds=5)
    for other in (draft("Another text"), draft(parent=send(patient(server, root), draft(key="c" * 32)))):
        before = len(server.boxes)
        with pytest.raises(NotReady):
            threads(server, root).prepare(replace(other, begun=caught.value.begun))
        assert len(server.boxes) == before + 1


def test_a_film_is_asked_for_ever_more_rarely(server, root):
    server.works_for = timedelta(minutes=8)
    film = picture(root, "film.mp4", "video/mp4")
    publisher = patient(server, root)
    publisher.prepare(having(Content("Film", media=(film,))))
    looks = [one for one in server.requests if one.method == "GET"]
    assert publisher.waits >= 96
    assert 8 <= len(looks) <= 13


def test_a_film_that_meta_could_not_fetch_is_made_anew_and_at_last_given_up(server, root):
    server.fails = ["FAILED_DOWNLOADING_VIDEO", "UNKNOWN"]
    film = having(Content("Film", media=(picture(root, "film.mp4", "video/mp4"),)))
    patient(server, root).prepare(film)
    assert len(server.boxes) == 3
    server.fails = ["FAILED_DOWNLOADING_VIDEO"] * 9
    with pytest.raises(Rejected, match="4 tries: FAILED_DOWNLOADING_VIDEO") as caught:
        patient(server, root).prepare(film)
    assert "opened from anywhere" in caught.value.mend


def test_a_film_that_meta_cannot_use_is_refused_with_its_reason(server, root):
    server.fails = ["INVALID_ASPEC_RATIO"]
    with pytest.raises(Rejected, match=r"film\.mp4: INVALID_ASPEC_RATIO"):
        patient(server, root).prepare(having(Content("Film", media=(picture(root, "film.mp4", "video/mp4"),))))


def test_a_container_is_made_anew_before_the_day_ends(server, root):
    publisher = patient(server, root)
    first = publisher.prepare(draft())
    server.clock.moment = first.good_until
    second = publisher.prepare(draft())
    assert second.values["container"] != first.values["container"]


def test_a_read_that_does_not_see_a_young_container_fails_nothing(server, root):
    unseen = [refused(100, "Unsupported request", subcode=33, kind="GraphMethodException")] * 2
    server.also = lambda one: unseen.pop() if unseen and one.method == "GET" else None
    assert send(patient(server, root), draft()).remote_id
    assert len(server.boxes) == 1


def test_parts_that_were_made_before_a_trouble_are_not_made_again(server, root):
    files = tuple(picture(root, f"{number}.png") for number in range(3))
    troubles = [Answer(500, {"error": {"code": 2, "message": "down"}})]

    def third_fails(one):
        return troubles.pop() if troubles and b"2.png" in one.body else None

    server.also = third_fails
    publisher = patient(server, root)
    with pytest.raises(Transient):
        publisher.prepare(having(Content("Three", media=files)))
    publisher.prepare(having(Content("Three", media=files)))
    assert len(server.boxes) == 4


# -- publishing ------------------------------------------------------------------------------


def test_a_container_that_is_not_there_yet_is_surely_not_sent_and_tried_again(server, root):
    server.settles = timedelta(seconds=30)
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    with pytest.raises(NotReady, match="24/4279009"):
        publisher.publish(post, prepared)
    assert server.texts == []
    server.clock.moment += timedelta(seconds=30)
    publisher.publish(post, prepared)
    assert (server.texts, len(server.boxes)) == (["The time is now."], 1)


def test_a_container_that_never_gets_there_is_given_up_for_another(server, root):
    server.settles = timedelta(hours=1)
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.clock.moment += timedelta(minutes=11)
    with pytest.raises(Forgotten, match="Another container"):
        publisher.publish(post, prepared)
    assert publisher.prepare(post).values["container"] != prepared.values["container"]


def test_an_expired_container_is_surely_not_sent_and_made_anew(server, root):
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.clock.moment += timedelta(hours=25)
    with pytest.raises(Forgotten):
        publisher.publish(post, prepared)
    assert server.texts == []
    assert publisher.prepare(post).values["container"] != prepared.values["container"]


def test_what_is_not_prepared_is_not_asked_for(server, root):
    with pytest.raises(Transient):
        threads(server, root).publish(draft(), Prepared())
    assert not server.requests


def test_a_post_whose_address_cannot_be_read_yet_is_sent_none_the_less(server, root):
    server.reads_after = timedelta(minutes=1)
    receipt = send(patient(server, root), draft())
    assert receipt == Receipt(server.posts[0]["id"], f"https://www.threads.com/@{NAME}")


def test_posts_and_replies_have_purses_of_their_own(server, root):
    server.quotas = {"": 1, "reply_": 1, "delete_": 1}
    publisher = patient(server, root)
    first = send(publisher, draft("one", key="a" * 32))
    send(publisher, draft("two", key="b" * 32, parent=first))
    with pytest.raises(RateLimited) as caught:
        send(publisher, draft("three", key="c" * 32))
    assert caught.value.retry_at > server.clock.now()


CODES = [
    ({"code": 1}, Ambiguous, Transient),
    ({"code": 2, "status": 500}, Ambiguous, Transient),
    ({"code": -1, "subcode": 2207001}, Ambiguous, Transient),
    ({"code": 7777}, Ambiguous, Rejected),
    ({"code": 7777, "status": 500}, Ambiguous, Transient),
    ({"code": 4, "status": 403}, RateLimited, RateLimited),
    ({"code": 4, "subcode": 2207051}, Ambiguous, RateLimited),
    ({"code": 17}, RateLimited, RateLimited),
    ({"code": 613}, RateLimited, RateLimited),
    ({"code": 80002}, RateLimited, RateLimited),
    ({"code": 368, "subcode": 1390008}, RateLimited, RateLimited),
    ({"code": 368}, AuthExpired, AuthExpired),
    ({"code": 10, "status": 403}, AuthExpired, AuthExpired),
    ({"code": 200, "status": 403}, AuthExpired, AuthExpired),
    ({"code": 190, "subcode": 463, "status": 401}, AuthExpired, AuthExpired),
    ({"code": 102}, AuthExpired, AuthExpired),
    ({"code": 100}, Rejected, Rejected),
    ({"code": 24, "subcode": 4279009}, NotReady, NotReady),
    ({"code": 24, "subcode": 2207006}, Forgotten, Forgotten),
]


@pytest.mark.parametrize(("error", "kind", "_"), CODES)
def test_each_code_means_of_the_publishing_call_what_it_can_prove(server, root, error, kind, _):
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.also = lambda one: refused(message="No", **error) if one.path.endswith("threads_publish") else None
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, prepared)
    assert type(caught.value) is kind or (kind is AuthExpired and isinstance(caught.value, AuthExpired))


@pytest.mark.parametrize(("error", "_", "kind"), CODES)
def test_each_code_means_of_a_container_that_nothing_was_sent(server, root, error, _, kind):
    server.also = lambda one: refused(message="No", **error) if one.method == "POST" else None
    with pytest.raises(NotSent) as caught:
        threads(server, root).prepare(draft())
    assert isinstance(caught.value, kind)


def test_a_gateways_page_proves_nothing_of_the_post(server, root):
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(400, b"<html>proxy</html>")
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, root, status):
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.also = lambda one: refused(1, f"{one.headers['authorization']} {TOKEN}", status=status, words=TOKEN)
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, prepared)
    told = caught.value.message + caught.value.mend + publisher.verify(post, prepared, DUE).reason
    assert TOKEN not in told
    assert "AemulatedTraceOfNobody" in caught.value.message


# -- looking ---------------------------------------------------------------------------------


def lost(server, publisher, post):
    """A try whose post is out and whose answer is lost."""
    prepared = publisher.prepare(post)
    server.script(Fate.LOSES_THE_REPLY)
    since = server.clock.now()
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    return prepared, since


def test_a_lost_post_is_found_by_its_container_with_its_id_and_address(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft("#Now or never"))
    assert server.texts == ["Now or never"]
    found = publisher.verify(draft("#Now or never"), prepared, since)
    assert found == Found(Receipt(server.posts[0]["id"], server.posts[0]["permalink"]))


def test_a_lost_reply_is_looked_for_among_the_replies(server, root):
    publisher = patient(server, root)
    first = send(publisher, draft("one", key="a" * 32))
    post = draft("two", key="b" * 32, parent=first)
    prepared, since = lost(server, publisher, post)
    assert publisher.verify(post, prepared, since).receipt.remote_id == server.posts[1]["id"]


def test_a_try_that_never_arrived_is_absent_by_its_container(server, root):
    publisher, post = patient(server, root), draft()
    prepared = publisher.prepare(post)
    server.script(Fate.NEVER_ARRIVES)
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    assert publisher.verify(post, prepared, DUE) == Absent()


def test_a_container_that_is_out_is_never_called_absent_though_nothing_is_listed_yet(server, root):
    server.lists_after = timedelta(minutes=1)
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    told = publisher.verify(draft(), prepared, since)
    assert isinstance(told, Unknown)
    assert "it is out" in told.reason
    assert f"https://www.threads.com/@{NAME}" in told.reason
    server.clock.moment += timedelta(minutes=1)
    assert isinstance(publisher.verify(draft(), prepared, since), Found)


def test_two_posts_alike_are_no_answer(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    send(publisher, draft(key="b" * 32))
    told = publisher.verify(draft(), prepared, since)
    assert isinstance(told, Unknown)
    assert "which of several" in told.reason


def test_a_post_alike_beside_a_container_that_was_not_published_is_no_answer_either(server, root):
    publisher = patient(server, root)
    prepared = publisher.prepare(draft())
    send(publisher, draft(key="b" * 32))
    assert isinstance(publisher.verify(draft(), prepared, DUE), Unknown)


def test_an_older_post_with_the_same_words_is_not_taken_for_it(server, root):
    publisher = patient(server, root)
    send(publisher, draft(key="b" * 32))
    server.clock.moment += timedelta(hours=1)
    prepared, since = lost(server, publisher, draft())
    assert publisher.verify(draft(), prepared, since).receipt.remote_id == server.posts[1]["id"]


def test_a_post_is_found_though_our_clock_runs_ahead(server, root):
    ahead = Hands(server.clock.moment + timedelta(minutes=12))

    def wait(length):
        server.clock.moment += length
        ahead.moment += length

    publisher = Patient(threads(server, root, clock=ahead), wait)
    prepared = publisher.prepare(draft())
    server.script(Fate.LOSES_THE_REPLY)
    since = ahead.now()
    with pytest.raises(Ambiguous):
        publisher.publish(draft(), prepared)
    assert isinstance(publisher.verify(draft(), prepared, since), Found)
    server.boxes.clear()
    assert isinstance(publisher.verify(draft(), prepared, since), Found)


def test_a_picture_with_the_same_words_is_another_post(server, root):
    publisher = patient(server, root)
    send(publisher, having(Content("The time is now.", media=(picture(root),)), idempotency_key="b" * 32))
    prepared, since = lost(server, publisher, draft())
    assert publisher.verify(draft(), prepared, since).receipt.remote_id == server.posts[1]["id"]


def test_words_that_differ_in_signs_alone_are_left_to_a_person(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    server.posts[0]["text"] = "The time is now!"
    assert isinstance(publisher.verify(draft(), prepared, since), Unknown)


def test_a_container_that_is_gone_proves_nothing_while_the_post_may_not_be_listed(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    server.boxes.clear()
    assert isinstance(publisher.verify(draft(), prepared, since), Found)
    server.posts.clear()
    assert isinstance(publisher.verify(draft(), prepared, since), Unknown)
    server.clock.moment += timedelta(minutes=10)
    assert publisher.verify(draft(), prepared, since) == Absent()


def test_a_timeline_is_read_on_by_cursor(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    for number in range(60):
        server.posts.append({**server.posts[0], "id": f"9{number}", "text": f"other {number}"})
    assert isinstance(publisher.verify(draft(), prepared, since), Found)
    assert len(server.asked("GET", "/me/threads")) == 3


def test_a_timeline_too_long_to_be_read_proves_nothing_absent(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    server.boxes.clear()
    server.posts[:] = [{**server.posts[0], "id": f"9{number}", "text": f"other {number}"} for number in range(300)]
    server.clock.moment += timedelta(hours=1)
    assert isinstance(publisher.verify(draft(), prepared, since), Unknown)


def test_a_look_that_is_not_granted_is_unknown_with_the_place_to_look_at(server, root):
    publisher = patient(server, root)
    prepared, since = lost(server, publisher, draft())
    server.also = lambda _: refused(10, "No", status=403)
    told = publisher.verify(draft(), prepared, since)
    assert isinstance(told, Unknown)
    assert f"@{NAME}" in told.reason


# -- afterwards ------------------------------------------------------------------------------


def test_a_deletion_is_proved_by_the_answer_or_not_claimed(server, root):
    publisher = patient(server, root)
    receipt = send(publisher, draft())
    server.also = lambda one: Answer(200, {"success": False}) if one.method == "DELETE" else None
    with pytest.raises(Transient, match="does not say"):
        publisher.delete(receipt)
    server.also = lambda _: None
    publisher.delete(receipt)
    assert server.posts == []


def test_a_post_of_which_only_the_address_is_known_is_left_to_a_person(server, root):
    with pytest.raises(Rejected, match="not known") as caught:
        threads(server, root).delete(
            Receipt("https://www.threads.com/@a/post/C1", "https://www.threads.com/@a/post/C1")
        )
    assert "/post/C1" in caught.value.mend


def test_a_post_of_which_a_person_gave_the_address_is_looked_up(server, root):
    publisher = patient(server, root)
    first = send(publisher, draft("one", key="a" * 32))
    for number in range(40):
        server.posts.append(
            {**server.posts[0], "id": f"9{number}", "permalink": f"https://www.threads.com/@a/post/D{number}"}
        )
    code = first.url.rpartition("/")[2]
    given = Receipt(f"https://threads.net/@other/post/{code}?xmt=1", f"https://threads.net/@other/post/{code}?xmt=1")
    post = draft("two", key="b" * 32, parent=given)
    prepared, since = lost(server, publisher, post)
    second = publisher.verify(post, prepared, since).receipt
    assert server.posts[-1]["replied_to"] == {"id": first.remote_id}
    publisher.delete(Receipt(second.url, second.url))
    publisher.delete(given)
    assert len(server.posts) == 40


def test_counts_come_in_two_shapes_and_are_read_in_both(server, root):
    publisher = patient(server, root)
    counts = publisher.metrics(send(publisher, draft())).counts
    assert counts == {"views": 0, "likes": 1, "replies": 2, "reposts": 3, "quotes": 4, "shares": 5}


def test_the_last_tenth_of_the_calls_is_for_posts(server, root):
    publisher = patient(server, root)
    server.percent = 91
    receipt = send(publisher, draft())
    with pytest.raises(RateLimited, match="91 %"):
        publisher.metrics(receipt)
    assert publisher.metrics(receipt).counts, "what was told is used once"


def test_counts_that_may_not_be_asked_for_do_not_pause_the_account(server, root):
    server.tokens[TOKEN].scopes = ("threads_basic", "threads_content_publish")
    publisher = patient(server, root)
    receipt = send(publisher, draft())
    with pytest.raises(Rejected, match="threads_manage_insights"):
        publisher.metrics(receipt)
    server.tokens[TOKEN].scopes = server.scopes
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(receipt)


def test_the_report_says_who_until_when_and_what_is_left(server, root):
    publisher = patient(server, root)
    send(publisher, draft())
    report = publisher.inspect()
    assert (report.works, report.handle, report.expires_at) == (True, f"@{NAME}", server.tokens[TOKEN].ends)
    assert set(report.scopes) == set(server.scopes)
    told = " ".join(report.notes)
    assert "1 of 250 posts in 24 hours" in told
    assert "0 of 1,000 replies" in told
    assert "0 of 100 deletions" in told
    assert "profile is private" in told


def test_the_report_names_what_the_token_lacks(server, root):
    server.tokens[TOKEN].scopes = ("threads_basic", "threads_delete")
    report = threads(server, root).inspect()
    assert not report.works
    told = " ".join(report.notes)
    assert "lacks threads_content_publish" in told
    assert "lacks threads_manage_insights: no counts" in told


def test_the_report_of_a_dead_token_says_why(server, root):
    server.tokens[TOKEN].dead = 460
    report = threads(server, root).inspect()
    assert not report.works
    assert "the password was changed" in report.notes[0]


def test_a_server_of_ones_own_must_be_one_that_a_token_may_go_to(server, root):
    account = Account("main", "threads", "UTC", settings={"server": "http://example.org"}, secrets={"token": "T"})
    with pytest.raises(UsageError, match="begins with http"):
        Threads.connect(account, Surroundings(root, server.clock, lambda _: TOKEN))
    with pytest.raises(UsageError, match="version"):
        threads(server, root, version="latest")
