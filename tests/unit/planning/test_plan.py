"""The files and a moment, made into a finite list."""
# ruff: noqa: DTZ001 (civil times on purpose)

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.composing.brief import Brief, Composed
from scheduler.errors import Bug
from scheduler.finding import Place, error
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Source, Sources, TemplateRef
from scheduler.model.content import Content, Media
from scheduler.model.lifecycle import State
from scheduler.model.media import MediaFacts
from scheduler.model.schedule import At, Every, Moment, Schedule, Spread, Weekly, Window
from scheduler.planning.plan import Plan, plan, with_media
from scheduler.planning.snapshot import Held, Snapshot

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOON = At((Moment("once", datetime(2027, 6, 30, 12)),))
MORNINGS = Every(Weekly(frozenset(range(7)), time(9)))

ACCOUNTS = {
    "main": Account("main", "mastodon", "Europe/Skopje", language="mk"),
    "sky": Account("sky", "bluesky", "Europe/Skopje", language="en", live=True),
    "auckland": Account("auckland", "bluesky", "Pacific/Auckland", language="mi"),
    "quiet": Account("quiet", "x", "UTC"),
}
WORKSPACE = Workspace(
    "w", "Europe/Skopje", accounts=ACCOUNTS, groups={"feeds": ("main", "sky"), "south": ("auckland", "sky")}
)


