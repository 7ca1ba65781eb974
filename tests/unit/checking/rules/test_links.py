"""Links that everybody can open, judged by their address alone."""

import pytest

from scheduler.checking.rules.links import closed


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:8000/draft",
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://192.168.1.10/page",
        "https://10.0.0.5",
        "http://nas.local/photos",
        "https://wiki.corp/page",
        "https://files.internal",
        "http://intranet/news",
        "https://admin.example.org/posts/12",
        "https://staging.example.org/",
        "https://preview.example.org/story",
        "https://example.org/wp-admin/post.php?post=12&action=edit",
        "https://example.org/wp-login.php",
        "https://example.org/administrator/index.php",
        "https://example.org/?p=12&preview=true",
        "https://example.org/a/?elementor-preview=7",
        "https://docs.google.com/forms/d/1abc/edit",
        "https://www.canva.com/design/DAF1/x/edit",
        "file:///home/ana/poster.pdf",
        "https://example",
        "http://[bad",
    ],
)
def test_what_only_editors_can_open_says_why(link):
    assert closed(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/help",
        "https://www.admin.ch/gov",
        "https://admin.ch",
        "https://dev.to/article",
        "https://edit.org",
        "https://example.org/administration-of-justice",
        "https://example.org/admin-reform",
        "https://example.org/previews/?preview=false",
        "https://example.org/edit",
        "https://docs.google.com/document/d/1abc/edit",
        "https://docs.google.com/forms/d/e/1abc/viewform",
        "https://8.8.8.8/dns-query",
        "https://пример.мкд/помош",
        "https://xn--e1afmkfd.xn--d1alf/",
        "https://example.org:8443/a?b=c&d",
        "https://localnews.org/local",
        "https://t.co/abc",
    ],
)
def test_what_everybody_can_open_is_left_alone(link):
    assert closed(link) == ""


@pytest.mark.parametrize("text", ["See localhost:3000/page", "See file:///tmp/a.pdf", "See http://nas.local/a, please"])
def test_a_link_is_found_in_the_text(look, text):
    assert len(look("link-internal", text)) == 1


@pytest.mark.parametrize("text", ["Our localhost meetup", "profile://x", "example.org/admin", "Hello"])
def test_words_that_look_like_one_are_no_link(look, text):
    assert look("link-internal", text) == []


def test_the_posts_own_link_is_looked_at_too_and_said_once(look):
    assert len(look("link-internal", "Hello", link="https://staging.example.org/a")) == 1
    assert len(look("link-internal", "http://nas.local/a", link="http://nas.local/a")) == 1


@pytest.mark.parametrize(
    "text", ["https://example.org/help is where you find help", " https://example.org\nСега е времето за промена"]
)
def test_a_link_before_the_first_word_is_told(look, text):
    assert len(look("link-last", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Find help: https://example.org/help",
        "https://example.org/help",
        "https://example.org/help #TimeIsNow @sayno",
        "https://example.org/help\nOne more, though",
        "No link at all in this text",
    ],
)
def test_a_link_behind_the_words_or_alone_is_fine(look, text):
    assert look("link-last", text) == []


def test_a_later_part_of_a_thread_may_begin_with_a_link(look):
    assert look("link-last", "https://example.org/help is where you find help", part=2) == []


@pytest.mark.parametrize("text", ["Look into foo.py today", "Our README.md says it", "We walk.Help us", "See plan.zip"])
def test_what_x_makes_a_link_of_and_nobody_meant_is_told_with_its_price(look, text):
    (finding,) = look("link-unmeant", text, platform="x")

    assert "X makes a link of" in finding.message
    assert "charges 0.185 USD more" in finding.message
    assert look("link-unmeant", text, platform="mastodon") == []


@pytest.mark.parametrize(
    "text", ["See example.org", "nadamo.rs", "https://example.org/a.py", "We walk. Help us", "v2.Md"]
)
def test_a_link_that_is_meant_needs_no_word(look, text):
    assert look("link-unmeant", text, platform="x") == []
