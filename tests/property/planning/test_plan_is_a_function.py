"""The same files and the same moment give the same plan, whoever makes it and in whatever order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.composing.brief import Brief, Composed
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.model.schedule import At, Every, Interval, Moment, Schedule, Spread, Weekly, Window
from scheduler.planning.diff import diff
from scheduler.planning.plan import Plan, plan
from scheduler.planning.snapshot import EMPTY, Held, Snapshot

ZONES = ["Europe/Skopje", "Pacific/Auckland", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
ACCOUNTS = {f"a{n}": Account(f"a{n}", "x", name, language=("en", "mk", None)[n % 3]) for n, name in enumerate(ZONES)}
WORKSPACE = Workspace("w", "UTC", accounts=ACCOUNTS, groups={"all": tuple(ACCOUNTS), "two": ("a1", "a0")})
FIRST = date(2027, 3, 26)
WINDOW = Window(FIRST, date(2027, 4, 5))

days = st.integers(0, 10).map(lambda n: FIRST + timedelta(days=n))
clocks = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
jitters = st.sampled_from([timedelta(0), timedelta(minutes=20)])


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Schedule, tuple[Record, ...] | None]:
    records = tuple(Record(f"r{n}", {"key": f"r{n}"}) for n in range(draw(st.integers(0, 4))))
    kind = draw(st.sampled_from(["at", "daily", "interval", "spread"]))
    if kind == "at":
        return At((Moment("once", datetime.combine(draw(days), draw(clocks))),)), None
    if kind == "spread":
        first, last = sorted((draw(clocks), draw(clocks)))
        return Spread(draw(days), first, last, draw(jitters)), records
    hours = Interval(timedelta(hours=draw(st.integers(1, 9))), time(0), time(23))
    rule = hours if kind == "interval" else Weekly(frozenset(range(7)), draw(clocks))
    return Every(rule, jitter=draw(jitters)), draw(st.sampled_from([None, records]))


@st.composite
def campaigns(draw: st.DrawFn) -> list[Campaign]:
    made = []
    for name in draw(st.lists(st.sampled_from("cde"), min_size=1, max_size=3, unique=True)):
        posts = tuple(draw(post(f"p{n}")) for n in range(draw(st.integers(1, 3))))
        made.append(Campaign(name, "C", draw(st.sampled_from(ZONES)), WINDOW, ("two",), ("en", "mk"), posts))
    return made


@st.composite
def post(draw: st.DrawFn, name: str) -> Post:
    schedule, records = draw(schedules())
    zone = draw(st.sampled_from([None, "account", *ZONES]))
    accounts = draw(st.sampled_from([None, ("all",), ("two", "a5")]))
    return Post(name, schedule, Sources(wording=Source("x")), records=records, timezone=zone, accounts=accounts)


def composed(briefs: Sequence[Brief]) -> Sequence[Composed]:
    """A thread of two parts for every other slot, so that parts are tried as well."""
    return [Composed((Content(f"{brief.due}"), Content("more"))[: 1 + len(brief.slot) % 2]) for brief in briefs]


def planned(files: Sequence[Campaign], now: datetime, known: Snapshot = EMPTY) -> Plan:
    return plan(WORKSPACE, files, now=now, compose=composed, known=known)


moments = st.integers(-5, 20).map(lambda n: datetime(2027, 3, 26, tzinfo=UTC) + timedelta(days=n))


@settings(max_examples=60)
@given(campaigns(), moments)
def test_a_plan_is_a_function_of_files_and_moment(files: list[Campaign], now: datetime):
    once = planned(files, now)

    assert once == planned(files, now)
    assert once.deliveries == planned(files[::-1], now).deliveries
    assert list(once.deliveries) == sorted(once.deliveries, key=lambda each: (each.due, each.name))


@settings(max_examples=60)
@given(campaigns(), moments, moments)
def test_as_time_goes_on_a_plan_only_loses_what_is_past(files: list[Campaign], one: datetime, other: datetime):
    now, later = sorted((one, other))

    assert planned(files, later).deliveries == tuple(
        delivery for delivery in planned(files, now).deliveries if delivery.due >= later
    )


@settings(max_examples=60)
@given(campaigns(), moments, moments)
def test_what_was_applied_is_kept_whenever_it_is_planned_again(files: list[Campaign], one: datetime, other: datetime):
    now, later = sorted((one, other))
    first = planned(files, now)
    outbox = Snapshot({each.name: _applied(each) for each in first.deliveries})
    again = diff(planned(files, later, outbox), outbox, campaigns=None, now=later)

    assert not again
    assert set(again.kept) == set(outbox.held)


def _applied(each) -> Held:
    return Held(
        each.name,
        each.thread,
        each.campaign,
        each.account,
        each.part,
        State.SCHEDULED,
        each.due,
        each.content.hash,
        each.live,
        expires_at=each.expires_at,
    )
