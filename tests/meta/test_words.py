"""People read of posts and a queue; the words of our own workshop stay in JSON and in the developers' pages."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler import errors
from scheduler.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
INNER = re.compile(
    r"\b(deliver(?:y|ies)|outbox|lanes?|leases?|snapshots?|fingerprints?|uncertain|reconcil\w+|dispatch\w*)\b",
    re.IGNORECASE,
)
FIXED = re.compile(r"[\w./:-]*outbox\.db[\w-]*|outbox-backup\.db|\bFINGERPRINT\b|\bDELIVERY\b")
"""Names that are promised to the outside: the queue's file, and two placeholders of the command line."""
LINK = re.compile(r"\]\([^)]*\)")
EARLIER = "2027-06-23T12:00:00Z"
PEOPLES_PAGES = [ROOT / "README.md", ROOT / "docs" / "index.md", *sorted((ROOT / "docs" / "organizers").glob("*.md"))]


def inner_words(text: str) -> list[str]:
    return [match[0] for match in INNER.finditer(LINK.sub("]", FIXED.sub("", text)))]


def say(workspace: Path, *arguments: str) -> str:
    """What a command prints for a person, on both streams."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments],
        cwd=workspace,
        env=environment | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, f"drumbeat {' '.join(arguments)}\n{said}"
    assert said, f"drumbeat {' '.join(arguments)} said nothing"
    return said


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("example")
    for name in ("drumbeat.yaml", ".env.example"):
        shutil.copy(ROOT / name, place / name)
    for name in ("campaigns", "templates", "media"):
        shutil.copytree(ROOT / name, place / name)
    return place


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("first")
    say(place, "init", "--yes")
    return place


@pytest.mark.parametrize("page", PEOPLES_PAGES, ids=lambda page: page.stem)
def test_pages_for_organizers_speak_of_posts_and_a_queue(page: Path) -> None:
    assert inner_words(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("command", list(COMMANDS))
def test_help_speaks_of_posts_and_a_queue(command: str, tmp_path: Path) -> None:
    assert inner_words(say(tmp_path, command, "--help")) == []


LOOKS = (
    ("plan", "--at", EARLIER),
    ("preview", "--day", "2027-06-30", "--at", EARLIER),
    ("rehearse", "--day", "2027-06-30", "--at", EARLIER),
)
STORY = (
    ("check",),
    ("apply",),
    ("apply", "--yes"),
    ("status",),
    (),
    ("show", "hello"),
    ("cancel", "hello", "--yes"),
    ("retry", "hello", "--yes"),
    ("resolve", "hello", "--not-sent"),
    ("upgrade",),
)
MISTAKES = (("show", "nobody"), ("cancel", "nobody"), ("preview", "--day", "never"), ("plan", "nobody"))


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_a_look_at_the_example_speaks_of_posts_and_a_queue(example: Path, arguments: tuple[str, ...]) -> None:
    assert inner_words(say(example, *arguments)) == []


def test_a_campaigns_life_is_told_in_posts_and_a_queue(first: Path) -> None:
    found = {arguments: words for arguments in STORY if (words := inner_words(say(first, *arguments)))}
    assert found == {}


def test_mistakes_are_answered_in_the_same_words(first: Path) -> None:
    for arguments in MISTAKES:
        assert inner_words(say(first, *arguments)) == [], arguments


SAYS = {"error", "warning", "note", "wrong", "echo", "say", "option", "command", "confirm", "Finding", "Hit", "Remark"}
"""Calls whose texts people read; every class of error counts too, but for our own bugs."""


def said_in(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module that end before a person's eyes, each with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = called(node) if isinstance(node, ast.Call) else ""
        if name in SAYS or name in ERRORS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.lineno, inner.value


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and name != "Bug"}


def test_no_sentence_in_the_code_says_otherwise() -> None:
    sources = [path for path in (ROOT / "scheduler").rglob("*.py") if "testing" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sources
        for line, text in said_in(path)
        if " " in text and inner_words(text)
    ]
    assert found == []
