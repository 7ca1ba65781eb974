"""How long a busy moment takes, by arithmetic."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.pace import how_long, pace_notes

NOON = datetime(2027, 6, 30, 12, tzinfo=UTC)


def due(account: int, *, at: datetime = NOON, part: int = 1) -> PlannedDelivery:
    return PlannedDelivery("c", "p", "s", f"a{account}", "x", at, at, "UTC", Content("hello"), part=part)


def seconds(deliveries: Iterable[PlannedDelivery], **limits: object) -> float:
    return how_long(deliveries, **limits)[0].seconds  # type: ignore[arg-type]


def test_a_thousand_accounts_and_a_hundred_workers_take_two_seconds():
    assert seconds([due(n) for n in range(1000)], pool=100) == pytest.approx(2.0)


def test_the_pool_is_never_larger_than_the_accounts():
    assert seconds([due(n) for n in range(3)]) == pytest.approx(0.2)


def test_one_account_serves_its_parts_one_after_the_other():
    assert seconds([due(0, part=part) for part in range(1, 6)]) == pytest.approx(1.0)


def test_a_server_that_many_accounts_share_is_the_bottleneck():
    chapters = [due(n) for n in range(500)]
    hosts = {f"a{n}": "mastodon.example" for n in range(500)}

    assert seconds(chapters, pool=500) == pytest.approx(0.2)
    assert seconds(chapters, pool=500, hosts=hosts, host_cap=10) == pytest.approx(10.0)
    assert seconds(chapters, pool=500, host_cap=10) == pytest.approx(0.2)


def test_the_longest_moment_comes_first():
    quiet, busy = [due(0, at=NOON - timedelta(hours=1))], [due(0, part=part) for part in (1, 2)]

    assert [rush.due for rush in how_long([*quiet, *busy])] == [NOON, NOON - timedelta(hours=1)]
    assert (how_long(busy)[0].posts, how_long(busy)[0].accounts) == (2, 1)


def test_only_what_is_noticeable_is_said():
    assert pace_notes([]) == ()
    assert pace_notes([due(n) for n in range(400)]) == ()
    assert [str(finding) for finding in pace_notes([due(n) for n in range(4_000)])] == [
        "4,000 posts on 4,000 accounts are due at 2027-06-30 12:00 UTC: the last leaves about 2 s later."
    ]
    assert "one account" in str(pace_notes([due(0, part=part) for part in range(1, 11)])[0])


def test_a_crowd_on_one_server_is_said_with_its_cap():
    """160 chapters on one server go out 16 at a time: ten answers are waited for, not one."""
    chapters = [due(n) for n in range(160)]
    hosts = {f"a{n}": "mastodon.example" for n in range(160)}

    [finding] = pace_notes(chapters, hosts)
    assert str(finding) == (
        "160 posts on 160 accounts are due at 2027-06-30 12:00 UTC: the last leaves about 2 s later, "
        "since mastodon.example gets at most 16 at once."
    )
