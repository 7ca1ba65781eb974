"""How late posts are while a plan is applied beside them, with a million others waiting in the queue.

    python benchmarks/beside.py [--pending 1000000] [--apply 100 100000]

An engine sends a lone post every tenth of a second; another process applies a campaign of so many
new posts, each with its own text, as `drumbeat apply` does. Says how long that held the write lock,
and how late the posts were whose moment fell into the whole of it. None may be late by seconds.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from apply import deliveries
from queues import add
from sleeping import Slow

from scheduler.clock import SystemClock
from scheduler.engine.alarm import ThreadAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.outbox.notes import NAME, Notes
from scheduler.outbox.outbox import Outbox, open_outbox
from scheduler.planning.differ import Differ
from scheduler.planning.plan import Plan
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.bench import fill, outbox_in, planned

ACCOUNTS = 100
APART, AHEAD = timedelta(seconds=0.1), timedelta(seconds=5)
LASTS = 1200
"""So many lone posts are queued; those whose moment falls into an apply are looked at."""
WANTED_SECONDS = 2.0


def apply_in_a_process_of_its_own(path: Path, posts: int) -> None:
    """What the child does: prints when it began and ended (seconds since 1970), and how long it held the lock."""
    clock = SystemClock()
    plan = Plan(tuple(replace(one, campaign=f"beside-{posts}") for one in deliveries(posts)))
    began = clock.now()
    with open_outbox(path) as outbox:
        seen = outbox.snapshot([f"beside-{posts}"], with_content=False)
        differ = Differ(plan, campaigns=frozenset([f"beside-{posts}"]), now=began)
        done = outbox.apply(differ(seen), rediff=differ, at=began, who="bench", mark=seen.mark)
    print(json.dumps([began.timestamp(), clock.now().timestamp(), done.lock_seconds]))


def measured(outbox: Outbox, folder: Path, sizes: list[int]) -> bool:
    """Runs the engine and one apply after the other; whether no post was late by seconds."""
    clock, slow = SystemClock(), Slow(0.001)
    first = clock.now() + AHEAD
    dues = [first + APART * n for n in range(LASTS)]
    lone = [planned(f"lone-{n}", due, account=f"a{n % ACCOUNTS}")[0] for n, due in enumerate(dues)]
    fill(outbox, lone, at=clock.now())
    names = [f"a{n}" for n in range(ACCOUNTS)]
    switchboard = Switchboard(lambda _: slow, dry=DryRun(folder / "dry.jsonl", clock), live=lambda: names)
    notes = Notes(outbox.path.parent / NAME)
    engine = Engine(outbox, switchboard, clock, ThreadAlarm(clock), pool_size=ACCOUNTS, notes=notes)
    worker = threading.Thread(target=engine.run, daemon=True)
    worker.start()
    time.sleep((first - clock.now()).total_seconds() + 5)
    told = [_told(outbox.path, posts) for posts in sizes]
    time.sleep(2)
    engine.stop()
    worker.join()
    late = dict(zip([due.timestamp() for due in dues], slow.begun, strict=False))
    return all(_said(posts, one, late) for posts, one in zip(sizes, told, strict=True))


def _told(path: Path, posts: int) -> tuple[float, float, float]:
    child = [sys.executable, __file__, "--child", str(path), "--apply", str(posts)]
    began, ended, lock = json.loads(subprocess.run(child, check=True, capture_output=True, text=True).stdout)
    return began, ended, lock


def _said(posts: int, told: tuple[float, float, float], late: dict[float, float]) -> bool:
    began, ended, lock = told
    among = sorted(seconds for due, seconds in late.items() if began - 1 <= due <= ended + 0.5)
    before = sorted(seconds for due, seconds in late.items() if due < began - 1)
    print(f"{posts:,} applied in {ended - began:.1f} s, lock held {lock * 1000:.0f} ms;", end=" ")
    print(f"{len(among)} posts due meanwhile: median {statistics.median(among) * 1000:.1f} ms late,", end=" ")
    print(f"last {among[-1] * 1000:.0f} ms (before: {statistics.median(before) * 1000:.1f}, {before[-1] * 1000:.0f})")
    return among[-1] < WANTED_SECONDS


def main() -> None:
    """Measure and print; ends with 1 where a post was late by seconds."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--pending", type=int, default=1_000_000)
    words.add_argument("--apply", type=int, nargs="+", default=[100, 100_000])
    words.add_argument("--child", type=Path)
    asked = words.parse_args()
    if asked.child:
        apply_in_a_process_of_its_own(asked.child, asked.apply[0])
        return
    with tempfile.TemporaryDirectory(dir=".") as folder, outbox_in(Path(folder)) as outbox:
        month = SystemClock().now() + timedelta(days=30)
        add(outbox, "later", month, asked.pending, ACCOUNTS, apart=timedelta(seconds=1))
        print(f"{asked.pending:,} pending")
        sys.exit(not measured(outbox, Path(folder), asked.apply))


if __name__ == "__main__":
    main()
