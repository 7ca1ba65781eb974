"""Bluesky: two lengths at once, and facets as the app detects them, at byte offsets."""

import pytest

from scheduler.platforms import PLATFORMS
from scheduler.platforms.measuring import measured
from scheduler.platforms.rules.bluesky import byte_span

BLUESKY = PLATFORMS["bluesky"]


def test_graphemes_and_bytes_are_both_counted_the_fuller_first() -> None:
    first, second = BLUESKY.measure("👨‍👩‍👧‍👦" * 130)

    assert (first.value, first.limit, first.unit) == (3250, 3000, "bytes")
    assert (second.value, second.limit, second.unit) == (130, 300, "graphemes")
    assert measured("👨‍👩‍👧‍👦" * 130, "bluesky").valid is False


def test_letters_of_two_bytes_count_once() -> None:
    first, second = BLUESKY.measure("Кажи не")

    assert (first.value, first.unit) == (7, "graphemes")
    assert (second.value, second.unit) == (13, "bytes")


def test_a_link_counts_in_full() -> None:
    assert BLUESKY.measure("https://example.org/a")[0].value == 21


def test_facets_stand_at_bytes() -> None:
    text = "Кажи не. #СегаКажувам https://example.org/a"
    found = BLUESKY.entities(text)

    assert byte_span(text, found.hashtags[0]) == (15, 38)
    assert byte_span(text, found.urls[0]) == (39, 60)
    assert text.encode()[39:60].decode() == "https://example.org/a"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see example.org.", ["example.org"]),
        ("(example.org/a)", ["example.org/a"]),
        ("https://example.org/a_(b)", ["https://example.org/a_(b)"]),
        ("https://example.org/a).", ["https://example.org/a"]),
        ("https://example.org!!", ["https://example.org!"]),
        ("end.Then 1.2 a.notatld", []),
        ("xhttps://example.org", []),
        ("пример.рф", []),
    ],
)
def test_links_are_found_with_and_without_a_scheme(text: str, found: list[str]) -> None:
    assert [entity.text for entity in BLUESKY.entities(text).urls] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#СегаКажувам #नमस्ते #สวัสดี #24h", ["#СегаКажувам", "#नमस्ते", "#สวัสดี", "#24h"]),
        ("#2024 #2024_2025", []),
        ("(#MeToo) „#СегаКажувам“", []),
        ("#Me-Too #MeToo's #NiUnaMenos! #a#b", ["#Me-Too", "#MeToo's", "#NiUnaMenos", "#a#b"]),
        ("#🔥 #MeToo❤️", ["#🔥", "#MeToo❤️"]),
        ("#می\u200cخواهم", ["#می"]),
        ("#" + "a" * 64, ["#" + "a" * 64]),
        ("#" + "a" * 65, []),
    ],
)
def test_hashtags_are_those_of_the_app(text: str, found: list[str]) -> None:
    assert [entity.text for entity in BLUESKY.entities(text).hashtags] == found


def test_a_mention_is_a_whole_handle() -> None:
    found = BLUESKY.entities("@ann.example.org (@bob.test) @carol c@d.org").mentions

    assert [entity.text for entity in found] == ["@ann.example.org", "@bob.test"]
