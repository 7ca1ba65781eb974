"""Threads afterwards: a lost answer that the container settles, deletions, counts, reports."""

from datetime import timedelta

import pytest

from scheduler.errors import (
    Ambiguous,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Receipt
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.threads import Threads
from scheduler.testing.contract import DUE, draft
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.emulators.threads import NAME, ThreadsServer
from scheduler.testing.patience import Patient
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands, having, picture, send
from tests.contract.threads_desk import lost, patient, threads


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


# -- looking ---------------------------------------------------------------------------------


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


def test_a_reply_with_the_same_words_below_another_post_is_another_one(server, root):
    publisher = patient(server, root)
    one, other = (send(publisher, draft(text, key=text[:1] * 32)) for text in ("a post", "b post"))
    post = draft("reply", key="c" * 32, parent=one)
    prepared, since = lost(server, publisher, post)
    send(publisher, draft("reply", key="d" * 32, parent=other))
    assert publisher.verify(post, prepared, since).receipt.remote_id == server.posts[2]["id"]


def test_a_reply_that_does_not_say_below_what_it_is_proves_nothing(server, root):
    publisher = patient(server, root)
    post = draft("reply", key="c" * 32, parent=send(publisher, draft()))
    prepared, since = lost(server, publisher, post)
    server.posts[1] |= {"replied_to": {"username": "somebody"}}
    server.boxes.clear()
    assert isinstance(publisher.verify(post, prepared, since), Unknown)
    server.clock.moment += timedelta(hours=1)
    assert isinstance(publisher.verify(post, prepared, since), Unknown)


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
