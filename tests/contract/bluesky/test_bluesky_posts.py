"""Posts on Bluesky: pictures, cards, threads, repeats, looks, takedowns; with a server that can do its worst."""

import hashlib
from dataclasses import replace

import pytest

from scheduler.errors import Ambiguous, AuthExpired, Duplicate, MayExist, NotSent, RateLimited, Rejected, Transient
from scheduler.http.guard import Fetched
from scheduler.model.content import Media, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, Unknown
from scheduler.testing.emulators.bluesky import DID, HANDLE, PUT
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff" + b"\x00" * 40
UPLOAD = "com.atproto.repo.uploadBlob"


@pytest.fixture
def picture(tmp_path):
    def picture(name="a.png", body=PNG, kind="image/png", alt="a drawing", **size):
        (tmp_path / "media").mkdir(exist_ok=True)
        (tmp_path / "media" / name).write_bytes(body)
        facts = MediaFacts(name, hashlib.sha256(body).hexdigest(), kind, len(body), **size)
        return Media(name, alt=alt, facts=facts)

    return picture


def only(server):
    (record,) = server.repo.records.values()
    return record


# -- what is stored --------------------------------------------------------------------


def test_a_post_is_stored_as_it_was_reviewed(server, publish, post):
    server.people["mira.test"] = "did:plc:mira"
    text = "Кажи не, @mira.test. #СегаКажувам https://example.org/a"
    receipt = publish(post(text, language="mk"))
    record = only(server)
    assert record["text"] == text
    assert record["langs"] == ["mk"]
    assert record["createdAt"] == "2027-06-30T07:00:00.000Z"
    features = [facet["features"][0] for facet in record["facets"]]
    assert [feature["$type"].partition("#")[2] for feature in features] == ["mention", "tag", "link"]
    assert features[0]["did"] == "did:plc:mira"
    rkey = receipt.remote_id.rpartition("/")[2]
    assert receipt.remote_id == f"at://{DID}/app.bsky.feed.post/{rkey}"
    assert receipt.url == f"https://bsky.app/profile/{HANDLE}/post/{rkey}"
    assert receipt.extra == {"uri": receipt.remote_id, "cid": server.repo.cids[rkey]}
    assert receipt.strength is Strength.PROVEN


def test_whom_the_server_does_not_know_stays_plain_text(server, publish, post):
    publish(post("Thanks, @nobody.test"))
    assert "facets" not in only(server)


def test_pictures_go_up_before_with_their_words_and_measures(server, publisher, post, picture):
    draft = post(media=(picture(width=640, height=480), picture("b.jpg", JPEG, "image/jpeg", alt="")))
    prepared = publisher.prepare(draft)
    assert server.texts == []
    asked = len(server.requests)
    publisher.publish(draft, prepared)
    assert len(server.requests) == asked + 1
    first, second = only(server)["embed"]["images"]
    assert (first["alt"], first["aspectRatio"]) == ("a drawing", {"width": 640, "height": 480})
    assert first["image"]["mimeType"] == "image/png"
    assert second["image"]["ref"] != first["image"]["ref"], "two pictures are two pictures"
    assert "aspectRatio" not in second


def test_a_video_is_a_video(server, publish, post, picture):
    publish(post(media=(picture("v.mp4", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),)))
    assert only(server)["embed"]["$type"] == "app.bsky.embed.video"


def test_a_video_beside_pictures_is_refused(publisher, post, picture):
    with pytest.raises(Rejected, match="not both"):
        publisher.prepare(post(media=(picture(), picture("v.mp4", b"0", "video/mp4"))))


def test_a_picture_that_is_not_the_approved_one_is_refused(server, publisher, post, picture, tmp_path):
    draft = post(media=(picture(),))
    (tmp_path / "media" / "a.png").write_bytes(PNG + b"retouched")
    with pytest.raises(Rejected, match=r"a\.png"):
        publisher.prepare(draft)
    (tmp_path / "media" / "a.png").unlink()
    with pytest.raises(Rejected, match=r"a\.png"):
        publisher.prepare(draft)
    assert server.calls(UPLOAD) == 0


def test_a_picture_that_is_too_big_for_the_server_is_refused(publisher, post, picture):
    with pytest.raises(Rejected, match="413"):
        publisher.prepare(post(media=(picture(body=PNG + b"0" * 5_300_000),)))


def test_an_upload_without_a_name_is_tried_again_later(server, publisher, post, picture, monkeypatch):
    monkeypatch.setattr(server, "_on_uploadBlob", lambda _: {"blob": None})
    with pytest.raises(Transient, match="names no upload"):
        publisher.prepare(post(media=(picture(),)))


