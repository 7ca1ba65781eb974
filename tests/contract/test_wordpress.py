"""A WordPress site: an article made once, looked up by a name of ours, and what others put in front of a site."""

from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest

from scheduler.errors import Ambiguous, AuthExpired, PublishError, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared, Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.articles import slug_of
from scheduler.publishers.base import Doubles, Found, Surroundings, Unknown, VerifyQuality
from scheduler.publishers.wordpress import WordPress
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.emulators.wordpress import AUTHOR, PASSWORD, USER, Site, page, refused
from scheduler.testing.platform import Fate
from tests.contract.conftest import send


@pytest.fixture
def site():
    with Site(FixedClock(DUE)) as running:
        yield running


def wordpress(site, root=Path(), *, password=PASSWORD, **settings):
    said = {"server": site.url, "user": USER, **settings}
    account = Account("site", "wordpress", "UTC", settings={name: value for name, value in said.items() if value})
    return WordPress.connect(account, Surroundings(root, FixedClock(DUE), {"password": password}.__getitem__))


def saying(text, **more):
    return replace(draft(), content=Content(text, **more))


def picture(root, name="march.png", kind="image/png", **more):
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(name.encode())
    facts = MediaFacts(name, sha256(name.encode()).hexdigest(), kind, len(name), 40, 30)
    return Media(name, alt="Women march", facts=facts, **more)


class TestWordPress(PublisherContract):
    """Against a site that rewrites addresses."""

    pretty = True

    @pytest.fixture(autouse=True)
    def _closing(self):
        with ExitStack() as self.open:
            yield

    def bench(self, folder: Path) -> Bench:
        site = self.open.enter_context(Site(FixedClock(DUE), pretty=self.pretty))
        publisher = wordpress(site, folder)
        return Bench(publisher, lambda: site.texts, site.script, lambda: site.creates, secrets=(PASSWORD,))


class TestWordPressWithPlainAddresses(TestWordPress):
    """Against a site whose API is behind a question mark."""

    pretty = False


# -- what is promised ------------------------------------------------------------------------


def test_a_repeat_doubles_and_a_look_is_exact(site):
    can = wordpress(site).capabilities
    assert (can.on_repeat, can.verify) == (Doubles(), VerifyQuality.EXACT)


