"""What a check says: which rule, where, what is wrong, and the mend.

The lowest layer: everything may speak of findings, and findings know nothing. A finding
is what a person reads, so its message is a sentence and its mend is something to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error stops a plan, a warning asks, a note tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the workspace: a path relative to it with `/`, line and column from 1 (0: unknown)."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A mend that needs nobody's judgement: `old`, where it stands literally in the writer's source, becomes `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying, `path` being the dotted way to it (`posts.tip.every`).

    `waived` is the reason for which a campaign lets it pass; what is waived is a note. `fix` is what
    `check --fix` would write.
    """

    rule: str
    severity: Severity
    message: str
    mend: str = ""
    place: Place = NOWHERE
    path: str = ""
    delivery: str = ""
    waived: str = ""
    fix: Replacement | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        path = f"{self.path}: " if self.path else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{where}{path}{self.message}{mend}"


def error(
    rule: str, message: str, *, mend: str = "", place: Place = NOWHERE, path: str = "", delivery: str = ""
) -> Finding:
    """A finding that stops every plan until it is mended."""
    return Finding(rule, Severity.ERROR, message, mend, place, path, delivery)


def warning(
    rule: str, message: str, *, mend: str = "", place: Place = NOWHERE, path: str = "", delivery: str = ""
) -> Finding:
    """A finding that a person should look at; it stops `check --strict`."""
    return Finding(rule, Severity.WARNING, message, mend, place, path, delivery)


def note(
    rule: str, message: str, *, mend: str = "", place: Place = NOWHERE, path: str = "", delivery: str = ""
) -> Finding:
    """A finding that only tells."""
    return Finding(rule, Severity.NOTE, message, mend, place, path, delivery)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything among `findings` stops a plan."""
    return any(finding.severity is Severity.ERROR for finding in findings)
