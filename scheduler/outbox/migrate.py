"""`drumbeat upgrade`: an older outbox becomes one that this Drumbeat can use, or stays as it is.

A copy is migrated and verified before it takes the old file's place in one rename; the
old file is kept beside it. Nobody may use the outbox meanwhile: the daemon's lock is held,
and SQLite itself is asked to let go of its write-ahead log, which fails while others read.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from scheduler import __version__
from scheduler.errors import StoreError
from scheduler.outbox.lock import DaemonLock
from scheduler.outbox.place import refuse_network_share
from scheduler.outbox.schema import VERSION
from scheduler.outbox.trouble import Busy, in_words

SCRIPTS = Path(__file__).parent / "migrations"
_KEPT = ("delivery", "content", "attempt", "event", "lane", "prepared")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which, and where the old file is kept (None: nothing was to do)."""

    before: int
    after: int
    backup: Path | None


def upgrade(path: Path, *, scripts: Path = SCRIPTS, target: int = VERSION) -> Upgraded:
    """Brings the outbox at `path` to schema `target`. Raises `StoreError` and leaves it alone where it cannot."""
    if not path.exists():
        raise StoreError(f"There is no queue at {path}.", mend="Run: drumbeat apply")
    refuse_network_share(path)
    with in_words(path), DaemonLock(path.parent):
        before = _version(path)
        if before == target:
            return Upgraded(before, target, None)
        if before > target:
            raise StoreError(f"{path} was written by a newer Drumbeat.", mend="Install that version, or a newer one.")
        if before == 0:
            raise StoreError(f"{path} is no queue of Drumbeat.")
        return Upgraded(before, target, _replaced(path, before, scripts, target))


def _replaced(path: Path, before: int, scripts: Path, target: int) -> Path:
    _fold_log(path)
    copy = path.with_name(f"{path.name}.upgrading")
    backup = _free_name(path.with_name(f"{path.name}.schema-{before}.bak"))
    try:
        shutil.copyfile(path, copy)
        _migrate(copy, scripts, target)
        _verify(path, copy, target)
        _keep(path, backup)
        os.replace(copy, path)  # noqa: PTH105  # said as what it is: one atomic rename
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return backup


def _free_name(wanted: Path) -> Path:
    number, free = 1, wanted
    while free.exists():
        number += 1
        free = wanted.with_name(f"{wanted.name}.{number}")
    return free


def _keep(path: Path, backup: Path) -> None:
    """The old file under another name, on the disk before the new one takes its place."""
    shutil.copyfile(path, backup)
    backup.chmod(0o600)
    with backup.open("rb") as file:
        os.fsync(file.fileno())


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _fold_log(path: Path) -> None:
    """All of the outbox in one file; refused by SQLite while anyone else has it open."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1.0)) as connection:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":  # pragma: no cover  # SQLite documents this answer; all that we saw is "locked"
        raise Busy(f"{path} is in use by another program.", mend="Close that program, then run this again.")


def _migrate(copy: Path, scripts: Path, target: int) -> None:
    engine = create_engine(f"sqlite:///{copy}", poolclass=NullPool)
    with engine.begin() as connection:
        _run(connection, scripts, target)
        connection.exec_driver_sql("UPDATE meta SET value = ? WHERE key = 'written_by'", (__version__,))


def _run(connection: Connection, scripts: Path, target: int) -> None:
    from alembic import command  # the daemon never needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, f"{target:04d}")


def _verify(before: Path, after: Path, target: int) -> None:
    with closing(sqlite3.connect(after)) as new, closing(sqlite3.connect(before)) as old:
        sound = new.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        tied = not new.execute("PRAGMA foreign_key_check").fetchall()
        counted = all(_count(new, table) == _count(old, table) for table in _KEPT)
        version = new.execute("PRAGMA user_version").fetchone()[0]
    if not (sound and tied and counted and version == target):
        raise StoreError("The upgraded copy does not hold what the old queue held; nothing was changed.")


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our own names
