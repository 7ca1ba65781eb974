"""Where pictures or a poll take the place of the link card."""

from dataclasses import replace
from datetime import UTC, datetime

from scheduler.checking.case import Case, Counts
from scheduler.checking.rules.pictures import hides_the_link
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.platforms import platform_named
from scheduler.testing.bench import planned

LINK = "https://example.org/time-is-now"


def hits(platform: str, content: Content) -> list[str]:
    [delivery] = planned("opening", datetime(2027, 6, 30, tzinfo=UTC))
    account = Account(name="main", platform=platform, timezone="UTC")
    case = Case(replace(delivery, content=content), account, platform_named(platform), Counts(), frozenset())
    return [hit.key for hit in hides_the_link(case)]


def test_a_link_behind_pictures_is_told_on_bluesky() -> None:
    assert hits("bluesky", Content("Look.", media=(Media("a.png", "A"),), link=LINK)) == ["link"]


def test_a_link_in_the_text_is_seen() -> None:
    assert hits("bluesky", Content(f"Look: {LINK}", media=(Media("a.png", "A"),), link=LINK)) == []


def test_a_card_alone_is_shown() -> None:
    assert hits("bluesky", Content("Look.", link=LINK)) == []


def test_other_platforms_show_both() -> None:
    assert hits("mastodon", Content("Look.", media=(Media("a.png", "A"),), link=LINK)) == []


def test_a_link_behind_photos_is_told_on_facebook() -> None:
    assert hits("facebook", Content("Look.", media=(Media("a.png", "A"),), link=LINK)) == ["link"]
    assert hits("facebook", Content(f"Look: {LINK}", media=(Media("a.png", "A"),), link=LINK)) == []


def test_a_link_behind_a_poll_is_told_on_linkedin() -> None:
    poll = Poll(("Yes", "No"), 86_400)
    assert hits("linkedin", Content("Will you come?", poll=poll, link=LINK)) == ["link"]
    assert hits("linkedin", Content(f"{LINK}\n\nWill you come?", poll=poll, link=LINK)) == []
