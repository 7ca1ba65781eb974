"""When a post goes out: the rules of the campaign reference, one by one."""
# ruff: noqa: DTZ001 (civil times on purpose)

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from scheduler.finding import Place, Severity
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources
from scheduler.model.schedule import At, Cron, Every, Interval, Moment, Schedule, Spread, Weekly, Window
from scheduler.planning.slots import Slot, SlotList, slots

SKOPJE = "Europe/Skopje"
WEEK = Window(date(2027, 6, 24), date(2027, 6, 30))
SPRING = Window(date(2027, 3, 27), date(2027, 3, 29))  # 28 March: 02:00 becomes 03:00
AUTUMN = Window(date(2027, 10, 30), date(2027, 11, 1))  # 31 October: 03:00 becomes 02:00
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))


def listed(
    schedule: Schedule, window: Window = WEEK, zone: str = SKOPJE, records: int | None = None, account: str = ""
) -> SlotList:
    rows = None if records is None else tuple(Record(f"r{n}", {"key": f"r{n}"}) for n in range(records))
    places = {"every": Place("campaigns/c.yaml", 7, 5)}
    post = Post("tip", schedule, Sources(wording=Source("hello")), records=rows, places=places)
    campaign = Campaign("c", "C", SKOPJE, window, ("a",), ("en",), (post,))
    return slots(post, campaign, zone, account=account)


def ids(found: SlotList) -> list[str]:
    return [slot.id for slot in found.slots]


def locals_of(found: SlotList) -> list[str]:
    return [f"{slot.local:%d %H:%M:%S}" for slot in found.slots]


def rules(found: SlotList) -> list[str]:
    return [finding.rule for finding in found.findings]


def once(when: datetime) -> At:
    return At((Moment("once", when),))


def daily(at: time) -> Every:
    return Every(Weekly(EVERY_DAY, at))


def test_a_single_moment_is_called_once_and_read_in_the_zone_given():
    found = listed(once(datetime(2027, 6, 30, 9)))

    assert found.slots == (
        Slot(
            id="once",
            due=datetime(2027, 6, 30, 7, tzinfo=UTC),
            local=datetime(2027, 6, 30, 7, tzinfo=UTC),
            zone=SKOPJE,
            nominal=datetime(2027, 6, 30, 9),
        ),
    )
    assert found.slots[0].local.isoformat() == "2027-06-30T09:00:00+02:00"


def test_the_same_civil_time_is_another_instant_in_another_zone():
    found = listed(once(datetime(2027, 6, 30, 9)), zone="Pacific/Auckland")

    assert found.slots[0].due == datetime(2027, 6, 29, 21, tzinfo=UTC)


def test_a_moment_with_an_offset_is_that_instant_wherever_the_account_is():
    instant = datetime(2027, 6, 30, 12, tzinfo=timezone(timedelta(hours=-5)))

    assert {listed(once(instant), zone=zone).slots[0].due for zone in (SKOPJE, "America/New_York", "UTC")} == {instant}


def test_an_instant_belongs_to_the_civil_day_it_has_in_the_zone():
    late = datetime(2027, 6, 30, 23, tzinfo=UTC)

    assert rules(listed(once(late), zone="UTC")) == []
    assert rules(listed(once(late), zone=SKOPJE)) == ["outside-window"]


def test_an_instant_at_the_end_of_the_calendar_is_outside_and_no_crash():
    assert rules(listed(once(datetime(1, 1, 1, tzinfo=UTC)), zone="America/New_York")) == ["outside-window"]
    assert rules(listed(once(datetime(9999, 12, 31, 23, tzinfo=UTC)))) == ["outside-window"]


def test_a_list_of_moments_keeps_its_own_names_and_is_put_in_order():
    found = listed(At((Moment("noon", datetime(2027, 6, 30, 12)), Moment("dawn", datetime(2027, 6, 30, 5)))))

    assert ids(found) == ["dawn", "noon"]


@pytest.mark.parametrize("day", [date(2027, 6, 23), date(2027, 7, 1)])
def test_a_moment_outside_the_window_is_an_error_that_names_both(day: date):
    found = listed(once(datetime.combine(day, time(9))))

    assert not found.slots
    (finding,) = found.findings
    assert finding.severity is Severity.ERROR
    assert str(day) in finding.message
    assert "2027-06-24 to 2027-06-30" in finding.message


def test_a_rule_that_fires_once_a_day_is_named_by_its_date():
    found = listed(Every(Weekly(WORKDAYS, time(12, 15))))

    assert ids(found) == ["2027-06-24", "2027-06-25", "2027-06-28", "2027-06-29", "2027-06-30"]


