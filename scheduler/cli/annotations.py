"""Findings as the workflow commands by which GitHub shows them beside the changed lines.

The form is GitHub's "Workflow commands for GitHub Actions", as of 2026-11: `::error
file=…,line=…,col=…,title=…::text`. What contributors wrote must not begin a command of its
own, so that line ends and the signs of the form are escaped.
"""

from pathlib import Path, PurePosixPath

from scheduler.cli.view import finding_words
from scheduler.finding import Finding, Severity
from scheduler.preview.visible import visible

HERE = PurePosixPath()
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_TEXT, ":": "%3A", ",": "%2C"}


def annotation(finding: Finding, folder: PurePosixPath = HERE) -> str:
    """One workflow command; `folder` is the workspace's, seen from the repository's root."""
    place, known = finding.place, {}
    if place.file:
        known["file"] = str(folder / place.file)
        known |= {"line": str(place.line)} if place.line else {}
        known |= {"col": str(place.column)} if place.column else {}
    known["title"] = finding.rule
    properties = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in known.items())
    return f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(finding_words(finding), _TEXT)}"


def _escaped(text: str, signs: dict[str, str]) -> str:
    return visible("".join(signs.get(letter, letter) for letter in text))


def seen_from(here: Path, root: Path) -> PurePosixPath:
    """The workspace's folder as somebody in `here` would write it; nothing where it is not below."""
    try:
        return PurePosixPath(root.resolve().relative_to(here.resolve()).as_posix())
    except ValueError:
        return HERE
