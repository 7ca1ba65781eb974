"""Hashtags that work, that may be used, that can be read aloud."""

import pytest

from scheduler.finding import Replacement, Severity


@pytest.mark.parametrize(
    "text", ["Join us (#MeToo) now", "Викаме „#СегаКажувам“ сите", "Now:#MeToo", "✊#MeToo", "«#MeToo»"]
)
def test_a_bracket_or_quote_before_a_hashtag_leaves_it_dead_on_mastodon(look, text):
    (finding,) = look("hashtag-dead", text)

    assert finding.severity is Severity.WARNING
    assert "Mastodon would not link #" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "#MeToo",
        "Join us: #MeToo, #СегаКажувам. #NiUnaMenos!",
        "C#minor and F#",
        "https://example.org/#section and example.org/#part",
        "the colour #ffcc00",
        "We are #1",
        "a/#b",
        "mail me@#x",
    ],
)
def test_what_is_a_link_or_was_never_meant_as_a_hashtag_is_left_alone(look, text):
    assert look("hashtag-dead", text) == []


def test_where_one_hashtag_counts_the_mend_says_so(look):
    (finding,) = look("hashtag-dead", "#MeToo and #TimesUp", platform="threads")

    assert "#TimesUp" in finding.message
    assert "the first one only" in finding.mend


def test_a_hashtag_is_told_whole_in_any_script(look):
    (finding,) = look("hashtag-dead", "(#महिला_अधिकार)")

    assert "#महिला_अधिकार." in finding.message


def test_where_the_platform_links_it_after_a_bracket_it_lives(look):
    assert look("hashtag-dead", "Join us (#MeToo) now", platform="x") == []


def test_a_hashtag_in_small_letters_is_written_as_the_campaign_has_it(look):
    (finding,) = look("hashtag-case", "Now #timeisnow", hashtags=("TimeIsNow",))

    assert finding.severity is Severity.WARNING
    assert finding.fix == Replacement("#timeisnow", "#TimeIsNow")


@pytest.mark.parametrize(
    ("text", "hashtags", "written", "better"),
    [
        ("#сегакажувам", ("СегаКажувам",), "", "#СегаКажувам"),
        ("#niunamenos", ("NiUnaMenos",), "", "#NiUnaMenos"),
        ("#metoo", (), "In the file: #MeToo", "#MeToo"),
        ("#MeToo and #metoo", (), "", "#MeToo"),
    ],
)
def test_any_script_with_capitals_and_any_text_of_the_campaign_count(look, text, hashtags, written, better):
    (finding,) = look("hashtag-case", text, hashtags=hashtags, written=written)

    assert finding.fix is not None
    assert finding.fix.new == better


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("#TimeIsNow", ("TimeIsNow",)),
        ("#TIMEISNOW", ("TimeIsNow",)),
        ("#equality", ("TimeIsNow",)),
        ("#equality", ("equality", "Equality")),
        ("#internationalization", ()),
        ("https://example.org/#timeisnow", ("TimeIsNow",)),
        ("#антидискриминација", ()),
        ("#لا_للعنف_لا_للتمييز_في_كل_مكان", ()),
    ],
)
def test_one_word_capitals_and_scripts_without_them_are_left_alone(look, text, hashtags):
    assert look("hashtag-case", text, hashtags=hashtags) == []


def test_a_very_long_one_is_asked_about_from_a_length_that_can_be_set(look):
    long = "#sayitbeforethewholeworld"

    assert [one.fix for one in look("hashtag-case", long)] == [None]
    assert look("hashtag-case", long, checks={"letters": 40}) == []
    assert look("hashtag-case", long, checks={"letters": 0}) == []


def test_a_long_german_word_is_one_word(look):
    assert look("hashtag-case", "#geschlechtergerechtigkeit", language="de") == []


def test_more_hashtags_than_a_text_bears_are_told(look):
    tags = " ".join(f"#Tag{letter}" for letter in "abcdef")

    assert [one.severity for one in look("hashtag-many", tags)] == [Severity.NOTE]
    assert look("hashtag-many", tags, checks={"most": 6}) == []
    assert look("hashtag-many", "#One #Two #Three #Four #Five") == []


def test_more_than_the_platform_takes_are_said_once(look):
    assert look("hashtag-many", " ".join(f"#tag{n}" for n in range(31)), platform="instagram") == []