def test_from_narrows_the_window_and_except_takes_days_out():
    rule = Every(Weekly(WORKDAYS, time(12, 15)), first=date(2027, 6, 25), excluded=frozenset({date(2027, 6, 28)}))

    assert ids(listed(rule)) == ["2027-06-25", "2027-06-29", "2027-06-30"]


def test_from_before_the_window_does_not_widen_it():
    assert ids(listed(Every(Weekly(frozenset({3}), time(9)), first=date(2027, 1, 1)))) == ["2027-06-24"]


def test_an_interval_is_always_named_with_its_time_even_when_it_fires_once():
    one_day = Window(date(2027, 6, 30), date(2027, 6, 30))

    assert ids(listed(Every(Interval(timedelta(hours=4), time(9), time(17))), one_day)) == [
        "2027-06-30T0900",
        "2027-06-30T1300",
        "2027-06-30T1700",
    ]
    assert ids(listed(Every(Interval(timedelta(hours=9), time(9), time(17))), one_day)) == ["2027-06-30T0900"]


def test_seconds_are_in_the_name_only_where_there_are_some():
    one_day = Window(date(2027, 6, 30), date(2027, 6, 30))

    assert ids(listed(Every(Interval(timedelta(seconds=90), time(9), time(9, 3))), one_day)) == [
        "2027-06-30T0900",
        "2027-06-30T090130",
        "2027-06-30T0903",
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("15 12 * * 1-5", ["2027-06-24", "2027-06-25", "2027-06-28", "2027-06-29", "2027-06-30"]),
        ("0 9 * * 0", ["2027-06-27"]),
        ("0 9 * * 7", ["2027-06-27"]),
        ("0 9 * * SUN", ["2027-06-27"]),
        ("0 9 25 * *", ["2027-06-25"]),
        ("0 9 25 * 0", ["2027-06-25", "2027-06-27"]),  # both restricted: either is enough
        ("0 9 25 7 *", []),
        ("0 9,17 25 * *", ["2027-06-25T0900", "2027-06-25T1700"]),
        ("0,30 9 25 * *", ["2027-06-25T0900", "2027-06-25T0930"]),
        ("0 */12 25 * *", ["2027-06-25T0000", "2027-06-25T1200"]),
    ],
)
def test_cron_lines_mean_what_cron_means(expression: str, expected: list[str]):
    assert ids(listed(Every(Cron(expression)))) == expected


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "0 0 * * * *", "61 * * * *", "x * * * *", "0 0 30 2 *", "@daily"]
)
def test_what_is_no_cron_line_is_an_error_and_no_crash(expression: str):
    found = listed(Every(Cron(expression)))

    assert rules(found) == ["wrong-every"]
    assert found.findings[0].severity is Severity.ERROR
    assert found.findings[0].place == Place("campaigns/c.yaml", 7, 5)
    assert found.findings[0].path == "posts.tip.every"


def test_a_rule_that_never_fires_is_a_warning():
    found = listed(Every(Weekly(EVERY_DAY, time(9)), first=date(2027, 7, 1)))

    assert [(finding.rule, finding.severity) for finding in found.findings] == [("no-slots", Severity.WARNING)]


@pytest.mark.parametrize(
    "rule", [Interval(timedelta(0), time(9), time(10)), Interval(timedelta(hours=1), time(10), time(9))]
)
def test_an_interval_that_leads_nowhere_never_fires(rule: Interval):
    assert rules(listed(Every(rule))) == ["no-slots"]


def test_too_many_slots_are_refused_before_they_are_made():
    found = listed(Every(Interval(timedelta(seconds=1), time(0), time(23, 59, 59))))

    assert rules(found) == ["too-many-slots"]


@pytest.mark.parametrize(
    "window",
    [
        Window(date(1, 1, 1), date(1, 1, 2)),
        Window(date(9999, 12, 30), date(9999, 12, 31)),
        Window(date(2027, 1, 1), date(2047, 1, 1)),
    ],
)
def test_a_window_that_cannot_be_listed_is_refused(window: Window):
    assert rules(listed(daily(time(9)), window)) == ["window-too-wide"]


# Clocks that change


def test_in_a_gap_a_slot_goes_at_the_first_instant_after_it():
    found = listed(daily(time(2, 30)), SPRING)

    assert locals_of(found) == ["27 02:30:00", "28 03:00:00", "29 02:30:00"]
    assert [slot.note for slot in found.slots] == ["", "gap", ""]
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("dst-gap", Severity.NOTE)]
    assert ids(found)[1] == "2027-03-28"


