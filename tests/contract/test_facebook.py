"""A Page on Facebook: photos that witness their post, errors that come with live posts, a person's token."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    Forgotten,
    MayExist,
    NotSent,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
    UsageError,
)
from scheduler.model.account import Account
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.publishers.base import Absent, Found, Refused, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.facebook import Facebook
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.facebook import KEYS, NAME, OTHER, OTHERS_NAME, PAGE, FacebookServer
from scheduler.testing.emulators.facebook_login import CLIENT, PERSON
from scheduler.testing.emulators.facebook_rules import as_read
from scheduler.testing.emulators.graph import TOKEN, Granted, refused
from scheduler.testing.emulators.loopback import Answer
from scheduler.testing.platform import Fate
from tests.contract.conftest import Hands, having, picture, send

LINK = "https://example.org/time-is-now"


@pytest.fixture
def server(clock):
    with FacebookServer(clock) as running:
        yield running


def facebook(server, root=Path(), *, clock=None, limits=None, keys=KEYS, app=False, **settings):
    said = {"server": server.url, "page": PAGE} | ({"client": CLIENT} if app else {}) | settings
    secrets = {"token": "T"} | ({"client_secret": "S"} if app else {})
    account = Account("main", "facebook", "UTC", settings=said, secrets=secrets, limits=limits or {})
    return Facebook.connect(account, Surroundings(root, clock or server.clock, keys.__getitem__))


class TestFacebook(PublisherContract):
    """Against a server that answers as the documentation says."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(FacebookServer(FixedClock(DUE)))
        secrets = tuple(KEYS.values())
        return Bench(facebook(server, folder), lambda: server.texts, server.script, lambda: server.creates, secrets)

    def test_a_reply_goes_below_its_parent(self, tmp_path: Path) -> None:
        """A Page has no threads."""
        pytest.skip("said by `check`, and refused: see test_what_a_page_lacks_is_refused_before_anything_is_asked")


# -- whose token it is -----------------------------------------------------------------------


def test_a_token_that_is_a_persons_is_met_before_the_moment(server):
    server.tokens["personal"] = Granted(PERSON, DUE, DUE + timedelta(days=60), server.scopes)
    with pytest.raises(AuthExpired, match=f"not that of Page {PAGE}, but of {PERSON}"):
        facebook(server, keys={"token": "personal"}).prepare(draft())
    assert server.creates == 0


def test_a_token_of_another_page_is_met_before_the_moment(server):
    with pytest.raises(AuthExpired, match=f"not that of Page {OTHER}"):
        facebook(server, page=OTHER).prepare(draft())


def test_the_token_is_tried_once_in_a_while_and_not_for_each_post(server, clock):
    publisher = facebook(server)
    for number in range(3):
        send(publisher, draft(f"post {number}", key=f"{number:032x}"))
    assert len(server.asked("GET", "/me")) == 1
    clock.moment += timedelta(minutes=10)
    publisher.prepare(draft())
    assert len(server.asked("GET", "/me")) == 2


@pytest.mark.parametrize(
    ("subcode", "why"),
    [
        (458, "took the app away"),
        (459, "checkpoint"),
        (460, "password"),
        (463, "expired"),
        (467, "invalid"),
        (492, "role"),
    ],
)
def test_a_dead_token_says_what_ended_it_and_is_told_nowhere(server, subcode, why):
    server.tokens[TOKEN].dead = subcode
    with pytest.raises(AuthExpired, match=why) as caught:
        facebook(server).prepare(draft())
    assert TOKEN not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, status):
    publisher, post = facebook(server, app=True), draft()
    prepared = publisher.prepare(post)
    server.also = lambda one: refused(1, f"{one.headers['authorization']} {dict(one.query)}", status=status)
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, prepared)
    told = caught.value.message + caught.value.mend + publisher.verify(post, prepared, DUE).reason
    with pytest.raises(PublishError) as looked:
        publisher.inspect()
    assert not [secret for secret in KEYS.values() if secret in told + looked.value.message]


# -- what is said ----------------------------------------------------------------------------


