"""The README and the organizers' pages, run: what a reader sees is what happens.

The scheme is told in `docs/developers/testing.md`. A page is run from top to bottom in
workspaces of its own; nothing outside a temporary folder is touched.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jinja2 import Environment

from scheduler.app import App
from scheduler.finding import Finding, Severity

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "organizers").glob("*.md"))]
SHIPPED = ("drumbeat.yaml", "campaigns", "templates", "media", ".env.example")
LANGUAGES = {"console", "yaml", "jinja", "text"}
DIRECTIVES = {"in", "file", "exit", "interrupt", "wrong", "not run"}
COMMENT = re.compile(r"<!-- ([a-z][a-z ]*?)(?:: (.*?))? -->")
GENERATED = re.compile(r"<!-- generated: .*?<!-- end -->", re.DOTALL)
HEADER = "campaign: docs-block\nwindow: {from: 2027-06-24, to: 2027-06-30}\naccounts: [mastodon-main, x-main]\nposts:\n"
EARLIER = "2027-01-01T00:00:00Z"
PATIENCE = 60


@dataclass
class Block:
    page: Path
    line: int
    language: str
    text: str
    directives: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, each with the comments right before it."""
    text = GENERATED.sub(lambda match: "\n" * match[0].count("\n"), page.read_text(encoding="utf-8"))
    directives: dict[str, str] = {}
    lines = enumerate(text.splitlines(), start=1)
    for number, line in lines:
        if line.startswith("```"):
            body = []
            for _, inner in lines:
                if inner.startswith("```"):
                    break
                body.append(inner)
            yield Block(page, number, line[3:].strip(), "\n".join(body), directives)
            directives = {}
        elif match := COMMENT.fullmatch(line.strip()):
            directives[match[1]] = match[2] or ""
        elif line.strip():
            directives = {}


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the output shown below it."""
    command, shown = "", []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        else:
            assert command, f"{block}: output before the first command"
            shown.append(line)
    yield command, shown


def as_pattern(shown: list[str]) -> str:
    """A regular expression of expected output: a lone … stands for lines, … in a line for text."""
    parts = []
    for line in shown:
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(piece) for piece in line.rstrip().split("…")) + r"\n")
    return "".join(parts)


def tidy(output: str) -> str:
    lines = [line.rstrip() for line in output.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


class Reader:
    """Somebody who does what the page says, in folders of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.workspace = self.enter("empty")

    def enter(self, name: str) -> Path:
        place = self.home / name
        if not place.exists():
            place.mkdir()
            if name != "empty":
                copy_example(place)
            if name == "accounts":
                shutil.rmtree(place / "campaigns")
                (place / "campaigns").mkdir()
        return place

    def follow(self, block: Block) -> None:
        if name := block.directives.get("in"):
            assert name in {"empty", "accounts", "example"}, f"{block}: no such workspace"
            self.workspace = self.enter(name)
        if path := block.directives.get("file"):
            target = self.workspace / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"{block.text}\n", encoding="utf-8")
        if block.language == "console":
            self.run(block)
        elif block.language == "yaml":
            self.read(block)
        elif block.language == "jinja":
            assert Environment(autoescape=True).parse(block.text).body, str(block)

    def run(self, block: Block) -> None:
        every = list(commands(block))
        for number, (command, shown) in enumerate(every, start=1):
            if command.startswith("make "):
                assert command.split()[1] in makefile_targets(), f"{block}: {command}: no such target"
            elif "not run" not in block.directives:
                last = number == len(every)
                expected = int(block.directives.get("exit", "0")) if last else 0
                interrupt = block.directives.get("interrupt", "") if last else ""
                self.compare(block, command, shown, expected=expected, interrupt=interrupt)

    def compare(self, block: Block, command: str, shown: list[str], *, expected: int, interrupt: str) -> None:
        code, output = call(command, self.workspace, interrupt=interrupt)
        assert code == expected, f"{block}: {command}: exit {code}, not {expected}\n{output}"
        if shown:
            pattern = as_pattern(shown)
            assert re.fullmatch(pattern, tidy(output)), f"{block}: {command}: said otherwise:\n{output}"

    def read(self, block: Block) -> None:
        written = "file" in block.directives
        findings = wrong_in(self.workspace) if written else errors_in(block, self.home, self.workspace)
        if rule := block.directives.get("wrong"):
            assert rule in {finding.rule for finding in findings}, f"{block}: not refused as {rule}: {findings}"
        else:
            assert not findings, f"{block}: {[str(finding) for finding in findings]}"


