"""One thread for every deadline."""

import threading

from scheduler.http.watchdog import Watchdog


def test_deadlines_pass_in_their_order_whatever_the_order_they_came_in() -> None:
    watchdog = Watchdog()
    passed: list[str] = []
    done = threading.Event()
    watchdog.watch(0.06, lambda: passed.append("late"))
    watchdog.watch(0.08, done.set)
    watchdog.watch(0.02, lambda: passed.append("early"))
    watchdog.watch(0.04, lambda: passed.append("middle"))
    assert done.wait(2)
    assert passed == ["early", "middle", "late"]


def test_one_callback_that_fails_stops_no_other() -> None:
    watchdog = Watchdog()
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError

    watchdog.watch(0.01, fail)
    watchdog.watch(0.02, done.set)
    assert done.wait(2)


def test_a_callback_may_set_a_new_deadline() -> None:
    watchdog = Watchdog()
    done = threading.Event()
    watchdog.watch(0.01, lambda: setattr(watchdog, "again", watchdog.watch(0.01, done.set)))
    assert done.wait(2)


def test_a_thousand_deadlines_take_one_thread() -> None:
    watchdog = Watchdog()
    before = threading.active_count()
    deadlines = [watchdog.watch(60, lambda: None) for _ in range(1000)]
    assert threading.active_count() == before + 1
    assert all(59 < watchdog.remaining(deadline) <= 60 for deadline in deadlines)


def test_what_remains_is_never_negative() -> None:
    assert Watchdog().remaining(0.0) == 0.0
