"""Trouble is told once an incident, with what mends it, and never with what a post says."""

from datetime import UTC, datetime

import pytest

from scheduler.errors import StoreError
from scheduler.operations.incidents import (
    LONGEST_SECONDS,
    QUIET_SECONDS,
    SILENT_SECONDS,
    Incidents,
    trouble_of_end,
    trouble_with_queue,
)
from scheduler.outbox.rows import EventRow

NOW = datetime(2027, 6, 30, 7, tzinfo=UTC)


def event(kind, post="c/p/once/main", account="main", why="No reply within 20 s.", who="dispatch"):
    return EventRow(at=NOW, event=kind, who=who, why=why, delivery=post, account=account)


@pytest.fixture
def incidents():
    return Incidents("rights")


def test_forty_posts_that_are_missed_together_are_one_notice(incidents):
    for number in range(40):
        incidents.hear(event("expire", f"c/p/{number}/main"), number * 0.1)

    [notice] = incidents.due(4 + QUIET_SECONDS)

    assert notice.title == "Drumbeat · rights: 40 posts missed on main, not sent"
    assert "c/p/0/main: No reply within 20 s." in notice.body
    assert "35 more" in notice.body
    assert "drumbeat retry c/p/0/main --at WHEN" in notice.body
    assert incidents.next_due() is None


def test_an_incident_waits_until_it_is_quiet(incidents):
    incidents.hear(event("lose_track"), 0)
    incidents.hear(event("lose_track", "c/q/once/main"), 50)

    assert incidents.due(QUIET_SECONDS) == []
    assert len(incidents.due(50 + QUIET_SECONDS)) == 1


def test_trouble_without_end_is_told_after_ten_minutes(incidents):
    for second in range(0, int(LONGEST_SECONDS) + 1, 30):
        incidents.hear(event("refuse", f"c/p/{second}/main"), second)

    assert incidents.next_due() == LONGEST_SECONDS
    assert len(incidents.due(LONGEST_SECONDS)) == 1


def test_the_same_incident_is_not_told_again_within_an_hour_and_nothing_of_it_is_lost(incidents):
    incidents.hear(event("refuse"), 0)
    incidents.due(QUIET_SECONDS)
    incidents.hear(event("refuse", "c/q/once/main"), 200)

    assert incidents.due(200 + LONGEST_SECONDS) == []
    [notice] = incidents.due(QUIET_SECONDS + SILENT_SECONDS)
    assert "c/q/once/main" in notice.body


def test_two_accounts_and_two_kinds_of_trouble_are_incidents_of_their_own(incidents):
    incidents.hear(event("refuse"), 0)
    incidents.hear(event("refuse", account="second"), 0)
    incidents.hear(event("pause", post="", why="The token expired."), 0)

    titles = [notice.title for notice in incidents.due(QUIET_SECONDS)]

    assert len(titles) == 3
    assert "Drumbeat · rights: main is paused, nothing goes out there" in titles


def test_when_the_network_goes_for_every_account_one_notice_says_so(incidents):
    for number in range(50):
        incidents.hear(event("expire", account=f"chapter-{number}"), 0)

    [notice] = incidents.due(QUIET_SECONDS)

    assert "50 troubles at once" in notice.title
    assert "drumbeat status" in notice.body


def test_an_unknown_that_was_found_before_it_was_told_is_never_told(incidents):
    incidents.hear(event("lose_track"), 0)
    incidents.hear(event("accept", why=""), 30)

    assert incidents.due(LONGEST_SECONDS) == []


def test_a_pause_that_was_lifted_before_it_was_told_is_never_told(incidents):
    incidents.hear(event("pause", post=""), 0)
    incidents.hear(event("resume", post=""), 30)

    assert incidents.next_due() is None


@pytest.mark.parametrize("kind", ["claim", "accept", "postpone", "cancel", "reopen", "move", "resume"])
def test_what_is_no_trouble_opens_nothing(incidents, kind):
    incidents.hear(event(kind), 0)

    assert incidents.next_due() is None


def test_what_a_person_settled_is_no_news_to_people(incidents):
    incidents.hear(event("refuse", who="person"), 0)

    assert incidents.next_due() is None


def test_an_unknown_comes_with_the_commands_that_settle_it(incidents):
    incidents.hear(event("lose_track"), 0)

    [notice] = incidents.due(QUIET_SECONDS)

    assert "drumbeat resolve c/p/once/main --sent URL" in notice.body
    assert "drumbeat resolve c/p/once/main --not-sent" in notice.body


def test_a_daemon_that_ended_is_told_at_once(incidents):
    incidents.add(trouble_of_end("It ended by itself: the disk is gone."), 0)

    [notice] = incidents.due(0)

    assert notice.title == "Drumbeat · rights: the daemon stopped"
    assert "drumbeat daemon" in notice.body


def test_trouble_with_the_queue_brings_its_own_mend(incidents):
    incidents.add(trouble_with_queue(StoreError("The disk is full.", mend="Make room.")), 0)

    [notice] = incidents.due(QUIET_SECONDS)

    assert "The disk is full." in notice.body
    assert "Make room." in notice.body


def test_at_the_end_nothing_waits_for_quiet(incidents):
    incidents.hear(event("refuse"), 0)

    assert len(incidents.due(1, closing=True)) == 1


def test_a_reason_that_would_move_the_cursor_or_never_end_is_tamed(incidents):
    incidents.hear(event("refuse", why="\x1b[2J" + "x" * 9000), 0)

    [notice] = incidents.due(QUIET_SECONDS)

    assert "\x1b" not in notice.body
    assert len(notice.body) < 1000


def test_a_post_that_waits_for_money_is_told_with_its_reason_and_what_a_person_can_do(incidents):
    incidents.hear(event("over_budget", why="It would exceed the budget of main, 5.000 USD."), 0)

    [notice] = incidents.due(QUIET_SECONDS)

    assert notice.title == "Drumbeat · rights: main would exceed its budget, so posts wait there"
    assert "c/p/once/main: It would exceed the budget of main, 5.000 USD." in notice.body
    assert "drumbeat cancel c/p/once/main" in notice.body


@pytest.mark.parametrize("end", ["accept", "cancel"])
def test_a_post_that_got_its_money_meanwhile_or_was_cancelled_is_not_told(incidents, end):
    incidents.hear(event("over_budget"), 0)
    incidents.hear(event(end), 30)
    assert incidents.next_due() is None
