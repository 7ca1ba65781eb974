"""Which civil times an `every` rule names: the days it fires on, and the times of such a day.

Civil only: no zone is known here. Every rule is a set of days crossed with a set of
times, so its occurrences come in order, once each, and only as far as the window goes.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError

from scheduler.model.schedule import Cron, Every, Interval, Weekly, Window

ONE_DAY = timedelta(days=1)
CRON_FIELDS = 5


def occurrences(every: Every, window: Window) -> Iterator[datetime]:
    """The naive civil times at which `every` fires inside `window`, in order. Raises ValueError for a bad cron line."""
    fires, times = day_rule(every.rule), times_of_day(every.rule)
    day = max(window.first, every.first or window.first)
    while day <= window.last:
        if day not in every.excluded and fires(day):
            yield from (datetime.combine(day, at) for at in times)
        day += ONE_DAY


def often(rule: Weekly | Interval | Cron) -> bool:
    """Whether the rule's form can fire more than once a day, so that its slots' names need the time."""
    return isinstance(rule, Interval) or (isinstance(rule, Cron) and len(times_of_day(rule)) > 1)


def day_rule(rule: Weekly | Interval | Cron) -> Callable[[date], bool]:
    """Says of a civil day whether the rule fires on it."""
    if isinstance(rule, Weekly):
        return lambda day: day.weekday() in rule.days
    if isinstance(rule, Interval):
        return lambda _day: True
    parsed = cron(rule.expression)
    return lambda day: day.month in parsed.months and bool(parsed.match_day(day))


def times_of_day(rule: Weekly | Interval | Cron) -> tuple[time, ...]:
    """The times of a day on which the rule fires, in order."""
    if isinstance(rule, Weekly):
        return (rule.at,)
    if isinstance(rule, Interval):
        return _steps(rule)
    parsed = cron(rule.expression)
    return tuple(time(hour, minute) for hour in sorted(parsed.hours) for minute in sorted(parsed.minutes))


@lru_cache(maxsize=256)
def cron(expression: str) -> CronSim:
    """The parsed line. Raises ValueError where it is none.

    Standard cron as Debian's crontab(5) has it, as of 2026-11: five fields, 0 and 7 are Sunday; where day of month
    and day of week are both restricted, either is enough.
    """
    if len(expression.split()) != CRON_FIELDS:
        raise ValueError("A cron line has five fields: minute, hour, day of month, month, day of week.")
    try:
        return CronSim(expression, datetime(2000, 1, 1))  # noqa: DTZ001 (civil time on purpose)
    except CronSimError as wrong:
        raise ValueError(f"This is no cron line: {str(wrong).lower()}.") from None


def _steps(rule: Interval) -> tuple[time, ...]:
    start, end = _seconds(rule.first), _seconds(rule.last)
    step = int(rule.step.total_seconds())
    return tuple(_time(second) for second in range(start, end + 1, step)) if step > 0 else ()


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _time(second: int) -> time:
    return time(second // 3600, second // 60 % 60, second % 60)
