"""How many links, mentions and hashtags one post may have."""

from dataclasses import replace
from datetime import UTC, datetime

from scheduler.checking.case import Case, Counts
from scheduler.checking.rules.texts import too_many_entities
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.platforms import platform_named
from scheduler.testing.bench import planned

FIVE = " ".join(f"https://example.org/{number}" for number in range(5))


def told(platform: str, content: Content) -> list[str]:
    [delivery] = planned("opening", datetime(2027, 6, 30, tzinfo=UTC))
    account = Account(name="main", platform=platform, timezone="UTC")
    case = Case(replace(delivery, content=content), account, platform_named(platform), Counts(), frozenset())
    return [hit.what for hit in too_many_entities(case)]


def test_the_link_of_a_card_is_one_of_the_five_that_threads_takes() -> None:
    assert told("threads", Content(FIVE)) == []
    assert told("threads", Content(FIVE, link="https://example.org/card")) == [
        "Threads takes 5 links in a post, here are 6"
    ]


def test_a_link_that_stands_in_the_text_twice_or_on_the_card_too_is_one() -> None:
    assert told("threads", Content(f"{FIVE} https://example.org/0", link="https://example.org/1")) == []


def test_31_hashtags_are_too_many_for_instagram() -> None:
    assert told("instagram", Content(" ".join(f"#tag{number}" for number in range(31)))) == [
        "Instagram takes 30 hashtags in a post, here are 31"
    ]


def test_x_takes_one_cashtag() -> None:
    assert told("x", Content("Sell $ABC, not $100.")) == []
    assert told("x", Content("Sell $ABC and $BRK.A now.")) == ["X takes 1 cashtag in a post, here are 2"]
    assert told("mastodon", Content("Sell $ABC and $BRK.A now.")) == []
