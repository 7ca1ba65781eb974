"""One daemon a workspace, proved by the operating system and not by a clock.

The lock is an `flock` on a file beside the outbox: it dies with its process, however that
ends, so a lease needs no expiry. The file holds who has it and when it last beat, for
`status` to show. Asking whether a daemon lives never takes the lock away from one.
"""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from scheduler.errors import StoreError

NAME = "daemon.lock"
_TRIES = 20
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Whether a daemon lives, its process id (0: none), and when it last went round (None: not known)."""

    alive: bool
    pid: int = 0
    last_tick: datetime | None = None
    note: str = ""


class DaemonLock:
    """The right to work one workspace's outbox. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Takes the lock. Raises `StoreError` where a living daemon has it."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for attempt in range(_TRIES):
            if _locked(file, fcntl.LOCK_EX):
                self._file = file
                return
            # someone's `status` holds it for a blink; a daemon holds it for good
            if attempt < _TRIES - 1:
                time.sleep(_PAUSE_SECONDS)
        os.close(file)
        twin = read_heartbeat(self.path.parent)
        raise StoreError(
            f"A daemon already works this workspace (process {twin.pid or 'unknown'}).",
            mend="One is enough: it notices what `drumbeat apply` writes. Stop that one first to start another.",
        )

    def beat(self, at: datetime, note: str = "") -> None:
        """Writes down that the daemon went round at `at` (aware). Does nothing without the lock."""
        if self._file is None:
            return
        text = json.dumps({"pid": os.getpid(), "tick": at.isoformat(), "note": note}).encode()
        os.pwrite(self._file, text + b"\n", 0)
        os.ftruncate(self._file, len(text) + 1)

    def release(self) -> None:
        """Gives the lock back; the file stays, empty."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def read_heartbeat(folder: Path) -> Heartbeat:
    """Whether a daemon works the workspace whose outbox is in `folder`. Creates and changes nothing."""
    try:
        file = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return Heartbeat(alive=False)
    try:
        alive = not _locked(file, fcntl.LOCK_SH)
        return _heartbeat(os.pread(file, 4096, 0), alive=alive)
    finally:
        os.close(file)


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _heartbeat(text: bytes, *, alive: bool) -> Heartbeat:
    try:
        written = json.loads(text)
        tick = datetime.fromisoformat(written["tick"])
    except (ValueError, KeyError, TypeError):
        return Heartbeat(alive)
    return Heartbeat(alive, int(written["pid"]) if alive else 0, tick, str(written.get("note", "")))
