"""A LinkedIn post: little text that is never cut, files that are there before the moment, cards and polls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.errors import (
    NotReady,
    Rejected,
    Transient,
)
from scheduler.http.guard import Fetched
from scheduler.model.content import Content, Media, Poll
from scheduler.testing.emulators.linkedin import AUTHOR, PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_tokens import PAGE_TOKEN, Access
from scheduler.testing.emulators.loopback import Answer
from tests.contract.conftest import having, picture, send
from tests.contract.linkedin_desk import (
    A_DAY,
    BOTH,
    LINK,
    LITTLE,
    SIGNS,
    clock_end,
    page,
    person,
)


@pytest.fixture
def server(clock):
    with LinkedInServer(clock) as running:
        yield running


# -- little text -----------------------------------------------------------------------------


@BOTH
def test_no_sign_cuts_a_post(server, kind):
    send(kind(server), having(Content(SIGNS)))
    assert server.texts == [SIGNS]


def test_a_bare_sign_would_cut_it_and_linkedin_would_say_201(server):
    """The trap that the emulator keeps: what is not escaped is gone, and nobody says so."""
    said = {**LITTLE, "commentary": "New lathe (oak) for all"}
    reply = person(server)._way.create("/rest/posts", json=said)
    assert (reply.status, server.texts) == (201, ["New lathe "])


def test_hashtags_and_mentions_stay_what_they_are(server):
    text = "With @[Devtestco](urn:li:organization:2414183): #TimeIsNow, #Кажи_не! a#b (#see)"
    send(page(server), having(Content(text)))
    kept = server.posts[0]["commentary"]
    assert r"{hashtag|\#|TimeIsNow}, " in server.posts[0]["said"]["commentary"]
    assert server.texts == ["With Devtestco: #TimeIsNow, #Кажи_не! a#b (#see)"]
    assert "@[Devtestco](urn:li:organization:2414183)" in kept
    assert r"{hashtag|\#|TimeIsNow}" in kept
    assert r"{hashtag|\#|Кажи\_не}" in kept
    assert r"a\#b" in kept


def test_a_link_is_whole_and_leads_to_the_same_page(server):
    link = "https://example.org/a_(b)/~us?utm_source=x&q=[1]#part_2"
    send(person(server), having(Content(f"See {link}.")))
    sent = server.posts[0]["said"]["commentary"]
    assert sent == r"See https://example.org/a%5F%28b%29/%7Eus?utm%5Fsource=x&q=%5B1%5D\#part%5F2."
    assert server.texts == [sent.replace("\\", "")]


def test_a_text_is_measured_before_it_is_escaped(server):
    assert send(person(server), having(Content("(" * 3000))).remote_id
    with pytest.raises(Rejected, match="3001 characters"):
        person(server).prepare(having(Content("(" * 3001)))


# -- files -----------------------------------------------------------------------------------


def test_pictures_of_an_organization_are_there_and_done_before_the_moment(server, tmp_path, clock):
    server.files.works_for = 2
    files = (picture(tmp_path, "a.png", alt="Women march"), picture(tmp_path, "b.jpg", "image/jpeg", alt=""))
    post = having(Content("two", media=files))
    waits = []
    for _ in range(9):
        try:
            prepared = page(server, tmp_path).prepare(post)  # a new process each time
            break
        except NotReady as caught:
            waits.append(caught.begun)
            post = replace(post, begun=caught.begun)
    assert waits
    assert server.posts == []
    page(server, tmp_path).publish(post, prepared)
    [one, two] = server.posts[0]["content"]["multiImage"]["images"]
    assert (one["altText"], "altText" in two) == ("Women march", False)
    assert [server.files.known[each["id"]].bytes for each in (one, two)] == [b"a.png", b"b.jpg"]
    assert len(server.files.known) == 2


def test_one_picture_is_no_gallery_and_a_person_waits_a_while_for_it(server, tmp_path, clock):
    post = having(Content("one", media=(picture(tmp_path, alt="Women march"),)))
    prepared, waits = settled_by(person, server, tmp_path, post, clock)
    assert waits == 2
    assert not [one for one in server.door.requests if one.method == "GET" and one.path.startswith("/rest/")]
    person(server, tmp_path).publish(post, prepared)
    assert server.posts[0]["content"] == {"media": {"id": prepared.values["media"][0], "altText": "Women march"}}
    assert server.files.known[prepared.values["media"][0]].owner == AUTHOR
    assert len(server.files.known) == 1


def settled_by(kind, server, root, post, clock):
    """Prepared, however long LinkedIn takes, and how often in vain; each time by a new process."""
    for waits in range(9):
        try:
            return kind(server, root).prepare(post), waits
        except NotReady as caught:
            post = replace(post, begun=caught.begun)
            clock.moment += timedelta(seconds=5)
    raise AssertionError


def test_a_page_whose_token_may_not_ask_waits_a_while_as_well(server, tmp_path, clock):
    server.grants.access[PAGE_TOKEN] = Access(("w_organization_social",), clock_end(server))
    prepared, waits = settled_by(page, server, tmp_path, having(Content("one", media=(picture(tmp_path),))), clock)
    assert (len(prepared.values["media"]), waits) == (1, 2)


def test_what_was_uploaded_is_not_so_again(server, tmp_path):
    post = having(Content("one", media=(picture(tmp_path),)))
    publisher = page(server, tmp_path)
    assert publisher.prepare(post) == publisher.prepare(post)
    assert len(server.files.known) == 1


@BOTH
def test_a_video_goes_in_the_pieces_that_linkedin_names_and_without_the_token(server, tmp_path, clock, kind):
    server.files.works_for, server.files.piece = 1, 100
    body = bytes(range(256))
    film = picture(tmp_path, "a.mp4", "video/mp4", alt="A march", body=body)
    post = having(Content("film", media=(film,)))
    prepared, waits = settled_by(kind, server, tmp_path, post, clock)
    receipt = kind(server, tmp_path).publish(post, prepared)
    [file] = server.files.known.values()
    assert (file.bytes == body, len(file.pieces), waits) == (True, 3, 1)
    assert server.posts[0]["content"] == {"media": {"id": file.urn}}
    assert receipt.remote_id.startswith("urn:li:ugcPost:")
    assert not [one for one in server.door.requests if one.method == "PUT" and "authorization" in one.headers]


def test_a_file_that_linkedin_cannot_use_is_refused(server, tmp_path):
    server.files.breaks = True
    with pytest.raises(Rejected, match=r"cannot use media/march\.png"):
        page(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path),))))


def test_a_post_that_comes_before_its_picture_waits(server, tmp_path, clock):
    """A person's picture is waited for blindly, so it may still be too early."""
    post = having(Content("one", media=(picture(tmp_path),)))
    prepared, _ = settled_by(person, server, tmp_path, post, clock)
    server.files.works_for = 3
    publisher = person(server, tmp_path)
    with pytest.raises(NotReady, match="not available yet"):
        publisher.publish(post, prepared)
    assert server.posts == []
    server.files.works_for = 0
    assert publisher.publish(post, prepared).remote_id


