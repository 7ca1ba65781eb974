"""One daemon a workspace: proved by the operating system, dead with its process."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from scheduler.errors import StoreError
from scheduler.outbox.lock import NAME, DaemonLock, read_heartbeat

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
HOLDS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from scheduler.outbox.lock import DaemonLock
lock = DaemonLock(Path(sys.argv[1]))
lock.acquire()
lock.beat(datetime(2027, 6, 30, 7, 0, tzinfo=UTC), "dry run")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def twin(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout.readline() == "held\n"
        yield started
        started.kill()


def test_a_second_daemon_is_refused_and_told_who_has_it(tmp_path, twin):
    with pytest.raises(StoreError, match=f"process {twin.pid}"):
        DaemonLock(tmp_path).acquire()


def test_a_living_daemon_can_be_seen_without_disturbing_it(tmp_path, twin):
    seen = read_heartbeat(tmp_path)
    assert (seen.alive, seen.pid, seen.last_tick, seen.note) == (True, twin.pid, NINE, "dry run")


def test_a_killed_daemon_leaves_no_lock_but_its_last_tick(tmp_path, twin):
    os.kill(twin.pid, signal.SIGKILL)
    twin.wait()
    seen = read_heartbeat(tmp_path)
    assert (seen.alive, seen.pid, seen.last_tick) == (False, 0, NINE)
    with DaemonLock(tmp_path) as lock:
        lock.beat(NINE)
        assert read_heartbeat(tmp_path).alive


def test_where_none_ever_ran_nothing_is_made(tmp_path):
    assert not read_heartbeat(tmp_path).alive
    assert list(tmp_path.iterdir()) == []


def test_a_released_lock_says_nothing_and_can_be_taken_again(tmp_path):
    lock = DaemonLock(tmp_path)
    lock.beat(NINE)
    lock.release()
    with lock:
        lock.beat(NINE)
    assert read_heartbeat(tmp_path).last_tick is None
    with lock:
        pass


def test_a_heartbeat_that_cannot_be_read_is_no_heartbeat(tmp_path):
    for text in ("", "{", "[]", '{"tick": "yesterday"}', '{"pid": 1}'):
        (tmp_path / NAME).write_text(text)
        assert read_heartbeat(tmp_path).last_tick is None


def test_a_shorter_beat_leaves_nothing_of_a_longer_one(tmp_path):
    with DaemonLock(tmp_path) as lock:
        lock.beat(NINE, "a very long note indeed")
        lock.beat(NINE)
        assert read_heartbeat(tmp_path).note == ""
