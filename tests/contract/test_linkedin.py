"""LinkedIn: little text, files before the moment, and a lost answer that is looked for where looking is granted."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
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
from scheduler.http.guard import Fetched
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, Operation, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.linkedin import LinkedIn
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.linkedin import AUTHOR, MEMBER, NAME, ORGANIZATION, PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_rules import refused
from scheduler.testing.emulators.linkedin_tokens import ACCESS_LASTS, CLIENT, PAGE_TOKEN, SECRET, TOKEN, Access
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate

A_DAY = 86_400
LINK = "https://example.org/time-is-now"


class Hands:
    """A clock that a test turns."""

    def __init__(self, moment=DUE):
        self.moment = moment

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def server(clock):
    with LinkedInServer(clock) as running:
        yield running


def account_of(server, **settings):
    handle = settings.pop("handle", "our-name")
    said = {"server": server.url, **settings}
    return Account("main", "linkedin", "UTC", handle=handle, settings=said, secrets={"token": "LINKEDIN_TOKEN"})


def person(server, root=Path(), *, clock=None, token=TOKEN, **settings):
    around = Surroundings(root, clock or server.clock, {"token": token, "client_secret": SECRET}.__getitem__)
    return LinkedIn.connect(account_of(server, **settings), around)


def page(server, root=Path(), *, token=PAGE_TOKEN, **settings):
    return person(server, root, token=token, **{"organization": ORGANIZATION, **settings})


BOTH = pytest.mark.parametrize("kind", [person, page])


def send(publisher, post):
    return publisher.publish(post, publisher.prepare(post))


def having(content, **facts):
    return replace(draft(), content=content, **facts)


def picture(root, name="march.png", kind="image/png", alt="", body=None):
    body = body or name.encode()
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(body)
    return Media(name, alt, facts=MediaFacts(name, sha256(body).hexdigest(), kind, len(body), 40, 30))


def asked(server, method, path):
    return [one for one in server.door.requests if (one.method, one.path) == (method, path)]


class _LinkedInContract(PublisherContract):
    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def test_a_reply_goes_below_its_parent(self, tmp_path):
        """There are no threads here: a second part is refused before anything is asked."""
        bench = self.bench(tmp_path)
        with pytest.raises(Rejected, match="no threads"):
            bench.publisher.prepare(draft("two", parent=Receipt("urn:li:share:1")))


class TestAPerson(_LinkedInContract):
    """Against a server that answers as the documentation says."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = person(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (TOKEN,))


class TestAnOrganization(_LinkedInContract):
    """The same, and it may be read."""

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(LinkedInServer(FixedClock(DUE)))
        publisher = page(server, folder)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (PAGE_TOKEN,))


# -- who speaks ------------------------------------------------------------------------------