def test_in_a_fold_a_slot_goes_at_the_first_of_the_two():
    found = listed(daily(time(2, 30)), AUTUMN)

    assert [slot.due for slot in found.slots][1] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert [slot.note for slot in found.slots] == ["", "fold", ""]
    assert rules(found) == ["dst-fold"]
    assert "twice" in found.findings[0].message


def test_of_two_slots_on_one_instant_the_later_nominal_one_stays():
    one_day = Window(date(2027, 3, 28), date(2027, 3, 28))
    found = listed(Every(Interval(timedelta(minutes=30), time(1, 30), time(3, 30))), one_day)

    assert ids(found) == ["2027-03-28T0130", "2027-03-28T0300", "2027-03-28T0330"]
    assert rules(found) == ["slot-merged"]
    assert "02:00, 02:30 and 03:00 fall on one moment, 2027-03-28 03:00 CEST" in found.findings[0].message


def test_two_moments_of_a_list_on_one_instant_are_named_in_the_note():
    one, other = datetime(2027, 6, 30, 9), datetime(2027, 6, 30, 7, tzinfo=UTC)
    found = listed(At((Moment("bare", one), Moment("exact", other))))

    assert ids(found) == ["exact"]
    assert "only exact goes out" in found.findings[0].message


def test_a_day_that_a_zone_skips_whole_goes_at_the_next_days_beginning():
    window = Window(date(2011, 12, 29), date(2011, 12, 30))
    found = listed(daily(time(9)), window, zone="Pacific/Apia")

    assert locals_of(found) == ["29 09:00:00", "31 00:00:00"]


def test_half_an_hour_of_daylight_saving_is_half_an_hour():
    window = Window(date(2027, 10, 3), date(2027, 10, 3))

    assert locals_of(listed(daily(time(2, 15)), window, zone="Australia/Lord_Howe")) == ["03 02:30:00"]


def test_many_slots_in_one_gap_are_one_note_that_counts_the_rest():
    one_day = Window(date(2027, 3, 28), date(2027, 3, 28))
    found = listed(Every(Interval(timedelta(minutes=10), time(2), time(3))), one_day)

    assert "02:00, 02:10, 02:20 and 3 more" in found.findings[0].message


# Spread


def spread(first: time, last: time, day: date = date(2027, 6, 30), jitter: timedelta = timedelta(0)) -> Spread:
    return Spread(day, first, last, jitter)


def test_records_are_spread_evenly_from_the_first_to_the_last():
    found = listed(spread(time(9), time(18)), records=4)

    assert locals_of(found) == ["30 09:00:00", "30 12:00:00", "30 15:00:00", "30 18:00:00"]
    assert ids(found) == ["r0", "r1", "r2", "r3"]
    assert [slot.record.key for slot in found.slots if slot.record] == ids(found)


def test_uneven_spreads_are_on_whole_seconds():
    assert locals_of(listed(spread(time(9), time(9, 0, 10)), records=4)) == [
        "30 09:00:00",
        "30 09:00:03",
        "30 09:00:06",
        "30 09:00:10",
    ]


def test_one_record_goes_at_the_beginning():
    assert locals_of(listed(spread(time(9), time(18)), records=1)) == ["30 09:00:00"]


def test_more_records_than_seconds_are_an_error():
    assert rules(listed(spread(time(9), time(9, 0, 2)), records=4)) == ["spread-too-dense"]
    assert rules(listed(spread(time(9), time(9, 0, 2)), records=3)) == []


def test_a_spread_without_records_is_an_error_and_with_none_left_a_warning():
    assert rules(listed(spread(time(9), time(18)))) == ["spread-without-records"]
    assert rules(listed(spread(time(9), time(18)), records=0)) == ["no-slots"]


def test_a_spread_on_a_day_outside_the_window_is_an_error():
    assert rules(listed(spread(time(9), time(18), date(2027, 7, 1)), records=2)) == ["outside-window"]


def test_a_spread_that_ends_before_it_begins_is_an_error():
    assert rules(listed(spread(time(18), time(9)), records=2)) == ["spread-backwards"]


def test_a_spread_across_a_change_of_clocks_stays_even_in_real_time():
    found = listed(spread(time(0), time(6), date(2027, 3, 28)), SPRING, records=6)
    gaps = {later.due - slot.due for slot, later in zip(found.slots, found.slots[1:], strict=False)}

    assert gaps == {timedelta(hours=1)}
    assert locals_of(found)[2] == "28 03:00:00"


def test_a_spread_inside_a_gap_has_room_for_one_record_only():
    inside = spread(time(2, 10), time(2, 40), date(2027, 3, 28))

    assert rules(listed(inside, SPRING, records=1)) == ["dst-gap"]
    assert rules(listed(inside, SPRING, records=2)) == ["spread-too-dense"]


