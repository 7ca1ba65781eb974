"""Queues to measure on, filled without an apply: only what is measured should take long.

A queue with a million posts that are not due takes some time to make, so it is made once, in
`build/bench`, and every benchmark puts its own posts into it and leaves it as it found it but for
those it sent.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.clock import SystemClock
from scheduler.errors import StoreError
from scheduler.model.content import Content, as_json
from scheduler.outbox import lanes
from scheduler.outbox.moments import span_us, to_us
from scheduler.outbox.outbox import Outbox, open_outbox
from scheduler.testing.bench import LATE, outbox_in

PENDING_ON = 10_000
"""What is pending is spread over so many accounts."""
KEPT = Path("build/bench")
_TEXT = Content(
    "Twelve people who turned posts into change. Read their stories, and say it with us today.", language="en"
)
_CHUNK = 100_000
_KEEP = "INSERT INTO content (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING"
_ADD = """
    INSERT INTO delivery (name, campaign, post, slot, account, platform, part, thread, due, expires_at, timezone,
                          content_hash, live, state, seq)
    WITH RECURSIVE numbers(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :first + :count),
         named AS (SELECT i, 'time-is-now/' || :post || '/s' || i || '/a' || (i % :accounts) AS name FROM numbers)
    SELECT name, 'time-is-now', :post, 's' || i, 'a' || (i % :accounts), 'webhook', 1, name, :due + i * :apart,
           :due + i * :apart + :late, 'Europe/Skopje', :hash, 1, 'scheduled', i FROM named
"""
_FIT = """
    SELECT (SELECT count(*) FROM delivery) >= :pending AND NOT EXISTS (
        SELECT 1 FROM delivery WHERE state IN ('sending', 'uncertain') OR (state = 'scheduled' AND due < :soon))
"""


def add(  # one word for each thing that is measured
    outbox: Outbox, post: str, due: datetime, count: int, accounts: int, *, apart: timedelta = timedelta(0)
) -> None:
    """Puts `count` live posts into the queue, the first at `due`, taking turns over the accounts `a0`, `a1`, …."""
    for first in range(0, count, _CHUNK):
        with outbox.write() as connection:
            connection.exec_driver_sql(_KEEP, (_TEXT.hash, json.dumps(as_json(_TEXT), ensure_ascii=False)))
            asked = {
                "first": first,
                "count": min(_CHUNK, count - first),
                "post": post,
                "accounts": accounts,
                "due": to_us(due),
                "apart": span_us(apart),
                "late": span_us(LATE),
                "hash": _TEXT.hash,
            }
            connection.exec_driver_sql(_ADD, asked)
    with outbox.write() as connection:
        lanes.refresh(connection, {f"a{number % accounts}" for number in range(min(count, accounts))})


@contextmanager
def queue(pending: int) -> Iterator[Outbox]:
    """A queue with `pending` posts that are due in a month: a fresh one where that is none, else the kept one."""
    if not pending:
        with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
            yield outbox
        return
    folder = KEPT / f"{pending}"
    path = folder / ".drumbeat" / "outbox.db"
    if not _fit(path, pending):
        _remake(folder, path, pending)
    with open_outbox(path) as outbox:
        yield outbox


def _fit(path: Path, pending: int) -> bool:
    if not path.exists():
        return False
    try:
        with open_outbox(path) as outbox, outbox.read() as connection:
            soon = to_us(SystemClock().now() + timedelta(days=2))
            return bool(connection.exec_driver_sql(_FIT, {"soon": soon, "pending": pending}).scalar_one())
    except StoreError:
        return False


def _remake(folder: Path, path: Path, pending: int) -> None:
    print(f"(making a queue with {pending:,} pending …", end=" ", file=sys.stderr, flush=True)
    began = time.perf_counter()
    for old in path.parent.glob("outbox.db*"):
        old.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    with outbox_in(folder) as outbox:
        month = SystemClock().now() + timedelta(days=30)
        add(outbox, "later", month, pending, min(PENDING_ON, pending), apart=timedelta(seconds=1))
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # at rest, as it would be a month before
    plain.close()
    print(f"{time.perf_counter() - began:.0f} s)", file=sys.stderr)
