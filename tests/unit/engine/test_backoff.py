"""How long the engine waits before another try."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.engine.backoff import CEILING_SECONDS, FLOOR_SECONDS, delay, try_again_at

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


class Longest:
    def uniform(self, a, b):
        return b


class Shortest:
    def uniform(self, a, b):
        return a


def test_waits_double_up_to_five_minutes():
    waits = [delay(tries, Longest()).total_seconds() for tries in range(1, 10)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert delay(10_000, Longest()).total_seconds() == CEILING_SECONDS
    assert delay(0, Longest()).total_seconds() == 2


def test_full_jitter_never_becomes_no_wait():
    assert delay(5, Shortest()).total_seconds() == FLOOR_SECONDS


@given(st.integers(1, 60), st.integers())
def test_every_wait_lies_between_half_a_second_and_five_minutes(tries, seed):
    assert FLOOR_SECONDS <= delay(tries, random.Random(seed)).total_seconds() <= CEILING_SECONDS


def test_a_wait_leaves_one_last_chance_before_a_post_would_be_missed():
    soon = NINE + timedelta(seconds=30)
    assert try_again_at(NINE, 9, soon, Longest()) == soon - timedelta(seconds=1)
    assert try_again_at(NINE, 1, soon, Longest()) == NINE + timedelta(seconds=2)


def test_where_there_is_no_time_for_another_chance_the_wait_stays_as_it_is():
    assert try_again_at(NINE, 1, NINE + timedelta(seconds=1), Longest()) == NINE + timedelta(seconds=2)
