"""How much an account may post in a while."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.checking.rules.quotas import first_over
from scheduler.platforms import PLATFORMS
from scheduler.platforms.base import Quota

NINE = datetime(2027, 6, 30, 9, tzinfo=UTC)


def at(*seconds: int) -> list[datetime]:
    return [NINE + timedelta(seconds=second) for second in seconds]


def test_as_many_as_the_quota_are_fine() -> None:
    assert first_over(at(0, 1, 2), Quota(3, 60)) is None


def test_the_one_too_many_is_named_by_its_moment() -> None:
    assert first_over(at(0, 1, 2, 30, 90), Quota(3, 60)) == at(30)[0]


def test_a_window_that_has_passed_counts_no_more() -> None:
    assert first_over(at(0, 20, 40, 60, 80, 100), Quota(3, 60)) is None


def test_quotas_are_of_whole_posts_and_seconds() -> None:
    assert all(quota.posts > 0 and quota.seconds > 0 for name in PLATFORMS for quota in PLATFORMS[name].quotas)


@given(
    seconds=st.lists(st.integers(0, 600), max_size=40).map(sorted), posts=st.integers(1, 5), span=st.integers(1, 300)
)
def test_it_agrees_with_counting_every_window(seconds: list[int], posts: int, span: int) -> None:
    counted = [moment for moment in seconds if sum(moment - span < other <= moment for other in seconds) > posts]

    assert first_over(at(*seconds), Quota(posts, span)) == (at(counted[0])[0] if counted else None)