def test_a_post_is_one_request_that_asks_for_nothing_back(server):
    receipt = send(facebook(server), having(Content("Good morning", language="en")))
    assert server.posts[0].said == {"message": "Good morning"}
    [asked] = server.asked("POST", "/feed")
    assert (asked.query, asked.path) == ({}, f"/v26.0/{PAGE}/feed")
    assert receipt == Receipt(
        server.posts[0].id, f"https://www.facebook.com/{server.posts[0].id.replace('_', '/posts/')}"
    )


def test_a_link_has_its_card_from_a_field_of_its_own(server):
    send(facebook(server), having(Content("See", link=LINK)))
    assert server.posts[0].said == {"message": "See", "link": LINK}


def test_beside_photos_a_link_has_no_card_and_must_stand_in_the_text(server, tmp_path):
    publisher, photo = facebook(server, tmp_path), picture(tmp_path)
    with pytest.raises(Rejected, match="nobody would see the link"):
        publisher.prepare(having(Content("See", link=LINK, media=(photo,))))
    send(publisher, having(Content(f"Look: {LINK}", link=LINK, media=(photo,))))
    assert (server.texts, "link" in server.posts[0].said) == ([f"Look: {LINK}"], False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content("a" * 63_207), "63207 characters"),
        (Content("text", warning="blood"), "no content warnings"),
        (Content("text", visibility="followers"), "no visibility"),
        (Content("?", poll=Poll(("Yes", "No"), 3600)), "no polls"),
        (Content(""), "nothing in this post"),
    ],
)
def test_what_a_page_lacks_is_refused_before_anything_is_asked(server, content, words):
    with pytest.raises(Rejected, match=words):
        facebook(server).prepare(having(content))
    with pytest.raises(Rejected, match="no threads"):
        facebook(server).prepare(draft(parent=Receipt("1_2")))
    assert server.door.requests == []


def test_the_version_is_a_setting(server):
    send(facebook(server, version="v25.0"), draft())
    assert server.asked("POST", "/feed")[0].path == f"/v25.0/{PAGE}/feed"


# -- photos ----------------------------------------------------------------------------------


def test_photos_are_uploaded_unseen_and_described_before_the_moment(server, tmp_path):
    files = (picture(tmp_path, "a.png", alt="Women march"), picture(tmp_path, "b.jpg", "image/jpeg", alt=""))
    publisher, post = facebook(server, tmp_path), having(Content("two", media=files))
    prepared = publisher.prepare(post)
    assert server.posts == []
    assert prepared.values == {"page": PAGE, "photos": [*server.photos]}
    publisher.publish(post, prepared)
    one, two = (server.photos[name] for name in server.posts[0].photos)
    assert (one.body, one.alt, two.body, two.alt) == (b"a.png", "Women march", b"b.jpg", "")
    assert server.posts[0].said == {
        "message": "two",
        "attached_media": [{"media_fbid": one.id}, {"media_fbid": two.id}],
    }


def test_one_photo_goes_the_same_way_and_so_has_a_witness(server, tmp_path):
    send(facebook(server, tmp_path), having(Content("", media=(picture(tmp_path),))))
    [form] = [one.form() for one in server.asked("POST", "/photos")]
    assert form["published"].body == b"false"
    assert "temporary" not in form
    assert server.posts[0].photos == (*server.photos,)


def test_what_was_uploaded_is_not_uploaded_again(server, tmp_path):
    post = having(Content("one", media=(picture(tmp_path),)))
    publisher = facebook(server, tmp_path)
    assert publisher.prepare(post) == publisher.prepare(post)
    assert len(server.photos) == 1


def test_a_second_photo_that_fails_costs_no_second_copy_of_the_first(server, tmp_path):
    post = having(Content("two", media=(picture(tmp_path, "a.png"), picture(tmp_path, "b.png"))))
    publisher = facebook(server, tmp_path)
    server.also = lambda one: refused(2, "Try later", status=500) if b"b.png" in one.body else None
    with pytest.raises(Transient):
        publisher.prepare(post)
    server.also = lambda _: None
    publisher.prepare(post)
    assert [photo.body for photo in server.photos.values()] == [b"a.png", b"b.png"]


