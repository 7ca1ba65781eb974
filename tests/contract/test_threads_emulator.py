"""The emulated Threads itself: what it refuses, what it hides, and the traps that clients of others fell into."""

import pytest

from scheduler.errors import NotReady, PublishError, Rejected, Transient
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.meta.graph import FixedToken, Graph, form, session
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.threads import ThreadsServer

TEXT = {"media_type": "TEXT", "text": "Good morning"}
PICTURE = {"media_type": "IMAGE", "image_url": "https://media.example.org/a.jpg"}
POLL = {"option_a": "Yes", "option_b": "No"}


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


@pytest.fixture
def graph(server, tmp_path):
    account = Account("main", "threads", "UTC", settings={"server": server.url})
    http = session(account, Surroundings(tmp_path, server.clock, str), "https://graph.threads.net")
    return Graph(http, FixedToken(TOKEN), "v1.0")


def make(graph, **said):
    return graph.prepare("POST", "/me/threads", form=form(said)).fields()["id"]


def publish(graph, box):
    return graph.create("/me/threads_publish", form={"creation_id": box}).fields()["id"]


def out(graph, server, **said):
    box = make(graph, **said)
    server.clock.moment += server.settles
    return publish(graph, box)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"media_type": "TEXT"}, "text is required"),
        ({"media_type": "GIF"}, "media_type must be one of"),
        (TEXT | {"text": "a" * 501}, "at most 500 characters"),
        (TEXT | {"text": "🎉" * 126}, "at most 500 characters"),
        (TEXT | {"visibility": "public"}, "Unknown parameters"),
        (TEXT | {"reply_control": "nobody"}, "reply_control"),
        (TEXT | {"topic_tag": "a.b"}, "topic_tag"),
        (TEXT | {"topic_tag": "a" * 51}, "topic_tag"),
        (TEXT | {"text_entities": [{"entity_type": "SPOILER", "offset": 0, "length": 13}]}, "text_entities"),
        (TEXT | {"image_url": "https://media.example.org/a.jpg"}, "not allowed here"),
        (TEXT | {"poll_attachment": {"option_a": "Yes"}}, "poll_attachment"),
        (TEXT | {"poll_attachment": {"option_a": "Yes", "option_c": "No"}}, "poll_attachment"),
        (TEXT | {"poll_attachment": {"option_a": "a" * 26, "option_b": "No"}}, "poll_attachment"),
        (TEXT | {"poll_attachment": POLL, "link_attachment": "https://example.org"}, "Only one attachment"),
        (PICTURE | {"poll_attachment": POLL}, "for text posts"),
        (PICTURE | {"link_attachment": "https://example.org"}, "for text posts"),
        (PICTURE | {"image_url": "http://media.example.org/a.jpg"}, "address cannot be used"),
        (PICTURE | {"alt_text": "a" * 1001}, "alt_text"),
        (PICTURE | {"is_carousel_item": True, "text": "a"}, "not allowed for carousel items"),
        ({"media_type": "CAROUSEL", "children": "1"}, "2 to 20 children"),
        ({"media_type": "CAROUSEL", "children": "1,2"}, "does not exist"),
        (TEXT | {"reply_to_id": "1"}, "does not exist"),
    ],
)
def test_what_is_no_container_is_refused(graph, server, said, why):
    with pytest.raises(Rejected, match=why):
        make(graph, **said)
    assert not server.boxes


def test_a_link_alone_is_a_text_too(graph, server):
    assert out(graph, server, media_type="TEXT", link_attachment="https://example.org")


def test_a_carousel_takes_only_finished_parts_that_were_made_as_such(graph, server):
    plain, part = make(graph, **PICTURE), make(graph, **PICTURE, is_carousel_item=True)
    with pytest.raises(Rejected, match="does not exist"):
        make(graph, media_type="CAROUSEL", children=f"{plain},{part}")
    server.clock.moment += server.settles
    with pytest.raises(Rejected, match="cannot be published"):
        publish(graph, part)


def test_a_container_tells_its_state_and_nothing_else(graph):
    box = make(graph, **TEXT)
    assert graph.read(f"/{box}", params={"fields": "status"}).fields() == {"id": box, "status": "FINISHED"}
    with pytest.raises(Transient, match="nonexisting field"):
        graph.read(f"/{box}", params={"fields": "id,text"})


def test_a_posts_id_is_not_its_containers_and_has_no_state(graph, server):
    post = out(graph, server, **TEXT)
    assert post not in server.boxes
    with pytest.raises(Transient, match="nonexisting field"):
        graph.read(f"/{post}", params={"fields": "status"})


def test_finished_is_not_yet_there(graph, server):
    box = make(graph, **TEXT)
    with pytest.raises(NotReady, match="24/4279009"):
        publish(graph, box)
    server.clock.moment += server.settles
    assert publish(graph, box)


def test_one_container_published_twice_is_two_posts_at_worst(graph, server):
    box = make(graph, **TEXT)
    server.clock.moment += server.settles
    assert publish(graph, box) != publish(graph, box)
    assert server.texts == ["Good morning"] * 2


def test_the_first_hashtag_loses_its_sign_and_only_that_one(graph, server):
    out(graph, server, media_type="TEXT", text="Now #one and #two")
    assert (server.texts, server.posts[0]["topic_tag"]) == (["Now one and #two"], "one")
    out(graph, server, media_type="TEXT", text="#1 is none", topic_tag="Three")
    assert (server.texts[1], server.posts[1]["topic_tag"]) == ("#1 is none", "Three")


def test_posts_and_replies_are_two_lists_without_addresses_of_pages(graph, server):
    first = out(graph, server, **TEXT)
    out(graph, server, **TEXT, reply_to_id=first)
    posts = graph.read("/me/threads", params={"fields": "id", "limit": 1}).fields()
    replies = graph.read("/me/replies", params={"fields": "id,replied_to"}).fields()
    assert [one["id"] for one in posts["data"]] == [first]
    assert [one["replied_to"] for one in replies["data"]] == [{"id": first}]
    assert "next" not in posts["paging"]


def test_deletions_have_a_quota_of_their_own(graph, server):
    server.quotas["delete_"] = 0
    post = out(graph, server, **TEXT)
    with pytest.raises(PublishError, match="9/2207042"):
        graph.prepare("DELETE", f"/{post}")
    assert server.texts == ["Good morning"]


def test_a_token_in_an_address_fails_the_test_that_sends_it(graph, server):
    with pytest.raises(Transient):
        graph.http.read("/v1.0/me", params={"access_token": TOKEN})
    (mistake,) = server.door.mistakes
    assert "stands in an address" in str(mistake)
    server.door.mistakes.clear()
