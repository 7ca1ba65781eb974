"""The threads that make requests."""

import threading

from scheduler.engine.workers import Workers

SOON = 10.0


def test_a_thread_is_started_only_where_none_is_free():
    done = threading.Semaphore(0)
    with Workers(8, "test") as workers:
        for _ in range(20):
            workers.give(done.release)
            assert done.acquire(timeout=SOON)
            while workers._busy:
                pass
        assert len(workers._threads) == 1


def test_so_many_run_at_once_as_there_may_be_and_the_rest_waits():
    gate, arrived, left = threading.Event(), threading.Semaphore(0), []

    def hold():
        arrived.release()
        assert gate.wait(SOON)
        left.append(threading.current_thread().name)

    with Workers(3, "test") as workers:
        for _ in range(5):
            workers.give(hold)
        for _ in range(3):
            assert arrived.acquire(timeout=SOON)
        assert not arrived.acquire(timeout=0.05)
        gate.set()
    assert len(left) == 5
    assert set(left) == {"test_0", "test_1", "test_2"}


def test_threads_can_be_had_ready_before_they_are_needed():
    with Workers(4, "test") as workers:
        workers.ready(2)
        assert len(workers._threads) == 2
        workers.ready(9)
        assert len(workers._threads) == 4


def test_what_a_call_raises_ends_no_thread():
    done = threading.Event()
    with Workers(1, "test") as workers:
        workers.give(lambda: 1 / 0)
        workers.give(done.set)
        assert done.wait(SOON)


def test_leaving_waits_for_what_was_given():
    done = []
    with Workers(2, "test") as workers:
        for number in range(50):
            workers.give(lambda number=number: done.append(number))
    assert sorted(done) == list(range(50))


def test_where_the_system_gives_no_more_threads_those_that_are_there_do_it_all():
    done, started = [], []

    def start(thread):
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        thread.start()

    with Workers(9, "test", start=start) as workers:
        for number in range(50):
            workers.give(lambda number=number: done.append(number))
        workers.ready(9)
        assert workers.most == 2
    assert sorted(done) == list(range(50))