def test_uploads_that_the_server_dropped_are_made_again(server, publisher, post, picture):
    """Blobs that no post uses are dropped after a while."""
    draft = post(media=(picture(),))
    prepared = publisher.prepare(draft)
    server.repo.blobs.clear()
    with pytest.raises(Transient, match="BlobNotFound"):
        publisher.publish(draft, prepared)
    publisher.publish(draft, prepared)
    assert server.calls(UPLOAD) == 2
    assert server.calls(PUT) == 2
    assert len(server.texts) == 1


@pytest.mark.parametrize(
    "content",
    [
        {"poll": Poll(("a", "b"), 3600)},
        {"warning": "violence"},
        {"visibility": "followers"},
    ],
)
def test_what_bluesky_does_not_have_is_refused_never_dropped(publisher, post, content):
    with pytest.raises(Rejected, match="no polls, content warnings or visibility"):
        publisher.prepare(post(**content))


def test_a_label_of_the_account_is_on_its_pictures(server, connect, post, picture):
    publisher = connect(label="graphic-media")
    for draft in (post("plain"), post("pictured", media=(picture(),))):
        publisher.publish(draft, publisher.prepare(draft))
    plain, pictured = server.repo.records.values()
    assert "labels" not in plain
    assert pictured["labels"]["values"] == [{"val": "graphic-media"}]


# -- length ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ж" * 300, "👨‍👩‍👧‍👦" * 120])
def test_the_server_takes_what_we_count_as_just_full(server, publish, post, text):
    publish(post(text, key="1" * 32))
    assert server.texts == [text]


@pytest.mark.parametrize(("text", "says"), [("ж" * 301, "301 graphemes"), ("👨‍👩‍👧‍👦" * 121, "3025 bytes")])
def test_one_more_is_refused_by_us_and_would_be_by_the_server(server, publisher, post, text, says):
    with pytest.raises(Rejected, match=says):
        publisher.prepare(post(text, key="1" * 32))
    assert server.requests == []
    with pytest.raises(Rejected, match="too big"):
        publisher.publish(post(text, key="1" * 32), Prepared({"mentions": {}}))
    assert server.texts == []


# -- cards -----------------------------------------------------------------------------


@pytest.fixture
def carded(connect):
    """A publisher whose link cards are read from these pages; what is not among them cannot be read."""

    def carded(pages):
        def read(url, **_):
            if url not in pages:
                raise Transient("The linked page could not be read.")
            if isinstance(pages[url], Exception):
                raise pages[url]
            return Fetched(url, *pages[url])

        publisher = connect()
        publisher._read = read
        return publisher

    return carded


LINK = "https://example.org/time"
PAGE = b"""<head><meta property="og:title" content="Time is now"><meta property="og:description" content="Today">
<meta property="og:image" content="/card.png"></head>"""


def test_a_link_gets_a_card_with_the_pages_words_and_picture(server, carded, post):
    publisher = carded({LINK: ("text/html", PAGE), "https://example.org/card.png": ("image/png", PNG)})
    draft = post(link=LINK)
    publisher.publish(draft, publisher.prepare(draft))
    card = only(server)["embed"]["external"]
    assert (card["uri"], card["title"], card["description"]) == (LINK, "Time is now", "Today")
    assert card["thumb"]["mimeType"] == "image/png"


@pytest.mark.parametrize("picture", [Rejected("too long"), Transient("gone"), ("image/svg+xml", b"<svg>")])
def test_a_card_stands_without_its_picture(server, carded, post, picture):
    publisher = carded({LINK: ("text/html", PAGE), "https://example.org/card.png": picture})
    draft = post(link=LINK)
    publisher.publish(draft, publisher.prepare(draft))
    assert "thumb" not in only(server)["embed"]["external"]


def test_a_thumbnail_that_the_server_refuses_is_left_out(server, carded, post):
    publisher = carded({LINK: ("text/html", PAGE), "https://example.org/card.png": ("image/png", PNG)})
    server.refuse(UPLOAD, 413, "PayloadTooLarge")
    assert "thumb" not in publisher.prepare(post(link=LINK)).values["card"]


def test_a_page_that_cannot_be_read_gets_a_card_by_its_address(carded, post):
    card = carded({}).prepare(post(link=LINK)).values["card"]
    assert card == {"uri": LINK, "title": "example.org/time", "description": ""}


