"""What the real engine reports becomes one notice an incident."""

import pytest

from scheduler.operations.incidents import LONGEST_SECONDS, QUIET_SECONDS, Incidents


@pytest.fixture
def incidents():
    return Incidents("rights")


def told(incidents, *, after=QUIET_SECONDS):
    return incidents.due(after)


def hear(incidents, events):
    for event in events:
        incidents.hear(event, 0)


def test_an_expired_credential_is_one_notice_however_many_posts_wait_behind_it(world, incidents):
    world.plan("one", "two", "three")
    world.platform.next("expires")

    hear(incidents, world.at_nine())

    [notice] = told(incidents)
    assert notice.title == "Drumbeat · rights: main is paused, nothing goes out there"
    assert "drumbeat accounts resume main" in notice.body


def test_posts_that_are_refused_are_one_notice_with_each_name_and_no_text(world, incidents):
    names = world.plan("one", "two")
    world.platform.next("rejects", "rejects")

    hear(incidents, world.at_nine())

    [notice] = told(incidents)
    assert notice.title == "Drumbeat · rights: 2 posts not sent on main"
    assert all(name in notice.body for name in names)
    assert all(row.content.text not in notice.title + notice.body for row in world.outbox.rows())


def test_a_lost_reply_that_a_look_settles_in_time_is_told_to_nobody(world, incidents):
    world.plan("one")
    world.platform.next("loses the reply")

    hear(incidents, world.at_nine())
    assert incidents.next_due() is not None
    hear(incidents, world.look(minutes=7))

    assert told(incidents, after=LONGEST_SECONDS) == []


def test_what_was_missed_over_a_weekend_is_one_notice(world, incidents):
    world.plan(*(f"post-{number}" for number in range(30)))

    hear(incidents, world.at_nine(days=2))

    [notice] = told(incidents)
    assert notice.title == "Drumbeat · rights: 30 posts missed on main, not sent"


def test_a_day_without_trouble_is_told_to_nobody(world, incidents):
    world.plan("one", "two")

    hear(incidents, world.at_nine())

    assert incidents.next_due() is None
