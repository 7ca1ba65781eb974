"""What can be said of any finding by its id: what it is, why, who says so, and how to set, waive or mend it.

`check --explain` and the pages of the documentation show the same, so that a rule is
described in one place only: its own row, or that of the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.checking.case import AnyRule
from scheduler.checking.reasons import ALL, REASONS, may_set
from scheduler.checking.rules import RULES
from scheduler.checking.settings import Threshold
from scheduler.finding import Severity


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding, told. `what` is empty where the reason says it all; `settable`: it may be set and waived."""

    id: str
    severities: tuple[Severity, ...]
    reason: str
    what: str = ""
    source: str = ""
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    settable: bool = False
    example: str = ""
    better: str = ""
    fix: str = ""

    @property
    def weight(self) -> str:
        """`error`, or `error, warning` where it may be either."""
        return ", ".join(self.severities)

    def as_json(self) -> dict[str, Any]:
        """What `check --explain --json` prints of it."""
        return {
            "rule": self.id,
            "severities": [severity.value for severity in self.severities],
            "what": self.what,
            "reason": self.reason,
            "source": self.source,
            "thresholds": {name: {"default": one.default, "means": one.means} for name, one in self.thresholds.items()},
            "settable": self.settable,
            "example": self.example,
            "better": self.better,
            "fix": self.fix,
        }


_RULES: Mapping[str, AnyRule] = {rule.id: rule for rule in RULES}


def explained(name: str) -> Explained:
    """The finding of this id. Raises KeyError where there is none."""
    if name not in _RULES:
        known = REASONS[name]
        return Explained(name, known.severities, known.reason, settable=may_set(name))
    rule = _RULES[name]
    return Explained(
        name,
        (rule.severity,),
        rule.reason,
        what=" ".join((rule.look.__doc__ or "").split("\n\n")[0].split()),
        source=rule.source,
        thresholds=rule.thresholds,
        settable=may_set(name),
        example=rule.example,
        better=rule.better,
        fix=rule.fix,
    )


def every() -> tuple[Explained, ...]:
    """All findings there are, the rules of posts first."""
    return tuple(explained(name) for name in ALL)


def setting_lines(one: Explained) -> tuple[str, ...]:
    """An example of `checks` for it, as it would stand in drumbeat.yaml; nothing where there is nothing to set."""
    lighter = [severity for severity in (Severity.NOTE, Severity.WARNING) if severity not in one.severities]
    severity = [f"severity: {lighter[0]}"] if one.settable else []
    wanted = [*severity, *(f"{name}: {_shown(own.default)}" for name, own in one.thresholds.items())]
    if not wanted:
        return ()
    return ("checks:", f"  {one.id}: {{{', '.join(wanted)}}}")


def _shown(default: int | str) -> str:
    return str(default) if isinstance(default, int) else f'"{default}"'
