"""A lost answer of Instagram's: the container is asked first, then captions, kinds and times, and else a person."""

from datetime import timedelta

import pytest

from scheduler.errors import Ambiguous, RateLimited
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.publishers.base import Absent, Found, Unknown
from scheduler.testing.contract import DUE
from scheduler.testing.emulators.graph import refused
from scheduler.testing.emulators.instagram import NAME, InstagramServer
from scheduler.testing.emulators.instagram_rules import BLOCKED
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands
from tests.contract.conftest import send as sent
from tests.contract.instagram_desk import film, instagram, lost, patient, photo, post


@pytest.fixture
def server(clock):
    with InstagramServer(clock) as running:
        yield running


@pytest.fixture
def paged(clock):
    """By Facebook Login, over a Page."""
    with InstagramServer(clock, by_page=True) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


@pytest.mark.parametrize("by_page", [False, True])
def test_a_lost_answer_is_found_by_the_container_and_the_caption(clock, root, by_page):
    with InstagramServer(clock, by_page=by_page) as server:
        publisher, draft_ = patient(server, root), post(root, "Ours")
        prepared = lost(server, publisher, draft_)
        server.show({"caption": "Another's", "image_url": "https://x.example/y.jpg"})
        verdict = publisher.verify(draft_, prepared, DUE)
        assert verdict == Found(Receipt(server.posts[0]["id"], server.posts[0]["permalink"]))


