"""Instagram: pictures in public, containers before the moment, one call that publishes, two ways in."""

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
from scheduler.publishers.base import NOWHERE, Operation, Surroundings, VerifyQuality
from scheduler.publishers.instagram import Instagram
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.facebook_login import CLIENT
from scheduler.testing.emulators.facebook_login import SECRET as FACEBOOK_SECRET
from scheduler.testing.emulators.graph import TOKEN, Granted, refused
from scheduler.testing.emulators.instagram import APP_SCOPED, BY_PAGE, NAME, PAGE, InstagramServer
from scheduler.testing.emulators.instagram_rules import RESTRICTED, UNFETCHED
from scheduler.testing.emulators.loopback import Answer
from tests.contract.conftest import Hands
from tests.contract.conftest import send as sent
from tests.contract.instagram_desk import Served, asked, film, instagram, patient, photo, post


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


class ByInstagramLogin(PublisherContract):
    """Against a server that answers as the documentation says."""

    by_page = False

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        server = self.open.enter_context(InstagramServer(Hands(), by_page=self.by_page))
        publisher, media = patient(server, folder), (photo(folder),)
        return Bench(publisher, lambda: server.texts, server.script, lambda: server.creates, (TOKEN,), media)

    def test_a_reply_goes_below_its_parent(self, tmp_path: Path) -> None:
        """Instagram has no threads."""
        pytest.skip("said by `check`, and refused: see test_what_it_lacks_is_refused_before_anything_is_asked")


class TestByInstagramLogin(ByInstagramLogin):
    """The account's own token."""


class TestByFacebookLogin(ByInstagramLogin):
    """A Page's token."""

    by_page = True


def test_each_way_says_what_it_can(server, paged, root):
    own, page = instagram(server, root).capabilities, instagram(paged, root).capabilities
    assert Operation.DELETE in page.operations - own.operations
    assert (own.verify, page.verify) == (VerifyQuality.PROBE, VerifyQuality.EXACT)


# -- what is said ----------------------------------------------------------------------------


def test_a_picture_is_one_container_with_its_caption_and_its_words(server, root):
    receipt = sent(patient(server, root), post(root, "Open day #TimeIsNow"))
    assert asked(server) == [
        {
            "image_url": "https://media.example.org/march.jpg",
            "alt_text": "Women march",
            "caption": "Open day #TimeIsNow",
        }
    ]
    assert receipt == Receipt(server.posts[0]["id"], server.posts[0]["permalink"])
    assert receipt.url.startswith("https://www.instagram.com/p/")


def test_a_video_by_itself_is_a_reel(server, root):
    receipt = sent(patient(server, root), post(root, "See", film(root)))
    assert asked(server) == [
        {
            "media_type": "REELS",
            "video_url": "https://media.example.org/march.mp4",
            "share_to_feed": "true",
            "caption": "See",
        }
    ]
    assert "/reel/" in receipt.url


def test_a_carousel_has_its_caption_once_and_words_for_each_picture(server, root):
    files = photo(root, "a.jpg", alt="One"), film(root, "b.mp4", alt=""), photo(root, "c.jpg", alt="Three")
    sent(patient(server, root), post(root, "Swipe", *files))
    *parts, last = asked(server)
    assert [one.get("alt_text") for one in parts] == ["One", None, "Three"]
    assert [one.get("media_type") for one in parts] == [None, "VIDEO", None]
    assert all(one["is_carousel_item"] == "true" and "caption" not in one for one in parts)
    assert last == {"media_type": "CAROUSEL", "children": ",".join(list(server.boxes)[:3]), "caption": "Swipe"}
    assert server.posts[0]["media_type"] == "CAROUSEL_ALBUM"


def test_ten_pictures_are_eleven_containers_and_one_post(server, root):
    files = [photo(root, f"{number}.jpg") for number in range(10)]
    sent(patient(server, root), post(root, "Ten", *files))
    assert (len(server.boxes), len(server.posts), server.creates) == (11, 1, 1)


