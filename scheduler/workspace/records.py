"""The rows behind a post: written in place, or in a YAML or CSV file below `campaigns/`."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.finding import Finding, Place, error, note
from scheduler.model.campaign import Record
from scheduler.workspace import files, rows, yaml
from scheduler.workspace.languages import suggest
from scheduler.workspace.limits import MAX_FINDINGS
from scheduler.workspace.tree import Items, Map, Node, Scalar, native
from scheduler.workspace.values import ID, shown

FOLDER = Path("campaigns", "records")
_KINDS = frozenset({".csv", ".yaml", ".yml"})
_MAX_DEPTH = 4
_ID = re.compile(ID)

_CSV = "Save as CSV UTF-8: in a spreadsheet choose “CSV UTF-8” when you save it."
_EXAMPLE = "Write `key: ada` with an id for each record."


@dataclass(frozen=True, slots=True)
class Records:
    """What `records` of a post gave, and what is wrong with it."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class RecordFiles:
    """Reads record files, each once, however many posts name it."""

    root: Path
    _known: dict[str, Records] = field(default_factory=dict)

    def of(self, node: Node, file: str, place: Place, path: str) -> Records:
        """The records of a post's `records` in `file`; `place` and `path` are the key's."""
        if isinstance(node, Items):
            return _gather(node, file)
        if not isinstance(node, Scalar) or node.empty:
            mend = "Name a file (records/people.yaml), or write a list."
            return Records(
                (), (error("wrong-type", "Records are a list or a file.", mend=mend, place=place, path=path),)
            )
        return self._file(str(node), place, path)

    def _file(self, name: str, place: Place, path: str) -> Records:
        source = self.root / "campaigns" / name
        refusal = _refusal(name, source)
        if refusal:
            rule, message, mend = refusal
            return Records((), (error(rule, message, mend=mend, place=place, path=path),))
        file = files.relative(self.root, source)
        if file not in self._known:
            self._known[file] = self._read(source, file)
            return self._known[file]
        return Records(self._known[file].records)

    def unread(self) -> list[Finding]:
        """A note for each file of records that no post asked for; those outside `campaigns/records/` are not known."""
        found = (files.relative(self.root, path) for path in _below(self.root, self.root / FOLDER, 0))
        mend = "Name it under `records`, or delete it."
        return [
            note("record-unused", "No post uses these records.", mend=mend, place=Place(file, 1, 1))
            for file in found
            if file not in self._known
        ]

    def _read(self, path: Path, file: str) -> Records:
        table = path.suffix.lower() == ".csv"
        got = files.read(self.root, path, mend=_CSV) if table else files.read(self.root, path)
        if got.text is None:
            return Records((), (got.finding,) if got.finding else ())
        if table:
            tree, found = rows.parse(got.text, file)
            return _gather(tree, file, found)
        parsed = yaml.parse(got.text, file)
        return _listed(parsed, file)


def _below(root: Path, folder: Path, depth: int) -> list[Path]:
    """The files of records below `folder` but hidden ones; links to folders are not followed."""
    paths: list[Path] = []
    for entry in files.listing(root, folder)[0]:
        if entry.name.startswith("."):
            continue
        if files.is_folder(entry):
            paths += _below(root, entry, depth + 1) if depth < _MAX_DEPTH else []
        elif entry.suffix.lower() in _KINDS:
            paths.append(entry)
    return paths


def _refusal(name: str, path: Path) -> tuple[str, str, str] | None:
    """Why the file is not even opened: rule, message and mend."""
    if files.strays(name):
        mend = "Name a file below campaigns/, as in records/people.yaml."
        return "path-outside", f"`{shown(name)}` leads out of campaigns/.", mend
    if path.suffix.lower() not in _KINDS:
        return "wrong-file", f"`{shown(name)}` is no kind of file that is read here.", "Save it as .yaml, .yml or .csv."
    try:
        exists = path.exists() or path.is_symlink()
    except (OSError, ValueError):
        exists = False
    return None if exists else ("missing-file", f"There is no file campaigns/{shown(name)}.", _nearest(path))


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        names = []
    return suggest(path.name, names) or "Put it there, or mend its name; it is looked for beside the campaign's file."


def _listed(parsed: yaml.Parsed, file: str) -> Records:
    if isinstance(parsed.root, Items):
        return _gather(parsed.root, file, list(parsed.findings))
    if parsed.findings:
        return Records((), parsed.findings)
    mend = "Write a line `- key: …` for each record, and its other fields below."
    return Records((), (error("wrong-type", f"{file} holds no list of records.", mend=mend, place=Place(file, 1, 1)),))


def _gather(items: Items, file: str, found: list[Finding] | None = None) -> Records:
    """The records of a list, the keys looked at: there, an id, and unique."""
    found = found if found is not None else []
    records: list[Record] = []
    first: dict[str, Scalar] = {}
    if not items and not found:
        message, mend = "There is not a single record.", "Add one, or take `records` away."
        found.append(error("no-records", message, mend=mend, place=Place(file, items.line, items.column)))
    for entry in items:
        if len(found) > MAX_FINDINGS:
            break
        place = Place(file, entry.line, entry.column)
        key = entry.get("key") if isinstance(entry, Map) else None
        if trouble := _key_trouble(key, place, first):
            found.append(trouble)
        elif isinstance(key, Scalar) and isinstance(entry, Map):
            first[key] = key
            values = {str(name): native(value) for name, value in entry.items()}
            records.append(Record(str(key), {**values, "key": str(key)}, place))
    return Records(tuple(records), tuple(found))


def _key_trouble(key: Node | None, place: Place, first: dict[str, Scalar]) -> Finding | None:
    if not isinstance(key, Scalar) or key.empty:
        return error("missing-key", "This record has no `key`.", mend=_EXAMPLE, place=place)
    here = Place(place.file, key.line, key.column)
    if not _ID.fullmatch(key):
        mend = "Use small letters a-z, digits and hyphens, beginning with a letter or digit."
        return error("wrong-id", f"`{shown(key)}` cannot be a record's key.", mend=mend, place=here)
    if key in first:
        message = f"The key `{key}` stands here twice, first in line {first[key].line}."
        return error("duplicate-id", message, mend="Give each record its own key.", place=here)
    return None
