"""Writes a set of new files into a folder: all of them, or none.

What is there already is somebody's work and stays as it is. Every file is written whole
under another name first and only then linked to its own, so a full disk or a power cut
leaves no half file, and a file that appears meanwhile is not overwritten either.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import SchedulerError, UsageError
from scheduler.workspace.files import inside, strays
from scheduler.workspace.find import FILE


@dataclass(frozen=True, slots=True)
class Written:
    """Paths relative to the folder, with `/`: what is new, and what was there and stayed as it was."""

    created: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_files(root: Path, files: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> Written:
    """Write `files` (path with `/`, and content) below `root`, made where it is missing.

    Raises `UsageError` where `root` is a workspace already or no folder, and `SchedulerError`
    where the disk refuses; then nothing that this call wrote is left.
    """
    if os.path.lexists(root / FILE):
        raise UsageError(
            f"{root} is a workspace already: it has a {FILE}.",
            mend="Look at it with `drumbeat check`, or name another folder.",
        )
    if os.path.lexists(root) and not root.is_dir():
        raise UsageError(f"{root} is there, and no folder.", mend="Name another folder.")
    made: list[Path] = []
    try:
        return _write(root, list(files.items() if isinstance(files, Mapping) else files), made)
    except BaseException as trouble:
        _unmake(made)
        if isinstance(trouble, OSError):
            raise SchedulerError(
                f"Nothing was written into {root}: {trouble.strerror or trouble}.",
                mend="Make room or mend the folder's rights, then run it again.",
            ) from None
        raise


def _write(root: Path, files: list[tuple[str, str | bytes]], made: list[Path]) -> Written:
    created: list[str] = []
    kept: list[str] = []
    for name, content in files:
        path = root / name
        if strays(name) or not inside(root, path.parent):
            raise UsageError(f"{name} leads out of {root}.", mend="Take the symlink away.")
        _make_folders(path.parent, made)
        if _write_new(path, content.encode() if isinstance(content, str) else content):
            made.append(path)
            created.append(name)
        else:
            kept.append(name)
    return Written(tuple(created), tuple(kept))


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _write_new(path: Path, content: bytes) -> bool:
    """Whether `path` is new, and holds `content` now."""
    if os.path.lexists(path):
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".drumbeat-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o666 & ~_umask())
        return _take_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _take_name(draft: Path, path: Path) -> bool:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links, such as a USB stick; then the small gap is accepted
        draft.replace(path)
    return True


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unmake(made: list[Path]) -> None:
    for path in reversed(made):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
