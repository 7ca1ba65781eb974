"""Moments as people say them: always with the weekday and the distance from UTC."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date) -> str:
    """`Wednesday 30 June 2027`, in English whatever the machine's locale."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def offset(moment: datetime) -> str:
    """`UTC+2`, `UTC-3:30`, `UTC`: how far an aware moment's clock is from UTC."""
    seconds = int((moment.utcoffset() or timedelta(0)).total_seconds())
    if not seconds:
        return "UTC"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "+" if seconds > 0 else "-"
    return f"UTC{sign}{hours}:{minutes:02d}" if minutes else f"UTC{sign}{hours}"


def clock(moment: datetime, day: date | None = None) -> str:
    """`09:00 Wed`, with seconds where there are any, and with the date where it is not `day`'s."""
    shown = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    weekday = WEEKDAYS[moment.weekday()][:3]
    if day is None or moment.date() == day:
        return f"{shown} {weekday}"
    return f"{shown} {weekday} {moment.day} {MONTHS[moment.month - 1][:3]}"


def clock_change(day: date, zone: ZoneInfo) -> str:
    """`the clocks go forward 1 h`, where they change in `zone` on `day`; else empty."""
    starts = datetime.combine(day, time(0), zone).utcoffset()
    ends = datetime.combine(day + timedelta(days=1), time(0), zone).utcoffset()
    if starts is None or ends is None or starts == ends:
        return ""
    change = ends - starts
    minutes = abs(int(change.total_seconds())) // 60
    much = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return f"the clocks go {'forward' if change > timedelta(0) else 'back'} {much}"
