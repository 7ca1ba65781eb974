"""Crowding and pauses, where a reader sees them."""

from datetime import UTC, date, datetime, timedelta

from scheduler.model.content import Content
from scheduler.model.zones import zone
from scheduler.preview.page.axis import MOST_LINES, axis
from tests.unit.preview.page.conftest import DAY, NINE, account, view, workspace

READER = zone("Europe/Skopje")
TEXT = Content("Hello.", "en")


def drawn(views, day=DAY, reader=READER):
    return axis(views, day, reader, {one.delivery: one.delivery for one in views})


def test_nine_in_the_morning_stands_at_nine_twenty_fourths():
    line = drawn([view(TEXT)]).lines[0]

    assert (line.name, line.posts, line.marks[0].at) == ("mastodon-main", 1, "37.5%")


def test_a_day_on_which_the_clocks_go_forward_has_23_hours():
    morning = datetime(2027, 3, 28, 10, tzinfo=UTC)  # noon in summer time, eleven hours after midnight

    found = drawn([view(TEXT, due=morning)], date(2027, 3, 28))

    assert found.lines[0].marks[0].at == f"{round(11 / 23 * 400) / 4:g}%"
    assert [tick.hour for tick in found.ticks][:3] == ["00", "04", "06"]


def test_posts_beyond_the_readers_midnights_are_on_the_axis_too():
    early, late = NINE - timedelta(hours=10), NINE + timedelta(hours=17)

    found = drawn([view(TEXT, post="early", due=early), view(TEXT, post="late", due=late)])

    assert all(0 <= float(mark.at.rstrip("%")) <= 100 for mark in found.lines[0].marks)
    assert [tick.day for tick in found.ticks if tick.day] == ["Wed 30", "Thu 1"]


def test_two_posts_too_close_on_one_account_are_marked_and_told():
    close = [view(TEXT, post="one"), view(TEXT, post="two", due=NINE + timedelta(minutes=9))]
    other = [view(TEXT, "bluesky-main", post="three", due=NINE + timedelta(minutes=4))]

    found = drawn(close + other)

    assert {line.name: [mark.crowded for mark in line.marks] for line in found.lines} == {
        "bluesky-main": [False],
        "mastodon-main": [True, True],
    }
    assert "Closest on one account: 9 min apart, mastodon-main at 09:09 Wed" in found.remarks


def test_two_posts_at_once_on_one_account_are_told():
    found = drawn([view(TEXT, post="one"), view(TEXT, post="two")])

    assert "Closest on one account: two at once, mastodon-main at 09:00 Wed" in found.remarks


def test_the_longest_pause_and_the_fullest_quarter_are_told():
    hours = (0, 0.1, 7, 8)
    found = drawn([view(TEXT, post=f"p{at}", due=NINE + timedelta(hours=at)) for at in hours])

    assert "Fullest quarter of an hour: 2 posts from 09:00 Wed" in found.remarks
    assert "Longest pause: 6 h 54, 09:06 Wed to 16:00 Wed" in found.remarks


def test_with_very_many_accounts_a_line_is_a_platform():
    chapters = [account(f"chapter-{at}", "mastodon") for at in range(MOST_LINES + 1)]
    place = workspace(*chapters)

    found = drawn([view(TEXT, one.name, place=place) for one in chapters])

    assert [(line.name, line.posts) for line in found.lines] == [("Mastodon", MOST_LINES + 1)]
    assert len(found.lines[0].marks) == 1


def test_a_day_without_posts_has_an_axis_and_nothing_to_remark():
    found = drawn([])

    assert found.lines == found.bars == found.remarks == ()
    assert len(found.ticks) == 12
