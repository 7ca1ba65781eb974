"""Replaces words in a person's own file, and changes no other character of it.

A mend counts only if the file, read again, says what it said before in every place but that
one, and there exactly the new words: quotes, blocks, comments, order and line ends stay
because nothing is written anew. What cannot be done so is left to its writer.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.finding import Replacement, has_errors
from scheduler.workspace import rows, yaml
from scheduler.workspace.spans import Span, csv_spans, yaml_spans
from scheduler.workspace.tree import Steps

_LINE_END = re.compile(r"\r\n|\n|\r")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edit:
    """In the value at `path`, the words to replace; `template`: what stands in braces there is left alone."""

    path: Steps
    swap: Replacement
    template: bool = True


@dataclass(frozen=True, slots=True)
class Swapped:
    """One place at which words were replaced, line and column from 1."""

    edit: Edit
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text as it is now, its values, and how many oddities its reader has seen that are no errors."""

    name: str
    text: str
    spans: tuple[Span, ...]
    oddities: int = 0
    by_path: Mapping[Steps, Span] = field(init=False, compare=False, repr=False)
    lines: Sequence[int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_path", {span.path: span for span in self.spans})
        object.__setattr__(self, "lines", [0, *(end.end() for end in _LINE_END.finditer(self.text))])

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of a character."""
        line = bisect(self.lines, index)
        return line, index - self.lines[line - 1] + 1

    def holds(self, edit: Edit) -> bool:
        """Whether the words stand literally in the value that the edit is for."""
        span = self.by_path.get(edit.path)
        return span is not None and bool(_places(self.text[span.start : span.end], edit))


def source(name: str, text: str) -> Source | None:
    """The file `name` (its ending says how it is read), or None where it cannot be read whole."""
    ending = name.rpartition(".")[2].lower()
    if ending in {"yaml", "yml"}:
        found = yaml.parse(text, name).findings
        return None if has_errors(found) else Source(name, text, tuple(yaml_spans(text)), len(found))
    if ending == "csv":
        _, trouble = rows.parse(text, name)
        return None if trouble else Source(name, text, tuple(csv_spans(text)))
    return Source(name, text, (Span((), text, 0, len(text)),))


def mended(before: Source, edits: Sequence[Edit]) -> tuple[Source, list[Swapped]]:
    """The source with every edit that can be made surely, and where; the others change nothing."""
    if not edits:
        return before, []
    after, where = _edited(before, edits)
    if after is not None:
        return after, where
    if len(edits) == 1:
        return before, []
    half = len(edits) // 2
    first, done = mended(before, edits[:half])
    last, more = mended(first, edits[half:])
    return last, [*done, *more]


def _edited(before: Source, edits: Sequence[Edit]) -> tuple[Source | None, list[Swapped]]:
    """All edits made, the last of the file first; None where it then reads otherwise than meant."""
    text, where = before.text, []
    for (start, end), here in sorted(_by_span(before, edits).items(), reverse=True):
        raw = text[start:end]
        for edit in here:
            line, column = before.place(start)
            where += [_swapped(edit, raw[:at], line, column) for at in _places(raw, edit)]
            raw = _swap(raw, edit)
        text = text[:start] + raw + text[end:]
    after = source(before.name, text)
    told = [(span.path, span.value) for span in after.spans] if after else []
    meant = _meant(before, edits)
    emptied = any(not now.strip() for was, (_, now) in zip(before.spans, meant, strict=True) if was.value != now)
    same = after is not None and after.oddities == before.oddities and told == meant and not emptied
    return (after if same else None), where


def _by_span(before: Source, edits: Sequence[Edit]) -> dict[tuple[int, int], list[Edit]]:
    """The edits of each piece of the file; two paths lead to one piece where `*name` repeats it."""
    found: dict[tuple[int, int], list[Edit]] = defaultdict(list)
    for edit in edits:
        span = before.by_path[edit.path]
        found[span.start, span.end].append(edit)
    return found


def _meant(before: Source, edits: Sequence[Edit]) -> list[tuple[Steps, str]]:
    """What every value should say afterwards."""
    by_span = _by_span(before, edits)
    return [(span.path, _all(span.value, by_span.get((span.start, span.end), ()))) for span in before.spans]


def _all(text: str, edits: Sequence[Edit]) -> str:
    for edit in edits:
        text = _swap(text, edit)
    return text


def _swap(text: str, edit: Edit) -> str:
    parts, last = [], 0
    for at in _places(text, edit):
        parts += [text[last:at], edit.swap.new]
        last = at + len(edit.swap.old)
    return "".join((*parts, text[last:]))


def _places(text: str, edit: Edit) -> list[int]:
    """Where the words stand by themselves: in no longer word, and in no code of a template."""
    old = edit.swap.old
    code = [found.span() for found in _CODE.finditer(text)] if edit.template else []
    found = (match.start() for match in re.finditer(re.escape(old), text)) if old else iter(())
    return [
        at
        for at in found
        if not any(start < at + len(old) and at < end for start, end in code)
        and not _joined(text[max(at - 1, 0) : at], old[:1])
        and not _joined(old[-1:], text[at + len(old) : at + len(old) + 1])
    ]


def _joined(left: str, right: str) -> bool:
    """Whether the two signs belong to one word."""
    return re.fullmatch(r"\w\w", left + right) is not None


def _swapped(edit: Edit, before: str, line: int, column: int) -> Swapped:
    """The place behind `before`, which begins in `line` at `column`."""
    lines = _LINE_END.split(before)
    return Swapped(edit, line + len(lines) - 1, len(lines[-1]) + (column if len(lines) == 1 else 1))
