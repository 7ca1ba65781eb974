"""The same work as a Python user would write it today: APScheduler, one stored job a post.

    python benchmarks/plain.py [--posts 1000] [--lone 100] [--pending 10000]

The job sleeps as long as the platform of `dispatch.py` thinks, in as many threads. Jobs are stored
in SQLite by `SQLAlchemyJobStore`, with its settings as they come. For comparison only: it promises
nothing about what a crash leaves.
"""

import argparse
import logging
import pickle
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import insert
from sqlalchemy.engine import Engine as Database

from scheduler.clock import SystemClock

THREADS = 100
_begun: list[float] = []
_ended: list[float] = []
_all = threading.Event()
_wanted = 0


def publish(due: datetime, seconds: float) -> None:
    """The job: notes how late it begins, and waits for the platform."""
    _begun.append((SystemClock().now() - due).total_seconds())
    time.sleep(seconds)
    _ended.append(time.perf_counter())
    if len(_ended) == _wanted:
        _all.set()


@contextmanager
def scheduler_in(folder: Path) -> Iterator[tuple[BackgroundScheduler, SQLAlchemyJobStore]]:
    """A paused scheduler whose jobs are never too late, and its store."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": store},
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": None, "coalesce": False},
    )
    scheduler.start(paused=True)
    yield scheduler, store
    scheduler.shutdown(wait=True)


def wait_in_store(scheduler: BackgroundScheduler, store: SQLAlchemyJobStore, count: int) -> None:
    """Stores jobs for a month from now, all at once: one by one would take too long to measure anything."""
    month = SystemClock().now() + timedelta(days=30)
    model = scheduler.add_job(publish, "date", run_date=month, args=(month, 0.0), id="model")
    state = model.__getstate__()
    rows = [
        {
            "id": f"later{n}",
            "next_run_time": month.timestamp() + n,
            "job_state": pickle.dumps({**state, "id": f"later{n}", "next_run_time": month + timedelta(seconds=n)}),
        }
        for n in range(count)
    ]
    database: Database = store.engine
    with database.begin() as connection:
        if rows:
            connection.execute(insert(store.jobs_t), rows)


def measured(dues: list[datetime], seconds: float, scheduler: BackgroundScheduler) -> tuple[list[float], float]:
    """Lateness of each, sorted, and posts a second from the first moment on."""
    global _wanted  # noqa: PLW0603  # jobs are pickled and find nothing but the module
    _begun.clear(), _ended.clear(), _all.clear()
    _wanted = len(dues)
    for n, due in enumerate(dues):
        scheduler.add_job(publish, "date", run_date=due, args=(due, seconds), id=f"p{n}")
    began = time.perf_counter() + (dues[0] - SystemClock().now()).total_seconds()
    scheduler.resume()
    _all.wait()
    scheduler.pause()
    return sorted(_begun), len(dues) / (max(_ended) - began)


def told(title: str, late: list[float], rate: float) -> None:
    """One line."""
    last = f"p99 {late[-(-len(late) * 99 // 100) - 1] * 1000:.1f} ms, last {late[-1] * 1000:.1f} ms"
    print(f"  {title}: {rate:.0f} posts/s; first {late[0] * 1000:.1f} ms late,", end=" ")
    print(f"median {statistics.median(late) * 1000:.1f} ms, {last}")


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--posts", type=int, default=1000)
    words.add_argument("--lone", type=int, default=100)
    words.add_argument("--pending", type=int, default=10_000)
    asked = words.parse_args()
    logging.disable(logging.CRITICAL)
    print("APScheduler with SQLAlchemyJobStore, one job a post, 100 threads")
    for pending in (0, asked.pending):
        with tempfile.TemporaryDirectory(dir=".") as folder, scheduler_in(Path(folder)) as (scheduler, store):
            wait_in_store(scheduler, store, pending)
            many = [SystemClock().now() + timedelta(seconds=5 + asked.posts / 100)] * asked.posts
            told(f"{asked.posts:,} at one moment, {pending:,} pending", *measured(many, 0.2, scheduler))
            first = SystemClock().now() + timedelta(seconds=5)
            lone = [first + timedelta(seconds=0.1) * n for n in range(asked.lone)]
            told(f"{asked.lone} lone posts, {pending:,} pending", *measured(lone, 0.001, scheduler))


if __name__ == "__main__":
    main()
