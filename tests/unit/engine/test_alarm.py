"""Alarms wake the engine; they decide nothing."""

import threading
from datetime import UTC, datetime, timedelta

from scheduler.clock import SystemClock
from scheduler.engine.alarm import JumpingAlarm, JumpingClock, ThreadAlarm

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


def test_a_jumping_clock_stands_still_until_it_is_moved_and_never_goes_back_by_itself():
    clock = JumpingClock(NINE)
    assert clock.now() == NINE
    clock.jump(NINE + timedelta(hours=1))
    clock.jump(NINE)
    assert clock.now() == NINE + timedelta(hours=1)
    assert clock.monotonic() == 3600
    assert clock.later(minutes=7) == NINE + timedelta(minutes=67)
    assert clock.step(hours=-2) == NINE - timedelta(minutes=53)


def test_a_jumping_alarm_jumps_when_all_is_idle():
    clock = JumpingClock(NINE)
    alarm = JumpingAlarm(clock)
    alarm.arm(NINE + timedelta(hours=5))
    assert alarm.wait(10, busy=False) is False
    assert clock.now() == NINE + timedelta(hours=5)


def test_a_jumping_alarm_lets_time_stand_still_while_something_is_in_flight():
    clock = JumpingClock(NINE)
    alarm = JumpingAlarm(clock)
    alarm.arm(NINE + timedelta(hours=5))
    threading.Thread(target=alarm.set).start()
    assert alarm.wait(10, busy=True) is True
    assert clock.now() == NINE


def test_an_alarm_wakes_at_its_moment_and_not_at_the_end_of_the_beat():
    clock = SystemClock()
    alarm = ThreadAlarm(clock)
    alarm.arm(clock.now() - timedelta(seconds=1))
    began = clock.monotonic()
    assert alarm.wait(10, busy=False) is False
    alarm.arm(None)
    alarm.set()
    assert alarm.wait(10, busy=False) is True
    assert clock.monotonic() - began < 5


def test_a_wake_up_before_the_wait_is_not_lost():
    alarm = ThreadAlarm(SystemClock())
    alarm.set()
    assert alarm.wait(10, busy=False) is True
    assert alarm.wait(0, busy=False) is False