def test_a_card_never_reads_a_page_inside(server, publisher, post):
    server.pages["/inside"] = ("text/html", PAGE)
    card = publisher.prepare(post(link=f"{server.url}/inside")).values["card"]
    assert card["title"].startswith("127.0.0.1")
    assert "/inside" not in [request.path for request in server.requests]


def test_pictures_beside_a_link_are_taken_if_the_text_has_the_link(server, publish, publisher, post, picture):
    with pytest.raises(Rejected, match="not both"):
        publisher.prepare(post(link=LINK, media=(picture(),)))
    publish(post(f"Read {LINK}", link=LINK, media=(picture(),)))
    assert only(server)["embed"]["$type"] == "app.bsky.embed.images"


# -- threads ---------------------------------------------------------------------------


def test_a_thread_hangs_together(server, publish, post):
    first = publish(post("one"))
    second = publish(post("two", parent=first, root=first))
    publish(post("three", parent=second, root=first))
    records = {record["text"]: record for record in server.repo.records.values()}
    assert "reply" not in records["one"]
    assert records["two"]["reply"] == {"root": dict(first.extra), "parent": dict(first.extra)}
    assert records["three"]["reply"] == {"root": dict(first.extra), "parent": dict(second.extra)}


def test_a_part_that_only_a_person_vouched_for_is_looked_up(server, publish, publisher, post):
    first = publish(post("one"))
    said = Receipt(first.url, first.url, Strength.SAID)
    publish(post("two", parent=said, root=said))
    assert server.repo.records[_key(server, "two")]["reply"]["parent"]["cid"] == first.extra["cid"]
    publisher.delete(first)
    with pytest.raises(Rejected, match="nothing to reply to"):
        publish(post("three", parent=said, root=said))
    nowhere = Receipt("https://example.org", "https://example.org", Strength.SAID)
    with pytest.raises(Rejected, match="nothing to reply to"):
        publish(post("four", parent=nowhere))


def _key(server, text):
    return next(rkey for rkey, record in server.repo.records.items() if record["text"] == text)


# -- repeats and looks -----------------------------------------------------------------


@pytest.mark.parametrize("fate", [Fate.LOSES_THE_REPLY, Fate.GARBLES, Fate.NO_ID, Fate.FAILS_AFTER_POSTING])
def test_what_became_of_a_lost_reply_is_known_by_a_look(server, publisher, post, fate):
    prepared = publisher.prepare(post())
    server.script(fate)
    with pytest.raises(Ambiguous):
        publisher.publish(post(), prepared)
    verdict = publisher.verify(post(), prepared, post().due)
    assert isinstance(verdict, Found)
    assert publisher.publish(post(), prepared) == verdict.receipt, "a repeat is the same post"
    assert len(server.texts) == 1


def test_what_never_arrived_is_proved_absent(server, publisher, post):
    prepared = publisher.prepare(post())
    server.script(Fate.NEVER_ARRIVES)
    with pytest.raises(Ambiguous):
        publisher.publish(post(), prepared)
    assert publisher.verify(post(), prepared, post().due) == Absent()


def test_another_text_under_our_key_is_never_overwritten(server, publisher, post):
    publisher.publish(post("one", key="1" * 32), Prepared())
    with pytest.raises(Duplicate, match="InvalidSwap"):
        publisher.publish(post("two", key="1" * 32), Prepared())
    assert server.texts == ["one"]
    assert isinstance(publisher.verify(post("two", key="1" * 32), Prepared(), post().due), Found)


def test_another_servers_word_for_a_repeat_is_understood(server, publisher, post):
    server.refuse(PUT, 409, "RecordAlreadyExists")
    with pytest.raises(Duplicate):
        publisher.publish(post(), Prepared())


def test_a_receipt_for_another_post_is_none(server, publisher, post, monkeypatch):
    other = Answer(200, {"uri": f"at://{DID}/app.bsky.feed.post/other", "cid": "c"})
    monkeypatch.setattr(server, "_put", lambda _: other)
    with pytest.raises(Ambiguous, match="another post, or none"):
        publisher.publish(post(), Prepared())


@pytest.mark.parametrize(
    ("status", "name"), [(400, "RepoNotFound"), (400, "RepoDeactivated"), (500, "InternalServerError"), (429, "X")]
)
def test_a_look_that_fails_proves_nothing(server, publisher, post, status, name):
    publisher.prepare(post())
    server.refuse("com.atproto.repo.getRecord", status, name)
    assert isinstance(publisher.verify(post(), Prepared(), post().due), Unknown)


