"""What the doctor says of a queue: its database, whether a daemon works it, and which computer sends."""

from datetime import timedelta

import pytest

from scheduler.model.account import Sender, Workspace
from scheduler.operations.doctor import examine
from scheduler.operations.doctor.queue import daemon, database, sender, waiting
from scheduler.operations.person import computer
from scheduler.outbox.lock import DaemonLock
from scheduler.outbox.outbox import open_outbox
from scheduler.outbox.stops import EVERYTHING
from scheduler.testing.bench import fill, outbox_in, planned
from tests.unit.operations.doctor.conftest import NOW, verdicts


@pytest.fixture
def queue(tmp_path):
    outbox = outbox_in(tmp_path)
    fill(outbox, planned("opening", NOW), at=NOW - timedelta(hours=1))
    outbox.close()
    return outbox.path


def test_a_whole_queue_is_well_and_a_damaged_one_is_an_error(queue):
    assert verdicts(database(queue)) == [("database", "ok"), ("database", "ok")]

    whole = queue.read_bytes()
    queue.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    found = examine([("database", lambda: database(queue))])

    assert not found.healthy


def test_posts_that_wait_without_a_daemon_are_an_error(queue):
    [found] = daemon(queue, NOW - timedelta(hours=1))

    assert (found.verdict, found.mend) == ("error", "Run: drumbeat daemon")


def test_a_daemon_that_goes_round_is_well_and_one_that_does_not_is_an_error(queue):
    with DaemonLock(queue.parent) as lock:
        lock.beat(NOW - timedelta(minutes=30))

        assert verdicts(daemon(queue, NOW - timedelta(minutes=30))) == [("daemon", "ok")]
        assert verdicts(daemon(queue, NOW - timedelta(minutes=20))) == [("daemon", "error")]


def test_something_due_that_has_not_left_is_an_error(queue):
    with DaemonLock(queue.parent) as lock:
        lock.beat(NOW + timedelta(minutes=1))

        found = list(daemon(queue, NOW + timedelta(minutes=1)))

    assert verdicts(found) == [("daemon", "ok"), ("daemon", "error")]


def test_a_paused_account_is_an_error_and_a_stop_a_warning(queue):
    assert verdicts(waiting(queue)) == [("paused", "ok")]

    with open_outbox(queue) as outbox:
        outbox.pause("main", at=NOW, who="engine", why="The token was revoked.")
        outbox.stop([EVERYTHING], at=NOW, who="ana", why="an earthquake")

    [paused, stopped] = waiting(queue)
    assert (paused.verdict, paused.account, paused.message) == (
        "error",
        "main",
        "main is paused: The token was revoked.",
    )
    assert (stopped.check, stopped.verdict) == ("stopped", "warning")
    assert "an earthquake" in stopped.message


def test_the_doctor_says_which_computer_sends(queue):
    with open_outbox(queue) as outbox:
        ours = outbox.somebody(computer())

    def said(whose):
        return verdicts(sender(Workspace("w", "UTC", sender=whose), queue))

    assert said(None) == [("sender", "ok")]
    assert said(ours) == [("sender", "ok")]
    assert said(Sender(ours.id, "another-computer")) == [("sender", "warning")]
    assert said(Sender("0" * 16, "another-computer")) == [("sender", "warning")]
