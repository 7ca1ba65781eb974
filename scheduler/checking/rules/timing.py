"""Rules of days that move: "tomorrow" in a post means the day after it goes out, wherever it is read.

A word for today is right on the day itself, so that it is only told, with the date. It is wrong
where its readers are on another day at that moment, or where the post may go out so late that
it is another day by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from scheduler.checking.case import Case, Hit
from scheduler.checking.rules.days import MOVING, WEEK, Moving, expressions
from scheduler.checking.rules.passages import TAG, without_links
from scheduler.checking.rules.phrases import spoken
from scheduler.model.schedule import Every
from scheduler.model.zones import zone
from scheduler.platforms.patterns import pattern


@dataclass(frozen=True, slots=True)
class Word:
    """A word for a day that moves, as it stands in the text."""

    said: str
    moving: Moving


@lru_cache(maxsize=2048)
def moving_words(text: str, language: str) -> tuple[Word, ...]:
    """Every such word once, language by language; hashtags and links are names, not words."""
    bare = pattern(TAG).sub(" ", without_links(text))
    said = [expression for code in spoken(language, MOVING) for expression in expressions(code)]
    return tuple(Word(found.group(), moving) for expression, moving in said if (found := expression.search(bare)))


def _words(case: Case) -> tuple[Word, ...]:
    content = case.delivery.content
    return moving_words(content.text, content.language or case.account.language or "en")


def told(case: Case) -> Iterator[Hit]:
    """The date that a word such as "tomorrow" will mean, where it means that to everybody."""
    for word in _words(case):
        if not _apart(case):
            day = each_time(word.moving) if _recurs(case) else meant(case.local.date(), word.moving)
            what = f"“{word.said}” will mean {day} ({case.delivery.timezone})"
            yield Hit(what, "If that is not meant, write the date.", "text")


def apart(case: Case) -> Iterator[Hit]:
    """A word such as "today" that may be read, or go out, on another day than it is written for."""
    for word in _words(case):
        if why := _apart(case):
            day = "{{ slot.date|date }} does" if _recurs(case) else meant(case.local.date(), word.moving)
            mend = f"Write the date, as {day}." if _recurs(case) else f"Write the date: {day}."
            yield Hit(f"“{word.said}” may be read as another day: {why}", mend, "text")


def _recurs(case: Case) -> bool:
    return case.post is not None and isinstance(case.post.schedule, Every)


def _apart(case: Case) -> str:
    local, recurs = case.local, _recurs(case)
    there = local.astimezone(zone(case.account.timezone))
    if there.date() != local.date():
        return f"when it goes out it is {'another day' if recurs else _day(there.date())} in {case.account.timezone}"
    latest = case.delivery.expires_at.astimezone(local.tzinfo)
    if latest.date() != local.date() and _leaves_the_day(latest):
        day = "the day after" if recurs else _day(latest.date())
        return f"going out late, it may leave as late as {latest:%H:%M} on {day}"
    return ""


def _leaves_the_day(latest: datetime) -> bool:
    """Midnight itself is the end of the day before."""
    return bool(latest.hour or latest.minute or latest.second)


def meant(today: date, moving: Moving) -> str:
    """The day, or the week's Monday, that a word means on `today`."""
    try:
        day = today + timedelta(days=moving.days)
        monday = day - timedelta(days=day.weekday())
    except OverflowError:
        return "no day at all"
    return f"the week of {_day(monday)}" if moving.week else _day(day)


def each_time(moving: Moving) -> str:
    """What a word means whenever a post that recurs goes out."""
    count, unit = (moving.days // WEEK, "week") if moving.week else (moving.days, "day")
    if not count:
        return f"the {unit} in which it goes out" if moving.week else "the day on which it goes out"
    span = f"the {unit}" if abs(count) == 1 else f"{abs(count)} {unit}s"
    return f"{span} {'after' if count > 0 else 'before'} it goes out, each time"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
