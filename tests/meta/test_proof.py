"""What the page on proof names exists: each test of its tables, and each publisher that ships."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "developers" / "proof.md").read_text(encoding="utf-8")
TESTS = {
    name: path
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    assert name in TESTS


def test_every_row_of_how_a_request_ends_names_a_test() -> None:
    section = PAGE.partition("## How a request ends")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]

    assert len(rows) >= 15
    assert all("`test_" in row for row in rows)


def test_every_publisher_that_ships_says_what_was_proved_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = PAGE.partition("## Publishers: on real servers")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)) == set(
        project["entry-points"]["drumbeat.publishers"]
    )


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))))
def test_a_file_that_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()
