"""The same lengths and links as `twitter-text-parser`, on posts of all sorts made by the benchmark's generator."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet

from scheduler.platforms import PLATFORMS

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "measure.py"

EMOJI_PARTS = [
    *"👨👩🧑👦👧🕵🏃⛹🤼👯🧞🦹🐕🏳🏴👁🗨🌈☠💋❤⚕✈🌾🚀🦯🦺♀♂🤝👭✊☝👍😀☺〰🅰123#*a 🇦🇧🇲🇰🇽",
    *("\u200d", "\ufe0f", "\ufe0e", "\u20e3", "🏻", "🏽", "🏿", "👨‍👩‍👧‍👦", "👩‍❤️‍💋‍👨", "👩🏽‍🤝‍👩🏻", "🧑‍🤝‍🧑", "🕵️‍♀️"),
    *("\u200d", "\ufe0f", "\u200d", "\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
]


@given(text=st.lists(st.sampled_from(EMOJI_PARTS), max_size=9).map("".join))
@settings(max_examples=200)
def test_emoji_of_any_make_cost_what_the_parser_says(text: str) -> None:
    assert PLATFORMS["x"].measure(text)[0].value == parse_tweet(text).weightedLength


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = spec_from_file_location("benchmark_of_measure", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_posts_are_measured_as_the_parser_does(benchmark: ModuleType) -> None:
    different = [text for text in benchmark.corpus(300, seed=1) if not benchmark.same_as_the_parser(text)]

    assert different == []


@pytest.mark.parametrize("kind", ["English, a link", "Macedonian, a link", "Arabic, a link", "Spanish, a domain"])
def test_the_posts_that_are_timed_are_measured_as_the_parser_does(benchmark: ModuleType, kind: str) -> None:
    assert benchmark.same_as_the_parser(benchmark.POSTS[kind])
