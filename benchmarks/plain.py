"""The same work as a Python user would write it today: APScheduler, one stored job a post.

Jobs are stored in SQLite by `SQLAlchemyJobStore`, with its settings as they come, and run in as many
threads; each posts with the `Session` of its thread. For comparison only, and used by `dispatch.py` and
`lone.py`: it keeps no order within an account, and promises nothing about what a crash leaves.
"""

import logging
import pickle
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import requests  # noqa: TID251  # as anyone would
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from moments import AHEAD, Measured, measured, measured_one_by_one
from slow_server import Platform
from sqlalchemy import insert
from sqlalchemy.engine import Engine as Database

from scheduler.clock import SystemClock

_threads = threading.local()
_ended = count(1)
_all = threading.Event()
_wanted = 0


def publish(url: str, name: str) -> None:
    """The job."""
    if not hasattr(_threads, "session"):
        _threads.session = requests.Session()
        _threads.session.trust_env = False
    said = {"text": f"Post {name}", "language": "en"}
    _threads.session.post(url, json=said, headers={"webhook-id": name}, timeout=20).raise_for_status()
    if next(_ended) == _wanted:
        _all.set()


@contextmanager
def scheduler_in(folder: Path, threads: int) -> Iterator[tuple[BackgroundScheduler, SQLAlchemyJobStore]]:
    """A paused scheduler whose jobs are never too late, and its store."""
    logging.disable(logging.CRITICAL)
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}")
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": store},
        executors={"default": ThreadPoolExecutor(threads)},
        job_defaults={"misfire_grace_time": None, "coalesce": False},
    )
    scheduler.start(paused=True)
    yield scheduler, store
    scheduler.shutdown(wait=True)


def put_into(
    scheduler: BackgroundScheduler, store: SQLAlchemyJobStore, jobs: list[tuple[datetime, str]], url: str
) -> None:
    """Stores a job for each moment and name, all at once: one by one would take too long to measure anything."""
    far = SystemClock().now() + timedelta(days=300)
    state = scheduler.add_job(publish, "date", run_date=far, args=(url, "model"), id="model").__getstate__()
    rows = []
    for due, name in jobs:
        trigger = pickle.loads(pickle.dumps(state["trigger"]))  # noqa: S301  # our own, of a line above
        trigger.run_date = due
        job = {**state, "id": name, "args": (url, name), "trigger": trigger, "next_run_time": due}
        rows.append({"id": name, "next_run_time": due.timestamp(), "job_state": pickle.dumps(job)})
    database: Database = store.engine
    with database.begin() as connection:
        if rows:
            connection.execute(insert(store.jobs_t), rows)


def run(platform: Platform, posts: int, threads: int, *, apart: float = 0.0, pending: int = 0) -> datetime:
    """Runs so many jobs, due `apart` seconds from each other; gives the first's moment."""
    global _wanted, _ended  # jobs are pickled and find nothing but the module
    _wanted, _ended = posts, count(1)
    _all.clear()
    platform.forget()
    with tempfile.TemporaryDirectory(dir=".") as folder, scheduler_in(Path(folder), threads) as (scheduler, store):
        month = SystemClock().now() + timedelta(days=30)
        later = [(month + timedelta(seconds=number), f"later{number}") for number in range(pending)]
        due = SystemClock().now() + timedelta(seconds=AHEAD + (posts + pending) / 1000)
        mine = [(due + timedelta(seconds=apart) * number, f"p{number}") for number in range(posts)]
        put_into(scheduler, store, later + mine, f"{platform.url}/hook")
        assert SystemClock().now() < due, "filled too late"
        scheduler.resume()
        _all.wait()
    return due


def by_apscheduler(platform: Platform, posts: int, threads: int, *, pending: int = 0) -> Measured:
    """A big moment."""
    due = run(platform, posts, threads, pending=pending)
    seen = platform.seen()
    return measured(seen.arrived.values(), seen.answered.values(), due.timestamp(), posts)


def lone_by_apscheduler(platform: Platform, posts: int, apart: float, *, pending: int = 0) -> Measured:
    """Posts one by one."""
    due = run(platform, posts, 100, apart=apart, pending=pending)
    return measured_one_by_one(platform, due.timestamp(), apart)
