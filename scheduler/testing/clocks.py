"""Clocks for tests: they stand still until they are moved, so no test ever sleeps."""

from scheduler.clock import FixedClock
from scheduler.engine.alarm import JumpingAlarm, JumpingClock, ThreadAlarm

__all__ = ["FixedClock", "JumpingAlarm", "JumpingClock", "ThreadAlarm"]
