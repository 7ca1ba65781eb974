"""Turns whatever a template can raise into one sentence about the template.

Templates are written by people who should never see Python. What Jinja2 or Python say is
kept where it helps and replaced where it speaks of generated code.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from jinja2 import TemplateNotFound, TemplatesNotFound, TemplateSyntaxError, UndefinedError

from scheduler.composing.reference import FILTERS, TESTS
from scheduler.composing.trouble import ERROR, LIMIT, MISSING, SYNTAX, UNDEFINED, TemplateRefused, Trouble, locate
from scheduler.composing.words import close_to
from scheduler.errors import Bug
from scheduler.finding import NOWHERE, Place

_UNKNOWN = re.compile(r"No (filter|test) named '([^']*)'")
_INNER = re.compile(r"^[\w.<>]*(<lambda>|\w+)\(\) ")
LONGEST_MESSAGE = 200
_ENDLESS: Mapping[type[Exception], str] = {
    RecursionError: "The template calls itself without end.",
    MemoryError: "The template needs too much memory.",
    TimeoutError: "The template takes too long.",
}


class NoTemplate(TemplateNotFound):
    """A template that is not there; `mend` names the nearest that is."""

    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__(str(name), f"There is no template `{name}`.")
        self.mend = close_to(str(name), known) or "Write it below templates/posts/."


def line_of(origin: Place, line: int) -> Place:
    """The place of a template's own `line`, counted from 1, where its first stands at `origin`."""
    return Place(origin.file, origin.line + line - 1 if origin.line else 0)


def misspelt(wrong: Exception, origin: Place) -> TemplateRefused:
    """What is wrong with a template that does not compile, with its place."""
    if isinstance(wrong, TemplateRefused):
        refused = TemplateRefused(wrong.message, mend=wrong.mend, rule=SYNTAX)
        refused.place = line_of(origin, wrong.line or 1)
        return refused
    if not isinstance(wrong, TemplateSyntaxError):
        late = isinstance(wrong, TimeoutError)
        said = _ENDLESS[TimeoutError] if late else "The template is nested too deeply to be read."
        refused = TemplateRefused(said, rule=LIMIT if late else SYNTAX)
        refused.place = origin
        return refused
    said = _short(wrong.message or "It cannot be read.")
    refused = TemplateRefused(said if said.endswith(".") else f"{said}.", mend=_nearest(said), rule=SYNTAX)
    refused.place = line_of(origin, wrong.lineno)
    return refused


def _nearest(said: str) -> str:
    unknown = _UNKNOWN.search(said)
    if unknown is None:
        return ""
    near = close_to(unknown[2], FILTERS if unknown[1] == "filter" else TESTS)
    return near or "`drumbeat schema --templates` lists what there is."


def trouble_of(wrong: Exception, place: Place, path: str) -> Trouble:
    """What a template raised while it ran, at the line that ran; `place` is where the text itself stands."""
    if isinstance(wrong, Bug):
        raise wrong
    found = _told(wrong)
    at = getattr(wrong, "place", None) or locate(wrong.__traceback__)
    return replace(found, place=at if at != NOWHERE else place, path=path)


def _told(wrong: Exception) -> Trouble:
    if isinstance(wrong, TemplateRefused):
        return Trouble(wrong.rule, wrong.message, wrong.mend)
    if isinstance(wrong, TemplatesNotFound):
        return Trouble(MISSING, f"None of these templates exists: {', '.join(map(str, wrong.templates))}.")
    if isinstance(wrong, NoTemplate):
        return Trouble(MISSING, str(wrong), wrong.mend)
    if type(wrong) in _ENDLESS:
        return Trouble(LIMIT, _ENDLESS[type(wrong)], "Shorten its loops.")
    if isinstance(wrong, UndefinedError):
        return Trouble(UNDEFINED, _sentence(wrong))
    return Trouble(ERROR, f"The template cannot be rendered: {_sentence(wrong)}")


def _sentence(wrong: Exception) -> str:
    said = _INNER.sub("a function or filter is ", _short(str(wrong)))
    return said if said.endswith(".") else f"{said}."


def _short(said: str) -> str:
    line = " ".join(said.split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 1]}…"
