"""What goes wrong inside a text, before it is said for whom.

`TemplateRefused` travels through Jinja2 only; what leaves the composer is a `Trouble`,
and for people a finding. `locate` reads the template's own line out of a traceback, so
no message ever speaks of generated code.
"""

from dataclasses import dataclass
from types import TracebackType

from scheduler.errors import SchedulerError
from scheduler.finding import NOWHERE, Place, Severity

ERROR = "template-error"
LIMIT = "template-limit"
MISSING = "unknown-template"
SYNTAX = "template-syntax"
UNDEFINED = "template-undefined"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a text; equal troubles of many accounts are told once."""

    rule: str
    message: str
    mend: str = ""
    place: Place = NOWHERE
    path: str = ""
    severity: Severity = Severity.ERROR


class TemplateRefused(SchedulerError):
    """Raised inside a template by what it may not do; never leaves the composer."""

    def __init__(self, message: str, *, mend: str = "", rule: str = ERROR, line: int = 0) -> None:
        super().__init__(message, mend=mend)
        self.rule = rule
        self.line = line
        self.place: Place | None = None


def locate(traceback: TracebackType | None) -> Place:
    """The innermost template line in `traceback`, or NOWHERE where no template was running."""
    found = NOWHERE
    while traceback is not None:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = template.line_at(traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
