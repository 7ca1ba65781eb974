"""One account's posts side by side."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.checking import check_plan
from scheduler.finding import Finding, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.checks import CheckSetting
from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)


def said(
    post: str, hours: float, text: str, *, account: str = "main", platform: str = "mastodon", part: int = 1, **content
) -> PlannedDelivery:
    due = DUE + timedelta(hours=hours)
    shown = Content(text, "en", **content)
    return PlannedDelivery("c", post, "once", account, platform, due, due, "UTC", shown, part=part)


def found(rule: str, posts: Iterable[PlannedDelivery], **thresholds: int) -> list[Finding]:
    posts = tuple(posts)
    accounts = {post.account: Account(post.account, post.platform, "UTC") for post in posts}
    checks = {rule: CheckSetting(thresholds=thresholds)} if thresholds else {}
    workspace = Workspace("w", "UTC", accounts=accounts, checks=checks)
    return [one for one in check_plan(Plan(posts), workspace, [], {}) if one.rule == rule]


def test_the_same_words_within_a_week_are_told_at_the_later_post():
    (finding,) = found("duplicate-text", [said("a", 0, "No."), said("b", 48, "No.")])

    assert finding.severity is Severity.WARNING
    assert finding.delivery == "c/b/once/main"
    assert "the same as a/once" in finding.message


def test_a_week_later_they_may_be_said_again():
    assert found("duplicate-text", [said("a", 0, "No."), said("b", 7 * 24, "No.")]) == []


def test_the_days_can_be_set():
    posts = [said("a", 0, "No."), said("b", 48, "No.")]

    assert found("duplicate-text", posts, days=1) == []
    assert found("duplicate-text", posts, days=0) == []


def test_what_only_counts_clicks_makes_no_other_text():
    posts = [
        said("a", 0, "Read https://example.org/a?utm_source=x&p=1 now"),
        said("b", 9, "Read  https://example.org/a?p=1&utm_campaign=c\nnow"),
        said("c", 18, "Read https://example.org/b?utm_source=x now"),
    ]

    assert [one.delivery for one in found("duplicate-text", posts)] == ["c/b/once/main"]


def test_a_post_that_says_the_same_every_day_is_told_once():
    days = [replace(said("daily", 24 * day, "No."), slot=f"2027-07-0{day + 1}") for day in range(5)]

    (finding,) = found("duplicate-text", days)

    assert finding.message.startswith(
        "On main (2027-07-02, 2027-07-03, 2027-07-04 and 1 more): says the same as its own"
    )


def test_other_accounts_and_pictures_alone_do_not_count():
    posts = [
        said("a", 0, "No."),
        said("b", 1, "No.", account="other"),
        said("c", 2, "", media=(Media("a.png", "A door."),)),
        said("d", 3, "", media=(Media("b.png", "A window."),)),
        said("e", 4, "✊"),
        said("f", 5, "✊"),
    ]

    assert found("duplicate-text", posts) == []


def test_a_thread_is_one_post():
    assert found("duplicate-text", [said("a", 0, "One"), said("a", 0, "One", part=2)]) == []
    assert found("min-gap", [said("a", 0, "One"), said("a", 0, "Two", part=2)]) == []


def test_x_refuses_the_same_words_within_a_day():
    posts = [said("a", 0, "No.", platform="x"), said("b", 23, "No.", platform="x")]

    (finding,) = found("duplicate-refused", posts)

    assert finding.severity is Severity.ERROR
    assert "X refuses the words of a/once" in finding.message
    assert found("duplicate-text", posts) == []


def test_after_a_day_it_is_only_told():
    posts = [said("a", 0, "No.", platform="x"), said("b", 24, "No.", platform="x")]

    assert found("duplicate-refused", posts) == []
    assert len(found("duplicate-text", posts)) == 1


def test_another_picture_or_link_is_another_post_to_x():
    posts = [
        said("a", 0, "No.", platform="x"),
        said("b", 5, "No.", platform="x", media=(Media("a.png", "A door."),)),
        said("c", 9, "No. https://example.org/?utm_campaign=a", platform="x"),
        said("d", 12, "No. https://example.org/?utm_campaign=b", platform="x"),
    ]

    assert found("duplicate-refused", posts) == []


def test_facebook_compares_with_the_post_just_before_only():
    between = [said(name, hour, text, platform="facebook") for name, hour, text in [("a", 0, "No."), ("b", 1, "Yes.")]]
    again = said("c", 2, "No.", platform="facebook")

    assert found("duplicate-refused", [*between, again]) == []
    assert len(found("duplicate-refused", [between[0], again])) == 1


def test_mastodon_takes_them():
    assert found("duplicate-refused", [said("a", 0, "No."), said("b", 1, "No.")]) == []


def test_posts_on_each_others_heels_are_told_with_their_distance():
    posts = [said("a", 0, "One"), said("b", 0, "Two"), said("c", 0.05, "Three"), said("d", 1, "Four")]

    assert [one.message for one in found("min-gap", posts)] == [
        "On main: at the moment of a/once.",
        "On main: 3 min after b/once.",
    ]


def test_the_gap_can_be_set():
    posts = [said("a", 0, "One"), said("b", 1, "Two")]

    assert found("min-gap", posts) == []
    assert len(found("min-gap", posts, minutes=90)) == 1
    assert found("min-gap", [said("a", 0, "One"), said("b", 0, "Two")], minutes=0) == []


def test_too_many_within_an_hour_are_told_once_where_it_begins():
    posts = [said(f"p{n:02}", n / 20, f"Text {n}") for n in range(20)]

    (finding,) = found("rate", posts)

    assert finding.delivery == "c/p15/once/main"
    assert "more than 15 posts within an hour" in finding.message


def test_how_many_are_too_many_can_be_set():
    posts = [said(f"p{n}", n, f"Text {n}") for n in range(6)]

    assert found("rate", posts) == []
    assert ["within a day" in one.message for one in found("rate", posts, day=5)] == [True]
    assert found("rate", [said(f"p{n}", 0, f"Text {n}") for n in range(30)], hour=0) == []
