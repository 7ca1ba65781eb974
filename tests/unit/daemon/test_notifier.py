"""The notifier's thread: it gathers and sends, and whatever goes wrong in it stays in it."""

import threading
import time
from datetime import UTC, datetime

from scheduler.clock import SystemClock
from scheduler.daemon.notify import Notifier, teller
from scheduler.daemon.pulse import Pulse
from scheduler.errors import Transient
from scheduler.operations.incidents import QUIET_SECONDS, Notice
from scheduler.outbox.rows import EventRow


class Forward:
    """Monotonic seconds that a test moves on."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        return datetime(2027, 6, 30, 7, tzinfo=UTC)

    def monotonic(self):
        return self.seconds


def missed(post="c/p/once/main"):
    return EventRow(at=datetime(2027, 6, 30, 7, tzinfo=UTC), event="expire", who="clock", delivery=post, account="main")


def test_an_engine_thread_that_reports_never_waits_for_a_notifier_that_hangs():
    let_go = threading.Event()
    notifier = Notifier("rights", lambda _: (let_go.wait(20) and {}) or {}, SystemClock(), print)
    with notifier:
        notifier.ended("a test")
        began = time.monotonic()
        for _ in range(1000):
            notifier.event(missed())
        took = time.monotonic() - began
        let_go.set()

    assert took < 1


def test_what_is_left_is_told_at_the_end():
    told = []
    with Notifier("rights", lambda notice: told.append(notice) or {}, SystemClock(), print) as notifier:
        notifier.event(missed())

    assert [notice.title for notice in told] == ["Drumbeat · rights: 1 post missed on main, not sent"]


def test_a_notifier_that_breaks_is_said_once_and_goes_on():
    said, clock = [], Forward()

    def breaks(_):
        raise ValueError("https://hooks.example/SECRET")

    with Notifier("rights", breaks, clock, said.append) as notifier:
        notifier.ended("one")
        notifier.event(missed())
        clock.seconds = QUIET_SECONDS

    assert said == ["Nobody was told through notify: it broke: ValueError."]


def test_an_address_that_is_not_set_is_said_by_its_name():
    tell = teller(["NOTIFY_URL"], lambda _: None)

    assert tell(Notice("t", "b")) == {"NOTIFY_URL": "is not set: put it into .env"}


def beats(pulse, number, until):
    with pulse:
        deadline = time.monotonic() + 5
        while not until() and time.monotonic() < deadline:
            time.sleep(0.001)
    assert until()


def test_the_heartbeat_is_sent_while_all_is_well():
    sent = []
    beats(Pulse(lambda: sent.append(1), lambda: True, print, first=0.001, every=0.001), 3, lambda: len(sent) >= 3)


def test_the_heartbeat_stays_away_while_something_is_wrong():
    sent, asked = [], []
    healthy = lambda: asked.append(1)  # noqa: E731
    beats(Pulse(lambda: sent.append(1), healthy, print, first=0.001, every=0.001), 3, lambda: len(asked) >= 3)

    assert sent == []


def test_a_heartbeat_that_fails_is_said_once_and_tried_again():
    said, tries = [], []

    def fails():
        tries.append(1)
        raise Transient("https://hc.example cannot be reached: it refused.")

    beats(Pulse(fails, lambda: True, said.append, first=0.001, every=0.001), 3, lambda: len(tries) >= 3)

    assert said == ["The heartbeat could not be sent: https://hc.example cannot be reached: it refused."]