def test_a_look_without_a_way_in_proves_nothing(server, connect, post):
    assert isinstance(connect("wrong").verify(post(), Prepared(), post().due), Unknown)
    server.door.refuse()
    assert isinstance(connect().verify(post(), Prepared(), post().due), Unknown)


def test_a_garbled_look_proves_nothing(server, publisher, post, monkeypatch):
    monkeypatch.setattr(server, "_on_getRecord", lambda _: {"value": {}})
    assert isinstance(publisher.verify(post(), Prepared(), post().due), Unknown)


def test_a_post_that_was_never_prepared_is_prepared_first(server, publisher, post, picture):
    publisher.publish(post(media=(picture(),)), Prepared())
    assert only(server)["embed"]["images"]


# -- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (400, "InvalidRequest", Rejected),
        (401, "AuthMissing", Transient),
        (401, "AuthenticationRequired", AuthExpired),
        (403, "AccountDeactivated", AuthExpired),
        (413, "PayloadTooLarge", Rejected),
        (429, "RateLimitExceeded", RateLimited),
        (500, "InternalServerError", Ambiguous),
        (502, "UpstreamFailure", Ambiguous),
        (504, "UpstreamTimeout", Ambiguous),
    ],
)
def test_each_refusal_means_what_the_server_means(server, clock, publisher, post, status, name, error):
    publisher.prepare(post())
    clock.turn(minutes=20)
    server.refuse(PUT, status, name)
    with pytest.raises(error) as caught:
        publisher.publish(post(), Prepared())
    assert isinstance(caught.value, MayExist) == issubclass(error, Ambiguous)


def test_a_limit_says_when_it_ends(server, clock, publisher, post):
    server.refuse(PUT, 429, "RateLimitExceeded")
    with pytest.raises(RateLimited) as caught:
        publisher.publish(post(), Prepared())
    assert (caught.value.retry_at - clock.now()).total_seconds() == 300


def test_a_server_that_is_down_made_nothing(server, publisher, post):
    prepared = publisher.prepare(post())
    server.door.refuse()
    with pytest.raises(Transient):
        publisher.publish(post(), prepared)
    with pytest.raises(NotSent):
        publisher.prepare(post())
    server.door.open()
    publisher.publish(post(), prepared)


# -- afterwards ------------------------------------------------------------------------


def test_a_post_is_deleted_once_and_twice(server, publisher, publish, post):
    receipt = publish(post())
    publisher.delete(replace(receipt, remote_id=receipt.url))
    publisher.delete(receipt)
    assert server.texts == []


@pytest.mark.parametrize("remote", ["at://did:plc:other/app.bsky.feed.post/3mpinagrzfwj6", "https://example.org"])
def test_a_strangers_post_is_not_ours_to_delete(publisher, remote):
    with pytest.raises(Rejected, match="is no post of"):
        publisher.delete(Receipt(remote, remote))


def test_what_people_did_with_a_post_is_counted(server, connect, post):
    publisher = connect(appview=server.url)
    receipt = publisher.publish(post(), Prepared())
    counts = {"likeCount": 3, "repostCount": 2, "replyCount": 1, "quoteCount": 0, "bookmarkCount": 0}
    assert publisher.metrics(receipt).counts == counts
    publisher.delete(receipt)
    with pytest.raises(Transient, match="does not show"):
        publisher.metrics(receipt)


def test_where_nobody_counts_it_is_said(publisher, publish, post):
    with pytest.raises(Rejected, match="no AppView"):
        publisher.metrics(publish(post()))


def test_an_account_is_inspected(server, publisher, connect):
    report = publisher.inspect()
    assert (report.works, report.handle, report.scopes) == (True, HANDLE, ("com.atproto.appPass",))
    assert report.software == "PDS 0.4.217-emulated"
    assert DID in report.notes[0]
    assert report.limits == {}


def test_an_inspection_notes_what_may_be_wrong(server, connect, monkeypatch):
    server.scope = "com.atproto.access"
    monkeypatch.setattr(server, "_on_describeServer", lambda _: {"blobUploadLimit": 1_000_000})
    monkeypatch.setattr(
        server, "_on_getSession", lambda _: {"handle": "new.test", "active": False, "status": "deactivated"}
    )
    report = connect().inspect()
    assert not report.works
    assert report.limits == {"media_bytes": 1_000_000}
    assert "own password" in report.notes[1]
    assert f"calls it {HANDLE}" in report.notes[2]
    assert "deactivated" in report.notes[3]