def test_what_got_doubled_all_the_same_is_told_with_both_addresses(site):
    publisher, post = wordpress(site), draft()
    one, two = send(publisher, post), send(publisher, post)
    verdict = publisher.verify(post, Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert one.url in verdict.reason
    assert two.url in verdict.reason
    publisher.delete(two)
    assert publisher.verify(post, Prepared(), DUE) == Found(one)


def test_what_lies_in_the_trash_was_made_and_is_never_called_absent(site):
    publisher, post = wordpress(site), draft()
    send(publisher, post)
    site.trash(site.posts[0])
    verdict = publisher.verify(post, Prepared(), DUE)
    assert isinstance(verdict, Unknown)
    assert "trash" in verdict.reason


def test_a_post_that_waits_for_an_editor_was_accepted_and_is_not_proven(site):
    publisher, post = wordpress(site), draft()
    prepared = publisher.prepare(post)
    site.holds_back = True
    receipt = publisher.publish(post, prepared)
    assert (receipt.strength, receipt.extra["status"]) == (Strength.ACCEPTED, "pending")
    assert publisher.verify(post, prepared, DUE) == Found(receipt)


@pytest.mark.parametrize("answer", [page(200, "Maintenance"), page(403, "Blocked"), page(404, "?"), page(503, "Busy")])
def test_what_somebody_else_says_to_the_creating_request_proves_nothing(site, answer):
    publisher, post = wordpress(site), draft()
    prepared = publisher.prepare(post)
    site.door._answer = lambda _: answer
    with pytest.raises(Ambiguous):
        publisher.publish(post, prepared)


def test_a_look_that_is_answered_by_somebody_else_finds_nothing_out(site):
    publisher, post = wordpress(site), draft()
    prepared = publisher.prepare(post)
    for answer in (page(200, "Maintenance"), page(403, "Blocked"), refused(400, "rest_invalid_param", "status")):
        site.door._answer = lambda _, answer=answer: answer
        with pytest.raises(Transient):
            publisher.verify(post, prepared, DUE)


# -- articles --------------------------------------------------------------------------------


def only(site):
    (one,) = site.posts
    return one


def test_the_first_line_is_the_title_and_the_rest_are_paragraphs(site):
    receipt = send(
        wordpress(site), saying("Six women\n\nOne day,\none street.\n\nRead on.", link="https://example.org/")
    )
    assert only(site)["title"] == "Six women"
    assert only(site)["content"] == (
        "<!-- wp:paragraph -->\n<p>One day,<br>one street.</p>\n<!-- /wp:paragraph -->\n\n"
        "<!-- wp:paragraph -->\n<p>Read on.</p>\n<!-- /wp:paragraph -->\n\n"
        '<!-- wp:paragraph -->\n<p><a href="https://example.org/">https://example.org/</a></p>\n'
        "<!-- /wp:paragraph -->"
    )
    assert receipt.url == f"{site.url}/opening-000000000001/"


def test_a_line_that_is_too_long_for_a_title_stands_below_it_whole(site):
    text = "Equality " * 30
    send(wordpress(site), saying(text))
    assert only(site)["title"] == f"{('Equality ' * 13).strip()} …"
    assert text.strip() in only(site)["content"]


def test_nothing_in_a_text_is_run_as_a_command_or_shown_as_markup(site):
    send(wordpress(site), saying("5 < 6 & [gallery]\n\n[embed]x[/embed] <script> <!-- wp:html -->"))
    assert only(site)["title"] == "5 &lt; 6 &amp; &#91;gallery]"
    assert "&#91;embed]x&#91;/embed] &lt;script&gt; &lt;!-- wp:html --&gt;" in only(site)["content"]


def test_the_name_is_plain_ascii_whatever_a_post_is_called():
    post = replace(draft(key="ab" * 16), delivery="c/Кажи Не! 25/once/site.2")
    assert slug_of(post) == "25-abababababab"
    assert slug_of(replace(post, delivery="c/не/once/site")) == "post-abababababab"
    assert len(slug_of(replace(post, delivery=f"c/{'a-' * 99}/once/site"))) <= 73


def test_no_date_goes_out_so_the_sites_own_clock_never_holds_a_post_back(site):
    send(wordpress(site), draft())
    assert site.door.requests[-1].json().keys() == {"status", "slug", "title", "content"}


# -- pictures --------------------------------------------------------------------------------


def test_a_picture_is_in_the_library_and_in_the_text_with_its_words(site, tmp_path):
    send(wordpress(site, tmp_path), saying("Look", media=(picture(tmp_path, credit="A & B"),)))
    (stored,) = site.media.values()
    assert (stored["alt_text"], stored["caption"], stored["bytes"]) == ("Women march", "A & B", 9)
    assert (
        f'<figure class="wp-block-image"><img src="{stored["source_url"]}" alt="Women march" class="wp-image-'
        f'{stored["id"]}"/><figcaption class="wp-element-caption">A &amp; B</figcaption></figure>'
    ) in only(site)["content"]


def test_a_picture_that_is_decoration_has_empty_words(site, tmp_path):
    send(wordpress(site, tmp_path), saying("Look", media=(picture(tmp_path, decorative=True),)))
    assert "alt_text" not in next(iter(site.media.values()))
    assert 'alt=""' in only(site)["content"]


def test_preparing_again_uploads_nothing_again_unless_a_word_changed(site, tmp_path):
    one = picture(tmp_path)
    first = wordpress(site, tmp_path).prepare(saying("Look", media=(one,)))
    assert wordpress(site, tmp_path).prepare(saying("Look", media=(one,))) == first
    assert len(site.media) == 1
    wordpress(site, tmp_path).prepare(saying("Look", media=(replace(one, alt="Women"),)))
    assert len(site.media) == 2


def test_the_first_picture_may_stand_for_the_article_and_not_in_it(site, tmp_path):
    files = (picture(tmp_path), picture(tmp_path, "b.mp4", "video/mp4"))
    send(wordpress(site, tmp_path, featured="yes"), saying("Look", media=files))
    assert only(site)["featured_media"] == min(site.media)
    assert "<img" not in only(site)["content"]
    assert '<video controls src="' in only(site)["content"]


def test_a_file_that_the_site_does_not_take_is_refused_though_it_says_500(site, tmp_path):
    with pytest.raises(Rejected, match="does not take a file"):
        wordpress(site, tmp_path).prepare(saying("Look", media=(picture(tmp_path, "a.svg", "image/svg+xml"),)))


def test_without_its_uploads_nothing_is_sent(site, tmp_path):
    with pytest.raises(Transient):
        wordpress(site, tmp_path).publish(saying("Look", media=(picture(tmp_path),)), Prepared({"api": "/wp-json"}))
    assert site.creates == 0


# -- the account -----------------------------------------------------------------------------


def test_categories_and_tags_are_looked_up_and_a_missing_one_is_told(site):
    send(wordpress(site, categories="news", tags="say-no"), draft())
    assert (only(site)["categories"], only(site)["tags"]) == ([3], [7])
    with pytest.raises(AuthExpired, match="no 'press' among its categories"):
        wordpress(site, categories="news, press").prepare(draft())


def test_a_wrong_password_and_a_user_without_rights_are_met_before_the_moment(site):
    with pytest.raises(AuthExpired) as wrong:
        wordpress(site, password="none at all").prepare(draft())
    assert "noneatall" not in str(wrong.value)
    assert not wordpress(site, password="none at all").inspect().works
    site.rights = frozenset({"edit_posts"})
    with pytest.raises(AuthExpired, match="lacks the right to publish posts"):
        wordpress(site).prepare(draft())
    assert not wordpress(site).inspect().works
    assert site.creates == 0
    with pytest.raises(AuthExpired):
        wordpress(site).publish(draft(), Prepared({"api": "/wp-json", "files": []}))
    assert site.posts == []


def test_a_site_that_says_back_what_it_was_sent_makes_us_tell_no_secret(site):
    publisher = wordpress(site)
    prepared = publisher.prepare(draft())
    sent = site.door.requests[-1].headers["authorization"].removeprefix("Basic ")
    for status in (400, 401, 500):
        said = f"{PASSWORD} Basic {sent} {quote(sent)}"
        site.door._answer = lambda _, status=status, said=said: refused(status, "rest_no", said)
        with pytest.raises(PublishError) as told:
            publisher.publish(draft(), prepared)
        assert not any(secret in told.value.message for secret in (PASSWORD, sent, quote(sent)))


def test_a_password_is_taken_as_it_is_shown(site):
    assert wordpress(site, password="abcd EFGH ijkl MNOP qrst UVWX").inspect().works


def test_a_password_that_may_do_everything_is_said(site):
    report = wordpress(site).inspect()
    assert (report.works, report.handle, report.scopes, report.notes) == (True, USER, ("author",), ())
    site.rights = AUTHOR | {"manage_options"}
    assert "everything on the site" in wordpress(site).inspect().notes[0]


def test_a_site_that_moved_is_told_and_never_followed(site):
    site.moved_to = "https://www.example.org"
    with pytest.raises(AuthExpired, match=r"points to https://www\.example\.org"):
        wordpress(site).prepare(draft())


def test_a_server_that_is_no_wordpress_pauses_the_account(site):
    site.door._answer = lambda _: page(404, "Not found")
    with pytest.raises(AuthExpired, match="no WordPress API"):
        wordpress(site).prepare(draft())


def test_an_account_without_a_user_or_over_plain_http_is_refused(site):
    with pytest.raises(UsageError, match="has no user"):
        wordpress(site, user="")
    with pytest.raises(UsageError):
        wordpress(site, server="http://site.example")


# -- afterwards ------------------------------------------------------------------------------


def test_what_is_taken_down_is_past_the_trash_and_its_files_are_gone(site, tmp_path):
    publisher = wordpress(site, tmp_path)
    receipt = send(publisher, saying("Look", media=(picture(tmp_path),)))
    publisher.delete(receipt)
    publisher.delete(receipt)
    assert (site.posts, site.media) == ([], {})


def test_an_article_is_found_by_the_address_that_a_person_gave(site):
    publisher = wordpress(site)
    receipt = send(publisher, draft())
    publisher.delete(Receipt(receipt.url))
    assert site.posts == []
    two = send(publisher, draft())
    publisher.delete(Receipt(f"{site.url}/?p={two.remote_id}"))
    assert site.posts == []
    with pytest.raises(Rejected, match="no article"):
        publisher.delete(Receipt(f"{site.url}/nothing/"))


def test_comments_are_counted(site):
    publisher = wordpress(site)
    site.comments = 2
    assert publisher.metrics(send(publisher, draft())).counts == {"comments": 2}


def test_a_connection_is_opened_ahead(site):
    publisher = wordpress(site)
    publisher.warm()
    site.script(Fate.REFUSES)
    with pytest.raises(Transient):
        publisher.warm()
