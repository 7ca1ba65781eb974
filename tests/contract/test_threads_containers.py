"""Threads in two steps: containers before the moment, and the one call that publishes."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

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
)
from scheduler.model.content import Content
from scheduler.model.delivery import Prepared, Receipt
from scheduler.testing.contract import DUE, draft
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from tests.contract.conftest import having, picture, send
from tests.contract.threads_desk import patient, threads


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


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


def test_a_film_that_meta_works_on_for_ever_is_made_anew_and_at_last_given_up(server, root):
    server.works_for = timedelta(days=9)
    film = having(Content("Film", media=(picture(root, "film.mp4", "video/mp4"),)))
    publisher = patient(server, root)

    def hours_later():
        for _ in range(9):
            with suppress(NotReady):
                publisher.prepare(film)

    with pytest.raises(Rejected, match="in 4 tries"):
        hours_later()
    assert len(server.boxes) == 4


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
