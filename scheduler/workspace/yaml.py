"""YAML read from libyaml's event stream, so that every word keeps its line and column.

A small part of YAML is enough for campaigns: maps, lists, text, and anchors that are not
costly. Duplicate keys, tags, merge keys, second documents and deep nesting are refused by
name. 1,000 posts take about 50 ms; a round-trip library takes over a second for the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NoReturn, cast

import yaml

from scheduler.finding import Finding, error
from scheduler.workspace import syntax, traps
from scheduler.workspace.limits import MAX_DEPTH, MAX_ENTRIES, MAX_FINDINGS, MAX_MENDS, MAX_NODES
from scheduler.workspace.tree import Items, Map, Node, Scalar


class Unreadable(Exception):
    """The file cannot be read on from here; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's tree (None where it is empty or could not be read to its end), and what was found on the way."""

    root: Node | None
    findings: tuple[Finding, ...] = ()


def parse(text: str, file: str) -> Parsed:
    """Reads `text` as YAML. Never raises: whatever is wrong with it is a finding with its place in `file`.

    A line that only lacks quotes is read as if it had them, so that one look finds all such lines.
    """
    broken: list[Finding] = []
    mended: str | None = text
    parsed = Parsed(None)
    while mended is not None:
        parsed, stop = _once(mended, file)
        if stop is None or any(stop.place.line == known.place.line for known in broken):
            break
        broken.append(stop)
        few = len(broken) < MAX_MENDS and len(broken) * len(text) < 2_000_000
        mended = syntax.mend(mended, stop) if few else None
    known_lines = {(finding.rule, finding.place.line) for finding in parsed.findings}
    stops = [stop for stop in broken if (stop.rule, stop.place.line) not in known_lines]
    return Parsed(parsed.root, (*stops, *parsed.findings))