def test_a_photo_that_facebook_does_not_take_is_refused(server, tmp_path):
    with pytest.raises(Rejected, match="smaller than 4 MB"):
        facebook(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path, "a.webp", "image/webp"),))))


@pytest.mark.parametrize("answer", [{"success": True}, {"id": ""}, {"id": "../1"}, []])
def test_an_upload_that_names_no_photo_is_none(server, tmp_path, answer):
    server.also = lambda one: Answer(200, answer) if one.path.endswith("/photos") else None
    with pytest.raises(Transient):
        facebook(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path),))))


def test_a_post_whose_photos_are_not_there_is_not_made_without_them(server, tmp_path):
    with pytest.raises(Transient):
        facebook(server, tmp_path).publish(having(Content("one", media=(picture(tmp_path),))), Prepared())
    assert server.creates == 0


# -- videos ----------------------------------------------------------------------------------


def film(root, name="a.mp4"):
    return picture(root, name, "video/mp4")


def test_a_video_goes_up_in_the_pieces_that_facebook_asks_for_and_is_finished_by_one_request(server, tmp_path):
    server.piece = 2
    publisher, post = facebook(server, tmp_path), having(Content(f"see {LINK}", link=LINK, media=(film(tmp_path),)))
    prepared = publisher.prepare(post)
    [video] = server.films.values()
    assert (video.body, server.posts) == (b"a.mp4", [])
    assert prepared.values["video"] == {"id": video.id, "session": video.session}
    assert prepared.good_until == DUE + timedelta(hours=12)
    receipt = publisher.publish(post, prepared)
    assert receipt == Receipt(video.id, f"https://www.facebook.com/{PAGE}/videos/{video.id}", Strength.ACCEPTED)
    assert (server.texts, server.creates) == ([f"see {LINK}"], 1)


def test_what_was_uploaded_of_a_video_is_not_uploaded_again_until_it_is_too_old(server, tmp_path, clock):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(film(tmp_path),)))
    assert publisher.prepare(post) == publisher.prepare(post)
    clock.moment += timedelta(hours=12)
    publisher.prepare(post)
    assert len(server.films) == 2


def test_a_lost_video_is_found_by_itself_once_facebook_has_worked_on_it_and_not_called_absent_before(
    server, tmp_path, clock
):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(film(tmp_path),)))
    prepared = lost(server, publisher, post)
    verdict = publisher.verify(post, prepared, DUE)
    assert isinstance(verdict, Unknown)
    assert "at work on it" in verdict.reason
    clock.moment += timedelta(minutes=2)
    server.show("see")
    assert publisher.verify(post, prepared, DUE) == Found(receipt_of(server.posts[0]))


def test_a_video_counts_nothing_until_its_post_is_known_and_can_be_deleted_before(server, tmp_path):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(film(tmp_path),)))
    receipt = send(publisher, post)
    with pytest.raises(Transient, match="which post"):
        publisher.metrics(receipt)
    publisher.delete(Receipt(receipt.url))
    assert server.texts == []


@pytest.mark.parametrize(
    "answer",
    [{"start_offset": "0", "end_offset": "5"}, {"start_offset": "x", "end_offset": "5"}, {"success": True}, []],
)
def test_an_upload_that_does_not_go_on_is_tried_later(server, tmp_path, answer):
    server.also = lambda one: Answer(200, answer) if b"video_file_chunk" in one.body else None
    with pytest.raises(Transient):
        facebook(server, tmp_path).prepare(having(Content("see", media=(film(tmp_path),))))


@pytest.mark.parametrize("answer", [{}, {"success": False}, []])
def test_a_video_that_is_not_said_to_be_taken_may_be_there(server, tmp_path, answer):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(film(tmp_path),)))
    prepared = publisher.prepare(post)
    server.also = lambda one: Answer(200, answer) if b"finish" in one.body else None
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


def test_nothing_stands_beside_a_video(server, tmp_path):
    with pytest.raises(Rejected, match="beside a video"):
        facebook(server, tmp_path).prepare(having(Content("see", media=(picture(tmp_path), film(tmp_path)))))


# -- refusals --------------------------------------------------------------------------------


