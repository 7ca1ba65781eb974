"""How fast the engine sends: a big moment on many accounts of a slow platform, and a lone post.

    python benchmarks/dispatch.py [--posts 1000] [--accounts 100] [--answer-ms 200] [--pool 100] [--pending 0]

Without a word it measures several moments one after the other. Compares with a bare pool of as
many threads that only sleep: what no engine can beat. The platform answers by sleeping, so the
figures are the engine's own cost and the arithmetic of one in flight an account. Put it on a
local disk: commits are real.
"""

import argparse
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from scheduler.clock import SystemClock
from scheduler.engine.alarm import ThreadAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.model.delivery import Receipt
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned
from scheduler.testing.platform import NEITHER, FakePlatform, FakePublisher

MOMENTS = ((100, 100), (1_000, 100), (10_000, 100), (1_000, 1_000))
"""Posts due at one moment, and on how many accounts."""
BATCH = 10_000
AGAIN = """
    INSERT INTO delivery (name, campaign, post, slot, account, platform, part, thread, due, expires_at, timezone,
        content_hash, live, state, seq)
    SELECT name || :more, campaign, post, slot || :more, account, platform, part, thread || :more, due + :later,
        expires_at + :later, timezone, content_hash, live, state, seq + :seq
    FROM delivery WHERE post = 'later' ORDER BY n LIMIT 10000
"""
"""Later ones like the first batch: a million by `apply` would take minutes, and is not what is measured."""


class Slow(FakePublisher):
    """Notes when each request begins, and answers after a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(FakePlatform(SystemClock().now), NEITHER)
        self.seconds = seconds
        self.begun: list[float] = []
        self.ended = 0.0

    def publish(self, draft, prepared):  # noqa: ANN001, ANN201, ARG002
        """Sleeps as a platform would think."""
        self.begun.append((SystemClock().now() - draft.due).total_seconds())
        time.sleep(self.seconds)
        self.ended = time.perf_counter()
        return Receipt(draft.idempotency_key)


def fill_queue(outbox, posts: int, accounts: int, pending: int, due) -> None:  # noqa: ANN001
    """`posts` due at one moment, spread over accounts, and `pending` more on the same accounts in a month."""
    now = SystemClock().now()
    fill(outbox, [planned("due", due, account=f"a{n % accounts}", slot=f"s{n}")[0] for n in range(posts)], at=now)
    month = now + timedelta(days=30)
    few = range(min(pending, BATCH))
    fill(
        outbox,
        [planned("later", month + timedelta(seconds=n), account=f"a{n % accounts}", slot=f"s{n}")[0] for n in few],
        at=now,
    )
    for more in range(1, pending // BATCH):
        with outbox.write() as connection:
            connection.exec_driver_sql(AGAIN, {"later": more * BATCH * 1_000_000, "more": more, "seq": more * BATCH})
    with sqlite3.connect(outbox.path) as plain:  # what was written is at rest, as it would be a month before
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()


def run_engine(posts: int, accounts: int, pending: int, pool: int, seconds: float) -> tuple[float, list[float], float]:
    """Posts a second, lateness of each in seconds, and CPU seconds of the whole process meanwhile."""
    with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
        clock = SystemClock()
        due = clock.now() + timedelta(seconds=2 + (posts + pending) / 4000)
        fill_queue(outbox, posts, accounts, pending, due)
        slow = Slow(seconds)
        names = [f"a{n}" for n in range(accounts)]
        switchboard = Switchboard(lambda _: slow, dry=DryRun(Path(folder) / "dry.jsonl", clock), live=lambda: names)
        engine = Engine(outbox, switchboard, clock, ThreadAlarm(clock), pool_size=pool)
        worker = threading.Thread(target=engine.run, args=(lambda: len(slow.begun) >= posts,))
        wait = (due - clock.now()).total_seconds()
        began = time.perf_counter() + wait
        before = time.process_time()
        worker.start()
        worker.join()
        return posts / (slow.ended - began), sorted(slow.begun), time.process_time() - before


def run_bare(posts: int, pool: int, seconds: float) -> float:
    """Posts a second of a pool of threads that does nothing but wait for the platform."""
    began = time.perf_counter()
    with ThreadPoolExecutor(pool) as threads:
        list(threads.map(time.sleep, [seconds] * posts))
    return posts / (time.perf_counter() - began)


def idle(count: int, seconds: float = 20.0) -> tuple[float, float]:
    """CPU share and resident megabytes of an engine with `count` posts that are not due."""
    with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
        clock = SystemClock()
        fill_queue(outbox, 0, 100, count, clock.now())
        dry = DryRun(Path(folder) / "dry.jsonl", clock)
        engine = Engine(outbox, Switchboard(lambda _: dry, dry=dry), clock, ThreadAlarm(clock))
        worker = threading.Thread(target=engine.run)
        worker.start()
        time.sleep(1)
        before = time.process_time()
        time.sleep(seconds)
        share = (time.process_time() - before) / seconds
        engine.stop()
        worker.join()
    return share, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints the figures."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--posts", type=int, default=1000)
    words.add_argument("--accounts", type=int, default=100)
    words.add_argument("--answer-ms", type=float, default=200)
    words.add_argument("--pool", type=int, default=100)
    words.add_argument("--pending", type=int, default=0)
    words.add_argument("--idle", type=int, metavar="POSTS", help="measure an idle engine instead")
    said = words.parse_args()
    if len(sys.argv) == 1:
        for posts, accounts in MOMENTS:
            moment(posts, accounts, said.pending, said.pool, said.answer_ms / 1000)
        return
    if said.idle is not None:
        share, megabytes = idle(said.idle)
        print(f"idle with {said.idle} posts: {share:.3%} of a core, {megabytes:.0f} MB resident at most")
        return
    moment(said.posts, said.accounts, said.pending, said.pool, said.answer_ms / 1000)


def moment(posts: int, accounts: int, pending: int, pool: int, seconds: float) -> None:
    """Measures one big moment and prints it."""
    bare = run_bare(posts, min(pool, accounts), seconds)
    rate, late, cpu = run_engine(posts, accounts, pending, pool, seconds)
    p99 = late[int(len(late) * 0.99) - 1]
    print(f"{posts:,} due on {accounts:,} accounts, {pending:,} pending, {pool} threads")
    cost = cpu / posts * 1000
    print(f"  {rate:.0f} posts/s, {rate / bare:.0%} of a bare pool's {bare:.0f}; {cost:.2f} ms CPU a post")
    print(f"  first {late[0] * 1000:.1f} ms after due, median {statistics.median(late):.2f} s,", end=" ")
    print(f"p99 {p99:.2f} s, last {late[-1]:.2f} s", flush=True)


if __name__ == "__main__":
    main()
