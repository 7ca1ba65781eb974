"""A post known again by what a server made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.publishers.markup import alike, plain, text_of
from scheduler.testing.emulators.mastodon_rules import as_html

TEXTS = [
    "Кажи не. #СегаКажувам https://example.org/a/very/long/path/that/is/cut/in/the/middle?q=1&r=2",
    'One.\n\nTwo, <b>not bold</b> & "quoted".\nThree',
    "With @ana@social.example and @bob, mail a@b.example",
    "اليوم #اليوم_العالمي",
    "(see https://example.org/x_(y).)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_server_shows_reads_as_what_was_sent(text):
    assert alike(text_of(as_html(text)), text)


def test_another_text_is_another():
    assert alike("The time is now, and it is ours.", "Никогаш повеќе! Доста е со молчењето.") is False
    assert alike("Now.", "The time is now, and it is ours, all of it.") is False


def test_too_short_texts_are_not_told_apart():
    assert alike("Now.", "Сега.") is None


def test_a_text_that_is_nearly_the_same_is_not_told_apart():
    assert alike("Join us on Friday at noon in the park", "Join us on Friday at nine in the park") is None


@given(st.text())
def test_no_markup_is_too_broken_to_be_read(text):
    assert isinstance(text_of(text), str)


@given(st.text())
def test_what_is_plain_stays_plain(text):
    assert plain(plain(text)) == plain(text)


PIECES = st.sampled_from(
    ["@ana@x.example", "@b", "#Таг", "https://e.org/a?b=1&c=2", "<i>", "&amp;", "a", "е", ".", "\n", "\n\n", " "]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_a_server_never_makes_another_text_of_ours(text):
    """ "Another" would mean "not there", and that would double the post."""
    assert alike(text_of(as_html(text)), text) is not False