def test_the_token_goes_to_no_host_but_linkedins_own(server, tmp_path):
    server.files.elsewhere = "https://uploads.example.org"
    with pytest.raises(Transient, match="none of LinkedIn's"):
        page(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path),))))


def test_uploads_that_are_answered_by_half_are_tried_again_and_prove_nothing(server, tmp_path):
    for half in ({}, {"value": {"image": "urn:li:image:1"}}, {"value": []}):
        server.also = lambda one, half=half: Answer(200, half) if one.path == "/rest/images" else None
        with pytest.raises(Transient, match="names no upload"):
            page(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path),))))


def test_a_film_whose_pieces_are_not_told_is_tried_again(server, tmp_path):
    film = having(Content("film", media=(picture(tmp_path, "a.mp4", "video/mp4"),)))
    half = {"value": {"video": "urn:li:video:1", "uploadInstructions": [{"firstByte": 0}]}}
    server.also = lambda one: Answer(200, half) if one.path == "/rest/videos" else None
    with pytest.raises(Transient, match="what to send where"):
        page(server, tmp_path).prepare(film)


# -- cards and polls -------------------------------------------------------------------------

HTML = b"""<html><head><title>Time is now</title><meta property="og:description" content="A march.">
<meta property="og:image" content="/picture.png"></head></html>"""
PNG = b"\x89PNG\r\n\x1a\n and so on"


