"""Slots across every change of clocks that the zone data knows.

The oracle knows nothing of folds: it tries both offsets of a transition and looks at
which of them the wall agrees with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.schedule import At, Cron, Every, Interval, Moment, Schedule, Spread, Weekly, Window
from scheduler.model.zones import zone, zone_names
from scheduler.planning.rules import occurrences
from scheduler.planning.slots import Slot, SlotList, slots

ZONES = sorted(zone_names())
YEARS = range(1972, 2038)
WEEK, DAY, SECOND = timedelta(days=7), timedelta(days=1), timedelta(seconds=1)
ALL_WEEK = frozenset(range(7))


@dataclass(frozen=True)
class Transition:
    """The first instant at which the wall shows another offset, and both offsets."""

    at: datetime
    before: timedelta
    after: timedelta

    def meaning(self, nominal: datetime) -> tuple[datetime, str]:
        instants = {offset: nominal.replace(tzinfo=UTC) - offset for offset in (self.before, self.after)}
        real = sorted(
            {
                instant
                for offset, instant in instants.items()
                if offset == (self.before if instant < self.at else self.after)
            }
        )
        if not real:
            return self.at, "gap"
        return real[0], "fold" if len(real) == 2 else ""


def offset(instant: datetime, name: str) -> timedelta:
    return instant.astimezone(zone(name)).utcoffset() or timedelta(0)


@cache
def transitions(name: str, year: int) -> tuple[Transition, ...]:
    return tuple(_transitions(name, datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)))


def _transitions(name: str, start: datetime, end: datetime) -> Iterator[Transition]:
    while start < end:
        low, high = start, min(start + WEEK, end)
        if offset(low, name) != offset(high, name):
            while high - low > SECOND:
                middle = low + (high - low) // SECOND // 2 * SECOND
                low, high = (middle, high) if offset(middle, name) == offset(start, name) else (low, middle)
            yield Transition(high, offset(start, name), offset(high, name))
        start += WEEK


def around(transition: Transition, name: str) -> Window:
    day = transition.at.astimezone(zone(name)).date()
    return Window(day - 2 * DAY, day + DAY)


def listed(schedule: Schedule, window: Window, name: str, records: int | None = None) -> SlotList:
    rows = None if records is None else tuple(Record(f"r{n}", {}) for n in range(records))
    post = Post("tip", schedule, Sources(wording=Source("hello")), records=rows)
    return slots(post, Campaign("c", "C", "UTC", window, ("a",), ("en",), (post,)), name, account="a")


def holds(found: SlotList, window: Window) -> None:
    dues = [slot.due for slot in found.slots]
    assert all(before < after for before, after in pairwise(dues)), "ordered, no two on one instant"
    assert len({slot.id for slot in found.slots}) == len(dues), "no two of one name"
    for slot in found.slots:
        assert slot.nominal.date() in window
        assert slot.due.microsecond == 0
        assert slot.due.utcoffset() == timedelta(0)
        assert slot.local.astimezone(UTC) == slot.due
        assert slot.local.tzinfo is zone(slot.zone)


def follow_the_rules(found: SlotList, every: Every, window: Window, transition: Transition) -> None:
    staying: dict[datetime, tuple[datetime, str]] = {}
    for nominal in occurrences(every, window):
        instant, note = transition.meaning(nominal)
        staying[instant] = (nominal, note)
    assert {slot.due: (slot.nominal, slot.note) for slot in found.slots} == staying


def test_every_zone_keeps_the_rules_at_each_of_its_changes_in_2027() -> None:
    every = Every(Interval(timedelta(minutes=15), time(0), time(23, 59)))
    seen = 0
    for name in ZONES:
        for transition in transitions(name, 2027):
            window = around(transition, name)
            found = listed(every, window, name)
            holds(found, window)
            follow_the_rules(found, every, window, transition)
            seen += 1
    assert seen > 300


@st.composite
def changes_of_clocks(draw: st.DrawFn) -> tuple[str, Transition]:
    return draw(
        st.tuples(st.sampled_from(ZONES), st.sampled_from(YEARS))
        .map(lambda pair: [(pair[0], transition) for transition in transitions(*pair)])
        .filter(bool)
        .flatmap(st.sampled_from)
    )


seconds_of_day = st.integers(0, 86_399).map(lambda n: time(n // 3600, n // 60 % 60, n % 60))
rules = st.one_of(
    st.builds(Weekly, st.just(ALL_WEEK), seconds_of_day),
    st.builds(Interval, st.integers(60, 30_000).map(lambda n: timedelta(seconds=n)), seconds_of_day, seconds_of_day),
    st.sampled_from(["30 2 * * *", "*/20 * * * *", "0 0-4 * * *", "30 */2 * * 0"]).map(Cron),
)


@settings(max_examples=150)
@given(changes_of_clocks(), rules)
def test_any_rule_keeps_them_at_any_change_since_1972(change: tuple[str, Transition], rule: Weekly | Interval | Cron):
    name, transition = change
    every, window = Every(rule), around(transition, name)
    found = listed(every, window, name)

    holds(found, window)
    if len(transitions(name, transition.at.year)) == 1 or _alone(name, transition):
        follow_the_rules(found, every, window, transition)
    assert found == listed(every, window, name)


def _alone(name: str, transition: Transition) -> bool:
    """No other change within the days looked at, of which this oracle would know nothing."""
    others = [other.at for year in (-1, 0, 1) for other in transitions(name, transition.at.year + year)]
    return sum(abs(other - transition.at) < WEEK for other in others) == 1


@settings(max_examples=100)
@given(changes_of_clocks(), st.lists(st.integers(0, 3 * 86_400), min_size=1, max_size=8, unique=True))
def test_moments_of_a_list_keep_the_rules_too(change: tuple[str, Transition], seconds: list[int]):
    name, transition = change
    window = around(transition, name)
    start = datetime.combine(window.first, time())
    moments = At(tuple(Moment(f"m{n}", start + second * SECOND) for n, second in enumerate(seconds)))

    holds(listed(moments, window, name), window)


@settings(max_examples=100)
@given(changes_of_clocks(), seconds_of_day, seconds_of_day, st.integers(1, 60), st.integers(0, 7_200))
def test_a_spread_is_even_and_ordered_across_a_change(
    change: tuple[str, Transition], one: time, other: time, records: int, jitter: int
):
    name, transition = change
    window = around(transition, name)
    day = transition.at.astimezone(zone(name)).date()
    first, last = sorted((one, other))
    found = listed(Spread(day, first, last), window, name, records)
    late = listed(Spread(day, first, last, jitter * SECOND), window, name, records)

    if found.slots:
        holds_spread(found, records)
        holds_spread(late, records)
        steps = {after.due - slot.due for slot, after in pairwise(found.slots)}
        assert not steps or max(steps) - min(steps) <= SECOND
    else:
        assert [finding.rule for finding in found.findings] == ["spread-too-dense"]


def holds_spread(found: SlotList, records: int) -> None:
    dues = [slot.due for slot in found.slots]
    assert dues == sorted(set(dues))
    assert [slot.id for slot in found.slots] == [f"r{n}" for n in range(records)]


@settings(max_examples=100)
@given(changes_of_clocks(), rules, st.integers(1, 100_000))
def test_jitter_keeps_order_and_day_and_is_the_same_every_time(
    change: tuple[str, Transition], rule: Weekly | Interval | Cron, jitter: int
):
    name, transition = change
    window = around(transition, name)
    plain = listed(Every(rule), window, name)
    late = listed(Every(rule, jitter=jitter * SECOND), window, name)

    holds(late, window)
    assert late == listed(Every(rule, jitter=jitter * SECOND), window, name)
    for before, after in zip(plain.slots, late.slots, strict=True):
        assert before.id == after.id
        assert timedelta(0) <= after.due - before.due < jitter * SECOND
        assert _same_day(before, after)


def _same_day(before: Slot, after: Slot) -> bool:
    return before.local.date() == after.local.date()


@given(st.text("0123456789*/,-LW#MONSUJAN ", max_size=20))
def test_no_cron_line_makes_a_traceback(expression: str):
    window = Window(date(2027, 6, 1), date(2027, 6, 30))
    found = listed(Every(Cron(expression)), window, "UTC")

    holds(found, window)
    assert found.slots or found.findings
