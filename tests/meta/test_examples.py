"""The shipped campaigns are right on every platform, in every language, and in every year."""

import itertools
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.checking.check import check_plan
from scheduler.composing.compose import Composer
from scheduler.finding import Finding, Severity
from scheduler.media.probe import probe
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan, plan, with_media
from scheduler.platforms import PLATFORMS, platform_named
from scheduler.workspace.loader import Loaded, load

ROOT = Path(__file__).resolve().parents[2]
THE_DAY = date(2027, 6, 30)
LONG_BEFORE = datetime(2026, 11, 24, tzinfo=UTC)
ON_THE_DAY = datetime(2027, 6, 30, 7, tzinfo=UTC)
YEARS = (LONG_BEFORE, ON_THE_DAY, datetime(2028, 1, 1, tzinfo=UTC), datetime(2031, 6, 30, tzinfo=UTC))
HASHTAGS = (
    "#MeToo",
    "#HeForShe",
    "#TimesUp",
    "#ISpeakUpNow",
    "#СегаКажувам",
    "#TheyCalledHer",
    "#ЈаВикале",
    "#NiUnaMenos",
    "#TimeIsNow",
)
"""Every hashtag of the movements that the campaigns speak of, each in its own script."""


@cache
def loaded() -> Loaded:
    return load(ROOT)


@cache
def planned(now: datetime) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan of everything at `now`, and all that anybody finds wrong with it."""
    files = loaded()
    assert files.workspace
    bare = plan(files.workspace, files.campaigns, now=now, compose=Composer(files.templates).compose)
    probed = probe(ROOT, sorted({media.file for delivery in bare.deliveries for media in delivery.content.media}))
    whole = with_media(bare, probed.facts, files.workspace)
    checked = check_plan(whole, files.workspace, files.campaigns, files.templates)
    return whole, (*files.findings, *whole.findings, *probed.findings, *checked)


def everything() -> tuple[PlannedDelivery, ...]:
    return planned(LONG_BEFORE)[0].deliveries


def of_the_day(deliveries: Iterable[PlannedDelivery]) -> list[PlannedDelivery]:
    """Posts of the day in their slots' own zones; a thread counts once."""
    return [
        delivery
        for delivery in deliveries
        if delivery.part == 1 and delivery.due.astimezone(ZoneInfo(delivery.timezone)).date() == THE_DAY
    ]