def test_the_container_is_asked_before_the_list(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = lost(server, publisher, draft_)
    before = len(server.requests)
    publisher.verify(draft_, prepared, DUE)
    first = server.requests[before]
    assert first.segments[-1] == prepared.values["container"]


def test_a_container_that_is_still_finished_was_not_published(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.script(Fate.NEVER_ARRIVES)
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)
    assert publisher.verify(draft_, prepared, DUE) == Absent()


def test_the_newest_post_is_not_taken_for_ours(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    server.lists_after = timedelta(minutes=1)
    server.show({"caption": "Another's", "image_url": "https://x.example/y.jpg"})
    server.clock.moment += timedelta(minutes=1)
    prepared = lost(server, publisher, draft_)
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert "it is not listed yet" in verdict.reason
    server.clock.moment += timedelta(minutes=1)
    assert publisher.verify(draft_, prepared, DUE).receipt.remote_id == server.posts[1]["id"]


def test_two_posts_with_one_caption_are_left_to_a_person_with_both_addresses(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    server.show({"caption": "Ours", "image_url": "https://x.example/y.jpg"})
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert "which of several" in verdict.reason
    assert all(one["permalink"] in verdict.reason for one in server.posts)


def test_a_caption_of_another_kind_or_an_earlier_one_is_none_of_ours(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    server.show({"caption": "Ours", "image_url": "https://x.example/y.jpg"})
    server.clock.moment += timedelta(hours=2)
    since = server.clock.now()
    prepared = lost(server, publisher, draft_)
    server.show({"caption": "Ours", "media_type": "REELS", "video_url": "https://x.example/y.mp4"})
    server.show({"caption": "Ours", "media_type": "CAROUSEL", "children": "1,2"})
    assert publisher.verify(draft_, prepared, since).receipt.remote_id == server.posts[1]["id"]


def test_a_carousel_is_told_from_one_with_fewer_pictures(server, root):
    publisher = patient(server, root)
    draft_ = post(root, "Ours", photo(root, "a.jpg"), photo(root, "b.jpg"))
    prepared = lost(server, publisher, draft_)
    server.show({"caption": "Ours", "media_type": "CAROUSEL", "children": "1,2,3"})
    assert publisher.verify(draft_, prepared, DUE).receipt.remote_id == server.posts[0]["id"]


def test_a_reel_is_found_though_it_reads_back_as_a_video(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours", film(root))
    prepared = lost(server, publisher, draft_)
    assert publisher.verify(draft_, prepared, DUE).receipt.remote_id == server.posts[0]["id"]


def test_a_post_without_words_is_found_among_those_that_have_some(server, root):
    publisher, draft_ = patient(server, root), post(root, "")
    prepared = lost(server, publisher, draft_)
    server.show({"caption": "Another's", "image_url": "https://x.example/y.jpg"})
    verdict = publisher.verify(draft_, prepared, DUE)
    assert verdict == Found(Receipt(server.posts[0]["id"], server.posts[0]["permalink"]))


def test_a_caption_that_comes_back_without_its_mentions_signs_is_known(paged, root):
    paged.drops_at = True
    publisher, draft_ = patient(paged, root), post(root, "With  @ana and\n\n@ben")
    prepared = lost(paged, publisher, draft_)
    assert isinstance(publisher.verify(draft_, prepared, DUE), Found)


@pytest.mark.parametrize("captions", ["left out", "refused"])
def test_where_captions_cannot_be_read_the_only_post_of_its_kind_is_accepted_and_not_proven(server, root, captions):
    server.captions = captions
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    server.show({"media_type": "REELS", "video_url": "https://x.example/y.mp4"})
    found = publisher.verify(draft_, prepared, DUE)
    assert found == Found(Receipt(server.posts[0]["id"], server.posts[0]["permalink"], Strength.ACCEPTED))


@pytest.mark.parametrize("captions", ["left out", "refused"])
def test_where_captions_cannot_be_read_several_of_its_kind_are_left_to_a_person(server, root, captions):
    server.captions = captions
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    server.show({"caption": "Another's", "image_url": "https://x.example/y.jpg"})
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert "captions cannot be read" in verdict.reason


@pytest.mark.parametrize("captions", ["left out", "refused"])
def test_where_captions_cannot_be_read_a_finished_container_still_proves_that_it_is_not_there(server, root, captions):
    server.captions = captions
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = publisher.prepare(draft_)
    server.script(Fate.NEVER_ARRIVES)
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)
    server.show({"caption": "Another's", "image_url": "https://x.example/y.jpg"})
    assert publisher.verify(draft_, prepared, DUE) == Absent()


def test_a_post_that_was_blocked_as_spam_and_is_live_is_found(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = publisher.prepare(draft_)
    server.boxes[prepared.values["container"]].published = True
    server.show(server.boxes[prepared.values["container"]].asked)
    server.also = lambda one: BLOCKED if one.path.endswith("media_publish") else None
    with pytest.raises(Ambiguous, match="4/2207051"):
        publisher.publish(draft_, prepared)
    assert isinstance(publisher.verify(draft_, prepared, DUE), Found)


def test_after_a_block_as_spam_nothing_is_asked_for_an_hour(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.also = lambda one: BLOCKED if one.path.endswith("media_publish") else None
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)
    before = len(server.requests)
    with pytest.raises(RateLimited, match="spam") as caught:
        publisher.publish(draft_, prepared)
    assert len(server.requests) == before
    server.also = lambda _: None
    server.clock.moment = caught.value.retry_at
    assert publisher.publish(draft_, prepared).remote_id


def test_a_container_that_a_look_does_not_know_yet_proves_nothing(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    server.reads_after = server.lists_after = timedelta(hours=1)
    verdict = publisher.verify(draft_, prepared, server.clock.now())
    assert isinstance(verdict, Unknown)
    assert "may not be listed yet" in verdict.reason


def test_a_list_with_posts_that_have_no_id_proves_nothing(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    nameless = {"data": [{"caption": "Ours", "media_type": "IMAGE", "timestamp": "2027-06-30T07:00:00+0000"}]}
    server.also = lambda one: Answer(200, nameless) if one.path.endswith("/media") else None
    verdict = publisher.verify(draft_, Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "Not all" in verdict.reason


def test_where_nothing_is_known_of_the_container_two_that_fit_are_left_to_a_person(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    sent(publisher, draft_)
    server.show({"caption": "Ours", "image_url": "https://x.example/y.jpg"})
    assert isinstance(publisher.verify(draft_, Prepared(), DUE), Unknown)


def test_a_post_that_is_out_and_reads_otherwise_is_left_to_a_person(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours, at last!")
    prepared = lost(server, publisher, draft_)
    server.posts[0]["caption"] = "Ours at last"
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert server.posts[0]["permalink"] in verdict.reason


def test_without_a_container_the_list_alone_decides(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours")
    assert publisher.verify(draft_, Prepared(), DUE) == Absent()
    sent(publisher, draft_)
    assert isinstance(publisher.verify(draft_, Prepared(), DUE), Found)


def test_a_caption_that_differs_in_its_signs_alone_is_left_to_a_person(server, root):
    publisher, draft_ = patient(server, root), post(root, "Ours, at last!")
    prepared = publisher.prepare(draft_)
    server.script(Fate.NEVER_ARRIVES)
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)
    server.show({"caption": "Ours at last", "image_url": "https://x.example/y.jpg"})
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert server.posts[0]["permalink"] in verdict.reason


def test_old_posts_are_not_read_through_and_a_pinned_one_ends_no_look(server, root):
    for number in range(120):
        server.show({"caption": f"old {number}", "image_url": "https://x.example/y.jpg"})
    server.clock.moment += timedelta(days=1)
    since = server.clock.now()
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    for number in range(30):
        server.show({"caption": f"new {number}", "image_url": "https://x.example/y.jpg"})
    server.posts.append(server.posts.pop(0))  # pinned: the oldest stands first
    assert isinstance(publisher.verify(draft_, prepared, since), Found)
    assert len([one for one in server.requests if one.path.endswith("/media") and one.method == "GET"]) == 3


def test_our_clock_may_run_ahead(server, root):
    ahead = Hands(DUE + timedelta(minutes=20))
    publisher, draft_ = patient(server, root), post(root, "Ours")
    prepared = lost(server, publisher, draft_)
    late = instagram(server, root, clock=ahead)
    assert isinstance(late.verify(draft_, prepared, DUE + timedelta(minutes=20)), Found)


def test_trouble_with_looking_is_unknown_with_the_place_to_look_at(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = lost(server, publisher, draft_)
    server.also = lambda _: refused(2, "no", status=500)
    verdict = publisher.verify(draft_, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert f"https://www.instagram.com/{NAME}/" in verdict.reason
    server.also = lambda one: refused(2, "no", status=500) if one.path.endswith("/media") else None
    assert "says that it is out" in publisher.verify(draft_, prepared, DUE).reason
