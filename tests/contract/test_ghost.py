"""A Ghost site: a draft before the moment, one change at it, and a state that says what became of a lost answer."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.errors import Ambiguous, AuthExpired, PublishError, Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Receipt
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, NamedInAdvance, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.ghost.key import AdminKey
from scheduler.publishers.ghost.publisher import GOOD_FOR, Ghost
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.ghost import KEY, NAME, SECRET, GhostSite, page, refused
from scheduler.testing.platform import Fate
from tests.contract.conftest import send


@pytest.fixture
def site():
    with GhostSite(FixedClock(DUE)) as running:
        yield running


def ghost(site, root=Path(), *, key=KEY, now=DUE, **settings):
    account = Account("site", "ghost", "UTC", settings={"server": site.url, **settings})
    return Ghost.connect(account, Surroundings(root, FixedClock(now), {"key": key}.__getitem__))


def saying(text, **more):
    return replace(draft(), content=Content(text, **more))


def picture(root, name="march.png", kind="image/png", **more):
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(name.encode())
    facts = MediaFacts(name, sha256(name.encode()).hexdigest(), kind, len(name), 40, 30)
    return Media(name, alt="Women march", facts=facts, **more)


class TestGhost(PublisherContract):
    """Against a site that answers as Ghost does."""

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        site = self.open.enter_context(GhostSite(FixedClock(DUE)))
        publisher = ghost(site, folder)
        return Bench(publisher, lambda: site.texts, site.script, lambda: site.creates, secrets=(KEY, SECRET))


# -- two steps -------------------------------------------------------------------------------


def test_a_repeat_is_the_same_article_and_a_look_is_exact(site):
    can = ghost(site).capabilities
    assert (can.on_repeat, can.verify) == (NamedInAdvance(), VerifyQuality.EXACT)


def test_before_the_moment_there_is_a_draft_and_a_draft_is_not_sent(site):
    prepared = ghost(site).prepare(draft())
    assert [one["status"] for one in site.posts] == ["draft"]
    assert prepared.good_until == DUE + GOOD_FOR
    assert ghost(site).verify(draft(), prepared, DUE) == Absent()


def test_preparing_again_writes_the_draft_anew_and_makes_no_second_one(site):
    ghost(site).prepare(saying("One"))
    ghost(site).prepare(saying("Two"))
    assert [one["title"] for one in site.posts] == ["Two"]


def test_preparing_a_post_that_is_out_leaves_it_as_it_is(site):
    receipt = send(ghost(site), saying("One"))
    assert send(ghost(site), saying("Two")) == receipt
    assert site.texts == ["One"]


def test_a_repeat_with_what_was_prepared_for_the_first_try_changes_nothing(site):
    publisher, post = ghost(site), draft()
    prepared = publisher.prepare(post)
    site.script(Fate.LOSES_THE_REPLY)
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)
    before = site.posts[0]["updated_at"]
    receipt = publisher.publish(post, prepared)
    assert publisher.verify(post, prepared, DUE) == Found(receipt)
    assert site.posts[0]["updated_at"] == before


def test_a_draft_that_somebody_changed_waits_until_it_is_written_anew(site):
    publisher, post = ghost(site), saying("As it was reviewed")
    prepared = publisher.prepare(post)
    site.touch(site.posts[0], title="Another")
    with pytest.raises(Transient, match="Someone else is editing"):
        publisher.publish(post, prepared)
    assert site.texts == []
    send(publisher, post)
    assert site.texts == ["As it was reviewed"]


def test_a_draft_that_somebody_deleted_is_refused(site):
    publisher, post = ghost(site), draft()
    prepared = publisher.prepare(post)
    site.posts.clear()
    with pytest.raises(Rejected):
        publisher.publish(post, prepared)
    assert publisher.verify(post, prepared, DUE) == Absent()


def test_what_somebody_scheduled_on_the_site_is_a_persons_to_sort_out(site):
    publisher = ghost(site)
    publisher.prepare(draft())
    site.touch(site.posts[0], status="scheduled")
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)


def test_what_somebody_scheduled_is_never_published_by_us_for_it_might_be_mailed(site):
    publisher = ghost(site)
    publisher.prepare(draft())
    site.touch(site.posts[0], status="scheduled")
    with pytest.raises(Rejected, match="mail") as caught:
        publisher.prepare(draft())
    assert "draft again" in caught.value.mend
    assert only(site)["status"] == "scheduled"


def test_a_name_that_is_taken_meanwhile_leaves_no_second_draft(site):
    publisher = ghost(site)
    looked_up = publisher._looked_up
    publisher._looked_up = lambda _: None
    publisher.prepare(draft())
    with pytest.raises(Transient, match="another name"):
        publisher.prepare(draft())
    assert looked_up("opening-000000000001")["id"] == site.posts[0]["id"]
    assert len(site.posts) == 1


@pytest.mark.parametrize("answer", [page(200, "Maintenance"), page(403, "Blocked"), page(404, "?"), page(503, "Busy")])
def test_what_somebody_else_says_at_the_moment_proves_nothing(site, answer):
    publisher, post = ghost(site), draft()
    prepared = publisher.prepare(post)
    site.door._answer = lambda _: answer
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


def test_without_its_draft_nothing_is_sent(site):
    with pytest.raises(Transient):
        ghost(site).publish(draft(), Prepared())
    assert site.creates == 0


# -- articles --------------------------------------------------------------------------------


def only(site):
    (one,) = site.posts
    return one


def blocks(site):
    return json.loads(only(site)["lexical"])["root"]["children"]


def test_the_first_line_is_the_title_and_lines_and_links_are_kept(site):
    send(
        ghost(site), saying("5 < 6\n\nOne,\ntwo <b> [x] https://example.org/?a[]=1.\n\nRead", link="https://a.example/")
    )
    assert only(site)["title"] == "5 < 6"
    first, second, link = blocks(site)
    assert [one["type"] for one in first["children"]] == [
        "extended-text",
        "linebreak",
        "extended-text",
        "link",
        "extended-text",
    ]
    assert first["children"][2]["text"] == "two <b> [x] "
    assert first["children"][3]["url"] == "https://example.org/?a[]=1"
    assert second["children"][0]["text"] == "Read"
    assert link["children"][0]["url"] == "https://a.example/"


def test_the_first_picture_stands_for_the_article_with_its_words(site, tmp_path):
    files = (picture(tmp_path, credit="A & B"), picture(tmp_path, "b.png", credit="A & B"))
    send(ghost(site, tmp_path), saying("Look", media=files))
    article = only(site)
    assert site.uploads[article["feature_image"]] == b"march.png"
    assert (article["feature_image_alt"], article["feature_image_caption"]) == ("Women march", "A & B")
    (shown,) = blocks(site)
    assert (site.uploads[shown["src"]], shown["alt"], shown["caption"]) == (b"b.png", "Women march", "A &amp; B")
    assert (shown["width"], shown["height"]) == (40, 30)


def test_all_pictures_may_stand_in_the_text(site, tmp_path):
    send(ghost(site, tmp_path, featured="no"), saying("Look", media=(picture(tmp_path, decorative=True),)))
    assert only(site)["feature_image"] is None
    assert blocks(site)[0]["alt"] == ""


def test_a_film_is_in_the_text(site, tmp_path):
    send(ghost(site, tmp_path), saying("Look", media=(picture(tmp_path, "a.mp4", "video/mp4"),)))
    assert "/content/media/" in blocks(site)[0]["html"]
    assert only(site)["feature_image"] is None


def test_a_file_is_uploaded_once_as_long_as_we_live(site, tmp_path):
    publisher, post = ghost(site, tmp_path), saying("Look", media=(picture(tmp_path),))
    publisher.prepare(post)
    publisher.prepare(post)
    assert len(site.uploads) == 1


def test_a_file_that_the_site_does_not_take_is_refused(site, tmp_path):
    with pytest.raises(Rejected, match="valid image"):
        ghost(site, tmp_path).prepare(saying("Look", media=(picture(tmp_path, "a.bmp", "image/bmp"),)))


def test_tags_are_the_accounts(site):
    send(ghost(site, tags="News, #drumbeat"), draft())
    assert only(site)["tags"] == [{"name": "News"}, {"name": "#drumbeat"}]


def test_no_mail_is_ever_asked_for(site):
    send(ghost(site), draft())
    assert all("newsletter" not in f"{one.query}{one.body.decode()}" for one in site.door.requests)


# -- the key ---------------------------------------------------------------------------------


def test_each_request_has_a_token_of_its_own_for_five_minutes(site):
    moments = [AdminKey.read(KEY).token(DUE), AdminKey.read(KEY).token(DUE + timedelta(minutes=4))]
    assert moments[0] != moments[1]
    late = ghost(site, now=DUE - timedelta(minutes=6))
    with pytest.raises(AuthExpired, match="Invalid token") as caught:
        late.prepare(draft())
    assert "clock" in caught.value.mend


@pytest.mark.parametrize("key", [f"{'0' * 24}:{SECRET}", f"{NAME}:{'00' * 32}"])
def test_a_key_that_is_not_the_sites_pauses_the_account(site, key):
    with pytest.raises(AuthExpired) as caught:
        ghost(site, key=key).prepare(draft())
    assert key not in str(caught.value)
    assert not ghost(site, key=key).inspect().works


def test_what_is_no_admin_key_is_told_so_and_repeated_nowhere(site):
    with pytest.raises(AuthExpired, match="no Admin API key") as caught:
        ghost(site, key="22444f78447824223cefc48062").prepare(draft())
    assert "22444f" not in str(caught.value)


def test_a_site_that_says_back_what_it_was_sent_makes_us_tell_no_secret(site):
    publisher = ghost(site)
    prepared = publisher.prepare(draft())
    for status in (401, 409, 422, 500):
        site.door._answer = lambda asked, status=status: refused(
            status, "X", f"{KEY} {SECRET} {asked.headers['authorization']}"
        )
        with pytest.raises(PublishError) as told:
            publisher.publish(draft(), prepared)
        token = site.door.requests[-1].headers["authorization"].removeprefix("Ghost ")
        assert not any(secret in told.value.message for secret in (KEY, SECRET, token))


def test_a_key_may_be_copied_with_blanks_around_it(site):
    report = ghost(site, key=f" {KEY}\n").inspect()
    assert (report.works, report.handle, report.software) == (True, "Say no", "Ghost 5.130")


def test_a_site_that_moved_is_told_and_never_followed(site):
    site.door._answer = lambda _: replace(page(301, "Moved"), headers={"Location": "https://www.example.org/x"})
    with pytest.raises(AuthExpired, match=r"points to https://www\.example\.org"):
        ghost(site).prepare(draft())


# -- afterwards ------------------------------------------------------------------------------


def test_an_article_is_taken_down_by_the_address_that_a_person_gave(site):
    publisher = ghost(site)
    publisher.delete(Receipt(send(publisher, draft()).url))
    assert site.posts == []
    with pytest.raises(Rejected, match="no article"):
        publisher.delete(Receipt(f"{site.url}/nothing/"))


def test_a_connection_is_opened_ahead(site):
    publisher = ghost(site)
    publisher.warm()
    site.script(Fate.REFUSES)
    with pytest.raises(Transient):
        publisher.warm()