def reading(server, kind, clock, pages):
    """A publisher that reads pages from a mapping."""

    def read(url, **_):
        if url not in pages:
            raise Rejected("The linked page says no.")
        return Fetched(url, "text/html", pages[url])

    publisher = kind(server)
    publisher._read = read
    return publisher


def test_a_link_is_a_card_that_says_what_its_page_says(server, clock):
    publisher = reading(server, page, clock, {LINK: HTML, "https://example.org/picture.png": PNG})
    send(publisher, having(Content("Read it.", link=LINK)))
    [file] = server.files.known.values()
    card = {"source": LINK, "title": "Time is now", "description": "A march.", "thumbnail": file.urn}
    assert server.posts[0]["content"] == {"article": card}
    assert (file.bytes, file.owner) == (PNG, PAGE)


def test_the_picture_of_a_persons_card_is_waited_for_and_its_page_read_once(server, clock):
    pages = {LINK: HTML, "https://example.org/picture.png": PNG}
    post = having(Content("Read it.", link=LINK))
    with pytest.raises(NotReady) as caught:
        reading(server, person, clock, pages).prepare(post)
    clock.moment += timedelta(seconds=11)
    prepared = reading(server, person, clock, {}).prepare(replace(post, begun=caught.value.begun))
    assert prepared.values["article"]["title"] == "Time is now"
    assert prepared.values["article"]["thumbnail"] in server.files.known


def test_a_page_that_cannot_be_read_still_gets_a_card(server, clock):
    send(reading(server, person, clock, {}), having(Content("Read it.", link=LINK)))
    assert server.posts[0]["content"] == {"article": {"source": LINK, "title": "example.org/time-is-now"}}


def test_a_picture_that_is_none_or_breaks_leaves_the_card_without_one(server, clock):
    pages = {LINK: HTML, "https://example.org/picture.png": b"<svg/>"}
    send(reading(server, page, clock, pages), having(Content("one", link=LINK)))
    server.files.breaks = True
    pages["https://example.org/picture.png"] = PNG
    send(reading(server, page, clock, pages), having(Content("two", link=LINK), idempotency_key="2" * 32))
    assert ["thumbnail" in one["content"]["article"] for one in server.posts] == [False, False]


def test_a_poll_asks_with_the_text_or_with_its_last_paragraph(server):
    poll = Poll(("Yes", "No"), 3 * A_DAY)
    send(person(server), having(Content("Will you come?", poll=poll)))
    send(person(server), having(Content("It is time. " * 20 + "\n\nWill you come?", poll=poll)))
    first, second = server.posts
    asked_for = {"question": "Will you come?", "options": [{"text": "Yes"}, {"text": "No"}]}
    asked_for |= {"settings": {"duration": "THREE_DAYS"}}
    assert (first["commentary"], first["content"]) == ("", {"poll": asked_for})
    assert (second["shown"], second["content"]) == (("It is time. " * 20).strip(), {"poll": asked_for})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content("text", warning="blood"), "no content warnings"),
        (Content("?", poll=Poll(("Yes", "No"), A_DAY), media=(Media("a.png"),)), "a poll or pictures"),
        (Content("?", poll=Poll(("Yes", "No"), 2 * A_DAY)), "1, 3, 7 or 14 days"),
        (Content("?", poll=Poll(("Yes", "No"), A_DAY, multiple=True)), "one answer"),
        (Content("?" * 141, poll=Poll(("Yes", "No"), A_DAY)), "1 to 140"),
        (Content(" ", poll=Poll(("Yes", "No"), A_DAY)), "1 to 140"),
        (Content("see", link=LINK, media=(Media("a.png"),)), "nobody would see the link"),
        (Content("see?", link=LINK, poll=Poll(("Yes", "No"), A_DAY)), "nobody would see the link"),
    ],
)
def test_what_linkedin_lacks_is_refused_before_anything_is_asked(server, content, words):
    with pytest.raises(Rejected, match=words):
        person(server).prepare(having(content))
    assert server.door.requests == []
