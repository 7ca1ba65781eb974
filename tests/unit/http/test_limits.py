"""The ways in which platforms say when they will listen again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.http.limits import after_milliseconds, after_seconds, retry_at

NOW = datetime(2027, 6, 30, 12, 0, 0, tzinfo=UTC)
IN_A_MINUTE = NOW + timedelta(minutes=1)
EPOCH = int(IN_A_MINUTE.timestamp())


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "60"},
        {"retry-after": " 60.0 "},
        {"Retry-After": "Wed, 30 Jun 2027 12:01:00 GMT"},
        {"Retry-After": "Wednesday, 30-Jun-27 12:01:00 GMT"},
        {"X-RateLimit-Reset": str(EPOCH)},
        {"X-RateLimit-Reset": "2027-06-30T12:01:00.000000Z"},
        {"X-RateLimit-Reset": "2027-06-30T14:01:00+02:00"},
        {"X-RateLimit-Reset": "2027-06-30T12:01:00"},
        {"X-RateLimit-Reset": "60"},
        {"X-RateLimit-Reset": str(EPOCH * 1000)},
        {"X-RateLimit-Reset-After": "60.000"},
        {"RateLimit-Reset": str(EPOCH)},
        {"RateLimit-Reset": "60"},
        {"x-rate-limit-reset": str(EPOCH)},
        {"RateLimit": "limit=100, remaining=0, reset=60"},
        {"RateLimit": '"default";r=0;t=60'},
        {"Retry-After": "60", "X-RateLimit-Reset": str(EPOCH + 900)},
        {"Retry-After": "soon", "X-RateLimit-Reset": str(EPOCH)},
    ],
)
def test_a_reset_is_read_in_every_way_it_is_written(headers: dict[str, str]) -> None:
    assert retry_at(headers, NOW) == IN_A_MINUTE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": ""},
        {"Retry-After": "soon"},
        {"Retry-After": "nan"},
        {"Retry-After": "inf"},
        {"X-RateLimit-Reset": "Wed, 99 Xxx 2027"},
        {"RateLimit": "limit=100, remaining=0"},
        {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"},
    ],
)
def test_what_says_nothing_says_nothing(headers: dict[str, str]) -> None:
    assert retry_at(headers, NOW) is None


def test_a_reset_is_never_in_the_past() -> None:
    assert retry_at({"X-RateLimit-Reset": "2027-06-30T11:00:00Z"}, NOW) == NOW
    assert retry_at({"Retry-After": "-5"}, NOW) == NOW


@pytest.mark.parametrize("value", ["999999", "2030-01-01T00:00:00Z", "99999999999999999999", "1e300"])
def test_a_reset_is_at_most_a_day_ahead(value: str) -> None:
    assert retry_at({"X-RateLimit-Reset": value}, NOW) == NOW + timedelta(hours=24)


def test_a_reset_is_read_against_the_servers_own_clock() -> None:
    """Our clock is ten minutes fast: by it the reset would be over, and we would knock too early."""
    headers = {"Date": "Wed, 30 Jun 2027 11:50:00 GMT", "X-RateLimit-Reset": "2027-06-30T11:51:00Z"}
    assert retry_at(headers, NOW) == IN_A_MINUTE


def test_bodies_say_it_in_milliseconds_and_in_seconds() -> None:
    assert after_milliseconds(60_000, NOW) == IN_A_MINUTE
    assert after_seconds(60, NOW) == IN_A_MINUTE


@pytest.mark.parametrize("value", [None, "60", True, [], float("nan"), float("inf")])
def test_a_body_that_says_no_number_says_nothing(value: object) -> None:
    assert after_milliseconds(value, NOW) is None
    assert after_seconds(value, NOW) is None


@given(
    st.dictionaries(
        st.sampled_from(["Retry-After", "X-RateLimit-Reset", "RateLimit-Reset", "RateLimit", "Date"]),
        st.one_of(st.text(), st.integers().map(str), st.floats().map(str), st.datetimes().map(str)),
    )
)
def test_no_header_raises_or_leaves_the_bounds(headers: dict[str, str]) -> None:
    moment = retry_at(headers, NOW)
    assert moment is None or NOW <= moment <= NOW + timedelta(hours=24)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()))
def test_no_body_raises_or_leaves_the_bounds(value: object) -> None:
    for moment in (after_milliseconds(value, NOW), after_seconds(value, NOW)):
        assert moment is None or NOW <= moment <= NOW + timedelta(hours=24)
