"""A line that YAML refuses, said in the words of the person who wrote it.

libyaml says "did not find expected key"; the writer began a text with `@`. The line itself
is looked at, most telling mistake first. Where quotes would mend it, `mend` gives the text
with that line mended, so that reading can go on and find the next mistake, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import yaml

from scheduler.finding import Finding, Place, error
from scheduler.workspace.traps import ODD_BLANKS, OPENING, QUOTES, in_quotes, odd_blank

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_LINE = re.compile(r"(?P<before>\s*(?:-\s+)*(?:(?:\"[^\"]*\"|'[^']*'|[\w.-]+)\s*:\s+)?)(?P<value>.*)", re.DOTALL)
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TIGHT_COLON = re.compile(r"\s*(?:-\s+)*[a-z_]+:[^\s/]")
_ODD_INDENT = re.compile(rf"[ \t]*[{ODD_BLANKS}]|\s*(?:- )?[\w-]+[{ODD_BLANKS}]*:[{ODD_BLANKS}]|\s*-[{ODD_BLANKS}]")
_FLOW_HASH = re.compile(r"[^#\"']*[\[{][^\]}#\"']*#\w")
_HASH = re.compile(r"#(?=\w)")
_END_OF_ENTRY = re.compile(r"[,\]}]")
_GOES_ON = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s#,\]}:'"]|''.|""\w""")
TOO_DEEP = "This is nested deeper than any campaign."
TOO_DEEP_MEND = "Write plain keys, values and lists."
_ELSEWHERE = "Look at how this line and the one above are indented, and at their quotes and brackets."


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, `number` from 1, and the value in it: what stands behind dashes and key."""

    text: str
    number: int

    @property
    def column(self) -> int:
        match = _LINE.match(self.text)
        return len(match["before"]) + 1 if match else 1

    @property
    def value(self) -> str:
        return self.text[self.column - 1 :].rstrip()

    def place(self, file: str, column: int = 0) -> Place:
        return Place(file, self.number, column or self.column)


def line_of(text: str, number: int) -> str:
    """The line `number` of a text, counted from 1 as libyaml counts."""
    lines = _BREAK.split(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def explain(problem: yaml.YAMLError, text: str, file: str) -> Finding:
    """What is wrong, where, and the mend, for anything libyaml refuses."""
    if not isinstance(problem, yaml.MarkedYAMLError) or problem.problem_mark is None:
        return _forbidden(text, file)
    mark = problem.problem_mark
    begin = problem.context_mark.line + 1 if problem.context_mark else 0
    numbers = dict.fromkeys((mark.line + 1, begin, mark.line))
    lines = [_Line(line_of(text, number), number) for number in numbers if number]
    said = str(problem.problem or "")
    if "depth" in said:
        return error("too-deep", TOO_DEEP, mend=TOO_DEEP_MEND, place=Place(file, mark.line + 1, mark.column + 1))
    for finding in chain(_hash_in_brackets(text, mark.line + 1, file), _told(said, lines, mark.column + 1, file)):
        return finding
    place = Place(file, mark.line + 1, mark.column + 1)
    if "block" in str(problem.context) and not lines[0].text[: mark.column].strip():
        message = f"This line is indented by {mark.column}, as none of the lines above that it could belong to."
        mend = "Begin it exactly below the key or the dash that it stands beside."
        return error("yaml-indentation", message, mend=mend, place=place)
    return error("yaml-syntax", "This line is not YAML.", mend=_ELSEWHERE, place=place)


def _forbidden(text: str, file: str) -> Finding:
    found = _FORBIDDEN.search(text)
    index = found.start() if found else 0
    before = text[:index]
    column = index - (before.rfind("\n") + 1) + 1
    code = f"U+{ord(text[index]):04X}" if found else "unknown"
    message = f"There is a character here that YAML cannot hold ({code})."
    place = Place(file, before.count("\n") + 1, column)
    return error("yaml-syntax", message, mend="Delete it; it may be invisible.", place=place)


def _told(said: str, lines: list[_Line], column: int, file: str) -> Iterator[Finding]:
    """Explanations, the most telling first."""
    here = lines[0]
    for line in lines:
        yield from _blanks(line, file)
    yield from _beginning(here, file)
    yield from _inside(said, here, column, file)
    yield from _unclosed(said, lines, file)
    yield from _behind_quotes(here, file)
    if "mapping values are not allowed" in said:
        yield from _colon(lines, column, file)
    if "could not find expected ':'" in said:
        yield from _tight(lines, file)
        message = "There is no colon behind the key here."
        mend = "Write `key: value`, with a blank behind the colon; indent a text that goes on below its key."
        yield error(
            "yaml-syntax", message, mend=mend, place=lines[1].place(file, 1) if len(lines) > 1 else here.place(file)
        )
    if "block sequence entries" in said:
        mend = "Begin the list on the next line, each entry behind `- `; or put quotes around the text."
        yield error("yaml-syntax", "A list cannot begin on the line of its key.", mend=mend, place=here.place(file))
    yield from _tight(lines, file)


def _blanks(line: _Line, file: str) -> Iterator[Finding]:
    indent = line.text[: len(line.text) - len(line.text.lstrip(" \t"))]
    if "\t" in indent:
        mend = "Take the tab away and type blanks instead, two a level."
        yield error(
            "yaml-tab", "This line is indented with a tab.", mend=mend, place=line.place(file, indent.index("\t") + 1)
        )
    if odd := _ODD_INDENT.match(line.text):
        yield odd_blank(line.place(file, odd.end()))


_BEGINNINGS = {
    "@": ("yaml-indicator", "A text cannot begin with @ in YAML."),
    "`": ("yaml-indicator", "A text cannot begin with ` in YAML."),
    "%": ("yaml-indicator", "A text cannot begin with % in YAML."),
    "*": ("yaml-alias", "A * at the beginning of a value refers to something in YAML."),
    "&": ("yaml-anchor", "A & at the beginning of a value names something in YAML."),
    "!": ("yaml-tag", "A ! at the beginning of a value is a tag in YAML."),
    "?": ("yaml-indicator", "A text cannot begin with ? and a blank in YAML."),
}


def _beginning(line: _Line, file: str) -> Iterator[Finding]:
    value = line.value
    if value.startswith(("{{", "{%")):
        yield braces(value, line.place(file))
    elif value[:1] in _BEGINNINGS:
        rule, message = _BEGINNINGS[value[0]]
        yield error(rule, message, mend=f"{QUOTES}{in_quotes(value)}.", place=line.place(file))
    elif value[:1] in {"|", ">"} and len(value) > 1:
        mend = f"Write {value[0]} alone, and the text on the next lines, indented; or put quotes around the text."
        message = f"Text stands on the line of {value[0]}."
        yield error("yaml-block", message, mend=mend, place=line.place(file))
    elif value[:1] and value[0] in OPENING:
        yield _typographic(value, line.place(file))


def _inside(said: str, line: _Line, column: int, file: str) -> Iterator[Finding]:
    """What stands in brackets on a line, or behind a backslash."""
    sign = line.text[column - 1 : column]
    if "cannot start any token" in said and sign in _BEGINNINGS:
        rule, message = _BEGINNINGS[sign]
        value = _END_OF_ENTRY.split(line.text[column - 1 :], maxsplit=1)[0].strip()
        yield error(rule, message, mend=f"{QUOTES}{in_quotes(value)}.", place=line.place(file, column))
    if "escape character" in said or "hexdecimal" in said:
        mend = r"Write the backslash twice, or use single quotes: '…'."
        message = "A backslash in double quotes begins something that YAML does not know."
        yield error("yaml-syntax", message, mend=mend, place=line.place(file, column))


def braces(value: str, place: Place) -> Finding:
    """The finding for a value that begins with `{{` or `{%`: the beginning of a map in YAML."""
    message = f"A value cannot begin with {value[:2]} in YAML."
    return error("yaml-braces", message, mend=f"{QUOTES}{in_quotes(value)}.", place=place)


def _typographic(value: str, place: Place) -> Finding:
    bare = value.strip(OPENING)
    message = "These typographic quotes do not quote in YAML."
    return error("yaml-quotes", message, mend=f"Put straight quotes: {in_quotes(bare)}.", place=place)


def _unclosed(said: str, lines: list[_Line], file: str) -> Iterator[Finding]:
    """A bracket or a quote that is not closed; lines[1] is where it began."""
    begun = lines[1] if len(lines) > 1 else lines[0]
    if "unexpected end of stream" in said or "document indicator" in said:
        mend = "Close it where the text ends; inside it, write ' twice in '…' and \\\" in \"…\"."
        yield error("yaml-syntax", "A quote that begins here is never closed.", mend=mend, place=begun.place(file))
    if "expected ',' or" in said:
        mend = (
            "Close it with ] or }, put a comma between entries, and quotes around text with commas, colons or brackets."
        )
        yield error("yaml-syntax", "This bracket is not closed as it should be.", mend=mend, place=begun.place(file))


def _hash_in_brackets(text: str, last: int, file: str) -> Iterator[Finding]:
    """A hashtag in an open bracket, at line `last` or shortly above: it swallows the closing bracket."""
    for number in range(last, max(last - 30, 0), -1):
        match = _FLOW_HASH.match(line_of(text, number))
        if match:
            message = "YAML drops everything behind # in this list."
            mend = "Write hashtags without #: [TimeIsNow, ISpeakUpNow]; or quotes around each text that has one."
            yield error("yaml-hashtag", message, mend=mend, place=Place(file, number, match.end() - 1))


def _behind_quotes(line: _Line, file: str) -> Iterator[Finding]:
    value = line.value
    if not _GOES_ON.match(value):
        return
    inner = value[1:-1] if value.endswith(value[0]) else value
    message = "The text goes on after its closing quote."
    mend = f"Put quotes around all of it, of the kind that is not in it: {in_quotes(inner)}."
    yield error("yaml-syntax", message, mend=mend, place=line.place(file))


def _colon(lines: list[_Line], column: int, file: str) -> Iterator[Finding]:
    here = lines[0]
    first = re.search(r":(\s|$)", here.text)
    if first is not None and first.start() + 1 < column:
        message = "A colon with a blank behind it cannot stand in a text without quotes."
        yield error("yaml-colon", message, mend=f"{QUOTES}{in_quotes(here.value)}.", place=here.place(file))
        return
    yield from _tight(lines, file)
    message = "The text of the line above goes on here, and a colon with a blank cannot stand in it."
    mend = "Put quotes around the whole text; or, if this is a key, indent it like the keys above."
    yield error("yaml-colon", message, mend=mend, place=here.place(file, len(here.text) - len(here.text.lstrip()) + 1))


def _tight(lines: list[_Line], file: str) -> Iterator[Finding]:
    for line in reversed(lines):
        if match := _TIGHT_COLON.match(line.text):
            mend = f"Put a blank behind the colon: {in_words(line.text, match.end())}"
            yield error(
                "yaml-syntax", "There is no blank behind the colon.", mend=mend, place=line.place(file, match.end())
            )


def in_words(line: str, end: int) -> str:
    """The line as it should be, with the blank that was missing before `end`."""
    return f"{line[: end - 1]} {line[end - 1 :]}".strip()[:80]


_MENDABLE = frozenset(
    {"yaml-indicator", "yaml-alias", "yaml-anchor", "yaml-tag", "yaml-braces", "yaml-colon", "yaml-quotes"}
)


def mend(text: str, finding: Finding) -> str | None:
    """The text with the one line mended that `finding` is about; None where that is beyond quotes."""
    number, column = finding.place.line, finding.place.column
    line = line_of(text, number)
    if finding.rule == "yaml-hashtag":
        better = line[: column - 1] + _HASH.sub(" ", line[column - 1 :])
    elif finding.rule in _MENDABLE:
        better = _quoted(line, column)
    else:
        better = line
    if better == line:
        return None
    start = next(islice(chain((0,), (found.end() for found in _BREAK.finditer(text))), number - 1, None))
    return f"{text[:start]}{better}{text[start + len(line) :]}"


def _quoted(line: str, column: int) -> str:
    """The line with its value from `column` on in quotes, inside brackets to the end of the entry only."""
    before, value = line[: column - 1], line[column - 1 :].rstrip()
    if any(bracket in before for bracket in "[{"):
        value = _END_OF_ENTRY.split(value, maxsplit=1)[0].rstrip() or value
    if not value or value[0] in "'\"":
        return line
    whole = "'" + value.replace("'", "''") + "'"
    return f"{before}{whole}{line[len(before) + len(value) :]}"