def made(server, answer):
    """What publishing raises where the creating request is answered so."""
    publisher, post = facebook(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda one: answer if one.path.endswith("/feed") else None
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, prepared)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(1, "An unknown error occurred"), Ambiguous),
        (refused(2, "Service temporarily unavailable", status=500, transient=True), Ambiguous),
        (refused(2, "Service temporarily unavailable", status=400), Ambiguous),
        (refused(4, "(#4) Application request limit reached", status=403), RateLimited),
        (refused(4, "Blocked", subcode=2207051), Ambiguous),
        (refused(10, "(#10) Application does not have permission", status=403), AuthExpired),
        (refused(200, "(#200) Requires pages_manage_posts", status=403), AuthExpired),
        (refused(3, "Capability"), AuthExpired),
        (refused(17, "User request limit reached"), RateLimited),
        (refused(32, "Page request limit reached"), RateLimited),
        (refused(613, "Calls to this api have exceeded the rate limit."), RateLimited),
        (refused(80001, "There have been too many calls to this Page account."), RateLimited),
        (refused(100, "(#100) Invalid parameter"), Rejected),
        (refused(100, "Unsupported post request.", subcode=33), AuthExpired),
        (refused(102, "Session"), AuthExpired),
        (refused(190, "Error validating access token", subcode=460, status=401), AuthExpired),
        (refused(368, "The action attempted has been deemed abusive"), AuthExpired),
        (refused(368, "Confirm your identity", subcode=4854002), AuthExpired),
        (refused(368, "Slow down", subcode=1390008), RateLimited),
        (refused(368, "You've already posted this.", subcode=1404082), Duplicate),
        (refused(506, "(#506) Duplicate status message"), Duplicate),
        (refused(1366051, "These photos were already posted."), Duplicate),
        (refused(100, "(#100) Invalid parameter", subcode=1366051), Duplicate),
        (refused(1366046, "Too big"), Rejected),
        (refused(1609008, "You cannot share this link"), Rejected),
        (refused(987654, "Nobody has listed this"), Ambiguous),
        (Answer(400, b"<html>Sorry, something went wrong.</html>"), Ambiguous),
        (Answer(502, b"<html>Facebook | Error</html>"), Ambiguous),
        (Answer(302, b"", headers={"Location": "https://www.facebook.com/login"}), Rejected),
        (Answer(200, {"success": True}), Ambiguous),
        (Answer(200, {"id": ""}), Ambiguous),
    ],
)
def test_each_answer_says_whether_the_post_could_exist(server, answer, kind):
    assert isinstance(made(server, answer), kind)


def test_seven_times_try_again_later_would_have_been_seven_posts(server):
    """koala issue 699: every error came with a live post. One is made, and found."""
    publisher, post = facebook(server), draft()
    server.script(Fate.FAILS_AFTER_POSTING)
    with pytest.raises(MayExist):
        send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE) == Found(receipt_of(server.posts[0]))
    assert (len(server.posts), server.creates) == (1, 1)


def receipt_of(post):
    return Receipt(post.id, f"https://www.facebook.com/{post.id.replace('_', '/posts/')}")


def test_a_limit_ends_when_the_usage_header_says_in_minutes(server):
    server.regain = 38
    publisher = facebook(server)
    server.script(Fate.LIMITS)
    with pytest.raises(RateLimited) as limited:
        send(publisher, draft())
    assert limited.value.retry_at == DUE + timedelta(minutes=38)


def test_posting_too_fast_is_waited_out_for_a_day(server):
    assert made(server, refused(368, "Slow down", subcode=1390008)).retry_at == DUE + timedelta(days=1)


def test_a_page_that_the_token_may_not_post_to_pauses_the_account_and_fails_no_post(server):
    server.tokens[TOKEN].scopes = ("pages_read_engagement",)
    with pytest.raises(AuthExpired, match="pages_manage_posts"):
        send(facebook(server), draft())


