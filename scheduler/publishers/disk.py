"""Files that publishers write: replaced whole or not at all.

A reader of a replaced file sees the old one or the new one; a crash leaves the old one, and
a write that returned survives a loss of power. Who writes holds a lock that dies with them.
"""

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scheduler.errors import Ambiguous, Transient

_PATIENCE_STEPS, _STEP_SECONDS = 100, 0.05


def open_to_all(folder: Path) -> None:
    """Makes the folder where there is none, for everybody to read: whatever the umask is, a web server serves it."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(exist_ok=True)
            one.chmod(0o755)


def replace_files(folder: Path, files: Mapping[str, bytes], *, public: bool = False) -> None:
    """Replaces the files in `folder`, each atomically; all are safely written before the first is replaced.

    What is not `public` only the owner may read. Raises `Transient` where nothing was changed, `Ambiguous` where some
    may have been.
    """
    replaced = False
    try:
        if public:
            open_to_all(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mode = 0o644 if public else 0o600
        waiting = {name: _written(folder / f".{name}.new", content, mode) for name, content in files.items()}
        for name, temporary in waiting.items():
            temporary.replace(folder / name)
            replaced = True
        _fsync_folder(folder)
    except OSError as caught:
        kind = Ambiguous if replaced else Transient
        raise kind(f"{folder} cannot be written: {caught.strerror}.") from caught


def _written(path: Path, content: bytes, mode: int) -> Path:
    """The bytes on the disk, not only on their way to it."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(file, "wb") as stream:
        os.fchmod(file, mode)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return path


def copy_file(source: Path, target: Path, *, public: bool = False) -> None:
    """Puts a copy in the place of `target`, whole and on the disk; not `public`, only the owner may read it.

    The folder is made by the caller, or is public and made here. Raises `OSError`.
    """
    if public:
        open_to_all(target.parent)
    mode = 0o644 if public else 0o600
    waiting = target.with_name(f".{target.name}.{os.getpid()}.new")
    file = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(file, "wb") as stream, source.open("rb") as read:
            os.fchmod(file, mode)
            shutil.copyfileobj(read, stream, 1 << 20)
            stream.flush()
            os.fsync(stream.fileno())
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)


def _fsync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all threads and processes that lock `path`. Raises `Transient` after five seconds in vain."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as caught:
        raise Transient(f"{path} cannot be opened: {caught.strerror}.") from caught
    try:
        _hold(file, path)
        yield
    finally:
        os.close(file)


def _hold(file: int, path: Path) -> None:
    pause = threading.Event()
    for _ in range(_PATIENCE_STEPS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pause.wait(_STEP_SECONDS)
        else:
            return
    raise Transient(f"Another program holds {path.name}.")
