"""The day as a line of hours: where posts crowd, where nothing happens.

Places are percents of the axis, so that a page can be as wide as its reader's screen
without a style of its own. An account has a line; with very many accounts a platform has one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from scheduler.platforms import platform_named
from scheduler.preview.clockwords import WEEKDAYS, clock
from scheduler.preview.view import DeliveryView
from scheduler.preview.words import counted, duration

MOST_LINES = 40
CROWDED = timedelta(minutes=15)
"""Two posts of one account closer than this are marked."""
_BIN = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_STEPS = (1, 2, 3, 6, 12, 24)
_TALLEST = 44


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour on the axis: `at` in percent, its word, and the weekday where a day begins."""

    at: str
    hour: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Posts of one line at one place: `to` is the first one's card, `size` the circle's radius."""

    at: str
    size: int
    to: str
    crowded: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One account, or one platform where there are many accounts."""

    name: str
    platform: str
    title: str
    posts: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many posts go out in one quarter of an hour: place and width in percent, height in pixels."""

    at: str
    width: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Axis:
    """One day's line. `remarks` say in words what the picture shows."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    remarks: tuple[str, ...]


def axis(views: Sequence[DeliveryView], day: date, reader: ZoneInfo, homes: Mapping[str, str]) -> Axis:
    """The axis of `day`, on the reader's clock; longer than a day where posts in other zones lie beyond it.

    `homes` says which card shows each post.
    """
    start, end = _span(views, day, reader)
    length = end - start

    def place(moment: datetime) -> float:
        return (moment - start) / length * 100

    ordered = sorted(views, key=lambda view: view.due)
    tallest = max(_bins(ordered).values(), default=1)
    bars = [
        Bar(_percent(place(at)), _percent(_BIN / length * 100), _TALLEST - (high := _high(number, tallest)), high)
        for at, number in sorted(_bins(ordered).items())
    ]
    lines = [_line(name, list(group), place, homes) for name, group in _lines(ordered)]
    return Axis(tuple(_ticks(start, end, reader)), tuple(bars), tuple(lines), tuple(remarks(ordered, reader)))


def _span(views: Sequence[DeliveryView], day: date, reader: ZoneInfo) -> tuple[datetime, datetime]:
    begins = datetime(day.year, day.month, day.day, tzinfo=reader).astimezone(UTC)
    tomorrow = day + timedelta(days=1)
    ends = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=reader).astimezone(UTC)
    dues = [view.due for view in views]
    first, last = min([begins, *dues]), max([ends, *dues])
    return first - (first - begins) % _HOUR, last + (begins - last) % _HOUR


def _ticks(start: datetime, end: datetime, reader: ZoneInfo) -> Iterable[Tick]:
    hours = (end - start) / _HOUR
    step = next((step for step in _STEPS if hours / step <= 13), _STEPS[-1])
    moment = start
    while moment < end:
        here = moment.astimezone(reader)
        if here.hour % step == 0:
            weekday = f"{WEEKDAYS[here.weekday()][:3]} {here.day}" if here.hour == 0 else ""
            yield Tick(_percent((moment - start) / (end - start) * 100), f"{here:%H}", weekday)
        moment += _HOUR


def _bins(views: Sequence[DeliveryView]) -> Counter[datetime]:
    return Counter(view.due - timedelta(seconds=view.due.timestamp() % _BIN.total_seconds()) for view in views)


def _high(number: int, tallest: int) -> int:
    return max(3, round(number / tallest * _TALLEST))


def _lines(views: Sequence[DeliveryView]) -> Iterable[tuple[tuple[str, str], list[DeliveryView]]]:
    """The views by account, or by platform where there are too many accounts to draw."""
    many = len({view.account for view in views}) > MOST_LINES

    def name(view: DeliveryView) -> tuple[str, str]:
        return (view.platform, "" if many else view.account)

    ordered = sorted(views, key=lambda view: (name(view), view.due))
    return [(key, list(group)) for key, group in groupby(ordered, key=name)]


def _line(
    name: tuple[str, str], views: list[DeliveryView], place: Callable[[datetime], float], homes: Mapping[str, str]
) -> Line:
    platform, account = name
    title = platform_named(platform).title
    near = _near(views) if account else set()
    places: dict[str, list[DeliveryView]] = {}
    for view in views:
        places.setdefault(_percent(round(place(view.due) * 4) / 4), []).append(view)
    marks = [
        Mark(
            at,
            min(3 + len(group).bit_length(), 9),
            homes[group[0].delivery],
            any(one.delivery in near for one in group),
        )
        for at, group in places.items()
    ]
    return Line(account or title, platform, title, len(views), tuple(marks))


def _near(views: Iterable[DeliveryView]) -> set[str]:
    """The posts of one account that another comes too close to."""
    pairs = pairwise(sorted(views, key=lambda view: view.due))
    return {name for one, other in pairs if other.due - one.due < CROWDED for name in (one.delivery, other.delivery)}


def remarks(views: Sequence[DeliveryView], reader: ZoneInfo) -> Iterable[str]:
    """The fullest quarter of an hour, the longest pause, and the closest two posts of one account, in words."""
    if not views:
        return
    fullest, number = max(_bins(views).items(), key=lambda entry: (entry[1], -entry[0].timestamp()))
    here = fullest.astimezone(reader)
    yield f"Fullest quarter of an hour: {counted(number, 'post')} from {clock(here)}"
    pauses = [(other.due - one.due, one.due, other.due) for one, other in pairwise(views)]
    if pauses:
        pause, since, until = max(pauses)
        if pause:
            yield f"Longest pause: {duration(pause.total_seconds())}, {clock(since.astimezone(reader))} to " + clock(
                until.astimezone(reader)
            )
    yield from _closest(views, reader)


def _closest(views: Iterable[DeliveryView], reader: ZoneInfo) -> Iterable[str]:
    by_account = sorted(views, key=lambda view: (view.account, view.due))
    pairs = [
        (other.due - one.due, one.account, other.due)
        for one, other in pairwise(by_account)
        if one.account == other.account
    ]
    if pairs:
        apart, account, when = min(pairs)
        much = f"{duration(apart.total_seconds())} apart" if apart else "two at once"
        yield f"Closest on one account: {much}, {account} at {clock(when.astimezone(reader))}"


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
