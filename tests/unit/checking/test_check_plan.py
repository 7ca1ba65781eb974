"""The rules of posts, each with what it says and where, over plans made by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.checking import RULES, check_plan, media_places
from scheduler.finding import Finding, Place, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Source, Sources, TemplateRef
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.schedule import At, Moment, Window
from scheduler.planning.plan import Plan
from scheduler.platforms import PLATFORMS

DUE = datetime(2027, 6, 30, 7, tzinfo=UTC)
FILE = "campaigns/time-is-now.yaml"
PLACES = {key: Place(FILE, line, 5) for line, key in enumerate(("text", "media", "media.0.alt", "poll", "warning"), 10)}


def account(name: str, platform: str, **limits: int) -> Account:
    return Account(name, platform, "Europe/Skopje", language="en", limits=limits)


ACCOUNTS = (
    account("m1", "mastodon"),
    account("m2", "mastodon"),
    account("m3", "mastodon"),
    account("m4", "mastodon"),
    account("sky", "bluesky"),
    account("bird", "x"),
    account("insta", "instagram"),
    account("roomy", "mastodon", text=1000),
)
WORKSPACE = Workspace(
    "equality-now", "Europe/Skopje", accounts={a.name: a for a in ACCOUNTS}, groups={"feeds": ("bird", "sky")}
)


def post(**overrides: Sources) -> Post:
    return Post(
        "opening",
        At((Moment("once", datetime(2027, 6, 30, 9)),)),  # noqa: DTZ001 - civil time
        Sources(wording=TemplateRef("opening.j2")),
        overrides=overrides,
        place=Place(FILE, 9, 3),
        places=PLACES | {"for.feeds.text": Place(FILE, 40, 1)},
    )


def campaign(**overrides: Sources) -> Campaign:
    window = Window(DUE.date(), DUE.date())
    sources = Sources(hashtags=("TimeIsNow",))
    return Campaign("time-is-now", "Time", "Europe/Skopje", window, (), ("en",), (post(**overrides),), sources=sources)


def planned(name: str, content: Content, slot: str = "once", part: int = 1) -> PlannedDelivery:
    return PlannedDelivery(
        campaign="time-is-now",
        post="opening",
        slot=slot,
        account=name,
        platform=WORKSPACE.accounts[name].platform,
        due=DUE,
        expires_at=DUE + timedelta(hours=2),
        timezone="Europe/Skopje",
        content=content,
        part=part,
    )


def check(*deliveries: PlannedDelivery, campaigns: Campaign | None = None, templates=None) -> tuple[Finding, ...]:
    return check_plan(Plan(deliveries), WORKSPACE, [campaigns or campaign()], templates or {})


def on(name: str, text: str = "Hello", **content) -> PlannedDelivery:
    return planned(name, Content(text, "en", **content))


def test_a_good_post_has_no_findings():
    assert check(*(on(name, "Time is now. #TimeIsNow https://example.org") for name in ("m1", "sky", "bird"))) == ()


def test_a_text_over_the_limit_says_by_how_much_in_which_unit_and_where():
    (finding,) = check(on("bird", "a" * 292))

    assert finding.rule == "text-too-long"
    assert finding.severity is Severity.ERROR
    assert finding.message == "On bird: 12 weighted characters too many for X: 292/280."
    assert finding.place == PLACES["text"]
    assert finding.path == "posts.opening.text"
    assert finding.delivery == "time-is-now/opening/once/bird"


def test_the_same_mistake_on_many_accounts_is_one_finding_that_names_the_first():
    (finding,) = check(*(on(name, "a" * 501) for name in ("m1", "m2", "m3", "m4", "roomy")))

    assert finding.message == "On m1, m2, m3 and 1 more: 1 character too many for Mastodon: 501/500."


def test_slots_are_named_where_a_post_has_several():
    found = check(*(planned("bird", Content("a" * 281, "en"), slot) for slot in ("ana", "boris")))

    (finding,) = [one for one in found if one.rule == "text-too-long"]
    assert finding.message.startswith("On bird (ana and boris): 1 weighted character too")


def test_a_later_part_of_a_thread_is_named():
    (finding,) = check(on("bird"), planned("bird", Content("a" * 281, "en"), part=2))

    assert finding.message.startswith("On bird, part 2: ")


def test_an_override_that_gave_the_text_is_the_place_that_is_named():
    (finding,) = check(on("bird", "a" * 281), campaigns=campaign(feeds=Sources(wording=Source("…"))))

    assert finding.path == "posts.opening.for.feeds.text"
    assert finding.place == Place(FILE, 40, 1)


@pytest.mark.parametrize("text", ["", " \n ", "\u200b"])
def test_a_post_that_shows_nothing_is_an_error(text):
    assert [finding.rule for finding in check(on("m1", text))] == ["text-empty"]


def test_a_picture_alone_is_a_post():
    assert check(on("m1", "", media=(Media("a.png", "A door."),))) == ()


def test_a_picture_without_words_is_an_error_unless_it_is_decorative():
    (finding,) = check(on("m1", media=(Media("a.png"), Media("b.png", decorative=True))))

    assert (finding.rule, finding.place) == ("alt-missing", PLACES["media.0.alt"])
    assert "media/a.png" in finding.message


def test_a_second_picture_without_a_place_of_its_own_stands_where_media_stands():
    (finding,) = check(on("m1", media=(Media("a.png", "A door."), Media("b.png"))))

    assert finding.place == PLACES["media"]


def test_too_long_an_alternative_text_is_an_error():
    (finding,) = check(on("m1", media=(Media("a.png", "a" * 1503),)))

    assert finding.rule == "alt-too-long"
    assert "3 characters too many for Mastodon: 1503/1500" in finding.message


def test_more_pictures_than_a_post_holds_is_an_error():
    (finding,) = check(on("m1", media=tuple(Media(f"{n}.png", "A door.") for n in range(5))))

    assert finding.message == "On m1: Mastodon takes 4 pictures in a post, here are 5."


def test_instagram_wants_a_picture():
    assert [finding.rule for finding in check(on("insta"))] == ["media-needed"]


@pytest.mark.parametrize(
    ("poll", "rule"),
    [
        (Poll(("Yes",), 86_400), "poll-options"),
        (Poll(("Yes", "Yes"), 86_400), "poll-options"),
        (Poll(("1", "2", "3", "4", "5"), 86_400), "poll-options"),
        (Poll(("Yes", " "), 86_400), "poll-option-length"),
        (Poll(("Yes", "N" * 51), 86_400), "poll-option-length"),
        (Poll(("Yes", "No"), 10), "poll-duration"),
        (Poll(("Yes", "No"), 86_400 * 365), "poll-duration"),
    ],
)
def test_a_poll_that_the_platform_refuses_is_an_error(poll, rule):
    (finding,) = check(on("m1", poll=poll))

    assert (finding.rule, finding.severity, finding.place) == (rule, Severity.ERROR, PLACES["poll"])


def test_a_good_poll_is_good():
    assert check(on("m1", poll=Poll(("Yes", "No"), 86_400))) == ()


@pytest.mark.parametrize("text", ["now#TimeIsNow", "now#timeisnow"])
def test_the_campaigns_own_hashtag_glued_to_a_word_is_a_warning(text):
    (finding,) = [one for one in check(on("bird", text)) if one.rule != "hashtag-case"]

    assert (finding.rule, finding.severity) == ("hashtag-dead", Severity.WARNING)


@pytest.mark.parametrize("text", ["We are #1", "C#minor", "see https://example.org/#section", "#СегаКажувам #नमस्ते"])
def test_what_is_no_hashtag_or_a_good_one_is_left_alone(text):
    assert check(on("bird", text), on("m1", text), on("sky", text)) == ()


def test_a_template_that_nobody_uses_is_a_note_and_its_languages_go_with_it():
    templates = {
        "opening.j2": '{% from "macros.j2" import x %}',
        "opening.mk.j2": "",
        "macros.j2": "",
        "old.j2": "",
    }

    (finding,) = check(on("m1"), templates=templates)

    assert (finding.rule, finding.severity) == ("template-unused", Severity.NOTE)
    assert finding.place == Place("templates/posts/old.j2", 1, 1)


def test_every_rule_has_an_id_of_its_own_and_a_reason_in_one_sentence():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.reason.endswith(".") and rule.reason.count(".") == 1 for rule in RULES)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_no_platform_makes_a_rule_fail(platform):
    place = WORKSPACE.accounts | {"any": account("any", platform)}
    content = Content("Hello #Tag " * 2000, "en", "w" * 900, "public", (Media("a.png"),) * 30, Poll(("a",), 1))
    delivery = PlannedDelivery("c", "p", "once", "any", platform, DUE, DUE, "UTC", content)

    found = check_plan(Plan((delivery,)), Workspace("w", "UTC", accounts=place), [], {})

    assert all(finding.message for finding in found)


def later(name: str, days: int, *tags: str) -> Campaign:
    first = DUE.date() + timedelta(days=days)
    return Campaign(name, name, "UTC", Window(first, first), (), (), (), sources=Sources(hashtags=tags))


def test_a_campaigns_hashtag_before_it_begins_is_an_error():
    deliveries = (on("m1", "Soon: #IspeakUpNow"), on("sky", "Now: #TimeIsNow"))

    (finding,) = check_plan(Plan(deliveries), WORKSPACE, [campaign(), later("next", 5, "ISpeakUpNow", "TimeIsNow")], {})

    assert (finding.rule, finding.severity) == ("hashtag-embargo", Severity.ERROR)
    assert finding.message == "On m1: #IspeakUpNow is kept back until 2027-07-05, when its campaign begins."


def test_the_day_that_opens_a_hashtag_is_that_of_the_posts_own_zone():
    early = replace(on("m1", "Now: #TimeIsNow"), due=datetime(2027, 6, 29, 12, 30, tzinfo=UTC))

    assert check(replace(early, timezone="Pacific/Auckland")) == ()
    assert [finding.rule for finding in check(early)] == ["hashtag-embargo"]


def test_a_media_file_is_named_where_the_campaign_names_it_first():
    deliveries = (on("m1", media=(Media("a.png"), Media("b.png"))), on("m2", media=(Media("a.png"),)))

    places = media_places(Plan(deliveries), WORKSPACE, [campaign()])

    assert places == {"a.png": PLACES["media"], "b.png": PLACES["media"]}


def test_a_warning_longer_than_the_account_takes_is_an_error():
    strict = replace(WORKSPACE, accounts=WORKSPACE.accounts | {"m1": account("m1", "mastodon", warning=10)})
    delivery = on("m1", warning="Violence, mentioned")

    (finding,) = check_plan(Plan((delivery,)), strict, [campaign()], {})

    assert finding.message == "On m1: the warning has 9 characters too many for Mastodon: 19/10."
    assert finding.place == PLACES["warning"]


def test_more_hashtags_than_the_platform_takes_is_an_error():
    (finding,) = check(on("insta", " ".join(f"#tag{n}" for n in range(31)), media=(Media("a.png", "A door."),)))

    assert (finding.rule, finding.message) == (
        "entity-count",
        "On insta: Instagram takes 30 hashtags in a post, here are 31.",
    )


def test_a_character_for_which_the_platform_refuses_the_text_is_an_error():
    (finding,) = check(on("bird", "Hello\ufffe"))

    assert finding.rule == "text-refused"


def test_a_post_that_no_campaign_file_holds_any_more_is_checked_all_the_same():
    (finding,) = check_plan(Plan((on("bird", ""),)), WORKSPACE, [], {})

    assert (finding.path, finding.place) == ("posts.opening", Place())
