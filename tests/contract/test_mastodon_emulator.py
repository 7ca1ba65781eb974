"""The emulated Mastodon is held to what is documented and was measured, and our counting to the emulator's."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import Rejected
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.platforms import platform_named
from scheduler.publishers.base import Surroundings
from scheduler.publishers.mastodon import Mastodon
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import draft
from scheduler.testing.emulators.mastodon import MastodonServer
from scheduler.testing.emulators.mastodon_rules import BUCKETS, Quotas, length

NINE = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("🇪🇪", 1),
        ("é", 1),
        ("e\u0301", 1),
        ("\r\n", 1),
        ("@bob@example.com", 4),
        ("hi @charlie and @dora@example.social!", 22),
        ("(see https://example.com.)", 30),
        ("example.org", 11),
    ],
)
def test_it_counts_as_mastodon_was_measured_to_count(text, counted):
    """Measured by Mastodon.py's `test_status_length.py` (1124a5a6)."""
    assert length(text, "") == counted
    assert platform_named("mastodon").measure(text)[0].value == counted


WORDS = st.sampled_from(
    [
        "Кажи",
        "не.",
        "🇲🇰",
        "👩‍👩‍👧",
        "@ana@x.example",
        "@bob",
        "https://example.org/a/b?c=1",
        "#СегаКажувам",
        "नमस्ते",
        "é",
    ]
)


@settings(max_examples=100)
@given(words=st.lists(WORDS, min_size=1, max_size=30), warning=st.lists(WORDS, max_size=4))
def test_our_count_is_the_servers(words, warning):
    text, warned = " ".join(words), " ".join(warning)
    assert platform_named("mastodon").measure(text, warning=warned)[0].value == length(text, warned)


def test_a_text_at_its_limit_is_taken_and_one_more_is_not(tmp_path):
    clock = FixedClock(NINE)
    with MastodonServer(clock) as server:
        account = Account("main", "mastodon", "UTC", settings={"server": server.url})
        publisher = Mastodon.connect(account, Surroundings(tmp_path, clock, lambda _: server.token))
        full = "👩‍👩‍👧" * 476 + " https://example.org/" + "x" * 100
        taken, refused = (
            replace(draft(key=key * 32), content=Content(full + end)) for key, end in (("a", ""), ("b", " ."))
        )
        publisher.publish(taken, publisher.prepare(taken))
        with pytest.raises(Rejected, match="character limit of 500"):
            publisher.publish(refused, publisher.prepare(refused))
        assert server.texts == [full]
    counted = platform_named("mastodon").measure
    assert [counted(full)[0].value, counted(full + " .")[0].value] == [500, 502]


def test_windows_are_fixed_and_begin_at_the_epochs_multiples():
    quotas, late = Quotas(), NINE + timedelta(minutes=29)
    assert all(quotas.take(["media"], late) for _ in range(30))
    assert not quotas.take(["media"], late)
    assert quotas.take(["media"], NINE + timedelta(minutes=30)), "a minute later, in the next window"


def test_headers_tell_the_bucket_that_has_least_left_with_six_decimals():
    quotas = Quotas()
    for _ in range(BUCKETS["deletes"].most - 1):
        quotas.take(["api", "deletes"], NINE)
    headers = quotas.headers(["api", "deletes"], NINE)
    assert headers["X-RateLimit-Remaining"] == "1"
    assert headers["X-RateLimit-Limit"] == "30"
    assert re.fullmatch(r"2027-06-30T07:30:00\.000000Z", headers["X-RateLimit-Reset"])


def test_a_refused_request_costs_no_other_bucket_anything():
    quotas = Quotas()
    quotas.spend("media", NINE)
    assert not quotas.take(["api", "media"], NINE)
    assert quotas.headers(["api"], NINE)["X-RateLimit-Remaining"] == "1500"
