"""Reading what a person put into the workspace, and nothing outside it.

Every file is looked at before it is opened: inside the workspace even through symlinks, a
plain file (a pipe would hang), of bounded size, in UTF-8. What is wrong becomes a finding;
no byte a disk can hold raises from here.
"""

import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scheduler.finding import Finding, Place, error
from scheduler.workspace.limits import MAX_BYTES

_SHEET = "Save it again as UTF-8."


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text without a byte-order mark, or None and the finding that says why there is none."""

    text: str | None
    finding: Finding | None = None


def strays(name: str) -> bool:
    """Whether a path that a file names points out of its folder: absolute, upwards, or with backslashes."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or name.startswith("~") or "\0" in name


def relative(root: Path, path: Path) -> str:
    """The path as people know it: from the workspace, with `/`."""
    return path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode()


def inside(root: Path, path: Path) -> bool:
    """Whether `path` is in the workspace once its symlinks are followed. Raises OSError, RuntimeError on loops."""
    return path.resolve().is_relative_to(root.resolve())


def read(root: Path, path: Path, *, mend: str = _SHEET) -> Text:
    """The text of a file of the workspace; `mend` is what to do where it is not UTF-8."""
    file = relative(root, path)
    place = Place(file)
    try:
        refusal = _refusal(root, path, file)
        return Text(None, refusal) if refusal else _decoded(path.read_bytes(), place, mend)
    except FileNotFoundError:
        mend = "Put it there; a link must lead to a file."
        return Text(None, error("missing-file", f"There is no file {file}.", mend=mend, place=place))
    except (OSError, RuntimeError, ValueError) as trouble:
        why = getattr(trouble, "strerror", None) or str(trouble)
        return Text(None, error("unreadable", f"{file} cannot be read: {why}.", mend="Mend its rights.", place=place))


def _refusal(root: Path, path: Path, file: str) -> Finding | None:
    place = Place(file)
    if not inside(root, path):
        mend = "Copy the file into the workspace."
        return error("path-outside", f"{file} leads out of the workspace.", mend=mend, place=place)
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        mend = "Put a file there, or take it away."
        return error("unreadable", f"{file} is no file, but a folder or a device.", mend=mend, place=place)
    if status.st_size > MAX_BYTES:
        size = f"{status.st_size / 1e6:.1f} MB"
        mend = f"Divide it: {MAX_BYTES // 1_000_000} MB is the most."
        return error("too-big", f"{file} has {size}.", mend=mend, place=place)
    return None


def _decoded(raw: bytes, place: Place, mend: str) -> Text:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        column = wrong.start - (raw.rfind(b"\n", 0, wrong.start) + 1) + 1
        where = Place(place.file, line, column)
        return Text(None, error("not-utf8", f"{place.file} is not in UTF-8.", mend=mend, place=where))
    if "\0" in text:
        return Text(
            None, error("not-utf8", f"{place.file} is not in UTF-8, or no text at all.", mend=mend, place=place)
        )
    return Text(text)


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder itself, not a link to one."""
    try:
        return path.is_dir() and not path.is_symlink()
    except OSError:
        return False


def listing(root: Path, folder: Path) -> tuple[list[Path], list[Finding]]:
    """What lies directly in `folder`, sorted; nothing where there is no such folder."""
    try:
        if not folder.is_dir():
            return [], []
        return sorted(folder.iterdir()), []
    except OSError as trouble:
        file = relative(root, folder)
        message = f"{file}/ cannot be read: {trouble.strerror}."
        return [], [error("unreadable", message, mend="Mend its rights.", place=Place(file))]
