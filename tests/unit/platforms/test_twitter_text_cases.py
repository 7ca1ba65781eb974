"""The cases of twitter-text's authors; what they are and whose is told in tests/data/twitter-text.

Their groups `urls`, `usernames`, `lists` and `hashtags` ask whether a whole text is one valid thing. Here they
are held against what is found in a text: a valid one is found whole. Four URLs are valid by RFC 3986 and yet no
link on X, which knows neither user names nor addresses of numbers, and ends a link at other signs.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.platforms import PLATFORMS
from scheduler.platforms.measuring import measured
from scheduler.platforms.twitter.tlds import ASCII_TLDS, WIDE_TLDS

DATA = Path(__file__).parents[2] / "data" / "twitter-text"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CASES: dict[str, list[dict[str, Any]]] = yaml.load((DATA / "validate.yml").read_text("utf-8"), LOADER)["tests"]  # noqa: S506
VALID_BUT_NO_LINK = {"port and userinfo", "ipv4", "ipv6", "sub delims and question marks"}


def cases(*groups: str) -> Any:
    found = [case for group in groups for case in CASES[group]]
    return pytest.mark.parametrize("case", found, ids=lambda case: case["description"][:60])


def is_whole(text: str, kind: str) -> bool:
    return [entity.text for entity in getattr(measured(text, "x").entities, kind)] == [text]


@cases("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")
def test_every_length_of_config_v3_is_the_authors(case: dict[str, Any]) -> None:
    result = measured(case["text"], "x")

    assert (result.length, result.valid) == (case["expected"]["weightedLength"], case["expected"]["valid"])


@cases("tweets")
def test_a_text_that_fitted_140_characters_is_valid_today(case: dict[str, Any]) -> None:
    """The authors' refusals here are for length, but for the empty text; 280 leaves that one alone."""
    assert measured(case["text"], "x").valid is bool(case["text"])


@cases("hashtags")
def test_a_valid_hashtag_is_found_whole(case: dict[str, Any]) -> None:
    assert is_whole(case["text"], "hashtags") is case["expected"]


@cases("usernames")
def test_a_valid_name_is_found_whole(case: dict[str, Any]) -> None:
    assert is_whole(case["text"], "mentions") is case["expected"]


@cases("lists")
def test_a_valid_list_is_found_whole(case: dict[str, Any]) -> None:
    assert (is_whole(case["text"], "mentions") and "/" in case["text"].rstrip("/")) is case["expected"]


@cases("urls", "urls_without_protocol")
def test_a_valid_url_is_found_whole(case: dict[str, Any]) -> None:
    kind = case["description"].partition(": ")[2]

    assert is_whole(case["text"], "urls") is (case["expected"] and kind not in VALID_BUT_NO_LINK)


def test_the_weights_are_those_of_config_v3() -> None:
    config = json.loads((DATA / "v3.json").read_text("utf-8"))
    edges = {edge + step for span in config["ranges"] for edge in (span["start"], span["end"]) for step in (-1, 0, 1)}

    for code in sorted(edges - {-1}):
        light = any(span["start"] <= code <= span["end"] for span in config["ranges"])
        assert measured(chr(code), "x").length == (1 if light else 2), hex(code)
    assert PLATFORMS["x"].limits["text"] == config["maxWeightedTweetLength"]
    assert PLATFORMS["x"].limits["url"] == config["transformedURLLength"]


def test_the_top_level_domains_are_those_of_the_authors() -> None:
    listed = yaml.load((DATA / "tlds.yml").read_text("utf-8"), LOADER)  # noqa: S506

    assert set(listed["country"]) | set(listed["generic"]) == ASCII_TLDS | WIDE_TLDS


def test_every_top_level_domain_makes_a_link() -> None:
    for tld in sorted(ASCII_TLDS):
        assert is_whole(f"example.{tld}", "urls"), tld
    for tld in sorted(ASCII_TLDS | WIDE_TLDS):
        assert is_whole(f"https://example.{tld}/a", "urls"), tld