def test_the_token_goes_in_a_header_and_never_in_an_address(server, root):
    sent(patient(server, root), post(root))
    assert all("access_token" not in one.target and TOKEN not in one.target for one in server.requests)
    assert all(one.headers["authorization"] == f"Bearer {TOKEN}" for one in server.requests)


def test_by_instagram_login_the_account_is_the_user_id_and_not_the_id(server, root):
    sent(patient(server, root), post(root))
    assert len(server.asked("POST", f"/{server.user}/media_publish")) == 1
    assert not [one for one in server.requests if APP_SCOPED in one.path]


def test_by_facebook_login_the_account_is_the_one_that_the_page_is_linked_to(paged, root):
    publisher = patient(paged, root)
    for number in range(2):
        sent(publisher, post(root, f"post {number}", idempotency_key=f"{number:032x}"))
    assert len(paged.asked("GET", f"/{PAGE}")) == 1
    assert len(paged.asked("POST", f"/{paged.user}/media_publish")) == 2


def test_a_page_that_is_linked_to_no_account_is_told_before_anything_is_made(paged, root):
    paged.linked = False
    with pytest.raises(AuthExpired, match=f"no Instagram account that Page {PAGE}"):
        instagram(paged, root).prepare(post(root))
    assert not paged.boxes


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (Content("words alone"), "no post without a picture"),
        (Content("x" * 2201), "2,201 characters; Instagram takes 2,200"),
        (Content(" ".join(f"#tag{number}" for number in range(31))), "31 hashtags; Instagram takes 30"),
        (Content(" ".join(f"@name{number}" for number in range(21))), "21 mentions; Instagram takes 20"),
        (Content("x", warning="loud"), "no content warnings"),
        (Content("x", visibility="followers"), "no visibility"),
        (Content("x", poll=Poll(("a", "b"), 3600)), "no polls"),
    ],
)
def test_what_it_lacks_is_refused_before_anything_is_asked(server, root, content, words):
    media = () if "words" in content.text else (photo(root),)
    with pytest.raises(Rejected, match=words):
        instagram(server, root).prepare(replace(draft(), content=replace(content, media=media)))
    assert not server.requests


def test_a_thread_and_eleven_pictures_are_refused_before_anything_is_asked(server, root):
    with pytest.raises(Rejected, match="no threads"):
        instagram(server, root).prepare(post(root, parent=Receipt("1799")))
    files = [photo(root, f"{number}.jpg") for number in range(11)]
    with pytest.raises(Rejected, match="11 pictures and videos; Instagram takes 10"):
        instagram(server, root).prepare(post(root, "many", *files))
    assert not server.requests


def test_a_file_is_given_its_address_once_however_often_a_post_is_prepared(server, root):
    public = Served()
    publisher, files = patient(server, root, public=public), (photo(root, "a.jpg"), photo(root, "b.jpg"))
    for _ in range(2):
        publisher.prepare(post(root, "See", *files))
    assert publisher.waits > 1
    assert public.asked == ["a.jpg", "b.jpg"]


def test_without_a_public_place_a_post_is_refused_with_what_to_say_where(server, root):
    account = Account("main", "instagram", "UTC", settings={"server": server.url}, secrets={"token": "T"})
    publisher = Instagram.connect(account, Surroundings(root, server.clock, lambda _: TOKEN, public=NOWHERE))
    with pytest.raises(Rejected) as caught:
        publisher.prepare(post(root))
    assert "`media:`" in caught.value.mend
    assert not server.boxes


# -- containers ------------------------------------------------------------------------------


def test_a_container_is_waited_for_with_what_was_begun(server, root):
    server.works_for = timedelta(minutes=2)
    publisher = patient(server, root)
    with pytest.raises(NotReady, match=r"media/march\.jpg") as caught:
        publisher.publisher.prepare(post(root))
    another = patient(server, root)  # a process that starts anew
    prepared = another.prepare(post(root, begun=caught.value.begun))
    assert list(server.boxes) == [prepared.values["container"]]


