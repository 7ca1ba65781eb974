"""Single values of the formats: text in, typed out, or refused with the mend.

Each reader takes a node of the tree as a field of the format, and raises pydantic's custom
error whose type is the rule's id. Nothing that could be a secret is repeated in a message.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import LiteralString, NoReturn

from pydantic_core import PydanticCustomError

from scheduler.model.zones import zone_names
from scheduler.workspace.languages import suggest
from scheduler.workspace.tree import Items, Map, Scalar

ID = r"[a-z0-9][a-z0-9-]*"
CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
OFFSET = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})"
LENGTH = r"[0-9]{1,6}[smhd]"

_ID = re.compile(ID)
_CLOCK = re.compile(CLOCK)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(rf"({DAY})[ T]+({CLOCK})\s?({OFFSET})?")
_LENGTH = re.compile(r"([0-9]{1,6})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MAX_LENGTH = timedelta(days=3660)


def wrong(rule: LiteralString, message: str, mend: str = "") -> NoReturn:
    """Refuses a value with a rule's id, a sentence and a mend."""
    raise PydanticCustomError(rule, "{said}", {"said": message, "mend": mend})


def shown(value: str) -> str:
    """A value in a message: short, on one line."""
    short = " ".join(value.split())
    return short if len(short) <= 60 else f"{short[:57]}…"


def text(node: object, example: str = "") -> str:
    """The text of a scalar. Refuses maps, lists, and a key with nothing behind it."""
    if isinstance(node, Scalar) and not node.empty:
        return str(node)
    such_as = f", such as {example}" if example else ""
    if isinstance(node, Map):
        mend = "Put quotes around it if it is text with a colon." if len(node) == 1 else f"Write one value{such_as}."
        wrong("wrong-type", "One value belongs here, not keys and values.", mend)
    if isinstance(node, Items):
        wrong("wrong-type", "One value belongs here, not a list.", f"Write one value{such_as}.")
    wrong("wrong-type", "There is nothing behind the colon.", f"Write a value{such_as}, or take the line away.")


def identifier(node: object) -> str:
    """An id, `[a-z0-9][a-z0-9-]*`."""
    value = text(node, "time-is-now")
    if not _ID.fullmatch(value):
        mend = "Use small letters a-z, digits and hyphens, beginning with a letter or digit"
        better = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:40]
        wrong("wrong-id", f"`{shown(value)}` cannot be an id.", f"{mend}: {better}." if better else f"{mend}.")
    return value


def flag(node: object) -> bool:
    """`true` or `false`."""
    value = text(node, "true or false")
    if value not in {"true", "false"}:
        wrong("wrong-type", f"`{shown(value)}` is neither true nor false.", "Write true or false.")
    return value == "true"


def whole(node: object) -> int:
    """A whole number from 1 on."""
    value = text(node, "500")
    if not re.fullmatch(r"[1-9][0-9]{0,14}", value):
        wrong("wrong-type", f"`{shown(value)}` is not a whole number above zero.", "Write it in digits: 500.")
    return int(value)


def day(node: object) -> date:
    """A civil day, `2027-06-30`."""
    return day_of(text(node, "2027-06-30"))


@lru_cache(maxsize=4096)
def day_of(value: str) -> date:
    """A civil day out of `2027-06-30`."""
    match = _DAY.fullmatch(value)
    if not match:
        wrong("wrong-date", f"`{shown(value)}` is not a date.", "Write year-month-day: 2027-06-30.")
    year, month, number = (int(part) for part in match.groups())
    if not 1 <= month <= 12:
        wrong("wrong-date", f"There is no month {month} in {value}.", "Write year-month-day: 2027-06-30.")
    if not year or not 1 <= number <= calendar.monthrange(year, month)[1]:
        last = calendar.monthrange(year or 1, month)[1]
        wrong("wrong-date", f"There is no day {value}.", f"{calendar.month_name[month]} {year} has {last} days.")
    return date(year, month, number)


def clock(node: object) -> time:
    """A civil time, `9:00` or `09:00:30`."""
    return clock_of(text(node, "09:00"))


@lru_cache(maxsize=4096)
def clock_of(value: str) -> time:
    """A civil time out of `H:MM` or `HH:MM:SS`, on 24 hours."""
    if not _CLOCK.fullmatch(value):
        wrong("wrong-time", f"`{shown(value)}` is not a time.", "Write hours and minutes of 24 hours: 09:00 or 18:30.")
    hour, minute, second = (*(int(part) for part in value.split(":")), 0)[:3]
    return time(hour, minute, second)


def is_clock(value: str) -> bool:
    """Whether `value` is a civil time, `9:00` or `09:00:30`."""
    return _CLOCK.fullmatch(value) is not None


def moment(node: object) -> datetime:
    """A civil moment `2027-06-30 09:00` (naive), or an instant with an offset behind it (aware)."""
    return moment_of(text(node, "2027-06-30 09:00"))


@lru_cache(maxsize=4096)
def moment_of(value: str) -> datetime:
    """A moment out of a date and a time, aware if and only if an offset was written."""
    match = _MOMENT.fullmatch(value)
    if match:
        return datetime.combine(day_of(match[1]), clock_of(match[2]), _offset(match[3]))
    words = value.replace("T", " ").split()
    if len(words) == 1 and _DAY.fullmatch(value):
        day_of(value)
        wrong("wrong-time", f"The time is missing behind {value}.", f"Write both: {value} 09:00.")
    if len(words) > 1:
        day_of(words[0])
        clock_of(words[1])
    wrong("wrong-date", f"`{shown(value)}` is not a date and a time.", "Write both: 2027-06-30 09:00.")


def _offset(written: str | None) -> timezone | None:
    if written is None:
        return None
    if written == "Z":
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    if hours > 14 or minutes > 59:
        wrong("wrong-time", f"There is no offset {written}.", "Write it as +02:00, or leave it away.")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if written[0] == "+" else -ahead)


def duration(node: object) -> timedelta:
    """A length of time, `90s 15m 2h 3d`."""
    return duration_of(text(node, "2h"))


@lru_cache(maxsize=1024)
def duration_of(value: str) -> timedelta:
    """A length of time out of a number and one of `s m h d`; more than nothing, at most ten years."""
    match = _LENGTH.fullmatch(value)
    mend = "Write a number and s, m, h or d: 90s, 15m, 2h, 3d."
    if not match:
        wrong("wrong-duration", f"`{shown(value)}` is not a length of time.", mend)
    length = timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    if not timedelta(0) < length <= _MAX_LENGTH:
        wrong("wrong-duration", f"`{value}` is no length that makes sense here.", mend)
    return length


def zone_of(value: str) -> str:
    """An IANA time zone's name, as it is spelled."""
    if value not in zone_names():
        mend = suggest(value, zone_names()) or "Write a zone as Continent/City: Europe/Skopje."
        wrong("wrong-zone", f"There is no time zone `{shown(value)}`.", mend)
    return value


def zone(node: object) -> str:
    """An IANA time zone's name."""
    return zone_of(text(node, "Europe/Skopje"))
