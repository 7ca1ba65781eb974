"""The same work as a Python user would write it without us: APScheduler, one stored job a post.

Run as `python -m tests.crash.plain DATABASE PORT [--to-the-end]`: a process that publishes what
is due until it is killed, or until nothing is left.
"""

import json
import socket
import sys
import time
from datetime import UTC
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

WORKERS = 16
QUIET_SECONDS = 1.0


def publish(account: str, key: str, port: int) -> None:
    """The job: one creating request, its answer read."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, connection.makefile("rw") as wire:
        wire.write(json.dumps({"ask": "create", "account": account, "key": key}) + "\n")
        wire.flush()
        wire.readline()


def scheduler_on(database: Path) -> BackgroundScheduler:
    """A scheduler whose jobs live in `database` and are never too late."""
    return BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{database}")},
        executors={"default": ThreadPoolExecutor(WORKERS)},
        job_defaults={"misfire_grace_time": None, "coalesce": False},
    )


def main() -> None:
    """Publish until killed, or to the end."""
    database, to_the_end = Path(sys.argv[1]), "--to-the-end" in sys.argv
    scheduler = scheduler_on(database)
    scheduler.start()
    print("publishing", flush=True)  # noqa: T201
    while not to_the_end or scheduler.get_jobs():
        time.sleep(0.05)
    time.sleep(QUIET_SECONDS)
    scheduler.shutdown(wait=True)


if __name__ == "__main__":
    main()
