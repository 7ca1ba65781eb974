"""What `drumbeat doctor` says: one checkup a thing, each a verdict, a sentence and the mend.

A doctor only looks. What cannot be looked at (no network, no queue yet) is said as that, and
is an error only where it would keep a post from going out. Nothing here shows a secret.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from scheduler.errors import SchedulerError


class Verdict(StrEnum):
    """How a thing stands: `error` means that posts will not go out, or something is lost."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing looked at: `check` is its stable name, `account` empty where it concerns none."""

    check: str
    verdict: Verdict
    message: str
    mend: str = ""
    account: str = ""


def ok(check: str, message: str, *, account: str = "") -> Checkup:
    """It is well."""
    return Checkup(check, Verdict.OK, message, account=account)


def warning(check: str, message: str, mend: str = "", *, account: str = "") -> Checkup:
    """It works, and should be seen to."""
    return Checkup(check, Verdict.WARNING, message, mend, account)


def error(check: str, message: str, mend: str = "", *, account: str = "") -> Checkup:
    """It does not work."""
    return Checkup(check, Verdict.ERROR, message, mend, account)


Look = Callable[[], Iterable[Checkup]]


@dataclass(frozen=True, slots=True)
class Examination:
    """All checkups of one visit, in the order in which they were made."""

    checkups: tuple[Checkup, ...]

    @property
    def healthy(self) -> bool:
        """Whether no checkup is an error."""
        return all(one.verdict is not Verdict.ERROR for one in self.checkups)

    def as_json(self) -> dict[str, Any]:
        """As `doctor --json` prints it."""
        return {"healthy": self.healthy, "checks": [asdict(one) for one in self.checkups]}


def examine(looks: Iterable[tuple[str, Look]]) -> Examination:
    """Makes every look, each with the name that its own failure is told by."""
    return Examination(tuple(one for check, look in looks for one in _looked(check, look)))


def _looked(check: str, look: Look) -> Iterator[Checkup]:
    try:
        yield from look()
    except SchedulerError as failure:
        yield error(check, failure.message, failure.mend)
    except OSError as failure:
        yield error(check, f"It cannot be looked at: {failure.strerror or type(failure).__name__}.")
