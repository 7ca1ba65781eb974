"""Where each value of a file stands, to the character, so that a mend changes these characters and no other.

YAML and CSV values keep their quotes outside the span; a `|` or `>` block begins below its
sign. What stands inside is as it was written, with its escapes and indentation: only what is
found there literally can be mended there.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import yaml

from scheduler.workspace import rows, traps
from scheduler.workspace.tree import Map, Scalar, Steps

_QUOTES = "'\""


@dataclass(frozen=True, slots=True)
class Span:
    """A value: the way to it, what it says, and the characters `start` to `end` of the file that say it."""

    path: Steps
    value: str
    start: int
    end: int


def yaml_spans(text: str) -> list[Span]:
    """Every value of a YAML file that can be read, keys left out; one behind `*name` has its anchor's span."""
    walk = _Walk(text)
    begun = isinstance(walk.next_event(), yaml.DocumentStartEvent)
    return walk.node(walk.next_event(), ()) if begun else []


@dataclass(slots=True)
class _Walk:
    text: str
    next_event: Callable[[], yaml.Event] = field(init=False)
    anchors: dict[str, list[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        loader = yaml.CSafeLoader(self.text.encode("utf-8", "replace"))
        self.next_event = cast("Callable[[], yaml.Event]", loader.get_event)
        self.next_event()

    def node(self, event: yaml.Event, path: Steps) -> list[Span]:
        if isinstance(event, yaml.AliasEvent):
            known = self.anchors.get(str(event.anchor), [])
            return [replace(span, path=(*path, *span.path)) for span in known]
        found = self._found(event, path)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = [replace(span, path=span.path[len(path) :]) for span in found]
        return found

    def _found(self, event: yaml.Event, path: Steps) -> list[Span]:
        if isinstance(event, yaml.ScalarEvent):
            return [Span(path, event.value, *_edges(self.text, event))]
        inside = self._map(path) if isinstance(event, yaml.MappingStartEvent) else self._items(path)
        return [span for spans in inside for span in spans]

    def _map(self, path: Steps) -> Iterator[list[Span]]:
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            key = event.value if isinstance(event, yaml.ScalarEvent) else str(self.node(event, ()))
            yield self.node(self.next_event(), (*path, key))

    def _items(self, path: Steps) -> Iterator[list[Span]]:
        at = 0
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            yield self.node(event, (*path, at))
            at += 1


def _edges(text: str, event: yaml.ScalarEvent) -> tuple[int, int]:
    start, end = traps.begin(event).index, traps.end(event).index
    if event.style in {"|", ">"}:
        below = text.find("\n", start, end)
        return (below + 1, end) if below >= 0 else (end, end)
    within = text[start:end]
    opening = min((at for mark in _QUOTES if (at := within.find(mark)) >= 0), default=0) + 1 if event.style else 0
    return start + opening, end - (1 if event.style else 0)


def csv_spans(text: str) -> list[Span]:
    """Every cell of a CSV file below its header, by row and column."""
    tree, _ = rows.parse(text, "")
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\n|\r", text))]
    found = []
    for at, row in enumerate(cast("Sequence[Map]", tree)):
        for name, cell in row.items():
            scalar = cast("Scalar", cell)
            start, end = rows.inside(text, starts[scalar.line - 1] + scalar.column - 1)
            found.append(Span((at, str(name)), str(scalar), start, end))
    return found
