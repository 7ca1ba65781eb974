"""What YAML does to a writer who means no harm, said in words and with the mend.

YAML drops ` #hashtag` without a word, reads `@you` as an error and `*bold*` as a reference.
People who write posts cannot know that, so each trap is named where it stands. Nothing
here decides what a file means; it only explains.
"""

import re
from collections.abc import Sequence
from typing import Any

import yaml

from scheduler.finding import Finding, Place, error

BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
"""Blanks that look like spaces and are none: no-break, thin, ideographic, zero-width."""

_ODD_BLANK = re.compile(f"[{BLANKS}]")
_SWALLOWED = re.compile(r"[ \t]*(#[^\s#][^\n\r]*)")
_SWALLOWED_BELOW = re.compile(r"[ \t]*(?:\r\n|\r|\n)([ ]*)(#[^\s#!][^\n\r]*)")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
_TYPOGRAPHIC = re.compile(r"[“”„‟‘’‚].*[“”‟‘’]", re.DOTALL)
QUOTES = "Put quotes around this text: "
_LINES = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def _quoted(text: str) -> str:
    """`text` as it should be written, shortened for the eye."""
    short = " ".join(text.split())
    short = short if len(short) <= 60 else f"{short[:57]}…"
    return f"'{short}'" if '"' in short or "\\" in short else f'"{short}"'


def _place(mark: Any, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def block_start(text: str, mark: Any) -> tuple[int, int]:
    """Line and column, from 1, at which the text of a `|` or `>` block begins."""
    end = text.find("\n", mark.index)
    if end < 0:
        return mark.line + 1, mark.column + 1
    indent = re.compile(r"[ \n\r]*?( *)(?=[^ \n\r]|\Z)").match(text, end + 1)
    return mark.line + 2, len(indent[1]) + 1 if indent else 1


def look_at_plain(text: str, event: Any, file: str, found: list[Finding]) -> None:
    """Adds what is wrong with an unquoted value or key: a hashtag behind it, odd quotes, odd blanks."""
    value = event.value
    end = event.end_mark.index
    if text.find("#", end, end + 200) >= 0 and (lost := _lost(text, event, end)):
        found.append(_hashtag(value, lost, event, file))
    if value and value[0] in "“”„‟‘’‚" and _TYPOGRAPHIC.fullmatch(value):
        found.append(_typographic(value, event, file))
    if value and (value[0] in _FIRST_ODD or value[-1] in _FIRST_ODD or _COLON_ODD.search(value)):
        found.append(_odd_blank(event, file))


_FIRST_ODD = frozenset(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
)
_COLON_ODD = re.compile(f"^[a-z_]+:[{BLANKS}]")


def _lost(text: str, event: Any, end: int) -> str:
    """The hashtag that YAML drops behind an unquoted value, or nothing."""
    if match := _SWALLOWED.match(text, end):
        return match[1].strip()
    below = _SWALLOWED_BELOW.match(text, end) if event.value else None
    deep = below is not None and len(below[1]) >= _indent(text, event.start_mark) + 2
    return below[2].strip() if below and deep else ""


def _indent(text: str, mark: Any) -> int:
    """How far the line of `mark` is indented, dashes counting as blanks."""
    line = text[mark.index - mark.column : mark.index]
    return len(line) - len(line.lstrip(" -"))


def _hashtag(value: str, lost: str, event: Any, file: str) -> Finding:
    whole = f"{value} {lost}" if value else lost
    return error(
        "yaml-hashtag",
        f"YAML drops {lost.split()[0]} without a word: # after a blank begins a comment.",
        mend=f"{QUOTES}{_quoted(whole)} (or put a blank after # if it is a comment).",
        place=_place(event.start_mark, file),
    )


def _typographic(value: str, event: Any, file: str) -> Finding:
    return error(
        "yaml-quotes",
        "These typographic quotes are part of the text to YAML, not quotes around it.",
        mend=f'Write "{value[1:-1]}", or {_quoted(value)} if they belong to the text.',
        place=_place(event.start_mark, file),
    )


def _odd_blank(event: Any, file: str) -> Finding:
    return error(
        "yaml-blank",
        "There is a no-break space (or another odd blank) here; YAML knows the plain one only.",
        mend="Delete the blanks here and type them again with the space bar.",
        place=_place(event.start_mark, file),
    )


def unused_anchor(text: str, event: Any, file: str) -> Finding:
    """The finding for a text that begins with `&word` where nothing uses the name: YAML drops it from the text."""
    written = text[event.start_mark.index : event.end_mark.index]
    return error(
        "yaml-anchor",
        f"&{event.anchor} at the beginning of a value is a name to YAML and would be dropped.",
        mend=f"{QUOTES}{_quoted(written)}.",
        place=_place(event.start_mark, file),
    )


def look_at_key(key: Any, file: str) -> list[Finding]:
    """What is wrong with a key: a time, a merge."""
    place = Place(file, key.line, key.column)
    if key.quoted:
        return []
    if _CLOCK.fullmatch(key):
        mend = f'Put the time behind a key (`at: {key}`), or quotes around it if it is text ("{key}": …).'
        return [error("yaml-time-key", f"The time {key} stands where a key should be.", mend=mend, place=place)]
    if key == "<<":
        mend = "Write the keys out, or say them once for the whole campaign."
        return [error("yaml-merge", "Merge keys (<<) are not read here.", mend=mend, place=place)]
    return []


def key_that_is_none(text: str, event: Any, file: str) -> Finding:
    """The finding for a map, a list or a reference in the place of a key; mostly `{{` without quotes."""
    index = event.start_mark.index
    place = _place(event.start_mark, file)
    if index and text[index - 1 : index + 1] == "{{":
        line = text[index - 1 :].splitlines()[0]
        return error(
            "yaml-braces",
            "A value that begins with {{ is a map to YAML.",
            mend=f"{QUOTES}{_quoted(line)}.",
            place=Place(file, place.line, place.column - 1),
        )
    return error(
        "yaml-key", "Here stands something that cannot be a key.", mend="Write a word and a colon.", place=place
    )


def explain(problem: yaml.YAMLError, text: str, file: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings so far and the syntax error in plain words; the error is left out where a trap explains it."""
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        position = getattr(problem, "position", 0)
        place = Place(file, text.count("\n", 0, position) + 1, 1)
        mend = "Delete it and type it again."
        return (
            *found,
            error("yaml-syntax", "There is a character here that YAML cannot hold.", mend=mend, place=place),
        )
    place = _place(mark, file)
    if any(finding.place.line in {place.line, place.line - 1} for finding in found):
        return tuple(found)
    said = _said(str(getattr(problem, "problem", "") or ""), problem, text, place)
    return (*found, said)


def _said(what: str, problem: Any, text: str, place: Place) -> Finding:
    return error(
        "yaml-syntax", f"This is not YAML: {what}.", mend="Look at the indentation and the quotes.", place=place
    )
