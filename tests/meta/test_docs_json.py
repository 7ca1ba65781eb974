"""What `docs/developers/interfaces.md` promises of the JSON is what the commands print."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "developers" / "interfaces.md").read_text(encoding="utf-8")
CALLS = {
    "check": ("check",),
    "plan": ("plan",),
    "preview": ("preview",),
    "apply": ("apply", "--yes"),
    "status": ("status",),
    "show": ("show", "hello"),
}
"""In the order of a campaign's life, each command once."""


def promised(row: str) -> set[str]:
    """The keys that a row or paragraph of the page names, without those in brackets and those that may be missing."""
    plain = re.sub(r"\([^)]*\)", "", row)
    return set(re.findall(r"`([a-z_]+)`(?!\?)", plain))


def row_of(command: str) -> str:
    [found] = re.findall(rf"^\| `{command}` \| (.*) \|$", PAGE, re.MULTILINE)
    return str(found)


def paragraph(start: str) -> str:
    """The sentence of the page that begins with `start`, up to its full stop."""
    text = " ".join(PAGE.split())
    return text[text.index(start) :].split(". ")[0]


def printed(workspace: Path, *arguments: str, given: str = "") -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments],
        cwd=workspace,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    place: Path = tmp_path_factory.mktemp("json")
    printed(place, "init", "--yes", "--json")
    return {command: printed(place, *arguments, "--json") for command, arguments in CALLS.items()}


@pytest.mark.parametrize("command", list(CALLS))
def test_a_command_prints_every_key_that_the_page_promises(answers: Mapping[str, Any], command: str) -> None:
    names = promised(row_of(command)) - {"name"}
    assert names
    assert names - set(answers[command]) == set()


def test_a_change_has_the_keys_that_the_page_promises(answers: Mapping[str, Any]) -> None:
    change = answers["plan"]["changes"][0]
    assert {"action", "delivery", "due"} - set(change) == set()


def test_a_post_and_its_parts_have_the_keys_that_the_page_promises(answers: Mapping[str, Any]) -> None:
    whole = promised(paragraph("A delivery: `delivery`").split("and where it applies")[0])
    part = promised(paragraph("A part: `delivery`"))
    assert {"delivery", "parts", "tags"} <= whole
    assert {"text", "length", "measures"} <= part
    for command in ("plan", "preview"):
        shown = answers[command]["deliveries"][0]
        assert whole - set(shown) == set()
        assert part - {"file", "alt", "credit"} - set(shown["parts"][0]) == set()


def test_a_line_of_measure_has_the_keys_that_the_page_promises(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": "Time is now. #TimeIsNow", "platform": "x"})
    measured = printed(tmp_path, "measure", "--jsonl", given=line)
    assert promised(row_of("measure --jsonl")) - set(measured) == set()
    assert set(measured["hashtags"][0]) == {"text", "start", "end"}