def test_a_link_that_cannot_be_read_is_tried_once_more_and_then_refused(server):
    publisher, post = facebook(server), having(Content("See", link=LINK))
    server.unread[LINK] = 1
    with pytest.raises(Transient):
        send(publisher, post)
    assert send(publisher, post).remote_id
    server.unread[LINK] = 9
    other = replace(post, idempotency_key="2" * 32)
    with pytest.raises(Transient):
        send(publisher, other)
    with pytest.raises(Rejected, match="cannot read the link, tried twice"):
        send(publisher, other)


def test_a_link_to_facebook_itself_is_refused(server):
    with pytest.raises(Rejected, match="cannot share"):
        send(facebook(server), having(Content("See", link="https://www.facebook.com/events/1")))


def test_a_persons_token_that_slips_through_fails_no_post(server):
    server.tokens["personal"] = Granted(PERSON, DUE, None, server.scopes)
    with pytest.raises(AuthExpired, match=r"\(#200\)"):
        facebook(server, keys={"token": "personal"}).publish(draft(), Prepared())


def test_photos_that_were_posted_already_mean_look(server, tmp_path):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(picture(tmp_path),)))
    prepared = publisher.prepare(post)
    lost(server, publisher, post)
    again = replace(post, content=replace(post.content, text="see it"))
    with pytest.raises(Duplicate, match="already posted"):
        publisher.publish(again, prepared)
    assert publisher.verify(post, prepared, DUE) == Found(receipt_of(server.posts[0]))


def test_the_same_post_is_refused_only_right_after_the_first(server):
    publisher = facebook(server)
    for number, text in enumerate(("one", "two", "one")):
        send(publisher, draft(text, key=f"{number:032x}"))
    with pytest.raises(Duplicate, match="Duplicate status"):
        send(publisher, draft("one", key="f" * 32))
    assert server.texts == ["one", "two", "one"]


def test_what_support_asks_for_stands_in_the_error(server):
    assert "fbtrace_id AemulatedTraceOfNobody" in made(server, refused(1, "Unknown")).message


@pytest.mark.parametrize("code", [1, 2, 506, 1366051, 4, 190, 100])
def test_whatever_goes_wrong_while_preparing_is_surely_not_sent(server, tmp_path, code):
    server.also = lambda one: (
        refused(code, "No", status=500 if code < 3 else 400) if one.path.endswith("photos") else None
    )
    with pytest.raises(NotSent):
        facebook(server, tmp_path).prepare(having(Content("one", media=(picture(tmp_path),))))


# -- looking ---------------------------------------------------------------------------------


def lost(server, publisher, post):
    """The post is made, its answer lost; what was prepared for it."""
    prepared = publisher.prepare(post)
    server.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    return prepared


@pytest.mark.parametrize("number", [1, 3])
def test_a_lost_post_is_known_by_its_photos_whatever_became_of_its_text(server, tmp_path, number):
    files = tuple(picture(tmp_path, f"{at}.png") for at in range(number))
    publisher, post = facebook(server, tmp_path), having(Content("see", media=files))
    prepared = lost(server, publisher, post)
    server.posts[0].text = "changed by hand meanwhile"
    server.show("see")
    assert facebook(server, tmp_path).verify(post, prepared, DUE) == Found(receipt_of(server.posts[0]))


def test_the_same_text_with_other_photos_is_not_our_post_for_sure(server, tmp_path):
    publisher, post = facebook(server, tmp_path), having(Content("see", media=(picture(tmp_path),)))
    prepared = publisher.prepare(post)
    send(publisher, replace(post, idempotency_key="2" * 32))
    assert isinstance(publisher.verify(post, prepared, DUE), Unknown)
    wordless = having(Content("", media=(picture(tmp_path, "b.png"),)))
    assert publisher.verify(wordless, publisher.prepare(wordless), DUE) == Absent()


def test_a_post_with_photos_whose_ids_are_not_known_is_never_called_absent(server, tmp_path):
    post = having(Content("see", media=(picture(tmp_path),)))
    verdict = facebook(server, tmp_path).verify(post, Prepared(), DUE)
    assert verdict == Unknown(
        f"Which files were uploaded for it is not known; please look at https://www.facebook.com/{PAGE}."
    )


