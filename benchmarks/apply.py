"""How long it takes to put a big plan into the queue, and to find that nothing changed.

    python benchmarks/apply.py [--posts 100000]

Compares with SQLAlchemy's bulk insert of the same rows into the same tables: what no apply
can beat. Says how long the write lock is held, which is how long a daemon has to wait.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from scheduler.clock import SystemClock
from scheduler.model.delivery import PlannedDelivery
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.schema import content, delivery
from scheduler.planning.differ import Differ
from scheduler.planning.plan import Plan
from scheduler.testing.bench import outbox_in, planned

ACCOUNTS = 100
AT_MOST = 2.5
UNCHANGED_SECONDS = 3.0


def deliveries(posts: int) -> list[PlannedDelivery]:
    """A month of posts on a hundred accounts, each with its own text."""
    first = SystemClock().now() + timedelta(days=1)
    return [
        planned("tick", first + timedelta(seconds=20 * n), account=f"a{n % ACCOUNTS}", slot=f"s{n}", text=f"{n}")[0]
        for n in range(posts)
    ]


def bare(outbox: Outbox, rows: Iterable[dict[str, object]], contents: Iterable[dict[str, object]]) -> float:
    """Seconds for the same rows, inserted in bulk and committed."""
    rows, contents = list(rows), list(contents)
    began = time.perf_counter()
    with outbox.write() as connection:
        connection.execute(insert(content), contents)
        connection.execute(insert(delivery), rows)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print; ends with 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    posts = parser.parse_args().posts
    plan, now = Plan(tuple(deliveries(posts))), SystemClock().now()
    with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
        began = time.perf_counter()
        differ = Differ(plan, campaigns=None, now=now)
        seen = outbox.snapshot(with_content=False)
        changes = differ(seen)
        diffed = time.perf_counter() - began
        began = time.perf_counter()
        applied = outbox.apply(changes, rediff=differ, at=now, who="bench", mark=seen.mark)
        ours = time.perf_counter() - began
        began = time.perf_counter()
        unchanged = differ(outbox.snapshot(with_content=False))
        again = time.perf_counter() - began
        assert not unchanged.changes
        with outbox.read() as connection:
            rows = [dict(row._mapping) for row in connection.execute(delivery.select())]  # noqa: SLF001
            contents = [dict(row._mapping) for row in connection.execute(content.select())]  # noqa: SLF001
    with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
        floor = bare(outbox, ({key: value for key, value in row.items() if key != "n"} for row in rows), contents)
    print(f"{posts:,} posts: first diff {diffed:.2f} s; apply {ours:.2f} s, lock held {applied.lock_seconds:.2f} s")
    print(f"bare bulk inserts of the same rows {floor:.2f} s: apply takes {ours / floor:.2f} times as long")
    print(f"diff of the unchanged plan {again:.2f} s, nothing written")
    sys.exit(ours > AT_MOST * floor or again > UNCHANGED_SECONDS)


if __name__ == "__main__":
    main()