# Records


def test_records_are_dealt_to_a_rules_slots_in_order_until_they_run_out():
    found = listed(daily(time(9)), records=3)

    assert [(slot.id, slot.nominal.day) for slot in found.slots] == [("r0", 24), ("r1", 25), ("r2", 26)]
    assert found.findings == ()


def test_records_without_a_slot_are_a_warning_that_names_the_first():
    found = listed(daily(time(9)), records=9)

    assert len(found.slots) == 7
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("records-left-over", Severity.WARNING)]
    assert "2 of 9" in found.findings[0].message
    assert "r7" in found.findings[0].message


def test_records_with_a_single_moment_are_an_error():
    assert rules(listed(once(datetime(2027, 6, 30, 9)), records=1)) == ["records-with-at"]


def test_records_are_dealt_to_a_list_of_moments_too():
    moments = At((Moment("noon", datetime(2027, 6, 30, 12)), Moment("dawn", datetime(2027, 6, 30, 5))))

    assert [(slot.id, slot.nominal.hour) for slot in listed(moments, records=2).slots] == [("r0", 5), ("r1", 12)]


def test_no_record_is_lost_to_two_slots_that_became_one():
    one_day = Window(date(2027, 3, 28), date(2027, 3, 28))
    found = listed(Every(Interval(timedelta(minutes=30), time(2), time(3))), one_day, records=2)

    assert ids(found) == ["r0"]
    assert rules(found) == ["slot-merged", "records-left-over"]


def test_records_of_a_rule_that_never_fires_are_one_finding_only():
    assert rules(listed(Every(Weekly(EVERY_DAY, time(9)), first=date(2027, 7, 1)), records=3)) == ["no-slots"]


# Jitter


def hourly(jitter: timedelta) -> Every:
    return Every(Interval(timedelta(hours=1), time(9), time(17)), jitter=jitter)


def lateness(plain: Sequence[Slot], late: Sequence[Slot]) -> list[timedelta]:
    return [after.due - before.due for before, after in zip(plain, late, strict=True)]


def test_jitter_makes_each_slot_later_by_a_fixed_share_of_it():
    plain, ten = listed(hourly(timedelta(0))), listed(hourly(timedelta(minutes=10)), account="a")
    late = lateness(plain.slots, ten.slots)

    assert ids(plain) == ids(ten)
    assert all(timedelta(0) <= by < timedelta(minutes=10) and not by.microseconds for by in late)
    assert len(set(late)) > 20
    assert late == lateness(plain.slots, listed(hourly(timedelta(minutes=10)), account="a").slots)
    twice = lateness(plain.slots, listed(hourly(timedelta(minutes=20)), account="a").slots)
    assert all(abs(double - by * 2) <= timedelta(seconds=1) for by, double in zip(late, twice, strict=True))


def test_each_account_is_late_by_its_own_share():
    first, second = (listed(hourly(timedelta(minutes=10)), account=account).slots for account in ("a", "b"))

    assert [slot.due for slot in first] != [slot.due for slot in second]


def test_jitter_longer_than_the_step_keeps_slots_in_order_and_on_their_day():
    found = listed(Every(Interval(timedelta(minutes=5), time(23), time(23, 55)), jitter=timedelta(days=2)))
    dues = [slot.due for slot in found.slots]

    assert dues == sorted(set(dues))
    assert all(slot.local.date() == slot.nominal.date() for slot in found.slots)


def test_a_spread_takes_jitter_too():
    plain = listed(spread(time(9), time(18)), records=5)
    late = listed(spread(time(9), time(18), jitter=timedelta(minutes=5)), records=5)

    assert any(lateness(plain.slots, late.slots))


def test_a_jitter_under_a_second_changes_nothing():
    assert listed(hourly(timedelta(seconds=1))).slots == listed(hourly(timedelta(0))).slots


def test_an_interval_may_begin_on_any_second():
    one_day = Window(date(2027, 6, 30), date(2027, 6, 30))

    assert ids(listed(Every(Interval(timedelta(hours=1), time(9, 0, 30), time(10, 0, 30))), one_day)) == [
        "2027-06-30T090030",
        "2027-06-30T100030",
    ]


def test_a_list_of_one_named_moment_takes_a_record():
    assert ids(listed(At((Moment("noon", datetime(2027, 6, 30, 12)),)), records=1)) == ["r0"]
    assert ids(listed(At((Moment("once", datetime(2027, 6, 30, 12)),)))) == ["once"]


def test_one_record_may_be_spread_over_no_time_at_all():
    assert locals_of(listed(spread(time(9), time(9)), records=1)) == ["30 09:00:00"]
