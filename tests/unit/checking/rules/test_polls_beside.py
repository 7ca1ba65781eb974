"""What a poll cannot have beside it, or within it, by platform."""

import pytest

from scheduler.model.content import Media, Poll
from tests.unit.checking.conftest import Look

POLL = Poll(("Yes", "No"), 3600)
SEVERAL = Poll(("Yes", "No"), 3600, multiple=True)


@pytest.mark.parametrize(("platform", "told"), [("x", 1), ("telegram", 0), ("mastodon", 0)])
def test_a_poll_of_several_answers_is_refused_where_it_takes_one(look: Look, platform: str, told: int) -> None:
    assert len(look("poll-beside", platform=platform, poll=SEVERAL)) == told
    assert look("poll-beside", platform=platform, poll=POLL) == []


def test_pictures_beside_a_poll_are_refused_on_x_and_a_link_is_not(look: Look) -> None:
    [found] = look("poll-beside", platform="x", poll=POLL, media=(Media("a.png", "A"),))
    assert "X shows no pictures beside a poll" in found.message
    assert look("poll-beside", platform="x", poll=POLL, link="https://example.org/") == []


@pytest.mark.parametrize(("days", "told"), [(1, 0), (3, 0), (14, 0), (2, 1), (15, 0)])
def test_a_length_between_those_that_linkedin_has_is_told(look: Look, days: int, told: int) -> None:
    found = look("poll-duration", platform="linkedin", poll=Poll(("Yes", "No"), days * 86_400))
    assert len([one for one in found if "for nothing between" in one.message]) == told
    assert look("poll-duration", platform="mastodon", poll=Poll(("Yes", "No"), 2 * 86_400)) == []