def _once(text: str, file: str) -> tuple[Parsed, Finding | None]:
    """What can be read, and what stopped the reading."""
    reader = _Reader(text, file)
    try:
        root = reader.document()
    except Unreadable as stop:
        return Parsed(None, tuple(reader.found)), stop.finding
    except yaml.YAMLError as problem:
        return Parsed(None, tuple(reader.found)), syntax.explain(problem, text, file)
    return Parsed(root, tuple(reader.found)), None


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    found: list[Finding] = field(default_factory=list)
    _next: Callable[[], yaml.Event] = field(init=False)
    _anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    _unused: dict[str, Finding] = field(default_factory=dict)
    _nodes: int = 0
    _after: str = ""
    _watched: str = ""

    def document(self) -> Node | None:
        self._after = f"{self.text}\n"
        self._watched = traps.watched(self.text)
        loader = yaml.CSafeLoader(self.text.encode("utf-8", "replace"))
        self._next = cast("Callable[[], yaml.Event]", loader.get_event)
        self._next()
        if not isinstance(self._next(), yaml.DocumentStartEvent):
            return None
        root = self._node(self._next(), 0)
        self.found.extend(self._unused.values())
        self._next()
        event = self._next()
        if isinstance(event, yaml.DocumentStartEvent):
            self._stop("second-document", event, "A second document begins here.", "Keep one file for each campaign.")
        return root

    def _stop(self, rule: str, event: yaml.Event, message: str, mend: str) -> NoReturn:
        raise Unreadable(error(rule, message, mend=mend, place=traps.place_of(event, self.file)))

    def _charge(self, nodes: int, event: yaml.Event) -> None:
        self._nodes += nodes
        if len(self.found) > MAX_FINDINGS:
            self._stop("too-many", event, "There is more wrong with this file.", "Mend these first.")
        if self._nodes > MAX_NODES:
            message = f"This file says more than {MAX_NODES:,} things."
            self._stop("too-big", event, message, "Divide it, and repeat nothing with * a thousand times.")

    def _count(self, entries: int, event: yaml.Event) -> None:
        if entries > MAX_ENTRIES:
            message = f"More than {MAX_ENTRIES:,} entries stand here together."
            self._stop("too-big", event, message, "Divide them over several files.")

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth >= MAX_DEPTH:
            self._stop("too-deep", event, syntax.TOO_DEEP, syntax.TOO_DEEP_MEND)
        return self._collection(cast("yaml.CollectionStartEvent", event), depth)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        self._charge(1, event)
        value, style, mark = event.value, event.style, traps.begin(event)
        scalar = Scalar(value)
        scalar.line, scalar.column, scalar.quoted = mark.line + 1, mark.column + 1, bool(style)
        if style or not value or not value.isascii() or self._after[traps.end(event).index] in self._watched:
            self._look(event, scalar)
        if event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (scalar, 1)
            self._unused[event.anchor] = traps.unused_anchor(self.text, event, self.file)
        return scalar

    def _look(self, event: yaml.ScalarEvent, scalar: Scalar) -> None:
        """A closer look at a scalar that may be a trap, or begins a line below its sign."""
        if not event.style:
            self.found.extend(traps.unquoted(self.text, event, self.file))
        elif event.style in "|>":
            scalar.line, scalar.column = traps.block_start(self.text, event)
        else:
            self.found.extend(traps.hashtag_behind_quotes(self.text, event, self.file))

    def _tag(self, event: yaml.Event) -> NoReturn:
        message = "A ! at the beginning of a value is a tag to YAML."
        self._stop("yaml-tag", event, message, "Put quotes around the text, or take the ! away.")

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            message = f"*{event.anchor} refers to nothing: * at the beginning of a value is a reference to YAML."
            mark = traps.begin(event)
            value = syntax.line_of(self.text, mark.line + 1)[mark.column :]
            self._stop("yaml-alias", event, message, f"{traps.QUOTES}{traps.in_quotes(value)}.")
        known = self._anchors[event.anchor]
        if known is None:
            self._stop("yaml-loop", event, f"*{event.anchor} contains itself.", "Write out what it should say.")
        node, size = known
        self._unused.pop(event.anchor, None)
        self._charge(size, event)
        return node

    def _collection(self, event: yaml.CollectionStartEvent, depth: int) -> Node:
        self._charge(1, event)
        before = self._nodes
        if event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        read = self._map if isinstance(event, yaml.MappingStartEvent) else self._items
        mark = traps.begin(event)
        node = read(mark.line + 1, mark.column + 1, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1)
        return node

    def _items(self, line: int, column: int, depth: int) -> Items:
        items = Items.at(line, column)
        event = self._next()
        while not isinstance(event, yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
            self._count(len(items), event)
            event = self._next()
        return items

    def _map(self, line: int, column: int, depth: int) -> Map:
        found = Map.at(line, column)
        event = self._next()
        while not isinstance(event, yaml.MappingEndEvent):
            key = self._key(event, found, depth)
            value = self._node(self._next(), depth)
            if key is not None:
                found[key] = value
                self._count(len(found), event)
            event = self._next()
        return found

    def _key(self, event: yaml.Event, found: Map, depth: int) -> Scalar | None:
        """The key, or None where it cannot be one; the reading goes on either way."""
        if not isinstance(event, yaml.ScalarEvent):
            self._no_key(event, depth)
            return None
        key = self._scalar(event)
        if key in found:
            first = cast("Scalar", found.key(key))
            message = f"`{key}` stands here twice, first in line {first.line}."
            place = traps.place_of(event, self.file)
            self.found.append(error("duplicate-key", message, mend="Keep one of them.", place=place))
            return None
        self.found.extend(traps.key(key, self.file))
        return key

    def _no_key(self, event: yaml.Event, depth: int) -> None:
        """Something that cannot be a key: mostly a value that begins with `{{`, and then nothing can be saved."""
        place = traps.place_of(event, self.file)
        index = traps.begin(event).index
        if isinstance(event, yaml.MappingStartEvent) and self.text[max(index - 1, 0) : index + 1] == "{{":
            value = syntax.line_of(self.text, place.line)[place.column - 2 :].rstrip()
            raise Unreadable(syntax.braces(value, replace(place, column=place.column - 1)))
        mend = "Write a word and a colon; put quotes around text with brackets."
        self.found.append(error("yaml-key", "Here stands something that cannot be a key.", mend=mend, place=place))
        self._node(event, depth)
