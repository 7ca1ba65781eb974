"""The documentation says what the code has: nothing generated is stale, nothing real is missing."""

import ast
import importlib.util
import itertools
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scheduler.checking.explain import explained
from scheduler.checking.reasons import ALL
from scheduler.checking.rules import RULES
from scheduler.cli.main import BROKEN_PIPE, COMMANDS, INTERRUPTED
from scheduler.platforms import PLATFORMS
from scheduler.preview.words import DRY_RUN_WORD, STATE_WORDS
from scheduler.settings import VARIABLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ORGANIZERS = DOCS / "organizers"


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _generate()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", list(generate.pages()), ids=lambda page: page.stem)
def test_what_is_generated_is_what_the_code_says_now(page: Path) -> None:
    assert read(page) == generate.fresh(read(page)), "run: .venv/bin/python docs/generate.py"


def test_every_generated_section_is_on_some_page() -> None:
    found = {match[2] for page in generate.pages() for match in generate.SECTION.finditer(read(page))}
    assert found == set(generate.SECTIONS)


def test_the_published_schemas_are_those_of_the_code() -> None:
    for path, text in generate.schemas():
        assert read(path) == text, "run: .venv/bin/python docs/generate.py"


ORDER = (
    "At a glance",
    "step by step",
    "Settings",
    "What a post looks like",
    "What is promised",
    "Where it was tried",
    "Limits and traps",
)


@pytest.mark.parametrize("page", sorted(ORGANIZERS.glob("accounts-*.md")), ids=lambda page: page.stem)
def test_who_knows_one_page_of_an_account_knows_all(page: Path) -> None:
    titles = re.findall(r"^## (.+)$", read(page), re.MULTILINE)
    places = [
        next((at for at, title in enumerate(titles) if word in title.lower()), -1) for word in map(str.lower, ORDER)
    ]
    assert -1 not in places, dict(zip(ORDER, places, strict=True))
    assert places == sorted(places), titles
    assert f"<!-- generated: glance-{page.stem.removeprefix('accounts-')} -->" in read(page)
    intro = read(page).partition("\n## ")[0]
    dated = re.search(r"[Aa]s\s+of\s|in\s+November\s+2026", intro) is not None
    assert dated or page.stem == "accounts-manual", "as of when is it so? only a person is always up to date"


EVERYWHERE = {"handle", "limits", "server", "token"}
"""What an account of any platform may have, and what a page names only where there is more to say of it."""


@pytest.mark.parametrize("page", sorted(ORGANIZERS.glob("accounts-*.md")), ids=lambda page: page.stem)
def test_the_settings_of_a_page_are_those_that_are_read(page: Path) -> None:
    section = read(page).partition("\n## Settings\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for cell in cells for name in re.findall(r"`([a-z_-]+)(?:: [a-z]+)?`", cell)}
    options = PLATFORMS[page.stem.removeprefix("accounts-")].options or frozenset()
    assert options - named == set(), "no word of these on the page"
    assert named - options - EVERYWHERE == set(), "nobody reads these"


def test_every_command_is_documented() -> None:
    titles = re.findall(r"^## ([a-z]+)$", read(ORGANIZERS / "commands.md"), re.MULTILINE)
    assert titles == list(COMMANDS)


def test_every_command_shows_an_example() -> None:
    assert [name for name in COMMANDS if "Example:" not in generate.help_of(name)] == []


def test_every_setting_is_documented() -> None:
    page = read(ORGANIZERS / "commands.md")
    assert [variable.name for variable in VARIABLES if f"`{variable.name}`" not in page] == []


def exit_codes() -> set[int]:
    """Every exit code that the sources name."""
    errors = read(ROOT / "scheduler" / "errors.py")
    codes = {int(code) for code in re.findall(r"exit_code = (\d+)", errors)} | {0, INTERRUPTED, BROKEN_PIPE}
    for path in (ROOT / "scheduler" / "cli").glob("*.py"):
        codes |= {int(code) for code in re.findall(r"^[A-Z_]+ = (\d+)$", read(path), re.MULTILINE) if int(code) < 5}
    return codes


@pytest.mark.parametrize("page", ["organizers/troubleshooting.md", "developers/interfaces.md"])
def test_every_exit_code_is_documented(page: str) -> None:
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", read(DOCS / page), re.MULTILINE)} == exit_codes()


def test_every_state_is_explained_in_the_words_that_people_read() -> None:
    page = read(ORGANIZERS / "troubleshooting.md")
    assert [words for words in (*STATE_WORDS.values(), DRY_RUN_WORD) if f"| {words} |" not in page] == []


FINDING_LAYERS = ("workspace", "media", "planning", "composing", "checking", "preview", "operations")
NOT_RULES = {
    *(
        "utf-8",
        "utf-8-sig",
        "time-is-now",
        "ls-files",
        "check-ignore",
        "stand-alone",
        "avant-hier",
        "elementor-preview",
    ),
    *("no-store", "no-referrer", "live-page", "sans-serif", "shape-rendering", "text-anchor"),
    *("font-size", "font-style", "font-family", "font-weight", "letter-spacing"),
    *("data-leading", "data-smallest", "data-align", "data-height", "data-width"),
}
"""Words with a hyphen that the sources hold for other reasons."""


LACKING = ("warning", "media", "alt", "poll", "visibility")


def words_with_hyphens() -> set[str]:
    """Every text in the layers that make findings which looks like a finding's id; the tables of ids aside."""
    found = {rule.id for rule in RULES}
    for layer in FINDING_LAYERS:
        for path in (ROOT / "scheduler" / layer).rglob("*.py"):
            if "starter" in path.parts or path.name == "reasons.py":
                continue
            texts = [node.value for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Constant)]
            found |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text)}
    return found - NOT_RULES


def test_every_finding_is_explained() -> None:
    in_the_code = words_with_hyphens() | {"cron", "unreadable"} | {f"unsupported-{what}" for what in LACKING}
    assert in_the_code - set(ALL) == set(), "explain it in checking/reasons.py, or list it in NOT_RULES"
    assert set(ALL) - in_the_code == set(), "no longer in the code"


def test_every_finding_is_on_its_page_with_its_weight() -> None:
    page = read(ORGANIZERS / "findings.md")
    assert [name for name in ALL if f"| `{name}` | {explained(name).weight} |" not in page] == []


def test_every_rule_has_its_section_with_examples() -> None:
    page = read(ORGANIZERS / "checks.md")
    assert [rule.id for rule in RULES if f"### {rule.id}\n" not in page] == []
    assert [rule.id for rule in RULES if not (rule.example and rule.better)] == []


def test_no_finding_is_listed_twice() -> None:
    assert len(set(ALL)) == len(ALL)


def test_the_navigation_lists_every_page() -> None:
    nav = read(ROOT / "mkdocs.yml")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert {page for page in pages if page not in nav} == set()


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", read(page)):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        rows = [(number, line) for number, line in enumerate(read(page).splitlines(), 1) if line.startswith("| ")]
        for (before, first), (number, second) in itertools.pairwise(rows):
            if number == before + 1:
                assert first.count("|") == second.count("|"), f"{page.name}:{number}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return made


def test_the_site_builds_without_a_warning_and_fetches_nothing_from_elsewhere(site: Path) -> None:
    fetched = re.compile(r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^\"]*\"")
    found = {path.name: fetched.findall(read(path)) for path in site.rglob("*.html")}
    assert len(found) > 20
    assert {name: urls for name, urls in found.items() if urls} == {}