@BOTH
def test_a_post_says_whose_it_is_in_which_version_and_to_whom(server, kind):
    receipt = send(kind(server), having(Content("Good morning", language="en")))
    said = server.posts[0]["said"]
    assert said == {
        "author": AUTHOR if kind is person else PAGE,
        "commentary": "Good morning",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    assert receipt == Receipt(
        server.posts[0]["id"], f"https://www.linkedin.com/feed/update/{server.posts[0]['id']}/", Strength.ACCEPTED
    )
    [request] = asked(server, "POST", "/rest/posts")
    assert request.headers["linkedin-version"] == "202609"
    assert request.headers["x-restli-protocol-version"] == "2.0.0"


def test_a_person_may_speak_to_connections_alone_and_an_organization_may_not(server):
    send(person(server, reshares="no"), having(Content("for us", visibility="followers")))
    assert (server.posts[0]["visibility"], server.posts[0]["isReshareDisabledByAuthor"]) == ("CONNECTIONS", True)
    with pytest.raises(Rejected, match="no visibility `followers`"):
        page(server).prepare(having(Content("for us", visibility="followers")))
    with pytest.raises(Rejected, match="no visibility `unlisted`"):
        person(server).prepare(having(Content("for us", visibility="unlisted")))


@BOTH
def test_the_token_is_tried_once_a_day_and_not_with_every_post(server, clock, kind):
    publisher = kind(server)
    for number in range(3):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    looks = {person: "/v2/userinfo", page: "/rest/organizationAcls"}[kind]
    assert len(asked(server, "GET", looks)) == 1
    clock.moment += timedelta(days=1)
    publisher.prepare(draft())
    assert len(asked(server, "GET", looks)) == 2


@BOTH
def test_a_token_that_ended_is_met_before_the_moment(server, clock, kind):
    clock.moment += ACCESS_LASTS
    with pytest.raises(AuthExpired, match="revoked"):
        kind(server).prepare(draft())
    assert server.creates == 0


def test_a_token_that_does_not_say_whose_it_is_can_post_nothing_and_says_why(server):
    server.grants.access[TOKEN] = Access(("w_member_social",), clock_end(server))
    with pytest.raises(AuthExpired) as caught:
        person(server).prepare(draft())
    assert "openid" in caught.value.mend


def test_a_page_whose_roles_nobody_may_ask_for_posts_all_the_same(server):
    server.grants.access[PAGE_TOKEN] = Access(("w_organization_social",), clock_end(server))
    assert send(page(server), draft()).remote_id


def clock_end(server):
    return server.clock.now() + ACCESS_LASTS


@BOTH
def test_it_publishes_nothing_that_was_not_prepared(server, kind):
    with pytest.raises(Transient, match="not prepared"):
        kind(server).publish(draft(), Prepared())
    assert server.creates == 0


# -- little text -----------------------------------------------------------------------------

SIGNS = r"A \ b | c {d} e @f [g] (h) i < j > k # l * m _n_ o ~ p ✂ ➡ end"


@BOTH
def test_no_sign_cuts_a_post(server, kind):
    send(kind(server), having(Content(SIGNS)))
    assert server.texts == [SIGNS]


def test_a_bare_sign_would_cut_it_and_linkedin_would_say_201(server):
    """The trap that the emulator keeps: what is not escaped is gone, and nobody says so."""
    said = {**LITTLE, "commentary": "New lathe (oak) for all"}
    reply = person(server)._way.create("/rest/posts", json=said)
    assert (reply.status, server.texts) == (201, ["New lathe "])


LITTLE = {
    "author": AUTHOR,
    "visibility": "PUBLIC",
    "distribution": {"feedDistribution": "MAIN_FEED"},
    "lifecycleState": "PUBLISHED",
}


def test_hashtags_and_mentions_stay_what_they_are(server):
    text = "With @[Devtestco](urn:li:organization:2414183): #TimeIsNow, #Кажи_не! a#b (#see)"
    send(page(server), having(Content(text)))
    kept = server.posts[0]["commentary"]
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
    files = (picture(tmp_path, "a.png", alt="Women march"), picture(tmp_path, "b.jpg", "image/jpeg"))
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


def test_what_was_uploaded_is_not_so_again(server, tmp_path):
    post = having(Content("one", media=(picture(tmp_path),)))
    publisher = page(server, tmp_path)
    assert publisher.prepare(post) == publisher.prepare(post)
    assert len(server.files.known) == 1


@BOTH
def test_a_video_goes_in_the_pieces_that_linkedin_names_and_without_the_token(server, tmp_path, clock, kind):
    server.files.works_for, server.files.piece = 1, 100
    body = bytes(range(256))
    film = picture(tmp_path, "a.mp4", "video/mp4", "A march", body)
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


# -- refusals --------------------------------------------------------------------------------


@BOTH
def test_a_duplicate_names_the_post_that_linkedin_has(server, kind):
    publisher, post = kind(server), draft()
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        send(publisher, post)
    with pytest.raises(Duplicate, match=r"It names https://www\.linkedin\.com/feed/update/urn:li:share:73") as caught:
        send(publisher, post)
    assert caught.value.remote_id == server.posts[0]["id"]
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    if kind is page:
        assert verdict == Found(replace(receipt_of(server.posts[0]), strength=Strength.PROVEN))
    else:
        assert isinstance(verdict, Unknown)
        assert f"please look at https://www.linkedin.com/feed/update/{server.posts[0]['id']}/" in verdict.reason


def receipt_of(post):
    return Receipt(post["id"], f"https://www.linkedin.com/feed/update/{post['id']}/", Strength.ACCEPTED)


def test_a_duplicate_of_a_post_that_is_gone_is_no_proof_of_anything(server):
    """Composio issue 2710: deleted, sent again, refused with a urn that nobody can read."""
    publisher = page(server)
    publisher.delete(send(publisher, draft()))
    again = draft(key="b" * 32)
    with pytest.raises(Duplicate):
        send(publisher, again)
    verdict = publisher.verify(again, publisher.prepare(again), DUE)
    assert isinstance(verdict, Unknown)
    assert "but not since when" in verdict.reason


def test_ten_minutes_later_it_doubles(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=11)
    send(publisher, draft(key="b" * 32))
    assert len(server.texts) == 2


@BOTH
def test_a_quota_ends_at_midnight_of_utc(server, clock, kind):
    publisher = kind(server)
    server.daily = 1 if kind is person else 2  # a page's token is tried by a call that counts
    send(publisher, draft("one"))
    with pytest.raises(RateLimited) as caught:
        send(publisher, draft("two", key="b" * 32))
    assert caught.value.retry_at == datetime(2027, 7, 1, tzinfo=UTC)
    clock.moment = caught.value.retry_at
    assert send(publisher, draft("later")).remote_id


def test_a_limit_that_says_when_is_taken_at_its_word(server, clock):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(429, {"message": "slow down"}, {"Retry-After": "30"})
    with pytest.raises(RateLimited) as caught:
        publisher.publish(post, prepared)
    assert caught.value.retry_at == clock.moment + timedelta(seconds=30)


@BOTH
def test_a_version_that_ended_pauses_the_account_and_fails_no_post(server, kind):
    assert send(kind(server, version="202606"), draft()).remote_id
    with pytest.raises(AuthExpired, match="no longer speaks this version") as caught:
        send(kind(server, version="202605"), draft(key="b" * 32))
    assert "`version:`" in caught.value.mend


ANSWERS = [
    (400, "INVALID_URN_ID", Rejected, Rejected, Transient),
    (400, "MEDIA_ASSET_WAITING_UPLOAD", NotReady, NotReady, Transient),
    (400, "VERSION_MISSING", AuthExpired, AuthExpired, AuthExpired),
    (401, "REVOKED_ACCESS_TOKEN", AuthExpired, AuthExpired, AuthExpired),
    (403, "ACCESS_DENIED", AuthExpired, AuthExpired, Transient),
    (404, "RESOURCE_NOT_FOUND", AuthExpired, AuthExpired, Transient),
    (409, "CONFLICT", Ambiguous, Transient, Transient),
    (413, "TOO_LARGE", Rejected, Rejected, Transient),
    (422, "FIELD_LENGTH_TOO_LONG", Rejected, Rejected, Transient),
    (422, "DUPLICATE_POST", Duplicate, Rejected, Transient),
    (426, "NONEXISTENT_VERSION", AuthExpired, AuthExpired, AuthExpired),
    (429, "TOO_MANY_REQUESTS", RateLimited, RateLimited, RateLimited),
    (500, "INTERNAL", Ambiguous, Transient, Transient),
    (503, "SERVICE_UNAVAILABLE", Ambiguous, Transient, Transient),
    (504, "GATEWAY_TIMEOUT", Ambiguous, Transient, Transient),
    (999, "Request denied", Ambiguous, Transient, Transient),
]


@pytest.mark.parametrize(("status", "code", "created", "prepared", "looked"), ANSWERS)
def test_each_error_means_one_thing_at_each_step(server, status, code, created, prepared, looked):
    publisher, post = page(server), draft()
    ready = publisher.prepare(post)
    server.also = lambda _: refused(status, code, f"{code} it says")
    raised = []
    way = publisher._way
    for ask in (
        lambda: publisher.publish(post, ready),
        lambda: way.prepare("POST", "/rest/images?action=initializeUpload", json={}),
        lambda: way.read("/rest/posts"),
    ):
        with pytest.raises(PublishError) as caught:
            ask()
        raised.append(type(caught.value))
    wanted = (created, prepared, looked)
    assert all(issubclass(one, other) for one, other in zip(raised, wanted, strict=True)), raised
    assert "x-li-uuid AAYemulatedOfNobody" in caught.value.message or status in {413, 500, 503, 504, 999}


def test_an_older_error_body_is_read_as_well(server):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    old = {"message": "Content is a duplicate of urn:li:share:7130000000000000001", "status": 422}
    server.also = lambda _: Answer(422, {**old, "serviceErrorCode": 105})
    with pytest.raises(Duplicate) as caught:
        publisher.publish(post, prepared)
    assert caught.value.remote_id == "urn:li:share:7130000000000000001"


@pytest.mark.parametrize("status", [400, 403, 405, 418])
def test_a_gateways_page_is_no_answer_of_linkedins(server, status):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(status, b"<html>Bad</html>")
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


@pytest.mark.parametrize("found", ["", "urn:li:activity:1", "7300000000000000000", "urn:li:share:"])
def test_an_id_that_is_none_is_no_post(server, found):
    publisher, post = page(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(201, b"", {"x-restli-id": found})
    with pytest.raises(Ambiguous, match="names no post"):
        publisher.publish(post, prepared)


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, status):
    publisher, post = page(server, client=CLIENT), draft()
    prepared = publisher.prepare(post)

    def echo(one):
        return refused(status, "ECHO", f"{dict(one.headers)} {one.body.decode()}")

    server.also = echo
    told = []
    for ask in (lambda: publisher.publish(post, prepared), lambda: publisher.prepare(having(Content("x", link=LINK)))):
        try:
            ask()
        except PublishError as caught:
            told += [caught.message, caught.mend]
    told += [publisher.verify(post, prepared, DUE).reason, *publisher_notes(publisher)]
    assert not [secret for secret in (PAGE_TOKEN, SECRET) if secret in " ".join(told)]


def publisher_notes(publisher):
    try:
        return publisher.inspect().notes
    except PublishError as caught:
        return (caught.message,)


# -- looking ---------------------------------------------------------------------------------


def test_what_it_promises_depends_on_who_speaks(server):
    one, other, old = (each.capabilities for each in (person(server), page(server), person(server, look="yes")))
    assert (one.verify, Operation.VERIFY in one.operations, Operation.METRICS in one.operations) == (
        VerifyQuality.NONE,
        False,
        False,
    )
    assert (other.verify, Operation.METRICS in other.operations) == (VerifyQuality.TIMELINE, True)
    assert (old.verify, Operation.METRICS in old.operations) == (VerifyQuality.TIMELINE, False)


def test_of_a_persons_post_nobody_can_say_and_the_place_to_look_is_told(server):
    verdict = person(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "https://www.linkedin.com/in/our-name/recent-activity/all/" in verdict.reason
    assert server.door.requests == []
    assert "the account on linkedin.com" in person(server, handle="").verify(draft(), Prepared(), DUE).reason


@pytest.mark.parametrize(
    "text",
    [
        SIGNS,
        "#TimeIsNow with @[Devtestco](urn:li:organization:2414183) at https://example.org/a_b?c_d=(1)",
        "Кажи не.\n\n— Ана 🎉",
        "a\\nb {hashtag|#|no} @[nobody](here)",
    ],
)
def test_a_post_is_found_however_linkedin_gives_it_back(server, text):
    publisher, post = page(server), having(Content(text))
    prepared = publisher.prepare(post)
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    verdict = publisher.verify(post, prepared, DUE)
    assert verdict == Found(replace(receipt_of(server.posts[0]), strength=Strength.PROVEN))


def test_a_post_is_found_by_its_pictures_and_its_poll(server, tmp_path):
    publisher = page(server, tmp_path)
    contents = (
        Content("one", media=(picture(tmp_path),)),
        Content("Will you come?", poll=Poll(("Yes", "No"), A_DAY)),
        Content("Will you go?", poll=Poll(("Yes", "No"), A_DAY)),
        Content("Read", link="https://nowhere.invalid/a"),
    )
    posts = [having(content, idempotency_key=f"{number:032x}") for number, content in enumerate(contents)]
    for post in posts:
        send(publisher, post)
    for post, made in zip(posts, server.posts, strict=True):
        assert publisher.verify(post, publisher.prepare(post), DUE).receipt.remote_id == made["id"]


@pytest.mark.parametrize(
    ("state", "strength"), [("PUBLISHED", Strength.PROVEN), ("PUBLISH_REQUESTED", Strength.ACCEPTED)]
)
def test_a_look_says_how_much_is_proved(server, state, strength):
    server.state = state
    publisher, post = page(server), draft()
    send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE).receipt.strength is strength


def test_a_post_that_linkedin_took_and_could_not_show_is_for_a_person(server):
    server.state = "PUBLISH_FAILED"
    publisher, post = page(server), draft()
    send(publisher, post)
    verdict = publisher.verify(post, publisher.prepare(post), DUE)
    assert isinstance(verdict, Unknown)
    assert "PUBLISH_FAILED" in verdict.reason


def test_a_post_that_was_cut_is_neither_found_nor_absent(server):
    publisher = page(server)
    publisher._way.create("/rest/posts", json={**LITTLE, "author": PAGE, "commentary": "x" * 50 + " (and so on)"})
    verdict = publisher.verify(having(Content("x" * 50 + " (and so on)")), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "like this one" in verdict.reason


def test_two_that_are_alike_prove_nothing(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=11)
    send(publisher, draft(key="b" * 32))
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_what_was_posted_before_the_try_is_another(server, clock):
    publisher = page(server)
    send(publisher, draft())
    clock.moment += timedelta(minutes=30)
    assert publisher.verify(draft(key="b" * 32), Prepared(), clock.moment) == Absent()


def test_a_long_list_is_read_on_and_an_endless_one_proves_nothing(server):
    server.daily = 1000
    publisher = page(server)
    send(publisher, draft("the one"))
    for number in range(60):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert isinstance(publisher.verify(draft("the one"), Prepared(), DUE), Found)
    for number in range(60, 120):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert isinstance(publisher.verify(draft("the one"), Prepared(), DUE), Unknown)


def test_an_older_post_that_was_changed_lately_hides_nothing(server, clock):
    publisher = page(server)
    send(publisher, draft("old"))
    clock.moment += timedelta(hours=1)
    since = clock.moment
    send(publisher, draft("new", key="b" * 32))
    clock.moment += timedelta(minutes=1)
    server.posts[0]["lastModifiedAt"] = int(clock.moment.timestamp() * 1000)
    assert isinstance(publisher.verify(draft("new"), Prepared(), since), Found)
    assert publisher.verify(draft("old"), Prepared(), since) == Absent()


def test_a_server_whose_clock_is_behind_hides_nothing(server, clock):
    ahead = Hands(clock.moment + timedelta(minutes=4))
    publisher, post = page(server, clock=ahead), draft()
    receipt = send(publisher, post)
    verdict = publisher.verify(post, publisher.prepare(post), ahead.moment)
    assert verdict == Found(replace(receipt, strength=Strength.PROVEN))


@pytest.mark.parametrize("said", [{}, {"elements": [{}]}, {"elements": {}}, [], {"elements": [{"id": "x"}]}])
def test_half_a_list_proves_nothing(server, said):
    server.also = lambda one: Answer(200, said) if one.path == "/rest/posts" else None
    assert isinstance(page(server).verify(draft(), Prepared(), DUE), Unknown)


def test_a_page_that_may_not_be_read_is_for_a_person(server):
    server.grants.access[PAGE_TOKEN] = Access(("w_organization_social",), clock_end(server))
    verdict = page(server).verify(draft(), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert f"https://www.linkedin.com/company/{ORGANIZATION}/posts/" in verdict.reason


# -- afterwards ------------------------------------------------------------------------------


@BOTH
def test_an_address_that_a_person_gave_is_as_good_as_an_id(server, kind):
    publisher = kind(server)
    send(publisher, draft())
    publisher.delete(Receipt(f"https://www.linkedin.com/feed/update/{server.posts[0]['id']}/?x=1"))
    assert server.texts == []
    with pytest.raises(Rejected, match="not known"):
        publisher.delete(Receipt("https://www.linkedin.com/posts/our-name_time-is-now-activity-7300-abcd"))


def test_counts_are_those_of_the_post_and_zero_where_nothing_was_done(server, tmp_path, clock):
    publisher = page(server, tmp_path)
    receipt = send(publisher, draft())
    assert set(publisher.metrics(receipt).counts.values()) == {0}
    server.activity[receipt.remote_id] = {"likeCount": 3, "impressionCount": 120}
    counts = publisher.metrics(receipt).counts
    assert (counts["likeCount"], counts["impressionCount"], counts["clickCount"]) == (3, 120, 0)
    with pytest.raises(Rejected, match="approved apps alone"):
        person(server).metrics(receipt)


def test_a_person_learns_whose_token_it_is_and_how_to_learn_its_end(server):
    report = person(server).inspect()
    assert (report.works, report.expires_at, report.scopes) == (True, None, ())
    assert report.notes[0] == f"It is the token of {NAME}."
    assert any("`client`, `client_secret`" in note for note in report.notes)


@BOTH
def test_where_the_app_is_named_the_end_and_the_scopes_are_known(server, kind):
    report = kind(server, client=CLIENT).inspect()
    assert (report.works, report.expires_at) == (True, DUE + ACCESS_LASTS)
    assert ("w_member_social" if kind is person else "w_organization_social") in report.scopes


def test_a_token_that_may_not_post_does_not_work(server):
    server.grants.access[TOKEN] = Access(("openid", "profile"), clock_end(server))
    report = person(server, client=CLIENT).inspect()
    assert not report.works
    assert "lacks w_member_social" in " ".join(report.notes)


def test_a_person_without_a_role_on_the_page_does_not_work(server):
    server.roles = ("ANALYST",)
    report = page(server).inspect()
    assert not report.works
    assert "ADMINISTRATOR" in " ".join(report.notes)


def test_a_dead_token_does_not_work_and_says_so(server, clock):
    clock.moment += ACCESS_LASTS
    for publisher in (person(server), page(server), person(server, client=CLIENT)):
        assert not publisher.inspect().works


@pytest.mark.parametrize(
    ("version", "told"), [("202611", ""), ("202609", "9 months old"), ("202606", "may end any day")]
)
def test_an_old_version_is_told_before_it_ends(server, version, told):
    notes = " ".join(person(server, version=version).inspect().notes)
    assert told in notes
    assert bool(told) == ("months old" in notes)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"version": "2026-09"}, "is no month"),
        ({"version": "202613"}, "is no month"),
        ({"organization": "us"}, "no number"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(server, settings, words):
    with pytest.raises(UsageError, match=words):
        person(server, **settings)


def test_linkedin_itself_is_the_usual_server_and_a_urn_is_a_number_too(server):
    around = Surroundings(Path(), FixedClock(DUE), lambda _: TOKEN)
    urn = {"organization": f"urn:li:organization:{ORGANIZATION}"}
    publisher = LinkedIn.connect(Account("main", "linkedin", "UTC", settings=urn, secrets={"token": "T"}), around)
    assert publisher._way.http.source == "https://api.linkedin.com"
    assert publisher._author == PAGE
    assert MEMBER in AUTHOR
