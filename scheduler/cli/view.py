"""Where output goes: results to standard output, everything else to standard error.

A result has one object behind it and two views, one for people and one of JSON.
"""

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from scheduler.clock import SystemClock
from scheduler.errors import PlanRefused, SchedulerError, WorkspaceError
from scheduler.finding import Finding, Severity
from scheduler.preview.visible import visible
from scheduler.settings import colour_wanted

PLAIN_WIDTH = 100
PROGRESS_SECONDS = 0.2
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(line: str = "") -> None:
    """A line for the person at the terminal, on standard error."""
    click.echo(line, err=True)


def colour_here() -> bool:
    """Whether standard output may carry colour: a terminal, and nobody set NO_COLOR."""
    return colour_wanted() and sys.stdout.isatty()


def width_here() -> int:
    """Columns of the terminal, 100 where there is none."""
    return min(shutil.get_terminal_size((PLAIN_WIDTH, 0)).columns, 160) if sys.stdout.isatty() else PLAIN_WIDTH


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Tells how far long work has come, once a second at most, on a terminal's standard error and nowhere else."""
    if not sys.stderr.isatty() or not total:
        yield lambda _: None
        return
    clock, last = SystemClock(), 0.0
    began = clock.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        now = clock.monotonic()
        if now - began > 1 and now - last > PROGRESS_SECONDS:
            last = now
            click.echo(f"\r{done:,} of {total:,} {what} ", nl=False, err=True)

    yield tell
    if last:
        click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def at_a_terminal() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def finding_line(finding: Finding, *, colour: bool) -> str:
    """`campaigns/x.yaml:18:5: error: posts.tip.every: …`, its mend behind it."""
    severity = click.style(finding.severity, fg=_COLOURS[finding.severity]) if colour else str(finding.severity)
    where = f"{finding.place}: " if finding.place.file else ""
    return visible(f"{where}{severity}: {finding_words(finding)} [{finding.rule}]", keep_style=colour)


def finding_words(finding: Finding) -> str:
    """`posts.tip.every: …` with its mend, or with the reason for which it is waived."""
    path = f"{finding.path}: " if finding.path else ""
    rest = f"Waived: {finding.waived}" if finding.waived else finding.mend
    return f"{path}{finding.message} {rest}".strip()


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as `check --json` prints it."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "path": finding.path,
        "message": finding.message,
        "mend": finding.mend,
        "delivery": finding.delivery,
        "waived": finding.waived,
        "fix": {"old": finding.fix.old, "new": finding.fix.new} if finding.fix else None,
    }


def count_line(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or an empty line where there is nothing to say."""
    counts = Counter(finding.severity for finding in findings)
    said = [f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}" for severity in Severity]
    return ", ".join(words for words, severity in zip(said, Severity, strict=True) if counts[severity])


def failure_json(failure: SchedulerError) -> dict[str, Any]:
    """What a call that failed prints where JSON was asked for."""
    findings = failure.findings if isinstance(failure, WorkspaceError) else ()
    reasons = list(failure.reasons) if isinstance(failure, PlanRefused) else []
    return {
        "error": failure.message,
        "mend": failure.mend,
        "reasons": reasons,
        "findings": [finding_json(finding) for finding in findings],
    }


def show_failure(failure: SchedulerError, *, colour: bool) -> None:
    """What went wrong and how to mend it, on standard error."""
    colour = colour and sys.stderr.isatty()
    if isinstance(failure, WorkspaceError):
        for finding in failure.findings:
            say(finding_line(finding, colour=colour))
    if isinstance(failure, PlanRefused):
        for reason in failure.reasons:
            say(f"  - {reason}")
    say(visible(failure.message))
    if failure.mend:
        say(visible(failure.mend))
