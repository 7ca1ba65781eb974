"""YAML read from libyaml's event stream, so that every word keeps its line and column.

A small part of YAML is enough for campaigns: maps, lists, text, and anchors that are not
costly. Duplicate keys, tags, merge keys, second documents and deep nesting are refused by
name. 1,000 posts take about 40 ms; a round-trip library takes over a second for the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from scheduler.finding import Finding, Place, error
from scheduler.workspace import traps
from scheduler.workspace.tree import Items, Map, Node, Scalar

MAX_DEPTH = 40
MAX_NODES = 250_000
_STRUCTURE = "Write plain keys, values and lists."


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
    """Reads `text` as YAML. Never raises: whatever is wrong with it is a finding with its place in `file`."""
    reader = _Reader(text, file)
    try:
        root = reader.document()
    except Unreadable as stop:
        return Parsed(None, (*reader.found, stop.finding))
    except yaml.YAMLError as problem:
        return Parsed(None, traps.explain(problem, text, file, reader.found))
    except UnicodeEncodeError:
        return Parsed(None, (error("yaml-syntax", "There is half a character in this file.", place=Place(file, 1, 1)),))
    return Parsed(root, tuple(reader.found))


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    found: list[Finding] = field(default_factory=list)
    _next: Callable[[], Any] = field(init=False)
    _anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    _unused: dict[str, Finding] = field(default_factory=dict)
    _nodes: int = 0

    def document(self) -> Node | None:
        self._next = yaml.CSafeLoader(self.text).get_event
        self._next()
        event = self._next()
        if not isinstance(event, yaml.DocumentStartEvent):
            return None
        root = self._node(self._next(), 0)
        self.found.extend(self._unused.values())
        self._next()
        if isinstance(event := self._next(), yaml.DocumentStartEvent):
            self._stop("second-document", event, "A second document begins here.", "Keep one file for each campaign.")
        return root

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _stop(self, rule: str, event: Any, message: str, mend: str) -> None:
        raise Unreadable(error(rule, message, mend=mend, place=self._place(event)))

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.AliasEvent:
            return self._alias(event)
        if depth >= MAX_DEPTH:
            self._stop("too-deep", event, f"This is nested more than {MAX_DEPTH} levels deep.", _STRUCTURE)
        return self._collection(event, depth)

    def _charge(self, nodes: int, event: Any) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._stop(
                "too-big", event, f"This file says more than {MAX_NODES:,} things.", "Divide it into smaller ones."
            )

    def _scalar(self, event: Any) -> Scalar:
        self._charge(1, event)
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        style = event.style
        if style in {"|", ">"}:
            line, column = traps.block_start(self.text, mark)
        scalar = Scalar.at(event.value, line, column, quoted=bool(style))
        if not style:
            traps.look_at_plain(self.text, event, self.file, self.found)
        if event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (scalar, 1)
            self._unused[event.anchor] = traps.unused_anchor(self.text, event, self.file)
        return scalar

    def _tag(self, event: Any) -> None:
        self.found.append(
            error(
                "yaml-tag",
                "A ! at the beginning of a value is a tag to YAML.",
                mend="Put quotes around the text, or take the ! away.",
                place=self._place(event),
            )
        )

    def _alias(self, event: Any) -> Node:
        known = self._anchors.get(event.anchor, ())
        if known == ():
            self._stop(
                "yaml-alias",
                event,
                f"*{event.anchor} refers to nothing: * begins a reference in YAML.",
                "Put quotes around the text.",
            )
        if known is None:
            self._stop("yaml-alias", event, f"*{event.anchor} refers to itself.", "Write out what it should say.")
        node, size = known  # type: ignore[misc]
        self._unused.pop(event.anchor, None)
        self._charge(size, event)
        return node

    def _collection(self, event: Any, depth: int) -> Node:
        self._charge(1, event)
        before = self._nodes
        if event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        mark = event.start_mark
        read = self._map if isinstance(event, yaml.MappingStartEvent) else self._items
        node = read(mark.line + 1, mark.column + 1, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1)
        return node

    def _items(self, line: int, column: int, depth: int) -> Items:
        items = Items.at(line, column)
        event = self._next()
        while type(event) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth))
            event = self._next()
        return items

    def _map(self, line: int, column: int, depth: int) -> Map:
        found = Map.at(line, column)
        event = self._next()
        while type(event) is not yaml.MappingEndEvent:
            key = self._key(event, found, depth)
            value = self._node(self._next(), depth)
            if key is not None:
                found[key] = value
            event = self._next()
        return found

    def _key(self, event: Any, found: Map, depth: int) -> Scalar | None:
        """The key, or None where it cannot be one; the reading goes on either way."""
        if type(event) is not yaml.ScalarEvent:
            self.found.append(traps.key_that_is_none(self.text, event, self.file))
            self._node(event, depth)
            return None
        key = self._scalar(event)
        if key in found:
            first = found.key(key)
            self.found.append(
                error(
                    "duplicate-key",
                    f"`{key}` stands here twice, first in line {first.line if first else 0}.",
                    mend="Keep one of them.",
                    place=self._place(event),
                )
            )
            return None
        self.found.extend(traps.look_at_key(key, self.file))
        return key