@pytest.mark.parametrize(
    "content",
    [
        Content("Кажи не & <не> «да»:  https://example.org/a?b=c&d\n\n e\u0301 👩‍👩‍👧 #СегаКажувам"),
        Content("See", link=LINK),
        Content("See", link="https://Example.org/?q=a&b=c#d"),
        Content(f"With @[{OTHER}] and you"),
        Content("", link=LINK),
    ],
)
def test_what_facebook_changes_in_a_text_does_not_hide_it(server, content):
    publisher, post = facebook(server), having(content)
    prepared = lost(server, publisher, post)
    assert publisher.verify(post, prepared, DUE) == Found(receipt_of(server.posts[0]))


@pytest.mark.parametrize(
    ("shown", "link", "verdict"),
    [
        ("Say it with us – now!", LINK, Unknown),  # another dash
        ("Say it with us - now!", "https://example.org/other", Unknown),
        ("Say it with us - now!", "", Unknown),
        ("Say it with you - now!", LINK, Absent),
        ("", LINK, Absent),
    ],
)
def test_what_is_nearly_our_post_is_neither_found_nor_absent(server, shown, link, verdict):
    server.show(shown, link=link)
    post = having(Content("Say it with us - now!", link=LINK))
    assert isinstance(facebook(server).verify(post, Prepared(), DUE), verdict)


def test_a_mention_of_another_page_is_another_post(server):
    server.show(f"With {OTHERS_NAME} and you")
    assert isinstance(facebook(server).verify(draft(f"With @[{OTHER}] and you"), Prepared(), DUE), Unknown)


def test_of_a_long_text_that_comes_back_cut_nothing_is_said_for_sure(server):
    text = "long and longer " * 30
    server.show(text[:270])
    assert isinstance(facebook(server).verify(draft(text), Prepared(), DUE), Unknown)


def test_the_same_words_with_a_picture_are_another_post(server, tmp_path):
    send(facebook(server, tmp_path), having(Content("see", media=(picture(tmp_path),))))
    assert facebook(server).verify(draft("see", key="2" * 32), Prepared(), DUE) == Absent()


def test_two_that_are_alike_are_left_to_a_person(server):
    server.show("see")
    server.show("see")
    verdict = facebook(server).verify(draft("see"), Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert f"please look at https://www.facebook.com/{PAGE}" in verdict.reason


def test_a_post_from_before_the_try_is_not_ours(server, clock):
    server.show("see")
    clock.moment += timedelta(hours=1)
    assert facebook(server).verify(draft("see"), Prepared(), clock.moment) == Absent()


def test_a_list_that_goes_back_too_far_is_cut_where_the_try_began(server, clock):
    server.show("see")
    old = Answer(200, {"data": [as_read(server.posts[0], {})]})
    clock.moment += timedelta(hours=1)
    server.also = lambda one: old if one.path.endswith("published_posts") else None
    assert facebook(server).verify(draft("see"), Prepared(), clock.moment) == Absent()


def test_another_wordless_photo_is_another_post(server, tmp_path):
    publisher = facebook(server, tmp_path)
    one, two = (
        having(Content("", media=(picture(tmp_path, name),)), idempotency_key=name) for name in ("a.png", "b.png")
    )
    send(publisher, one)
    assert publisher.verify(two, publisher.prepare(two), DUE) == Absent()


def test_a_page_that_is_not_the_one_that_was_asked_for_proves_nothing(server):
    server.also = lambda one: Answer(200, {"id": OTHER}) if one.path.endswith(PAGE) else None
    assert isinstance(facebook(server).verify(draft(), Prepared(), DUE), Unknown)


def test_an_account_that_speaks_for_another_page_by_now_tells_nothing_of_the_one_before(server, tmp_path):
    post = having(Content("see", media=(picture(tmp_path),)))
    prepared = facebook(server, tmp_path).prepare(post)
    moved = replace(prepared, values={**prepared.values, "page": OTHER})
    verdict = facebook(server, tmp_path).verify(post, moved, DUE)
    assert isinstance(verdict, Unknown)
    assert f"https://www.facebook.com/{OTHER}" in verdict.reason
    with pytest.raises(Forgotten):
        facebook(server, tmp_path).publish(post, moved)
    assert server.creates == 0


def test_a_post_of_another_page_is_not_called_gone(server):
    with pytest.raises(AuthExpired, match="not on this account's Page"):
        facebook(server).delete(Receipt(f"{OTHER}_1"))


def test_a_duplicate_may_be_our_own_lost_post_and_looking_finds_it(server):
    publisher, post = facebook(server), draft()
    lost(server, publisher, post)
    with pytest.raises(Duplicate):
        send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE) == Found(receipt_of(server.posts[0]))