def test_what_is_prepared_names_its_container_and_is_good_for_less_than_a_day(server, root):
    prepared = patient(server, root).prepare(post(root))
    assert prepared.values["container"] in server.boxes
    assert timedelta(hours=21) < prepared.good_until - DUE < timedelta(hours=24)


def test_a_carousel_is_good_for_as_long_as_its_first_part(server, root):
    server.works_for = timedelta(minutes=5)
    prepared = patient(server, root).prepare(post(root, "Swipe", photo(root, "a.jpg"), photo(root, "b.jpg")))
    first, *_, last = server.boxes.values()
    assert last.made - first.made >= timedelta(minutes=5)
    assert prepared.good_until - first.made < timedelta(hours=22, minutes=1)


def test_every_container_is_looked_at_the_whole_one_too(server, root):
    server.works_for = timedelta(seconds=30)
    prepared = patient(server, root).prepare(post(root, "Swipe", photo(root, "a.jpg"), photo(root, "b.jpg")))
    looked = {one.segments[-1] for one in server.requests if one.query.get("fields") == "status_code,status"}
    assert looked == set(server.boxes)
    assert server.boxes[prepared.values["container"]].state(server.clock.now()) == "FINISHED"


def test_a_file_that_cannot_be_fetched_at_once_is_not_sent_and_may_work_later(server, root):
    server.unfetched = 1
    publisher = patient(server, root)
    with pytest.raises(Transient, match="9004/2207052"):
        publisher.prepare(post(root))
    assert publisher.prepare(post(root)).values["container"] in server.boxes


@pytest.mark.parametrize("code", [2207003, 2207052, 2207053, 2207001, 2207032])
def test_a_file_that_failed_by_the_way_is_made_anew(server, root, code):
    server.fails = [f"Error: Media upload has failed with error code {code}"]
    prepared = patient(server, root).prepare(post(root))
    assert list(server.boxes)[1:] == [prepared.values["container"]]


def test_one_failed_file_of_a_carousel_leaves_the_others_as_they_are(server, root):
    server.fails = ["", "Error: 2207052", ""]
    files = [photo(root, f"{number}.jpg") for number in range(3)]
    sent(patient(server, root), post(root, "Swipe", *files))
    assert len(server.boxes) == 3 + 1 + 1


@pytest.mark.parametrize("reason", ["Error: 2207026: the video format", "Error: 2207009", "Error: 122070521"])
def test_a_file_that_instagram_cannot_use_is_refused(server, root, reason):
    server.fails = [reason]
    with pytest.raises(Rejected, match=r"cannot use media/march\.jpg: Error"):
        patient(server, root).prepare(post(root))


def test_a_file_that_fails_again_and_again_is_refused_in_the_end(server, root):
    server.fails = ["Error: 2207052"] * 9
    with pytest.raises(Rejected, match="in 4 tries"):
        patient(server, root).prepare(post(root))
    assert len(server.boxes) == 4


@pytest.mark.parametrize(
    ("code", "subcode"), [(36000, 2207004), (36001, 2207005), (36003, 2207009), (36004, 2207010), (352, 2207026)]
)
def test_what_is_wrong_with_a_file_or_caption_is_refused_at_once(server, root, code, subcode):
    server.also = lambda one: refused(code, "no", subcode=subcode) if one.path.endswith("/media") else None
    with pytest.raises(Rejected, match=f"{code}/{subcode}"):
        patient(server, root).prepare(post(root))


@pytest.mark.parametrize(
    ("code", "subcode"), [(-1, 2207001), (-2, 2207003), (9004, 2207052), (1, 0), (2, 0), (100, 33)]
)
def test_trouble_while_a_container_is_made_is_not_sent(server, root, code, subcode):
    server.also = lambda one: refused(code, "no", subcode=subcode) if one.path.endswith("/media") else None
    with pytest.raises(Transient):
        patient(server, root).prepare(post(root))


