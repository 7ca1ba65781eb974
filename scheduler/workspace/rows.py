"""CSV as people save it: with or without a byte-order mark, divided by comma, semicolon or tab.

Cells become scalars that remember whether they were quoted, as in YAML. The standard reader
forgets the quotes, and so cannot tell `007` from `"007"`, or an empty cell from an empty text.
"""

import re
from dataclasses import dataclass, field

from scheduler.finding import Finding, Place, error
from scheduler.workspace.limits import MAX_CELLS, MAX_FINDINGS
from scheduler.workspace.tree import Items, Map, Scalar

_REST = {mark: re.compile(rf"[^{re.escape(mark)}\r\n]*") for mark in ",;\t"}
_QUOTED = re.compile(r'[ ]*"([^"]*+(?:""[^"]*+)*+)"[ ]*')
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class _Cells:
    """Reads one cell after the other."""

    text: str
    mark: str
    file: str
    index: int = 0
    line: int = 1
    begin: int = 0
    cells: int = 0
    found: list[Finding] = field(default_factory=list)

    def row(self) -> list[Scalar]:
        """The cells of the line at hand, moved past its end."""
        cells = [self._cell()]
        while self.text.startswith(self.mark, self.index):
            self.index += 1
            cells.append(self._cell())
        if end := _LINE_END.match(self.text, self.index):
            self.index = end.end()
            self.line += 1
            self.begin = self.index
        return cells

    def _give_up(self) -> None:
        message = f"This table has more than {MAX_CELLS:,} cells."
        place = Place(self.file, self.line, 1)
        self.found.append(error("too-big", message, mend="Divide it over several files.", place=place))
        self.index = len(self.text)

    def _cell(self) -> Scalar:
        self.cells += 1
        if self.cells == MAX_CELLS:
            self._give_up()
        line, column = self.line, self.index - self.begin + 1
        quoted = _QUOTED.match(self.text, self.index)
        if quoted:
            self._pass(quoted)
            if self.index < len(self.text) and self.text[self.index] not in f"{self.mark}\r\n":
                self._complain(line, column)
                self._skip()
            return Scalar.at(quoted[1].replace('""', '"'), line, column, quoted=True)
        if self.text.startswith('"', self.index):
            self._complain(line, column)
        return Scalar.at(self._skip().strip(" "), line, column)

    def _pass(self, quoted: re.Match[str]) -> None:
        self.index = quoted.end()
        inside = list(_LINE_END.finditer(self.text, quoted.start(1), quoted.end(1)))
        if inside:
            self.line += len(inside)
            self.begin = inside[-1].end()

    def _skip(self) -> str:
        match = _REST[self.mark].match(self.text, self.index)
        rest = match[0] if match else ""
        self.index += len(rest)
        return rest

    def _complain(self, line: int, column: int) -> None:
        mend = 'Close the quote, and write a quote inside a cell twice: "".'
        message = "A quoted cell does not end where it should."
        self.found.append(error("wrong-csv", message, mend=mend, place=Place(self.file, line, column)))


def parse(text: str, file: str) -> tuple[Items, list[Finding]]:
    """The rows of a CSV file as maps by its header, and everything that is wrong with it."""
    cells = _Cells(text, _divider(text), file)
    header = cells.row() if text else []
    cells.found.extend(_header(header, file))
    rows = Items.at(2, 1)
    if "key" not in header:
        return rows, cells.found
    while cells.index < len(text) and len(cells.found) < MAX_FINDINGS:
        row = cells.row()
        if row == [""] and not row[0].quoted:
            continue
        rows.append(_map(header, row))
        if len(row) != len(header):
            cells.found.append(_ragged(header, row, file))
    return rows, cells.found


def inside(text: str, start: int) -> tuple[int, int]:
    """Beginning and end of what a cell that begins at `start` holds, its quotes left out."""
    if quoted := _QUOTED.match(text, start):
        return quoted.span(1)
    rest = _REST[_divider(text)].match(text, start)
    return rest.span() if rest else (start, start)


def _divider(text: str) -> str:
    first = _LINE_END.split(text[:10_000], maxsplit=1)[0]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=bare.count)


def _header(header: list[Scalar], file: str) -> list[Finding]:
    found: list[Finding] = []
    for index, name in enumerate(header[:MAX_FINDINGS]):
        place = Place(file, name.line, name.column)
        if not name:
            found.append(error("wrong-csv", f"Column {index + 1} has no name.", mend="Name it.", place=place))
        elif name in header and header.index(name) != index:
            mend = "Give each column its own name."
            found.append(error("duplicate-key", f"There are two columns `{name}`.", mend=mend, place=place))
    if "key" not in header:
        mend = "Add a column `key` with an id for each row."
        found.append(error("missing-key", "There is no column `key`.", mend=mend, place=Place(file, 1, 1)))
    return found


def _map(header: list[Scalar], row: list[Scalar]) -> Map:
    found = Map.at(row[0].line, row[0].column)
    found.update(zip(header, row, strict=False))
    return found


def _ragged(header: list[Scalar], row: list[Scalar], file: str) -> Finding:
    message = f"This row has {len(row)} cells, and the header has {len(header)}."
    mend = "Put quotes around a cell that holds the divider, or add what is missing."
    return error("wrong-csv", message, mend=mend, place=Place(file, row[0].line, row[0].column))
