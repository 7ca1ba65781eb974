"""Threads: what a post says, and the contract, against a server that answers as the documentation says."""

import json
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import (
    Rejected,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.publishers.base import Surroundings
from scheduler.publishers.threads import Threads
from scheduler.testing.contract import Bench, PublisherContract, draft
from scheduler.testing.emulators.graph import TOKEN, refused
from scheduler.testing.emulators.threads import ThreadsServer
from tests.contract.conftest import Hands, having, picture, send
from tests.contract.threads_desk import Served, asked, patient, threads


@pytest.fixture
def server(clock):
    with ThreadsServer(clock) as running:
        yield running


@pytest.fixture
def root(tmp_path):
    return tmp_path


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


def test_a_warning_over_words_alone_covers_no_picture(server, root):
    send(patient(server, root), having(Content("It hurts", warning="Violence")))
    (form,) = asked(server)
    assert "is_spoiler_media" not in form


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


@pytest.mark.parametrize("topic", ["a.b", "He & She", "a" * 51])
def test_a_topic_that_threads_does_not_take_is_a_mistake_of_the_files(server, root, topic):
    with pytest.raises(UsageError, match="none that Threads takes"):
        threads(server, root, topic=topic)


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
