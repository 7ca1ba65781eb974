"""Opening the outbox: to write, or only to look.

Writers begin with `BEGIN IMMEDIATE`, so that two of them queue up instead of finding out
half-way, and commit with `synchronous=FULL`: what was claimed is claimed even after a
power cut. A look never creates a file, not even SQLite's own side files.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool

from scheduler import __version__
from scheduler.errors import StoreError
from scheduler.outbox.place import refuse_network_share
from scheduler.outbox.schema import VERSION, meta
from scheduler.outbox.schema import create as create_schema
from scheduler.outbox.trouble import in_words

BUSY_SECONDS = 5.0
_CACHE_KIB = 8192
_POOL = 4


def make_folder(folder: Path) -> None:
    """The outbox's folder, for its owner only (mode 700). Raises `StoreError` where it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.name == ".drumbeat":
            folder.chmod(0o700)
    except OSError as caught:
        raise StoreError(
            f"{folder} cannot be made: {caught.strerror}.", mend="Give yourself the right to write there."
        ) from caught


def writing_engine(path: Path, *, create: bool, workspace: str = "", busy: float = BUSY_SECONDS) -> Engine:
    """An engine for reading and writing; with `create`, an outbox that is not there yet is made.

    Raises `StoreError`: not there, older, newer, damaged, on a network share.
    """
    refuse_network_share(path)
    fresh = blank(path)
    if fresh and not create:
        raise StoreError(f"There is no queue at {path} yet.", mend="Run: drumbeat apply")
    if fresh:
        make_folder(path.parent)
    engine = _engine(lambda: _writer(path, busy))
    with in_words(path):
        if fresh:
            _create(engine, workspace)
        check_version(engine, path)
    return engine


def blank(path: Path) -> bool:
    """Whether nothing was ever written: no file, or what a creation left that died or found the disk full."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with in_words(path), closing(_reader(path, 0.0)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return not tables and not connection.execute("PRAGMA user_version").fetchone()[0]


def reading_engine(path: Path, busy: float = BUSY_SECONDS) -> Engine:
    """An engine that can only look, and leaves nothing behind. Raises `StoreError` as `writing_engine` does."""
    refuse_network_share(path)
    if not path.exists():
        raise StoreError(f"There is no queue at {path} yet.", mend="Run: drumbeat apply")
    engine = _engine(lambda: _reader(path, busy))
    with in_words(path):
        check_version(engine, path)
    return engine


def _engine(creator: Callable[[], sqlite3.Connection]) -> Engine:
    engine = create_engine("sqlite://", creator=creator, pool_size=_POOL, poolclass=QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """A writing transaction on a connection that was opened before."""
    connection.execution_options(writing=True)
    try:
        with connection.begin():
            yield
    finally:
        connection.execution_options(writing=False)


@contextmanager
def pragmas(connection: Connection, **wanted: int) -> Iterator[None]:
    """Sets pragmas of this connection, outside any transaction, and sets them back at the end."""
    driver: Any = connection.connection.driver_connection
    before = {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    try:
        for name, value in wanted.items():
            driver.execute(f"PRAGMA {name} = {value}")
        yield
    finally:
        for name, value in before.items():
            driver.execute(f"PRAGMA {name} = {value}")


def _writer(path: Path, busy: float) -> sqlite3.Connection:
    connection = _connected(f"{path.absolute().as_uri()}?mode=rwc", busy)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")  # what an apply lays out beforehand
    return connection


def _reader(path: Path, busy: float) -> sqlite3.Connection:
    """Without a write-ahead log the file is at rest, and reading it so makes no side files."""
    at_rest = not os.path.exists(f"{path}-wal")  # noqa: PTH110  # the side file has no Path of its own
    mode = "immutable=1" if at_rest else "mode=ro"
    return _connected(f"{path.absolute().as_uri()}?{mode}", busy)


def _connected(uri: str, busy: float) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=busy)


def _create(engine: Engine, workspace: str) -> None:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if connection.exec_driver_sql("PRAGMA user_version").scalar_one():
            return
        create_schema(connection)
        facts = {"workspace": workspace, "written_by": __version__}
        connection.execute(meta.insert(), [{"key": key, "value": value} for key, value in facts.items()])


def check_version(engine: Engine, path: Path) -> None:
    """Raises `StoreError` unless the outbox has the schema that this Drumbeat knows."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found == VERSION:
            return
        if found > VERSION:
            writer = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'written_by'").scalar()
            raise StoreError(
                f"{path} was written by Drumbeat {writer}, which is newer than this one ({__version__}).",
                mend=f"Install Drumbeat {writer} or newer.",
            )
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'delivery'").scalar_one()
    if not tables:
        raise StoreError(f"{path} is no queue of Drumbeat.", mend="Name another file in drumbeat.yaml, `database:`.")
    raise StoreError(f"{path} was written by an older Drumbeat.", mend="Run: drumbeat upgrade")