class Composer:
    """Answers each brief with the given texts, and remembers what it was asked."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts or ("hello",)
        self.asked: list[Sequence[Brief]] = []

    def __call__(self, briefs: Sequence[Brief]) -> Sequence[Composed]:
        self.asked.append(briefs)
        return [Composed(tuple(Content(text) for text in self.texts)) for _ in briefs]

    def brief(self, account: str) -> Brief:
        return next(brief for brief in self.asked[-1] if brief.account.name == account)


def post(schedule: Schedule = NOON, name: str = "opening", **more: object) -> Post:
    return replace(Post(name, schedule, Sources(wording=Source("hi")), place=Place("campaigns/c.yaml", 9)), **more)


def campaign(*posts: Post, **more: object) -> Campaign:
    window = Window(date(2027, 6, 24), date(2027, 6, 30))
    return replace(Campaign("c", "C", "Europe/Skopje", window, ("main",), ("en", "mk"), posts), **more)


def planned(
    what: Campaign, composer: Composer | None = None, *, now: datetime = LONG_AGO, known: Snapshot | None = None
) -> Plan:
    return plan(WORKSPACE, [what], now=now, compose=composer or Composer(), known=known or Snapshot())


def names(made: Plan) -> list[str]:
    return [delivery.name for delivery in made.deliveries]


def rules(made: Plan) -> list[str]:
    return [finding.rule for finding in made.findings]


def knowing(*held: str) -> Snapshot:
    due = datetime(2027, 6, 24, 7, tzinfo=UTC)
    return Snapshot({name: Held(name, name, "c", "main", 1, State.SENT, due, "", live=False) for name in held})


def test_a_post_goes_to_each_account_once_however_often_it_is_named():
    made = planned(campaign(post(accounts=("feeds", "sky", "south"))))

    assert names(made) == ["c/opening/once/auckland", "c/opening/once/main", "c/opening/once/sky"]


def test_the_campaigns_accounts_count_where_the_post_names_none():
    assert names(planned(campaign(post()))) == ["c/opening/once/main"]
    assert names(planned(campaign(post(accounts=())))) == []


def test_an_account_that_the_workspace_lacks_is_left_to_the_loader():
    assert names(planned(campaign(post(accounts=("nobody", "sky"))))) == ["c/opening/once/sky"]


def test_a_delivery_says_all_that_the_outbox_needs():
    made = planned(campaign(post(accounts=("sky",), late=timedelta(minutes=30), tags=("story",))))
    (delivery,) = made.deliveries

    assert delivery.due == datetime(2027, 6, 30, 10, tzinfo=UTC)
    assert delivery.expires_at == datetime(2027, 6, 30, 10, 30, tzinfo=UTC)
    assert (delivery.platform, delivery.timezone, delivery.live) == ("bluesky", "Europe/Skopje", True)
    assert (delivery.tags, delivery.record, delivery.part) == (("story",), "", 1)
    assert delivery.place == Place("campaigns/c.yaml", 9)


def test_late_and_tags_are_the_campaigns_where_the_post_is_silent():
    (delivery,) = planned(campaign(post(), late=timedelta(hours=5), tags=("all",))).deliveries

    assert delivery.expires_at - delivery.due == timedelta(hours=5)
    assert delivery.tags == ("all",)


def test_deliveries_come_in_the_order_of_the_day_and_of_their_names():
    made = planned(campaign(post(name="z"), post(MORNINGS, name="b", accounts=("main", "quiet")), post(name="a")))

    assert [delivery.due for delivery in made.deliveries] == sorted(delivery.due for delivery in made.deliveries)
    assert names(made)[-2:] == ["c/a/once/main", "c/z/once/main"]


def test_all_briefs_are_composed_in_one_go():
    composer = Composer()
    plan(WORKSPACE, [campaign(post()), campaign(post(), id="d")], now=LONG_AGO, compose=composer)

    assert [len(briefs) for briefs in composer.asked] == [2]


def test_the_parts_of_a_thread_are_due_together_and_numbered_from_two():
    made = planned(campaign(post()), Composer("one", "two", "three"))

    assert names(made) == ["c/opening/once/main", "c/opening/once/main.2", "c/opening/once/main.3"]
    assert len({delivery.due for delivery in made.deliveries}) == 1
    assert {delivery.thread for delivery in made.deliveries} == {"c/opening/once/main"}
    assert [delivery.content.text for delivery in made.deliveries] == ["one", "two", "three"]


def test_a_record_names_its_slot_and_reaches_the_composer():
    composer = Composer()
    rows = (Record("ana", {"key": "ana"}), Record("dina", {"key": "dina"}))
    spread = Spread(date(2027, 6, 30), time(9), time(18))
    made = planned(campaign(post(spread, records=rows)), composer)

    assert [(delivery.slot, delivery.record) for delivery in made.deliveries] == [("ana", "ana"), ("dina", "dina")]
    assert [brief.record for brief in composer.asked[0]] == list(rows)


# zones


def test_each_account_can_have_its_own_nine_oclock():
    made = planned(campaign(post(timezone="account", accounts=("auckland", "sky", "quiet"))))

    assert {
        (delivery.account, delivery.due.day, delivery.due.hour, delivery.timezone) for delivery in made.deliveries
    } == {
        ("auckland", 30, 0, "Pacific/Auckland"),
        ("sky", 30, 10, "Europe/Skopje"),
        ("quiet", 30, 12, "UTC"),
    }


def test_a_posts_zone_stands_before_the_campaigns():
    (delivery,) = planned(campaign(post(timezone="America/New_York"))).deliveries

    assert (delivery.due.hour, delivery.timezone) == (16, "America/New_York")


def test_a_jitter_is_each_accounts_own():
    jitter = replace(MORNINGS, jitter=timedelta(hours=1))
    made = planned(campaign(post(jitter, accounts=("main", "sky"))))

    assert len({delivery.due for delivery in made.deliveries}) == len(made.deliveries)


# languages


def test_an_account_gets_its_language_where_the_post_has_it():
    composer = Composer()
    made = planned(campaign(post(accounts=("main", "sky", "quiet"))), composer)

    assert {brief.account.name: brief.language for brief in composer.asked[0]} == {
        "main": "mk",
        "sky": "en",
        "quiet": "en",
    }
    assert rules(made) == []


def test_an_account_whose_language_is_not_written_gets_the_first_and_check_says_so():
    composer = Composer()
    made = planned(campaign(post(accounts=("auckland",))), composer)

    assert composer.brief("auckland").language == "en"
    assert rules(made) == ["language-fallback"]
    assert "mi" in made.findings[0].message
    assert "auckland" in made.findings[0].message
    assert "en" in made.findings[0].message


def test_a_posts_languages_stand_before_the_campaigns():
    composer = Composer()
    planned(campaign(post(accounts=("main", "sky"), languages=("mk",))), composer)

    assert {brief.language for brief in composer.asked[0]} == {"mk"}


def test_a_post_in_no_language_is_untagged():
    composer = Composer()
    planned(campaign(post(accounts=("quiet",)), languages=()), composer)

    assert composer.brief("quiet").language == ""


# for


def warned(text: str) -> Sources:
    return Sources(warning=Source(text))


def test_each_key_is_taken_from_the_most_specific_that_has_it():
    composer = Composer()
    overrides = {
        "en": replace(warned("language"), link=Source("language"), visibility="unlisted", split=True),
        "bluesky": replace(warned("platform"), link=Source("platform"), visibility="followers"),
        "south": replace(warned("group"), link=Source("group")),
        "sky": warned("account"),
    }
    planned(campaign(post(accounts=("sky",), overrides=overrides)), composer)
    sources = composer.brief("sky").sources

    assert sources.warning == Source("account")
    assert sources.link == Source("group")
    assert sources.visibility == "followers"
    assert sources.split is True
    assert sources.wording == Source("hi")


def test_of_two_groups_the_one_that_the_workspace_has_first_wins():
    composer = Composer()
    planned(campaign(post(accounts=("sky",), overrides={"south": warned("south"), "feeds": warned("feeds")})), composer)

    assert composer.brief("sky").sources.warning == Source("feeds")


def test_template_and_text_replace_each_other():
    composer = Composer()
    overrides = {"mk": Sources(wording=TemplateRef("thread.mk.j2"))}
    planned(campaign(post(accounts=("main", "sky"), overrides=overrides)), composer)

    assert composer.brief("main").sources.wording == TemplateRef("thread.mk.j2")
    assert composer.brief("sky").sources.wording == Source("hi")


def test_an_override_of_another_account_changes_nothing():
    composer = Composer()
    planned(campaign(post(accounts=("sky",), overrides={"main": warned("no"), "mk": warned("no")})), composer)

    assert composer.brief("sky").sources.warning is None


def test_hashtags_replace_and_vars_are_taken_one_by_one():
    composer = Composer()
    said = Sources(hashtags=("A", "B"), vars={"link": "campaign", "city": "campaign", "who": "campaign"})
    own = Sources(wording=Source("hi"), vars={"link": "post", "city": "post"})
    overrides = {"sky": Sources(hashtags=("C",), vars={"link": "account"})}
    planned(campaign(post(accounts=("sky", "main"), sources=own, overrides=overrides), sources=said), composer)

    assert composer.brief("sky").hashtags == ("C",)
    assert composer.brief("sky").vars == {"link": "account", "city": "post", "who": "campaign"}
    assert composer.brief("main").hashtags == ("A", "B")
    assert composer.brief("main").vars == {"link": "post", "city": "post", "who": "campaign"}


def test_an_empty_override_is_said_and_not_silent():
    composer = Composer()
    overrides = {"sky": Sources(hashtags=(), media=())}
    planned(campaign(post(accounts=("sky",), overrides=overrides), sources=Sources(hashtags=("A",))), composer)

    assert composer.brief("sky").hashtags == ()
    assert composer.brief("sky").sources.media == ()


# the past


def test_what_is_past_and_unknown_is_not_planned_and_one_note_counts_it():
    made = planned(campaign(post(MORNINGS, accounts=("main", "sky"))), now=datetime(2027, 6, 26, 7, 0, 1, tzinfo=UTC))

    assert len(made.deliveries) == 8
    assert rules(made) == ["slot-past"]
    assert "6 of 14" in made.findings[0].message
    assert "2027-06-26 07:00" in made.findings[0].message


def test_what_is_due_this_very_second_is_not_past():
    assert len(planned(campaign(post()), now=datetime(2027, 6, 30, 10, tzinfo=UTC)).deliveries) == 1


def test_what_the_outbox_knows_stays_planned_whatever_the_hour():
    now = datetime(2028, 1, 1, tzinfo=UTC)
    made = planned(campaign(post(MORNINGS)), now=now, known=knowing("c/opening/2027-06-24/main"))

    assert names(made) == ["c/opening/2027-06-24/main"]
    assert "6 of 7" in made.findings[0].message


def test_what_is_past_is_not_composed():
    composer = Composer()
    planned(campaign(post()), composer, now=datetime(2028, 1, 1, tzinfo=UTC))

    assert [len(briefs) for briefs in composer.asked] == [0]


# findings and bugs


def test_findings_of_slots_are_said_once_and_not_once_an_account():
    made = planned(campaign(post(At((Moment("once", datetime(2027, 7, 5, 12)),)), accounts=("main", "sky"))))

    assert rules(made) == ["outside-window"]


def test_what_the_composer_found_is_passed_on():
    def failing(briefs: Sequence[Brief]) -> Sequence[Composed]:
        return [Composed((), (error("template", "no such variable"),)) for _ in briefs]

    made = plan(WORKSPACE, [campaign(post(accounts=("main", "sky")))], now=LONG_AGO, compose=failing)

    assert made.deliveries == ()
    assert rules(made) == ["template"]


def test_two_deliveries_of_one_name_are_our_own_mistake():
    with pytest.raises(Bug, match="c/opening/once/main"):
        planned(campaign(post(), post()))


def test_an_answer_too_few_is_our_own_mistake():
    with pytest.raises(Bug):
        plan(WORKSPACE, [campaign(post())], now=LONG_AGO, compose=lambda _briefs: [])


# media


def test_media_files_get_what_is_known_of_them():
    facts = MediaFacts("a.png", "00ff", "image/png", 12, 3, 4)
    pictures = (Media("a.png", alt="A"), Media("missing.png", alt="B"))

    shared = Composed((Content("hello", media=pictures), Content("plain")))

    def with_pictures(briefs: Sequence[Brief]) -> Sequence[Composed]:
        return [shared for _ in briefs]

    made = plan(WORKSPACE, [campaign(post(accounts=("main", "sky")))], now=LONG_AGO, compose=with_pictures)
    seen = with_media(made, {"a.png": facts}, WORKSPACE)

    assert [media.facts for media in seen.deliveries[0].content.media] == [facts, None]
    assert names(seen) == names(made)
    assert seen.deliveries[1].content == Content("plain")
    assert seen.deliveries[0].content is seen.deliveries[2].content
    assert seen.deliveries[0].content.hash != made.deliveries[0].content.hash
