"""Writes the mends that need no judgement into the files, the way their writer would.

A rule says which words become which; they are replaced where they stand and nowhere else.
Each file is replaced whole or not at all, and the findings are asked for again, until there
is nothing more to mend. What a waiver lets pass is left as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.errors import SchedulerError
from scheduler.finding import Finding, Place, Severity
from scheduler.operations.origins import Origins, Shelf
from scheduler.operations.survey import Survey
from scheduler.workspace.files import inside
from scheduler.workspace.mending import Edit, Source, mended
from scheduler.workspace.writer import replace_file

ROUNDS = 8
"""So often is looked again: a mend may bring to light what it hid."""
_BOM = "\ufeff"
_UNREADABLE = frozenset({"wrong-csv", "duplicate-key", "second-document", "template-syntax", "not-utf8", "too-deep"})


@dataclass(frozen=True, slots=True)
class Change:
    """What was written where: the place is where `old` stood."""

    rule: str
    place: Place
    old: str
    new: str

    def as_json(self) -> dict[str, Any]:
        """The change as `check --fix --json` prints it."""
        place = {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        return {"rule": self.rule, **place, "old": self.old, "new": self.new}


def fix(look: Callable[[], Survey], changes: list[Change]) -> Survey:
    """Mends what can be mended, and says what it is like afterwards; `look` reads the files anew each time.

    What was written is added to `changes` file by file. Raises `SchedulerError` where a file cannot be written; every
    file is whole all the same.
    """
    survey = look()
    for _ in range(ROUNDS):
        before = len(changes)
        _once(survey, changes)
        if len(changes) == before:
            break
        survey = look()
    return survey


def broken(findings: Sequence[Finding]) -> list[str]:
    """The files that nothing is written into before somebody has mended their syntax."""
    errors = (finding for finding in findings if finding.severity is Severity.ERROR and finding.place.file)
    return list(
        dict.fromkeys(one.place.file for one in errors if one.rule.startswith("yaml-") or one.rule in _UNREADABLE)
    )


def _once(survey: Survey, changes: list[Change]) -> None:
    shelf = Shelf(survey.loaded.root)
    origins = Origins(survey, shelf)
    rules: dict[tuple[str, Edit], str] = {}
    for finding in survey.findings:
        if finding.fix and not finding.waived:
            for found in _edits(finding, origins, shelf):
                rules.setdefault(found, finding.rule)
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for file, edit in rules:
        by_file[file].append(edit)
    for file, edits in by_file.items():
        before = shelf.source(file)
        after, places = mended(before, edits) if before else (None, [])
        if after and before and after.text != before.text:
            _write(shelf, before, after)
            changes += [
                Change(rules[file, one.edit], Place(file, one.line, one.column), one.edit.swap.old, one.edit.swap.new)
                for one in sorted(places, key=lambda one: (one.line, one.column))
            ]


def _edits(finding: Finding, origins: Origins, shelf: Shelf) -> list[tuple[str, Edit]]:
    """The edits that mend a finding: in the nearest origin of its words that holds them literally."""
    swap = finding.fix
    if swap is None:
        return []
    for tier in origins.of(finding):
        found = [(one.file, Edit(one.path, swap, one.template)) for one in tier]
        held = [(file, edit) for file, edit in found if (known := shelf.source(file)) and known.holds(edit)]
        if held:
            return held
    return []


def _write(shelf: Shelf, before: Source, after: Source) -> None:
    """Replaces the file. Raises `SchedulerError` where it is no longer what was read, or cannot be written."""
    path = shelf.root / before.name
    now = path.read_bytes().decode("utf-8", "replace")
    if now.removeprefix(_BOM) != before.text or not inside(shelf.root, path):
        raise SchedulerError(f"{before.name} was changed meanwhile.", mend="Run it again.")
    replace_file(path, now[: len(now) - len(before.text)] + after.text)
