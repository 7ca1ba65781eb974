"""What a YAML or CSV file says, with the place of every word of it.

Scalars stay text, whatever they look like: only the format knows whether `9:30` is a time
or a score. A `Scalar` remembers whether it was quoted, because `vars` and records read an
unquoted `true` or `12` as themselves. Keys are scalars too, and so carry their own place.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import count

from scheduler.finding import Place
from scheduler.model.campaign import Value

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,299})(\.[0-9]{1,300})?")
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None, "": None}


class Scalar(str):
    """A piece of text and where it begins, `line` and `column` from 1; `quoted` covers `|` and `>` too."""

    __slots__ = ("column", "line", "quoted")
    line: int
    column: int
    quoted: bool

    @classmethod
    def at(cls, text: str, line: int, column: int, *, quoted: bool = False) -> "Scalar":
        """The text `text`, as found at `line` and `column`."""
        scalar = cls(text)
        scalar.line, scalar.column, scalar.quoted = line, column, quoted
        return scalar

    @property
    def empty(self) -> bool:
        """Whether nothing was written, or an unquoted `null`."""
        return not self.quoted and (not self or self == "null")


class Map(dict[str, "Node"]):
    """Keys and values in the order of the file; the keys are scalars."""

    __slots__ = ("_written", "column", "line")
    line: int
    column: int
    _written: dict[str, Scalar]

    @classmethod
    def at(cls, line: int, column: int) -> "Map":
        """An empty map that begins at `line` and `column`."""
        found = cls()
        found.line, found.column = line, column
        return found

    def key(self, name: str) -> Scalar | None:
        """The key as it was written, with its place; None where there is none."""
        if not hasattr(self, "_written") or len(self._written) < len(self):
            self._written = {key: key for key in self if isinstance(key, Scalar)}
        return self._written.get(name)


class Items(list["Node"]):
    """A list and where it begins."""

    __slots__ = ("column", "line")
    line: int
    column: int

    @classmethod
    def at(cls, line: int, column: int) -> "Items":
        """An empty list that begins at `line` and `column`."""
        found = cls()
        found.line, found.column = line, column
        return found


Node = Scalar | Map | Items
Steps = tuple[str | int, ...]
"""The way to a node: keys of maps, places in lists counted from 0."""


def native(node: Node) -> Value:
    """The node as a value: unquoted `true`, `false`, `null`, nothing and decimal numbers are themselves."""
    if isinstance(node, Map):
        return {str(key): native(value) for key, value in node.items()}
    if isinstance(node, Items):
        return tuple(native(entry) for entry in node)
    return _native_scalar(node)


def _native_scalar(scalar: Scalar) -> Value:
    if scalar.quoted:
        return str(scalar)
    if scalar in _WORDS:
        return _WORDS[scalar]
    if match := _NUMBER.fullmatch(scalar):
        return float(scalar) if match[2] else int(scalar)
    return str(scalar)


def locate(root: Node, path: tuple[str | int, ...], file: str) -> Place:
    """Where `path` stands: its key in a map, its beginning in a list, else the nearest that exists above it."""
    line, column = root.line, root.column
    node: Node | None = root
    for step in path:
        node, here = _enter(node, step)
        if here is not None:
            line, column = here.line, here.column
        if node is None:
            break
    return Place(file, line, column)


def _enter(node: Node | None, step: str | int) -> tuple[Node | None, Node | None]:
    """The node behind `step`, and what marks its place."""
    if isinstance(node, Map) and isinstance(step, str) and step in node:
        return node[step], node.key(step)
    if isinstance(node, Items) and isinstance(step, int) and step < len(node):
        return node[step], node[step]
    return None, None


def dotted(root: Node, path: tuple[str | int, ...]) -> str:
    """The way to a node as people say it: `posts.tip.every`, posts by their id where they have one."""
    words: list[str] = []
    node: Node | None = root
    for step in path:
        node, _ = _enter(node, step)
        words.append(_word(node, step))
    return ".".join(words)


def _word(node: Node | None, step: str | int) -> str:
    named = node.get("post") if isinstance(node, Map) and isinstance(step, int) else None
    return str(named) if isinstance(named, Scalar) and named else str(step)


def undotted(root: Node, path: str) -> Steps | None:
    """The steps that `dotted` made `path` of, or None where it leads nowhere."""
    steps: list[str | int] = []
    node: Node | None = root
    for word in path.split("."):
        step = _step(node, word) if isinstance(node, Items) else word
        node, _ = _enter(node, step)
        if node is None:
            return None
        steps.append(step)
    return tuple(steps)


def _step(items: Items, word: str) -> str | int:
    """A post's place in its list by its id, else the number itself."""
    named = (at for at, entry in enumerate(items) if isinstance(entry, Map) and entry.get("post") == word)
    return next(named, int(word) if word.isdecimal() else word)


class Places(Mapping[str, Place]):
    """The place of every key below a map, by its dotted path with list entries counted from 0: `media.0.alt`."""

    __slots__ = ("_file", "_root")

    def __init__(self, root: Map, file: str) -> None:
        self._root = root
        self._file = file

    def __getitem__(self, path: str) -> Place:
        steps = _steps(self._root, path)
        if steps is None:
            raise KeyError(path)
        return locate(self._root, steps, self._file)

    def __iter__(self) -> Iterator[str]:
        return _paths(self._root, "")

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _steps(root: Map, path: str) -> tuple[str | int, ...] | None:
    """The path's steps through the tree, or None where it leads nowhere."""
    steps: list[str | int] = []
    node: Node | None = root
    for word in path.split("."):
        step = int(word) if isinstance(node, Items) and word.isdecimal() else word
        node, _ = _enter(node, step)
        if node is None:
            return None
        steps.append(step)
    return tuple(steps)


def _paths(node: Node, above: str) -> Iterator[str]:
    pairs: Iterator[tuple[str | int, Node]] = iter(())
    if isinstance(node, Map):
        pairs = iter(node.items())
    elif isinstance(node, Items):
        pairs = zip(count(), node, strict=False)
    for step, child in pairs:
        yield f"{above}{step}"
        yield from _paths(child, f"{above}{step}.")
