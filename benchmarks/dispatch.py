"""How fast a big moment leaves: on many accounts of a slow platform, over HTTP, beside a bare pool of `requests`.

    python benchmarks/dispatch.py [--quick] [--posts 1000 --accounts 100] [--pool 100] [--answer-ms 200] [--rounds 3]

Without `--posts`, 100, 1,000 and 10,000 on 100 accounts and on as many accounts as posts, with nothing else in the
queue and with a million others. Each round runs the bare pool and the engine one right after the other, and
the ratio is the median of the rounds, because the machine is never quiet. Wanted: 90 % of the bare pool; ends
with 1 where that is missed. `--quick` leaves out what takes minutes.
"""

import argparse
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from moments import Measured, by_bare_pool, by_drumbeat
from plain import by_apscheduler
from queues import queue
from results import keep
from slow_server import Platform, slow_platform

MOMENTS = ((100, 100), (1_000, 100), (10_000, 100), (1_000, 1_000), (10_000, 10_000))
"""Posts due at one moment, and on how many accounts. A hundred on as many accounts are the first."""
QUICK = ((100, 100), (1_000, 100), (1_000, 1_000))
PENDING = 1_000_000
POOL = 100
WANTED = 0.9
FEW = 1_000


@dataclass(slots=True)
class Row:
    """One moment, measured in several rounds by each."""

    posts: int
    accounts: int
    pending: int
    ours: list[Measured] = field(default_factory=list)
    bare: list[Measured] = field(default_factory=list)
    shared: list[Measured] = field(default_factory=list)
    plain: list[Measured] = field(default_factory=list)

    def ratios(self, others: Iterable[Measured]) -> list[float]:
        """Our rate as a part of theirs, round by round."""
        return [mine.rate / other.rate for mine, other in zip(self.ours, others, strict=True)]

    def tell(self) -> None:
        """Prints the row."""
        print(f"{self.posts:,} due on {self.accounts:,} accounts, {self.pending:,} others pending")
        _line("Drumbeat", self.ours)
        _line("requests, a Session an account", self.bare)
        if self.shared:
            _line("requests, a Session a thread", self.shared)
        if self.plain:
            _line("APScheduler, one stored job a post", self.plain)
        for name, others in (("a bare pool", self.bare), ("one with a Session a thread", self.shared)):
            if found := self.ratios(others) if others else []:
                spread = f"(from {min(found):.0%} to {max(found):.0%})" if len(found) > 1 else "(one round)"
                print(f"  {statistics.median(found):.0%} of {name} {spread}", flush=True)

    def as_json(self) -> dict[str, object]:
        """The row for the results file: the round of the median rate for each, and the ratios of all."""
        kinds = {"drumbeat": self.ours, "bare": self.bare, "shared": self.shared, "apscheduler": self.plain}
        ratios = {
            name: self.ratios(others) for name, others in (("bare", self.bare), ("shared", self.shared)) if others
        }
        told = {name: typical(all_).as_json() for name, all_ in kinds.items() if all_}
        moment = {"posts": self.posts, "accounts": self.accounts, "pending": self.pending}
        return {**moment, "measured": told, "ratios": ratios}


def typical(rounds: list[Measured]) -> Measured:
    """The round whose rate is the middle one."""
    return sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]


def _line(name: str, rounds: list[Measured]) -> None:
    one = typical(rounds)
    print(f"  {name:<35} {one.rate:>5.0f} posts/s; first {one.first * 1000:>6.1f} ms late,", end=" ")
    print(f"median {one.median:.2f} s, p99 {one.p99:.2f} s, last {one.last:.2f} s")


def moment(platform: Platform, posts: int, accounts: int, pending: int, pool: int, rounds: int) -> Row:
    """Measures one row and prints it."""
    row = Row(posts, accounts, pending)
    with queue(pending) as outbox:
        for _ in range(rounds):
            row.bare.append(by_bare_pool(platform, posts, accounts, pool))
            row.ours.append(by_drumbeat(outbox, platform, posts, accounts, pool))
            if accounts > pool:
                row.shared.append(by_bare_pool(platform, posts, accounts, pool, shared=True))
    if not pending and accounts == pool:
        row.plain.append(by_apscheduler(platform, posts, pool))
    row.tell()
    return row


def main() -> None:
    """Measure, print, keep, and judge."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--posts", type=int)
    words.add_argument("--accounts", type=int, default=100)
    words.add_argument("--answer-ms", type=float, default=200)
    words.add_argument("--pool", type=int, default=POOL)
    words.add_argument("--pending", type=int, nargs="+")
    words.add_argument("--rounds", type=int)
    words.add_argument("--quick", action="store_true")
    said = words.parse_args()
    moments = ((said.posts, said.accounts),) if said.posts else QUICK if said.quick else MOMENTS
    amounts = said.pending or ((0,) if said.quick or said.posts else (0, PENDING))
    with slow_platform(said.answer_ms / 1000) as platform:
        rows = [
            moment(platform, posts, accounts, pending, said.pool, said.rounds or (3 if posts <= FEW else 1))
            for pending in amounts
            for posts, accounts in moments
        ]
    keep("dispatch" if said.pool == POOL else f"dispatch-{said.pool}", [row.as_json() for row in rows])
    sys.exit(any(statistics.median(row.ratios(row.bare)) < WANTED for row in rows))


if __name__ == "__main__":
    main()
