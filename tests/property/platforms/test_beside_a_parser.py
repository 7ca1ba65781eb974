"""The same lengths and links as `twitter-text-parser`, on posts of all sorts made by the benchmark's generator."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "measure.py"


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
