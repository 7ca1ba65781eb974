"""What SQLite says when it cannot, in words that a person can act on.

`Passing` trouble (`Busy`, `DiskFull`, `Gone`) may end by itself: the engine waits for it with
every receipt kept in hand. The rest needs a person.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from scheduler.errors import Bug, StoreError


class Passing(StoreError):
    """What may be over in a while, with nothing lost meanwhile."""


class Busy(Passing):
    """Another process holds the outbox for longer than we wait."""


class DiskFull(Passing):
    """The disk has no room for what must be written."""


class Gone(Passing):
    """The outbox's file is no longer where it was opened. SQLite would go on in a file that nobody can open again."""


class Exchanged(StoreError):
    """Another file lies where the outbox was: what is written to ours, nobody would ever read."""


def file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies at `path`, by device and number; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def still_there(path: Path, opened: tuple[int, int] | None) -> None:
    """Raises `Gone` or `Exchanged` unless the file at `path` is the one that was opened."""
    found = file_at(path)
    if found == opened:
        return
    if found is None:
        raise Gone(
            f"{path} is gone.", mend="Put it back where it was (move it, do not copy it), with what lay beside it."
        )
    raise Exchanged(
        f"{path} is another file than the one that was opened.",
        mend="Look with `drumbeat status` at what this one holds, then start again.",
    )


_PRIMARY = 0xFF
_IN_USE = (Busy, "{path} is in use by another program.", "Close that program, then run this again.")
_NO_RIGHT = (StoreError, "{path} cannot be written.", "Give yourself the right to write: chmod u+w {path}")
_DAMAGED = (
    StoreError,
    "{path} is damaged, or is no queue of Drumbeat.",
    "Put back a copy of it; or move it away, look on the platforms what was already sent, and run: drumbeat apply",
)
_WORDS: dict[int, tuple[type[StoreError], str, str]] = {
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_FULL: (DiskFull, "The disk is full; {path} cannot grow.", "Make room, then run this again."),
    sqlite3.SQLITE_READONLY: _NO_RIGHT,
    sqlite3.SQLITE_PERM: _NO_RIGHT,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: (
        StoreError,
        "{path} cannot be opened.",
        "Check that its folder exists and that you may write in it.",
    ),
}


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns the database's errors into `StoreError`; a broken rule of ours is a `Bug`."""
    try:
        yield
    except DBAPIError as caught:
        cause = caught.orig if isinstance(caught.orig, sqlite3.Error) else sqlite3.OperationalError(str(caught))
        raise translated(cause, path) from caught
    except sqlite3.Error as caught:
        raise translated(caught, path) from caught


def translated(caught: sqlite3.Error, path: Path) -> StoreError | Bug:
    """The error in our own words, by SQLite's result code (sqlite.org/rescode.html, as of 2026-11)."""
    if isinstance(caught, sqlite3.IntegrityError):
        return Bug(f"the outbox refused what we wrote: {caught}")
    code = getattr(caught, "sqlite_errorcode", 0) & _PRIMARY
    if code in _WORDS:
        kind, message, mend = _WORDS[code]
        return kind(message.format(path=path), mend=mend.format(path=path))
    return StoreError(f"{path} cannot be used: {caught}", mend="Check the disk that it is on.")
