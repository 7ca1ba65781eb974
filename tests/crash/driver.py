"""Starts engines and kills them with SIGKILL while they post; the last one lives until all is quiet.

Run as `driver.py OUTBOX PORT KILLS SEED`. Each engine is a forked process of its own, with
the workspace's lock, real threads and the machine's clock; the platform is elsewhere, on
loopback. Prints one line a kill: how many rows it left in `sending`.
"""

import json
import os
import random
import signal
import socket
import sqlite3
import sys
import time
from datetime import timedelta
from pathlib import Path

from scheduler.clock import SystemClock
from scheduler.engine.alarm import ThreadAlarm
from scheduler.engine.dispatcher import Engine
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import Ambiguous, Transient
from scheduler.model.delivery import Prepared, Receipt
from scheduler.outbox.lock import DaemonLock
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import open_outbox
from scheduler.publishers.base import Absent, Capabilities, Doubles, Found, Operation, Replays, VerifyQuality
from scheduler.publishers.dryrun import DryRun

TIMEOUT = 0.5
A_LONG_TIME = timedelta(minutes=1)  # what waits for a person would be missed later
KINDS = {
    "replays": Capabilities("remote", Replays(timedelta(minutes=45)), timeout=TIMEOUT),
    "looks": Capabilities("remote", Doubles(), frozenset({Operation.VERIFY}), VerifyQuality.EXACT, TIMEOUT),
    "neither": Capabilities("remote", Doubles(), timeout=TIMEOUT),
}


class Remote:
    """One account on a platform in another process; the account's name says of which kind it is."""

    def __init__(self, account, port):
        self.capabilities = KINDS[account.split("-")[0]]
        self._port = port

    def _ask(self, draft, what):
        try:
            connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        except OSError as caught:
            raise Transient("no connection") from caught
        with connection, connection.makefile("rw") as wire:
            asked = {"ask": what, "account": draft.account, "key": draft.idempotency_key}
            wire.write(json.dumps(asked) + "\n")
            wire.flush()
            answer = wire.readline()
        if not answer:
            raise Ambiguous("no reply")
        return json.loads(answer)["id"]

    def prepare(self, draft):
        return Prepared()

    def publish(self, draft, prepared):
        return Receipt(self._ask(draft, "create"))

    def verify(self, draft, prepared, since):
        found = self._ask(draft, "look")
        return Found(Receipt(found)) if found else Absent()


def engine_life(path, port, *, to_the_end):
    """One process: takes over, and works until it is killed or all is quiet."""
    clock = SystemClock()
    with open_outbox(path) as outbox, DaemonLock(path.parent) as lock:
        with outbox.read() as connection:
            accounts = connection.exec_driver_sql("SELECT account FROM lane").scalars().all()
        dry = DryRun(path.parent / "dry-run.jsonl", clock)
        switchboard = Switchboard(lambda account: Remote(account, port), dry=dry, live=lambda: accounts)
        notes = Notes(path.parent / "tries")
        engine = Engine(outbox, switchboard, clock, ThreadAlarm(clock), on_beat=lock.beat, pool_size=16, notes=notes)
        engine.run(until=lambda: to_the_end and engine.quiet(by=clock.now() + A_LONG_TIME))


def start(path, port, *, to_the_end):
    child = os.fork()
    if child == 0:
        try:
            engine_life(path, port, to_the_end=to_the_end)
        except BaseException as caught:  # noqa: BLE001
            print(f"broke: {caught!r}", flush=True)  # noqa: T201
            os._exit(1)
        os._exit(0)
    return child


def left_behind(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM delivery WHERE state = 'sending'").fetchone()[0]


def main():
    path, port, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(seed)
    for _ in range(kills):
        child = start(path, port, to_the_end=False)
        time.sleep(chance.uniform(0.03, 0.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print(left_behind(path), flush=True)  # noqa: T201
    _, status = os.waitpid(start(path, port, to_the_end=True), 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
