"""How late a lone post is while a million others wait in the queue, and how late plain APScheduler's.

    python benchmarks/lone.py [--posts 200] [--pending 1000000] [--jobs-pending 10000]

Posts one by one, a tenth of a second apart, on a hundred accounts that take turns; lateness is from the due moment
to the request's arrival at the platform, over HTTP. Wanted: p99 under 20 ms. Ends with 1 where that is missed.
"""

import argparse
import sys

from moments import Measured, lone_by_drumbeat
from plain import lone_by_apscheduler
from queues import queue
from results import keep
from slow_server import slow_platform

ACCOUNTS = 100
APART = 0.1
WANTED_MS = 20.0


def told(name: str, pending: int, one: Measured) -> dict[str, object]:
    """Prints a row, and gives it for the results file."""
    print(f"{name}, {pending:,} pending: median {one.median * 1000:.1f} ms late,", end=" ")
    print(f"p99 {one.p99 * 1000:.1f} ms, last {one.last * 1000:.1f} ms", flush=True)
    return {"name": name, "pending": pending, "measured": one.as_json()}


def main() -> None:
    """Measure, print, keep, and judge."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--posts", type=int, default=200)
    words.add_argument("--pending", type=int, default=1_000_000)
    words.add_argument("--jobs-pending", type=int, default=10_000)
    asked = words.parse_args()
    rows = []
    with slow_platform(0.0) as platform:
        for pending in (0, asked.pending):
            with queue(pending) as outbox:
                found = lone_by_drumbeat(outbox, platform, asked.posts, ACCOUNTS, APART)
            rows.append(told("Drumbeat", pending, found))
        rows += [
            told("APScheduler", pending, lone_by_apscheduler(platform, asked.posts, APART, pending=pending))
            for pending in (0, asked.jobs_pending)
        ]
    keep("lone", rows)
    sys.exit(found.p99 * 1000 > WANTED_MS)


if __name__ == "__main__":
    main()
