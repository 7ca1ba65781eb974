"""How many posts a SIGKILL leaves unknown that need not be, with a hundred requests in flight.

    python benchmarks/kills.py [--kills 20]

A post whose request the platform has and has not answered is rightly unknown afterwards. The others are told
apart by cause: claimed, and the request never came (*unsent*); answered, and the publisher had not yet read it
(*unread*: it lay in the machine's buffers or was being read); read, and not yet written down (*unwritten*). The engine
can help the first and the last, and these are what is needless here. Wanted: at most 2 a kill on average; ends with 1
where that is missed. The killed process notes what it has read in shared memory; the platform is another process.
"""

import argparse
import mmap
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from moments import switchboard
from queues import add
from results import keep
from slow_server import Platform, slow_platform

from scheduler.clock import SystemClock
from scheduler.engine.alarm import ThreadAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.writer import begin
from scheduler.model.delivery import Draft, Prepared, Receipt, idempotency_key
from scheduler.model.lifecycle import State
from scheduler.outbox.notes import NAME, Notes
from scheduler.outbox.outbox import Outbox, open_outbox
from scheduler.publishers.webhook import Webhook
from scheduler.testing.bench import outbox_in

ACCOUNTS = 100
POSTS = 3000
ANSWERS = ((0.2, 0.2), (0.1, 0.3))
"""Between how many seconds and how many the platform answers: in step, and as real ones do."""
WANTED = 2.0
HAVE_READ = 1


@dataclass(frozen=True, slots=True)
class Left:
    """What one kill left unknown, by cause."""

    all: int
    unsent: int
    unread: int
    unwritten: int

    @property
    def needless(self) -> int:
        """What the engine could have helped."""
        return self.unsent + self.unwritten


class Watched(Webhook):
    """Notes which answers it has read, where it outlives the process."""

    notes: mmap.mmap

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:
        """As a webhook does."""
        receipt = super().publish(draft, prepared)
        self.notes[number_of(draft.delivery)] = HAVE_READ
        return receipt


def number_of(name: str) -> int:
    """A post's number, which its slot has in its name."""
    return int(name.split("/")[2].removeprefix("s"))


def live(path: Path, platform: Platform, notes: mmap.mmap) -> None:
    """Works the queue until it is killed."""

    def watch(webhook: Webhook) -> Webhook:
        webhook.__class__ = Watched
        webhook.notes = notes  # type: ignore[attr-defined]
        return webhook

    clock = SystemClock()
    with open_outbox(path) as outbox:
        board = switchboard(platform, ACCOUNTS, path.parent, watch)
        own = Notes(path.parent / NAME)
        Engine(outbox, board, clock, ThreadAlarm(clock), pool_size=ACCOUNTS, notes=own).run()


def killed(platform: Platform, seconds: float) -> Left:
    """One kill, so many seconds after a big moment."""
    platform.forget()
    with tempfile.TemporaryDirectory(dir=".") as folder, mmap.mmap(-1, POSTS) as notes:
        with outbox_in(Path(folder)) as outbox:
            due = SystemClock().now() + timedelta(seconds=3)
            add(outbox, "due", due, POSTS, ACCOUNTS)
        child = os.fork()
        if child == 0:
            live(outbox.path, platform, notes)
            os._exit(0)
        time.sleep(max(0.0, (due - SystemClock().now()).total_seconds()) + seconds)
        at = SystemClock().now().timestamp()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        read = bytes(notes)
        with open_outbox(outbox.path) as left:
            begin(left, SystemClock().now(), Notes(outbox.path.parent / NAME).left())
            return _told_apart(left, platform, at, read)


def _told_apart(outbox: Outbox, platform: Platform, at: float, read: bytes) -> Left:
    seen = platform.seen()
    unsent = unread = unwritten = total = 0
    for row in outbox.rows(with_content=False):
        if row.state is not State.UNCERTAIN:
            continue
        key = idempotency_key(workspace=outbox.workspace, delivery=row.name, generation=1)
        have_read = read[number_of(row.name)] == HAVE_READ
        total += 1
        unsent += key not in seen.arrived
        unwritten += have_read
        unread += seen.answered.get(key, at) < at and not have_read
    return Left(total, unsent, unread, unwritten)


def told(kills: int, answers: tuple[float, float]) -> dict[str, object]:
    """Kills so often, prints what was left, and gives it for the results file."""
    chance = random.Random(7)
    with slow_platform(*answers) as platform:
        found = [killed(platform, chance.uniform(0.3, 3.0)) for _ in range(kills)]
    mean = {cause: statistics.mean(asdict(one)[cause] for one in found) for cause in asdict(found[0])}
    needless = [one.needless for one in found]
    print(f"{kills} SIGKILLs, {ACCOUNTS} threads, answers in {answers[0] * 1000:.0f} to {answers[1] * 1000:.0f} ms:")
    print(f"  {mean['all']:.1f} unknown a kill; needlessly {statistics.mean(needless):.2f},", end=" ")
    print(f"median {statistics.median(needless):.0f}, most {max(needless)}:", end=" ")
    print(
        f"{mean['unsent']:.2f} unsent, {mean['unwritten']:.2f} unwritten (and {mean['unread']:.2f} unread)", flush=True
    )
    return {"answers": answers, "mean": mean, "needless": needless}


def sync_ms(times: int = 200) -> float:
    """How long the disk takes just now to keep what a commit writes, in the median: nothing is safe any sooner."""
    took = []
    with tempfile.TemporaryFile(dir=".") as file:
        for _ in range(times):
            file.write(b"." * 40_000)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def main() -> None:
    """Kill, count, print, keep, and judge."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kills", type=int, default=20)
    kills = words.parse_args().kills
    rows = [told(kills, answers) for answers in ANSWERS]
    print(f"  the disk takes {sync_ms():.1f} ms to keep 40 kB, with whatever else it has to do")
    keep("kills", rows)
    sys.exit(any(statistics.mean(row["needless"]) > WANTED for row in rows))  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