def test_a_picture_that_is_no_jpeg_is_refused_before_the_moment(server, root):
    with pytest.raises(Rejected, match="36001/2207005"):
        patient(server, root).prepare(post(root, "Open day", photo(root, "march.png")))


def test_an_edited_caption_gets_a_container_of_its_own(server, root):
    publisher = patient(server, root)
    publisher.prepare(post(root, "first"))
    sent(publisher, post(root, "second"))
    assert server.texts == ["second"]


# -- the one call ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "subcode", "raised"),
    [
        (9007, 2207027, NotReady),
        (100, 33, NotReady),
        (9, 2207042, RateLimited),
        (9, 0, RateLimited),
        (4, 0, RateLimited),
        (80002, 0, RateLimited),
        (25, 2207050, AuthExpired),
        (10, 0, AuthExpired),
        (190, 460, AuthExpired),
        (-2, 2207020, Forgotten),
        (24, 2207006, Forgotten),
        (24, 2207008, Forgotten),
        (100, 0, Rejected),
        (4, 2207051, Ambiguous),
        (-1, 2207001, Ambiguous),
        (-1, 2207032, Ambiguous),
        (-1, 2207053, Ambiguous),
        (1, 0, Ambiguous),
        (2, 0, Ambiguous),
        (77777, 0, Ambiguous),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_each_code_means_its_own_to_the_call_that_publishes(server, root, code, subcode, raised, status):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    answer = refused(code, "no", subcode=subcode, status=status)
    server.also = lambda one: answer if one.path.endswith("media_publish") else None
    with pytest.raises(raised):
        publisher.publish(draft_, prepared)


def test_what_is_not_ready_is_tried_with_the_same_container_and_another_one_after_ten_minutes(server, root):
    publisher, draft_ = patient(server, root), post(root)
    server.settles = timedelta(hours=1)
    prepared = publisher.prepare(draft_)
    with pytest.raises(NotReady):
        publisher.publish(draft_, prepared)
    assert publisher.prepare(draft_) == prepared
    server.clock.moment += timedelta(minutes=11)
    with pytest.raises(Forgotten, match="Another container"):
        publisher.publish(draft_, prepared)
    server.settles = timedelta()
    assert sent(publisher, draft_).remote_id
    assert len(server.boxes) == 2
    assert len(server.posts) == 1


def test_a_container_that_instagram_forgot_is_made_anew(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.boxes.clear()
    with pytest.raises(Forgotten):
        publisher.publish(draft_, prepared)
    assert publisher.prepare(draft_).values["container"] in server.boxes


def test_an_expired_container_is_made_anew(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.clock.moment += timedelta(hours=25)
    with pytest.raises(Forgotten):
        publisher.publish(draft_, prepared)
    assert sent(publisher, draft_).remote_id
    assert len(server.boxes) == 2


def test_a_days_posts_that_are_used_up_are_waited_for_as_the_quota_says(server, root):
    publisher = patient(server, root)
    server.total = 1
    sent(publisher, post(root, "first", idempotency_key="a" * 32))
    second = post(root, "second", idempotency_key="b" * 32)
    prepared = publisher.prepare(second)
    with pytest.raises(RateLimited, match="1 of 1 posts in 24 hours are used up") as caught:
        publisher.publish(second, prepared)
    assert caught.value.retry_at - server.clock.now() == timedelta(hours=1)
    server.clock.moment += timedelta(hours=21)
    with pytest.raises(RateLimited):
        publisher.publish(second, prepared)
    assert server.texts == ["first"]


def test_a_quota_that_has_a_place_again_is_tried_soon(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    used_up = refused(9, "no", subcode=2207042, status=403)
    server.also = lambda one: used_up if one.path.endswith("media_publish") else None
    with pytest.raises(RateLimited, match="0 of 50") as caught:
        publisher.publish(draft_, prepared)
    assert caught.value.retry_at - server.clock.now() == timedelta(minutes=15)


@pytest.mark.parametrize("subcode", [0, 2207042])
def test_where_the_quota_is_not_told_a_days_limit_is_tried_every_hour(server, root, subcode):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.also = lambda _: refused(9, "no", subcode=subcode, status=403)
    with pytest.raises(RateLimited) as caught:
        publisher.publish(draft_, prepared)
    assert caught.value.retry_at - server.clock.now() == timedelta(hours=1)


def test_a_call_limit_says_for_how_many_minutes(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.regain = 42
    server.also = lambda one: refused(80002, "no", status=400) if one.path.endswith("media_publish") else None
    with pytest.raises(RateLimited) as caught:
        publisher.publish(draft_, prepared)
    assert caught.value.retry_at - server.clock.now() == timedelta(minutes=42)


def test_a_receipt_is_kept_though_the_address_cannot_be_read_yet(server, root):
    server.reads_after = timedelta(seconds=3)
    receipt = sent(patient(server, root), post(root))
    assert receipt == Receipt(server.posts[0]["id"], f"https://www.instagram.com/{NAME}/")


def test_nothing_is_published_without_a_container(server, root):
    with pytest.raises(Transient):
        instagram(server, root).publish(post(root), Prepared())
    assert server.creates == 0


# -- afterwards ------------------------------------------------------------------------------


def test_by_instagram_login_nothing_is_deleted_and_a_person_is_told_where(server, root):
    publisher = patient(server, root)
    receipt = sent(publisher, post(root))
    with pytest.raises(Rejected) as caught:
        publisher.delete(receipt)
    assert receipt.url in caught.value.mend
    assert len(server.posts) == 1


def test_what_may_not_be_deleted_is_never_called_gone(paged, root):
    publisher = patient(paged, root)
    receipt = sent(publisher, post(root))
    paged.tokens[TOKEN].scopes = tuple(one for one in BY_PAGE if one != "instagram_manage_contents")
    with pytest.raises(AuthExpired, match="does not let this token delete"):
        publisher.delete(receipt)
    assert len(paged.posts) == 1


def test_a_person_who_gave_an_address_is_told_to_see_to_it_by_hand(paged, root):
    with pytest.raises(Rejected) as caught:
        instagram(paged, root).delete(Receipt("https://www.instagram.com/p/Dxyz/"))
    assert "by hand" in caught.value.mend


def test_counts_come_in_either_shape_and_are_not_asked_for_near_the_budget(server, root):
    publisher = patient(server, root)
    receipt = sent(publisher, post(root))
    assert publisher.metrics(receipt).counts["saved"] == 4
    server.percent, server.regain = 95, 7
    publisher.metrics(receipt)
    with pytest.raises(RateLimited, match="95 %") as caught:
        publisher.metrics(receipt)
    assert caught.value.retry_at - server.clock.now() == timedelta(minutes=7)


def test_counts_that_may_not_be_asked_for_do_not_pause_the_account(server, root):
    publisher = patient(server, root)
    receipt = sent(publisher, post(root))
    server.tokens[TOKEN].scopes = ("instagram_business_basic", "instagram_business_content_publish")
    with pytest.raises(Rejected, match="cannot be asked for"):
        publisher.metrics(receipt)
    server.tokens[TOKEN].dead = 460
    with pytest.raises(AuthExpired):
        publisher.metrics(receipt)


# -- how it stands ---------------------------------------------------------------------------


def test_the_report_says_whose_it_is_and_what_is_left_of_the_day(server, root):
    server.total = 100
    publisher = patient(server, root)
    sent(publisher, post(root, "Ours"))
    told = publisher.inspect()
    assert (told.works, told.handle, told.software) == (True, f"@{NAME}", "Instagram API v26.0, by Instagram Login")
    notes = " ".join(told.notes)
    assert "1 of 100 posts in 24 hours are used up." in notes
    assert "Drumbeat counts 50 posts in a day; Instagram lets this account publish 100." in notes
    assert "no program can delete" in notes
    assert "Captions cannot" not in notes


@pytest.mark.parametrize("captions", ["left out", "refused"])
def test_the_report_says_where_captions_cannot_be_read(server, root, captions):
    server.captions = captions
    publisher = patient(server, root)
    sent(publisher, post(root, "Ours"))
    assert any("Captions cannot be read" in one for one in publisher.inspect().notes)


def test_the_report_of_a_token_that_may_not_publish_is_that_it_does_not_work(server, root):
    server.tokens[TOKEN].scopes = ("instagram_business_basic",)
    told = instagram(server, root).inspect()
    assert not told.works
    assert "content_publish" in told.notes[0]


def test_the_report_of_a_dead_token_says_why(server, root):
    server.tokens[TOKEN].dead = 460
    told = instagram(server, root).inspect()
    assert not told.works
    assert "password" in told.notes[0]


def test_by_facebook_login_the_app_is_told_what_the_token_may_do(paged, root):
    keys = {"token": TOKEN, "client_secret": FACEBOOK_SECRET}
    with_app = {"keys": keys, "secrets": {"token": "T", "client_secret": "S"}, "client": CLIENT}
    told = instagram(paged, root, **with_app).inspect()
    assert (told.works, told.handle) == (True, f"@{NAME}")
    assert set(told.scopes) == set(BY_PAGE)
    paged.tokens[TOKEN].scopes = tuple(one for one in BY_PAGE if "manage" not in one)
    assert any("no deleting" in one for one in instagram(paged, root, **with_app).inspect().notes)


def test_by_facebook_login_a_token_that_may_not_see_pages_does_not_work(paged, root):
    keys = {"token": TOKEN, "client_secret": FACEBOOK_SECRET}
    paged.tokens[TOKEN].scopes = tuple(one for one in BY_PAGE if one != "pages_read_engagement")
    told = instagram(paged, root, keys=keys, secrets={"token": "T", "client_secret": "S"}, client=CLIENT).inspect()
    assert not told.works
    assert "lacks pages_read_engagement" in told.notes[0]


def test_by_facebook_login_without_the_app_that_is_said(paged, root):
    told = instagram(paged, root).inspect()
    assert told.works
    assert any("only with `client`" in one for one in told.notes)


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_a_server_that_says_back_what_it_was_sent_tells_no_secret(server, root, status):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.also = lambda one: refused(1, f"{one.headers['authorization']} {dict(one.query)}", status=status)
    with pytest.raises(PublishError) as caught:
        publisher.publish(draft_, prepared)
    told = caught.value.message + caught.value.mend + publisher.verify(draft_, prepared, DUE).reason
    assert TOKEN not in told


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"[]", b'{"id": null}', b'{"id": {}}', b'{"id": [1]}', b"{"])
def test_an_answer_that_names_no_post_may_exist(server, root, body):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.also = lambda one: Answer(200, body) if one.path.endswith("media_publish") else None
    with pytest.raises(Ambiguous):
        publisher.publish(draft_, prepared)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"page": "sayno"}, "is no id"),
        ({"version": "newest"}, "is none"),
        ({"server": "http://example.org"}, "begins with http"),
    ],
)
def test_settings_that_mean_nothing_are_refused(server, root, settings, words):
    with pytest.raises(UsageError, match=words):
        instagram(server, root, **settings)


def test_a_restricted_account_asks_for_a_person(server, root):
    publisher, draft_ = patient(server, root), post(root)
    prepared = publisher.prepare(draft_)
    server.also = lambda one: RESTRICTED if one.path.endswith("media_publish") else None
    with pytest.raises(AuthExpired, match="25/2207050"):
        publisher.publish(draft_, prepared)


def test_files_that_nobody_can_fetch_never_reach_the_call_that_publishes(server, root):
    server.also = lambda one: UNFETCHED if one.path.endswith("/media") else None
    with pytest.raises(NotSent):
        sent(patient(server, root), post(root))
    assert server.creates == 0


def test_a_page_token_of_a_persons_own_kind_is_no_matter(paged, root):
    paged.tokens["systems"] = Granted("10", DUE, None, BY_PAGE)
    assert sent(patient(paged, root, keys={"token": "systems"}), post(root)).remote_id