@pytest.mark.parametrize("now", YEARS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_the_strictest_check_is_clean_in_every_year(now: datetime) -> None:
    findings = planned(now)[1]

    assert [str(finding) for finding in findings if finding.severity is not Severity.NOTE] == []


def test_before_the_campaigns_begin_there_is_not_even_a_note() -> None:
    assert [str(finding) for finding in planned(LONG_BEFORE)[1]] == []


def test_social_media_day_is_a_full_day() -> None:
    day = of_the_day(everything())

    assert len(day) >= 60
    assert len({delivery.platform for delivery in day}) >= 8


def test_the_accounts_speak_from_at_least_five_zones() -> None:
    workspace = loaded().workspace
    assert workspace

    assert len({account.timezone for account in workspace.accounts.values()}) >= 5


def test_nothing_shipped_reaches_anybody() -> None:
    assert not any(delivery.live for delivery in everything())


def test_six_women_are_introduced_over_the_day_one_at_a_time() -> None:
    moments = {delivery.record: delivery.due for delivery in of_the_day(everything()) if delivery.post == "spotlight"}

    ordered = sorted(moments.values())
    assert len(moments) == 6
    assert {later - earlier for earlier, later in itertools.pairwise(ordered)} == {(ordered[-1] - ordered[0]) / 5}


def test_every_chapter_says_good_morning_at_its_own_nine_o_clock() -> None:
    mornings = [delivery for delivery in everything() if delivery.post == "good-morning"]

    assert {delivery.due.astimezone(ZoneInfo(delivery.timezone)).hour for delivery in mornings} == {9}
    assert len({delivery.due for delivery in mornings}) >= 5
    assert {delivery.content.language for delivery in mornings} == {"en", "mk", "es", "ar"}


def test_the_closing_call_is_one_moment_for_every_account() -> None:
    workspace = loaded().workspace
    assert workspace
    calls = [delivery for delivery in everything() if delivery.post == "closing-call"]

    assert len({delivery.due for delivery in calls}) == 1
    assert {delivery.account for delivery in calls} == set(workspace.accounts)


@pytest.mark.parametrize("hashtag", HASHTAGS)
def test_every_hashtag_is_published_and_is_a_link_where_hashtags_are(hashtag: str) -> None:
    carriers = [delivery for delivery in everything() if hashtag in delivery.content.text]

    assert carriers
    for delivery in carriers:
        platform = platform_named(delivery.platform)
        if platform.entities("#TimeIsNow").hashtags:
            linked = {entity.text for entity in platform.entities(delivery.content.text).hashtags}
            assert hashtag in linked or hashtag[1:] in linked, delivery.name


@pytest.mark.parametrize(
    "platform", [name for name, rules in PLATFORMS.items() if rules.entities("#TimeIsNow").hashtags]
)
@pytest.mark.parametrize("hashtag", HASHTAGS)
def test_every_hashtag_works_on_every_platform_that_has_them(platform: str, hashtag: str) -> None:
    found = platform_named(platform).entities(f"No, says everyone. {hashtag}").hashtags

    assert [entity.text.lstrip("#") for entity in found] == [hashtag[1:]]


def test_every_text_is_within_every_limit() -> None:
    workspace = loaded().workspace
    assert workspace
    for delivery in everything():
        content, limits = delivery.content, workspace.accounts[delivery.account].limits
        measures = platform_named(delivery.platform).measure(
            content.text, warning=content.warning, limits=limits, media=len(content.media)
        )
        assert all(measure.fits for measure in measures), (delivery.name, measures)


def test_every_survivors_story_says_where_help_is() -> None:
    """In a thread the last part says it."""
    stories = [delivery for delivery in everything() if "survivor-story" in delivery.tags]
    warned = [
        story for story in stories if story.content.warning or story.content.text.startswith(("Content:", "Содр"))
    ]

    assert len(warned) > 40
    assert [story.name for story in warned if "https://example.org/help" not in story.content.text] == []


def test_every_picture_is_described_in_words_of_its_post() -> None:
    pictures = [media for delivery in everything() for media in delivery.content.media]

    assert pictures
    for media in pictures:
        assert media.alt, media.file
        assert not re.match(r"(?i)(image|picture|graphic|photo) of", media.alt)
        assert media.credit == "Drumbeat contributors, CC0"


def test_the_pictures_are_small_and_each_is_shown() -> None:
    shown = {media.file for delivery in everything() for media in delivery.content.media if not media.drawing}
    files = [path for path in (ROOT / "media").rglob("*") if path.suffix in {".jpg", ".png"}]

    assert {path.relative_to(ROOT / "media").as_posix() for path in files} == shown
    assert [path.name for path in files if path.stat().st_size >= 60_000] == []


def test_no_text_speaks_of_a_day_that_moves() -> None:
    """A post may be read, or go out late, on another day than it was written for."""
    moving = re.compile(r"(?i)\b(today|tonight|tomorrow|yesterday|денес|утре|вчера|hoy|mañana por|ayer)\b|اليوم،|غدًا")

    assert [delivery.name for delivery in everything() if moving.search(delivery.content.text)] == []


def test_the_example_of_env_names_the_variables_of_the_accounts_and_no_others() -> None:
    workspace = loaded().workspace
    assert workspace
    used = {variable for account in workspace.accounts.values() for variable in account.secrets.values()}
    named = set(re.findall(r"(?m)^#?\s*([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8")))

    assert used == {name for name in named if not name.startswith("DRUMBEAT_")}
    assert used