def test_a_post_that_facebook_has_from_yesterday_is_left_to_a_person(server, clock):
    publisher = facebook(server)
    send(publisher, draft(key="a" * 32))
    clock.moment += timedelta(days=1)
    post = draft(key="b" * 32)
    with pytest.raises(Duplicate):
        send(publisher, post)
    assert isinstance(publisher.verify(post, Prepared(), clock.moment), Unknown)
    assert publisher.verify(draft("another"), Prepared(), clock.moment) == Absent()


def test_a_long_list_is_read_on_and_an_endless_one_proves_nothing(server):
    send(facebook(server), draft("the one"))
    for number in range(60):
        server.show(f"post {number}")
    assert isinstance(facebook(server).verify(draft("the one"), Prepared(), DUE), Found)
    for number in range(200):
        server.show(f"more {number}")
    assert isinstance(facebook(server).verify(draft("the one"), Prepared(), DUE), Unknown)


def test_a_server_whose_clock_is_behind_hides_nothing(server, clock):
    ahead = Hands(clock.moment + timedelta(minutes=9))
    publisher, post = facebook(server, clock=ahead), draft()
    receipt = send(publisher, post)
    assert publisher.verify(post, Prepared(), ahead.moment) == Found(receipt)


def test_where_the_posts_may_not_be_read_a_person_is_asked(server):
    server.tokens[TOKEN].scopes = ("pages_manage_posts",)
    assert isinstance(facebook(server).verify(draft(), Prepared(), DUE), Unknown)


@pytest.mark.parametrize("said", [{"error": {"code": 2}}, {"data": ["x"]}, {"data": {}}, {}, []])
def test_half_a_list_proves_nothing(server, said):
    server.also = lambda one: Answer(200, said) if one.path.endswith("published_posts") else None
    assert isinstance(facebook(server).verify(draft(), Prepared(), DUE), Unknown)


# -- afterwards ------------------------------------------------------------------------------


def test_what_is_gone_counts_nothing_and_is_deleted_without_trouble(server):
    publisher = facebook(server)
    receipt = send(publisher, draft())
    server.shares[receipt.remote_id] = 4
    assert publisher.metrics(receipt).counts == {"reactions": 0, "comments": 0, "shares": 4}
    publisher.delete(receipt)
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="no longer there"):
        publisher.metrics(receipt)
    with pytest.raises(Rejected, match="not known"):
        publisher.delete(Receipt("nothing"))


def test_a_post_that_may_not_be_deleted_is_not_called_gone(server):
    publisher = facebook(server)
    receipt = send(publisher, draft())
    server.tokens[TOKEN].scopes = ("pages_read_engagement",)
    with pytest.raises(AuthExpired, match="does not let this token delete it"):
        publisher.delete(receipt)
    assert len(server.posts) == 1


def test_a_deletion_that_is_not_said_to_be_done_is_not(server):
    publisher = facebook(server)
    receipt = send(publisher, draft())
    server.also = lambda one: Answer(200, {"success": False}) if one.method == "DELETE" else None
    with pytest.raises(Transient):
        publisher.delete(receipt)


def test_a_persons_address_of_a_post_is_as_good_as_its_id(server):
    publisher = facebook(server)
    receipt = send(publisher, draft())
    publisher.delete(Receipt(f"{receipt.url}?ref=share"))
    assert server.texts == []


def test_near_the_end_of_its_budget_the_rest_is_for_posts(server, clock):
    publisher = facebook(server)
    receipt = send(publisher, draft("one", key="a" * 32))
    server.percent = 95
    send(publisher, draft("two", key="b" * 32))
    with pytest.raises(RateLimited) as limited:
        publisher.metrics(receipt)
    assert limited.value.retry_at > clock.moment
    server.percent = 10
    assert publisher.metrics(receipt).counts["shares"] == 0