def errors_in(block: Block, home: Path, workspace: Path) -> list[Finding]:
    """What `drumbeat check` has against a block of YAML, in the example workspace."""
    place = home / f"yaml-{block.line}"
    place.mkdir()
    copy_example(place)
    if block.text.startswith(("workspace:", "accounts:")):
        head = "" if block.text.startswith("workspace:") else "workspace: docs\ntimezone: Etc/UTC\n"
        (place / "drumbeat.yaml").write_text(f"{head}{block.text}\n", encoding="utf-8")
        shutil.rmtree(place / "campaigns")
        return wrong_in(place)
    if block.text.startswith("campaign:"):
        text = block.text
    else:
        assert block.text.startswith("- post:"), f"{block}: begin YAML with campaign:, workspace:, accounts: or - post:"
        text = HEADER + "\n".join(f"  {line}" for line in block.text.splitlines())
    if (workspace / "templates").exists():
        shutil.copytree(workspace / "templates", place / "templates", dirs_exist_ok=True)
    (place / "campaigns" / "docs-block.yaml").write_text(f"{text}\n", encoding="utf-8")
    return wrong_in(place)


def wrong_in(place: Path) -> list[Finding]:
    """The errors that `drumbeat check` has."""
    survey = App.open(workspace=place, at=EARLIER).survey()
    return [finding for finding in survey.findings if finding.severity is Severity.ERROR]


def copy_example(place: Path) -> None:
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name)
        else:
            shutil.copy(source, place / name)


def call(command: str, workspace: Path, *, interrupt: str = "") -> tuple[int, str]:
    """Runs a command line as a reader would, without a terminal; exit code and everything said.

    With `interrupt` it is stopped with Ctrl-C once it has said a line with that text.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DRUMBEAT_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100"}
    process = subprocess.Popen(
        ["/bin/sh", "-c", f"exec {command}" if interrupt else command],
        cwd=workspace,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with process:
        first = "".join(until(interrupt, process)) if interrupt else ""
        if interrupt:
            process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, first + output


def until(text: str, process: "subprocess.Popen[str]") -> Iterator[str]:
    """The lines of a running command, up to the one with `text`; one that keeps silent is killed."""
    assert process.stdout is not None
    alarm = threading.Timer(PATIENCE, process.kill)
    alarm.start()
    for line in process.stdout:
        yield line
        if text in line:
            break
    alarm.cancel()


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_does_what_the_page_says(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for block in blocks(page):
        reader.follow(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_only_blocks_and_comments_that_are_understood(page: Path) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{block}: {block.language or 'no language'}"
        assert set(block.directives) <= DIRECTIVES, f"{block}: {block.directives}"


def test_the_contract_as_the_page_shows_it_is_kept(tmp_path: Path) -> None:
    page = blocks(ROOT / "docs" / "developers" / "publisher.md")
    [block] = [block for block in page if block.language == "python" and "PublisherContract" in block.text]
    (tmp_path / "test_mine.py").write_text(f"{block.text}\n", encoding="utf-8")
    code, said = call("python -m pytest -q -p no:cacheprovider test_mine.py", tmp_path)
    assert code == 0, said
    assert "passed" in said


def test_the_readme_opens_with_eight_lines_of_yaml_and_the_preview_they_give() -> None:
    first, second = [block for block, _ in zip(blocks(ROOT / "README.md"), range(2), strict=False)]
    assert first.language == "yaml"
    assert len(first.text.splitlines()) == 8
    assert next(commands(second))[0].startswith("drumbeat preview")


def test_make_targets_of_all_pages_exist() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", *(ROOT / "docs" / "developers").rglob("*.md")]:
        for block in blocks(page):
            lines = block.text.splitlines() if block.language == "console" else []
            for target in [line.split()[2] for line in lines if line.startswith("$ make ")]:
                assert target in makefile_targets(), f"{block}: {target}"
