"""Real SIGKILLs under load, counted: our engine beside plain APScheduler on the same platform.

Run as `python -m tests.crash.compare [--kills 500]`. What the platform was asked to make is the
truth. Prints one row each: posts, kills, lost, doubled, and what is left to a person. Ends with
1 where ours lost or doubled anything.
"""

import argparse
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from scheduler.clock import SystemClock
from scheduler.model.delivery import idempotency_key
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import open_outbox
from scheduler.testing.bench import fill, outbox_in, planned
from tests.crash.plain import publish, scheduler_on
from tests.crash.test_sigkill import DRIVER, Platform

ACCOUNTS = [f"{kind}-{number}" for kind in ("replays", "looks") for number in range(12)] + ["neither-0", "neither-1"]
SPACING = timedelta(milliseconds=50)
A_LIFE = (0.03, 0.2)
"""Seconds that a process publishes before it is killed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One engine's outcome."""

    name: str
    posts: int
    kills: int
    lost: int
    doubled: int
    person: int

    def __str__(self) -> str:
        return f"| {self.name} | {self.posts:,} | {self.kills:,} | {self.lost:,} | {self.doubled:,} | {self.person:,} |"


@contextmanager
def platform() -> Iterator[Platform]:
    """The platform, listening on loopback."""
    with Platform() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ours(folder: Path, server: Platform, kills: int, posts: int) -> Row:
    """Our engine: a person is left only what was lost sight of where nobody can look."""
    now = SystemClock().now()
    deliveries = [
        one
        for account in ACCOUNTS
        for n in range(posts)
        for one in planned(f"p{n}", now + SPACING * n, account=account)
    ]
    with outbox_in(folder) as outbox:
        fill(outbox, deliveries, at=now)
    command = [sys.executable, str(DRIVER), str(outbox.path), str(server.server_address[1]), str(kills), "7"]
    subprocess.run(command, check=True, capture_output=True)
    times = Counter(key for _, key in server.posts)
    with open_outbox(outbox.path) as outbox:
        rows = outbox.rows(with_content=False)
    keys = {row.name: idempotency_key(workspace="equality-now", delivery=row.name, generation=1) for row in rows}
    unknown = [row for row in rows if row.state is State.UNCERTAIN]
    lost = [row for row in rows if row.state is not State.UNCERTAIN and not times[keys[row.name]]]
    return Row("Drumbeat", len(rows), kills, len(lost), _doubled(times), len(unknown))


def plain(folder: Path, server: Platform, kills: int, posts: int) -> Row:
    """APScheduler with a SQLAlchemy job store, one job a post: nobody is told of anything."""
    logging.disable(logging.CRITICAL)
    database, port = folder / "jobs.db", server.server_address[1]
    # a scheduler that is shut down looks once more what is due, so nothing may be due while the jobs are stored
    first = SystemClock().now() + timedelta(seconds=5 + len(ACCOUNTS) * posts * 0.02)
    keys = [(account, f"{account}/p{n}", first + SPACING * n) for account in ACCOUNTS for n in range(posts)]
    scheduler = scheduler_on(database)
    scheduler.start(paused=True)
    for account, key, due in keys:
        scheduler.add_job(publish, "date", run_date=due, args=(account, key, port), id=key)
    scheduler.shutdown(wait=True)
    time.sleep(max(0.0, (first - SystemClock().now()).total_seconds()))
    command = [sys.executable, "-m", "tests.crash.plain", str(database), str(port)]
    chance = random.Random(7)
    for _ in range(kills):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()  # it has begun to publish
            time.sleep(chance.uniform(*A_LIFE))
            os.kill(process.pid, signal.SIGKILL)
    subprocess.run([*command, "--to-the-end"], check=True, capture_output=True)
    times = Counter(key for _, key in server.posts)
    lost = [key for _, key, _ in keys if not times[key]]
    return Row("APScheduler, one job a post", len(keys), kills, len(lost), _doubled(times), 0)


def _doubled(times: Counter[str]) -> int:
    return sum(count > 1 for count in times.values())


def main() -> None:
    """Run both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--plain-kills", type=int, default=100)
    asked = parser.parse_args()
    print("| engine | posts | SIGKILLs | lost | doubled | left to a person |\n|---|---|---|---|---|---|")  # noqa: T201
    rows = []
    for run, kills, posts in ((ours, asked.kills, asked.kills), (plain, asked.plain_kills, asked.plain_kills * 2)):
        with tempfile.TemporaryDirectory() as folder, platform() as server:
            rows.append(run(Path(folder), server, kills, posts))
            print(rows[-1], flush=True)  # noqa: T201
    sys.exit(bool(rows[0].lost or rows[0].doubled))


if __name__ == "__main__":
    main()