# -- what is said of the account -------------------------------------------------------------


def test_without_the_apps_secret_the_page_itself_is_all_there_is(server):
    report = facebook(server).inspect()
    assert (report.works, report.handle, report.scopes) == (True, f"{NAME} ({PAGE})", ())
    assert "Is the app Live?" in report.notes[0]
    assert "client_secret" in report.notes[1]


def test_a_version_that_meta_no_longer_serves_is_told(server):
    usual = server._usage
    server._usage = lambda: {**usual(), "facebook-api-version": "v27.0"}
    assert any("v27.0 answers" in note for note in facebook(server).inspect().notes)


def test_of_an_app_in_development_nothing_shows_that_nobody_sees_its_posts_so_a_person_is_told_to_look(server):
    """restfb issue 1053, verbb/social-poster issue 32, and others: posts look public to those who made them."""
    server.live = False
    publisher, post = facebook(server), draft()
    receipt = send(publisher, post)
    assert publisher.verify(post, publisher.prepare(post), DUE) == Found(receipt)
    assert server.public == []
    assert "nobody but the app's own people sees posts" in publisher.inspect().notes[0]


def test_with_the_apps_secret_facebook_says_that_the_token_is_the_pages_and_until_when(server):
    report = facebook(server, app=True).inspect()
    assert (report.works, report.scopes) == (True, server.scopes)
    assert report.expires_at == server.tokens[TOKEN].made + timedelta(days=90)
    assert report.notes[:-1] == (
        f"The right to the Page's data ends on {report.expires_at:%Y-%m-%d} unless somebody logs in before.",
    )


def test_a_token_that_ends_soon_says_when(server):
    server.tokens[TOKEN].ends = DUE + timedelta(hours=1)
    assert facebook(server, app=True).inspect().expires_at == DUE + timedelta(hours=1)


@pytest.mark.parametrize(
    ("user", "scopes", "words"),
    [
        (PERSON, ("pages_manage_posts", "pages_read_engagement"), "of type USER, not a Page's own"),
        (OTHER, ("pages_manage_posts", "pages_read_engagement"), f"token of Page {OTHER}, not of {PAGE}"),
        (PAGE, ("pages_read_engagement",), "lacks pages_manage_posts"),
    ],
)
def test_a_token_that_will_not_do_is_said_not_to_work_and_why(server, user, scopes, words):
    server.tokens[TOKEN] = Granted(user, DUE, None, scopes)
    report = facebook(server, app=True).inspect()
    assert not report.works
    assert any(words in note for note in report.notes)


def test_a_token_that_may_not_look_is_said_not_to_work(server):
    server.tokens[TOKEN].scopes = ("pages_manage_posts",)
    report = facebook(server).inspect()
    assert not report.works
    assert "could not be found" in report.notes[0]


def test_a_dead_token_and_a_wrong_secret_are_told_apart(server):
    assert "not know the app" in facebook(server, app=True, keys=KEYS | {"client_secret": "no"}).inspect().notes[0]
    server.tokens[TOKEN].dead = 460
    report = facebook(server, app=True).inspect()
    assert (report.works, "password" in report.notes[0]) == (False, True)


def test_what_it_promises(server):
    can = facebook(server).capabilities
    assert (can.on_repeat, can.verify) == (Refused(), VerifyQuality.TIMELINE)


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"page": "sayno"}, "is no id"), ({"page": ""}, "has no Page"), ({"version": "26"}, "version")],
)
def test_a_setting_that_means_nothing_is_refused(server, settings, words):
    with pytest.raises(UsageError, match=words):
        facebook(server, **settings)


def test_facebook_itself_is_the_usual_server():
    account = Account("main", "facebook", "UTC", settings={"page": PAGE}, secrets={"token": "T"})
    publisher = Facebook.connect(account, Surroundings(Path(), FixedClock(DUE), KEYS.__getitem__))
    assert publisher._graph.http.source == "https://graph.facebook.com"
    assert publisher._films.http.source == "https://graph-video.facebook.com"
