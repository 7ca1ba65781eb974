"""What a workspace or campaign says of the rules that `check` goes by.

A setting changes how a rule weighs and from which number on it speaks; a waiver says, with a
reason that stays in view, that one post may do what the rule warns of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.finding import NOWHERE, Place, Severity


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """One rule as it is wanted here: its severity (None: the rule's own), whether it speaks at all, its thresholds."""

    severity: Severity | None = None
    off: bool = False
    thresholds: Mapping[str, int | str] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a rule does not bind a post, and where that is written."""

    reason: str
    place: Place = NOWHERE
