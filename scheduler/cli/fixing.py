"""What `check --fix` says: each change as `file:line:column: old -> new`, and what it could not touch."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scheduler.app import App
from scheduler.cli.view import say
from scheduler.errors import SchedulerError
from scheduler.operations.fix import Change, broken, fix
from scheduler.operations.survey import Survey
from scheduler.preview.visible import visible
from scheduler.preview.words import counted


def fix_files(app: App, campaigns: Sequence[str]) -> tuple[list[Change], Survey]:
    """Mend the files, and look at them again; says on standard error which it left alone, or wrote before it failed."""
    changes: list[Change] = []
    try:
        survey = fix(lambda: replace(app).survey(campaigns), changes)
    except SchedulerError:
        for line in change_lines(changes) if changes else ():
            say(line)
        raise
    for file in broken(survey.findings):
        say(visible(f"{file}: nothing is written into it before its syntax is right."))
    return changes, survey


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """What was written, and how much."""
    for change in changes:
        yield f"{visible(str(change.place))}: {_seen(change.old)} -> {_seen(change.new)} [{change.rule}]"
    files = len({change.place.file for change in changes})
    said = (
        f"{counted(len(changes), 'mend')} in {counted(files, 'file')}" if changes else "Nothing that --fix could mend"
    )
    yield f"{said}."


def _seen(text: str) -> str:
    """Words with what cannot be seen in them spelled out; nothing is `(nothing)`."""
    shown = "".join(letter if letter.isprintable() else f"[U+{ord(letter):04X}]" for letter in text)
    return visible(shown) or "(nothing)"
