"""Hashtags, in every script, and what somebody meant to write."""

import pytest

from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.words import close_to, hashtag_of


@pytest.mark.parametrize(
    ("words", "hashtag"),
    [
        ("time is now", "#TimeIsNow"),
        ("TimeIsNow", "#TimeIsNow"),
        ("сега кажувам", "#СегаКажувам"),
        ("СегаКажувам", "#СегаКажувам"),
        ("ni una menos", "#NiUnaMenos"),
        ("iSpeakUp now", "#iSpeakUpNow"),
        ("UN Women", "#UNWomen"),
        ("women's day", "#WomensDay"),
        ("women\u2019s day", "#WomensDay"),
        ("me-too", "#MeToo"),
        ("8 march", "#8March"),
        ("16 days", "#16Days"),
        ("metoo", "#metoo"),
        ("#MeToo", "#MeToo"),
        ("# time is now", "#TimeIsNow"),
        ("الآن وقت", "#الآنوقت"),
        ("今 こそ", "#今こそ"),
        ("महिला दिवस", "#महिलादिवस"),
        ("נשים עכשיו", "#נשיםעכשיו"),
        ("élan vital", "#ÉlanVital"),
        ("e\u0301lan vital", "#ÉlanVital"),
        ("ǆep ǆep", "#ǅepǅep"),
        ("snake_case", "#snake_case"),
        ("time, is: now!", "#TimeIsNow"),
        ("col·lectiu", "#col·lectiu"),
    ],
)
def test_a_hashtag_is_made_of_words(words, hashtag):
    assert hashtag_of(words) == hashtag


@pytest.mark.parametrize("words", ["", "2027", "!!!", "#", "___", "🕊"])
def test_without_a_letter_there_is_no_hashtag(words):
    with pytest.raises(TemplateRefused):
        hashtag_of(words)


def test_what_was_meant_is_guessed():
    assert close_to("nam", ["name", "key"], before="record.") == "Did you mean `record.name`?"
    assert close_to("zzz", ["name"]) == ""


def test_hashtags_print_side_by_side_and_loop_with_their_sign(render):
    assert render("{{ hashtags }}", hashtags=("TimeIsNow", "сега кажувам")) == "#TimeIsNow #СегаКажувам"
    assert render("{% for tag in hashtags %}[{{ tag }}]{% endfor %}", hashtags=("A", "B")) == "[#A][#B]"
    assert render("{{ hashtags|join(', ') }}", hashtags=("A", "B")) == "#A, #B"
    assert render("no tags{{ hashtags }}", hashtags=()) == "no tags"


def test_a_records_hashtags_print_with_their_sign_too(render):
    record = {"hashtags": ("ISpeakUpNow", "СегаКажувам")}
    assert render("{{ record.hashtags }}", record=record) == "#ISpeakUpNow #СегаКажувам"
    assert render("none: {{ record.hashtags }}", record={"hashtags": ()}) == "none:"
    assert render("none: {{ record.hashtags }}", record={"hashtags": None}) == "none:"


def test_the_hashtag_filter_takes_a_text_or_a_list(render):
    assert render("{{ 'time is now'|hashtag }} {{ ['me too', 'TimesUp']|hashtag }}") == "#TimeIsNow #MeToo #TimesUp"


def test_a_word_that_is_no_hashtag_is_told_where_the_hashtags_stand(findings):
    (found,) = findings("{{ hashtags }}", hashtags=("2027",))
    assert found.path == "posts.tip.hashtags"


def test_a_mention_is_what_the_platform_calls_whom(render, findings):
    assert render("{{ mention('unwomen') }}", platform="x") == "@UN_Women"
    assert render("{{ mention('unwomen') }}", platform="mastodon") == "@unwomen@mastodon.example"
    assert render("{{ mention('unwomen', 'UN Women') }}", platform="bluesky") == "UN Women"
    (found,) = findings("{{ mention('unwomen') }}", platform="bluesky")
    assert "bluesky" in found.message
    assert "`mention('unwomen', 'the name in words')`" in found.mend
    (found,) = findings("{{ mention('unwoman') }}")
    assert found.mend == "Did you mean `unwomen`?"
