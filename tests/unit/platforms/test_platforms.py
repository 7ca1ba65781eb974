"""What holds for all platforms, and what each of the rest counts and finds in its own way."""

import subprocess
import sys

import pytest

from scheduler.errors import UsageError
from scheduler.platforms import PLATFORMS, Feature, platform_named
from scheduler.platforms.measuring import measured
from scheduler.platforms.units import graphemes, utf8_bytes, utf16_units

NAMES = [
    "mastodon",
    "bluesky",
    "x",
    "threads",
    "facebook",
    "instagram",
    "linkedin",
    "telegram",
    "discord",
    "slack",
    "matrix",
    "nostr",
    "wordpress",
    "ghost",
    "webhook",
    "feed",
    "email",
    "apprise",
    "manual",
]
TEXT = "Кажи не. 🎉 #СегаКажувам https://example.org/a"


def found(name: str, kind: str, text: str) -> list[str]:
    return [entity.text for entity in getattr(PLATFORMS[name].entities(text), kind)]


def test_every_platform_that_a_file_may_name_is_there() -> None:
    assert set(PLATFORMS) == set(NAMES)
    assert all(platform.name == name for name, platform in PLATFORMS.items())


def test_an_unknown_platform_is_a_wrong_call_that_names_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        platform_named("myspace")

    assert "mastodon" in caught.value.mend


@pytest.mark.parametrize("name", NAMES)
def test_the_data_of_a_platform_agree_with_each_other(name: str) -> None:
    platform = platform_named(name)

    assert platform.title
    assert "text" in platform.limits
    assert all(limit >= 0 for limit in platform.limits.values())
    assert platform.has(Feature.VISIBILITY) is (platform.visibilities > {"public"})
    assert (
        {"poll_options", "poll_min"} <= set(platform.limits)
        or not platform.has(Feature.POLL)
        or not platform.limits["text"]
    )
    assert "poll_options" not in platform.limits or platform.has(Feature.POLL)
    assert "alt" not in platform.limits or platform.has(Feature.ALT)
    assert not platform.has(Feature.ALT) or platform.has(Feature.MEDIA)
    assert "public" in platform.visibilities


@pytest.mark.parametrize("name", NAMES)
def test_the_unit_of_a_platform_is_among_its_measures(name: str) -> None:
    platform = platform_named(name)

    assert platform.unit in {measure.unit for measure in platform.measure(TEXT)}


@pytest.mark.parametrize("name", NAMES)
def test_an_account_may_have_another_limit(name: str) -> None:
    measures = platform_named(name).measure(TEXT, limits={"text": 7})

    assert any(measure.limit == 7 and not measure.fits for measure in measures)


def test_where_no_limit_is_known_everything_fits() -> None:
    result = measured("a" * 100_000, "manual")

    assert (result.length, result.limit, result.valid) == (100_000, 0, True)


def test_the_measure_says_all_of_a_text() -> None:
    result = measured("a #b", "mastodon", "violence")

    assert (result.platform, result.length, result.limit, result.unit, result.valid) == (
        "mastodon",
        12,
        500,
        "characters",
        True,
    )
    assert result.entities.hashtags[0].start == 2


def test_the_words_of_degrade_are_features() -> None:
    assert {"warning", "alt", "poll", "language", "visibility"} <= {feature.value for feature in Feature}


@pytest.mark.parametrize(
    ("text", "clusters", "octets", "units"),
    [("", 0, 0, 0), ("abc\r\n", 4, 5, 5), ("Ж", 1, 2, 1), ("🎉", 1, 4, 2), ("👩‍🚀", 1, 11, 5), ("\ud800", 1, 3, 1)],
)
def test_one_text_has_a_length_in_every_unit(text: str, clusters: int, octets: int, units: int) -> None:
    assert (graphemes(text), utf8_bytes(text), utf16_units(text)) == (clusters, octets, units)


def test_an_emoji_costs_its_bytes_on_threads() -> None:
    assert PLATFORMS["threads"].measure("Кажи 🎉👨‍👩‍👧‍👦 日本 ❤️ ©")[0].value == 5 + 4 + 25 + 4 + 6 + 2


def test_the_first_hashtag_is_the_topic_on_threads() -> None:
    assert found("threads", "hashtags", "#First and #Second") == ["#First"]


def test_telegram_counts_utf_16_and_less_beside_media() -> None:
    telegram = PLATFORMS["telegram"]

    assert telegram.measure("a🎉")[0].value == 3
    assert telegram.measure("a")[0].limit == 4096
    assert telegram.measure("a", media=1)[0].limit == 1024
    assert measured("a" * 2000, "telegram", media=2).valid is False


def test_telegram_cuts_a_hashtag_at_a_vowel_sign() -> None:
    assert found("telegram", "hashtags", "#СегаКажувам #2024 #a#b (#c)") == ["#СегаКажувам", "#c"]
    assert found("telegram", "mentions", "@un @u a@un @UN_Women.") == ["@un", "@UN_Women"]


def test_discord_and_slack_mention_by_id_alone() -> None:
    text = "@name <@123> <@U0AB> <!here>"

    assert found("discord", "mentions", text) == ["<@123>"]
    assert found("slack", "mentions", text) == ["<@U0AB>", "<!here>"]
    assert PLATFORMS["discord"].measure("  a \n")[0].value == 1


def test_matrix_counts_the_bytes_of_text_and_warning() -> None:
    assert PLATFORMS["matrix"].measure("Ж", warning="ab")[0].value == 4
    assert found("matrix", "mentions", "hi @ann:example.org.") == ["@ann:example.org"]


def test_links_in_an_instagram_caption_are_dead() -> None:
    assert found("instagram", "urls", TEXT) == []
    assert found("instagram", "hashtags", TEXT) == ["#СегаКажувам"]
    assert PLATFORMS["instagram"].limits["media_min"] == 1


def test_linkedin_mentions_carry_a_name_and_an_address() -> None:
    text = "by @[UN Women](urn:li:organization:123) and @ann"

    assert found("linkedin", "mentions", text) == ["@[UN Women](urn:li:organization:123)"]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("„https://example.org/a“", "https://example.org/a"),
        ("https://", ""),
        ("xhttps://example.org", ""),
    ],
)
def test_plain_platforms_find_links_with_a_scheme(text: str, link: str) -> None:
    assert found("feed", "urls", text) == ([link] if link else [])


def test_what_touches_a_link_belongs_to_it_on_plain_platforms() -> None:
    assert found("manual", "hashtags", "https://example.org/#a #b") == ["#b"]
    assert found("manual", "mentions", "https://example.org/@a @b") == ["@b"]


def test_a_nostr_mention_is_a_key() -> None:
    assert found("nostr", "mentions", "nostr:npub1qqqqqq and npub1qqq") == ["nostr:npub1qqqqqq"]


def test_a_platform_is_loaded_when_it_is_asked_for() -> None:
    """`drumbeat --help` names the platforms without paying for the expressions of any."""
    code = (
        "import sys; from scheduler.platforms import PLATFORMS; list(PLATFORMS), 'x' in PLATFORMS; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()

    assert "scheduler.platforms.rules" in loaded
    assert not [name for name in loaded if name.startswith(("scheduler.platforms.rules.", "regex"))]
