"""What holds for any text on any platform: nothing raises, places are true, links never overlap."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.platforms import PLATFORMS
from scheduler.platforms.patterns import pattern
from scheduler.platforms.twitter.links import X, links
from scheduler.platforms.units import graphemes

PIECES = [
    *[
        "https://",
        "http://",
        "example",
        ".",
        ".com",
        ".org",
        ".jp",
        ".рф",
        ".中国",
        "t.co",
        "/a",
        "/a(b)",
        "(",
        ")",
        "?",
        "?q=1",
        "&",
        "=",
        "#",
        "@",
        "＃",
        "＠",
        "-",
        "_",
        "/",
        ":",
        ",",
        ";",
        "!",
        "…",
    ],
    *[
        "日本",
        "пример",
        "é",
        "हिन्दी",
        "مرحبا",
        "한국",
        "🎉",
        "👨\u200d👩\u200d👧",
        "🇲🇰",
        "1️⃣",
        "❤️",
        "xn--p1ai",
        ".museum",
        "42",
        "$",
        "[",
        "]",
        "a",
        "B",
        "posts.Read",
    ],
    *(" ", "\n", "\u3000", "\r\n", "e\u0301", "\ud800", "\u200d", "\ufe0f", "\u202a", "\ufeff"),
]

texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=40))


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@given(text=texts, warning=st.text(max_size=5))
@settings(max_examples=40)
def test_any_text_is_measured_and_its_places_are_true(name: str, text: str, warning: str) -> None:
    platform = PLATFORMS[name]
    measures = platform.measure(text, warning=warning)
    found = platform.entities(text)

    assert all(measure.value >= 0 for measure in measures)
    assert list(measures) == sorted(measures, key=lambda measure: -measure.fullness)
    for kind in (found.urls, found.mentions, found.hashtags):
        assert all(text[entity.start : entity.end] == entity.text != "" for entity in kind)
        assert all(before.end <= after.start for before, after in pairwise(kind))


@given(text=texts)
@settings(max_examples=200)
def test_x_finds_the_same_links_with_and_without_its_short_cut(text: str) -> None:
    assert links(text) == links(text, X.without_short_cut())


@given(text=texts)
@settings(max_examples=100)
def test_a_blank_between_two_texts_adds_their_lengths_on_x(text: str) -> None:
    """Links do not reach over a blank. What changes the sign before it (NFC) is not among the pieces' first signs."""
    x = PLATFORMS["x"]
    apart = x.measure(f"a {text}")[0].value

    assert apart == 2 + x.measure(f" {text}")[0].value - 1


@given(text=texts)
@settings(max_examples=200)
def test_graphemes_are_those_of_unicode(text: str) -> None:
    assert graphemes(text) == len(pattern(r"\X").findall(text))
