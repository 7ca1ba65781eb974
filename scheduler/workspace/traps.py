"""What YAML does to a writer who means no harm, where it reads on without a word.

YAML drops ` #hashtag` as a comment, `&co` as a name and `!` as a tag, and takes blanks and
quotes of another kind for letters. People who write posts cannot know that, so each trap is
an error that says what to type instead. What YAML does refuse is worded in `syntax.py`.
"""

import re
from typing import cast

import yaml

from scheduler.finding import Finding, Place, error, warning
from scheduler.workspace.tree import Scalar

ODD_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
)
"""Blanks that look like spaces and are none: no-break, thin, ideographic, zero-width."""
OPENING = "“”„‟‘’‚"
QUOTES = "Put quotes around this text: "
BLANK_MEND = "Delete the blanks here and type them again with the space bar."

_ODD = frozenset(ODD_BLANKS)
_AFTER_COLON = re.compile(f"[A-Za-z_-]+:[{ODD_BLANKS}]")
_SWALLOWED = re.compile(r"[ \t]*(#\w[^\n\r]*)")
_SWALLOWED_BELOW = re.compile(r"[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))?([ ]*)(#\w[^\n\r]*)")
_INDENTED_HASH = re.compile(r"[\r\n][ \t]+#\w")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
_TYPOGRAPHIC = re.compile(rf"[{OPENING}].*[“”‟‘’]", re.DOTALL)
_INDENT = re.compile(r"[ \n\r]*?( *)(?=[^ \n\r]|\Z)")


def in_quotes(text: str) -> str:
    """`text` as it should be written in YAML, shortened for the eye."""
    short = " ".join(text.split())
    short = short if len(short) <= 60 else f"{short[:57]}…"
    if '"' in short or "\\" in short:
        return "'" + short.replace("'", "''") + "'"
    return f'"{short}"'


def begin(event: yaml.Event) -> yaml.Mark:
    """The mark at which an event begins; libyaml's events always have one."""
    return cast("yaml.Mark", event.start_mark)


def end(event: yaml.Event) -> yaml.Mark:
    """The mark at which an event ends."""
    return cast("yaml.Mark", event.end_mark)


def watched(text: str) -> str:
    """What behind an unquoted word may hide a hashtag; line ends only where some line begins with one."""
    return " \t\r\n" if _INDENTED_HASH.search(text) else " \t"


def place_of(event: yaml.Event, file: str) -> Place:
    """Where an event begins."""
    mark = begin(event)
    return Place(file, mark.line + 1, mark.column + 1)


def block_start(text: str, event: yaml.Event) -> tuple[int, int]:
    """Line and column, from 1, at which the text of a `|` or `>` block begins."""
    mark = begin(event)
    stop = text.find("\n", mark.index)
    indent = _INDENT.match(text, stop + 1) if stop >= 0 else None
    return (mark.line + 2, len(indent[1]) + 1) if indent else (mark.line + 1, mark.column + 1)


def unquoted(text: str, event: yaml.ScalarEvent, file: str) -> list[Finding]:
    """What is wrong with an unquoted value or key: a hashtag dropped behind it, odd quotes, odd blanks."""
    value = event.value
    found: list[Finding] = []
    after = end(event).index
    if text.find("#", after, after + 300) >= 0 and (lost := _lost(text, event)):
        found.append(_hashtag(value, lost, place_of(event, file)))
    if value and value[0] in OPENING and _TYPOGRAPHIC.fullmatch(value):
        found.append(_typographic(value, place_of(event, file)))
    if value and (value[0] in _ODD or value[-1] in _ODD or _AFTER_COLON.match(value)):
        found.append(odd_blank(place_of(event, file)))
    return found


def hashtag_behind_quotes(text: str, event: yaml.ScalarEvent, file: str) -> list[Finding]:
    """A warning where ` #word` stands behind a quoted text: a comment to YAML, a hashtag to its writer."""
    after = end(event).index
    lost = _SWALLOWED.match(text, after) if text.find("#", after, after + 20) >= 0 else None
    if not lost:
        return []
    word = lost[1].split(maxsplit=1)[0]
    message = f"YAML drops {word} behind the quotes: # begins a comment."
    mend = f"Put {word} inside the quotes, or a blank after # if it is a comment."
    return [warning("yaml-hashtag", message, mend=mend, place=place_of(event, file))]


def _lost(text: str, event: yaml.ScalarEvent) -> str:
    """The hashtag that YAML drops behind an unquoted value, or nothing."""
    after = end(event).index
    if match := _SWALLOWED.match(text, after):
        return match[1].strip()
    below = _SWALLOWED_BELOW.match(text, after) if event.value else None
    deep = below is not None and len(below[1]) >= _indent(text, event) + 2
    return below[2].strip() if below and deep else ""


def _indent(text: str, event: yaml.Event) -> int:
    """How far the line of an event is indented, dashes counting as blanks."""
    mark = begin(event)
    line = text[mark.index - mark.column : mark.index]
    return len(line) - len(line.lstrip(" -"))


def _hashtag(value: str, lost: str, place: Place) -> Finding:
    whole = f"{value} {lost}" if value else lost
    word = lost.split(maxsplit=1)[0]
    message = f"YAML drops {word} here without a word: # begins a comment."
    mend = f"{QUOTES}{in_quotes(whole)} (or put a blank after # if it is a comment)."
    return error("yaml-hashtag", message, mend=mend, place=place)


def _typographic(value: str, place: Place) -> Finding:
    message = "These typographic quotes are part of the text to YAML, not quotes around it."
    mend = f"Put straight quotes: {in_quotes(value[1:-1])}, or {in_quotes(value)} if they belong to the text."
    return error("yaml-quotes", message, mend=mend, place=place)


def odd_blank(place: Place) -> Finding:
    """The finding for a blank that YAML does not take for one."""
    message = "There is a no-break space (or another odd blank) here; YAML knows the plain one only."
    return error("yaml-blank", message, mend=BLANK_MEND, place=place)


def unused_anchor(text: str, event: yaml.ScalarEvent, file: str) -> Finding:
    """The finding for a text that begins with `&word` where nothing uses the name: YAML drops the word."""
    written = text[begin(event).index : end(event).index]
    message = f"&{event.anchor} at the beginning of a value is a name to YAML, and is dropped from the text."
    return error("yaml-anchor", message, mend=f"{QUOTES}{in_quotes(written)}.", place=place_of(event, file))


def key(word: Scalar, file: str) -> list[Finding]:
    """What is wrong with a key: a time, a merge."""
    place = Place(file, word.line, word.column)
    if word.quoted:
        return []
    if _CLOCK.fullmatch(word):
        mend = f'Put the time behind a key (`at: {word}`), or quotes around it if it is text ("{word}": …).'
        return [error("yaml-time-key", f"The time {word} stands where a key should be.", mend=mend, place=place)]
    if word == "<<":
        mend = "Write the keys out, or say them once for the whole campaign."
        return [error("yaml-merge", "Merge keys (<<) are not read here.", mend=mend, place=place)]
    return []
