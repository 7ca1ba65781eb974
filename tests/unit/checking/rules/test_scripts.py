"""Letters that look alike, and characters that nobody sees."""

import pytest

from scheduler.checking.rules.scripts import untwinned
from scheduler.finding import Replacement


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("МeToo", "MeToo"),
        ("СегаКaжувам", "СегаКажувам"),
        ("Τime", "Time"),
        ("pаypal", "paypal"),
        ("сегa", "сега"),
        ("MеΤoo", "MeToo"),
    ],
)
def test_a_letter_of_the_rarer_script_that_has_a_twin_is_put_right(word, plain):
    assert untwinned(word) == plain


@pytest.mark.parametrize(
    "word",
    [
        "MeToo",
        "СегаКажувам",
        "МеТоо",
        "TimeIsNowСега",
        "ЈаВикалеTheyCalledHer",
        "Βία",
        "حان",
        "µm",
        "日本go",
        "é",
        "",
        "ITсектор",
        "TimeIsNowМК",
    ],
)
def test_a_whole_script_or_a_choice_is_sound(word):
    assert untwinned(word) == ""


def test_a_hashtag_with_a_foreign_letter_is_told_with_it(look):
    (finding,) = look("mixed-script", "Now #МeToo!")

    assert "“М” in it is Cyrillic" in finding.message
    assert finding.fix == Replacement("#МeToo", "#MeToo")


@pytest.mark.parametrize(
    ("text", "fixed"), [("@sаyno@mastodon.example", "@sayno@mastodon.example"), ("https://exаmple.org/a", None)]
)
def test_handles_and_hosts_are_looked_at_and_a_host_is_for_its_writer(look, text, fixed):
    (finding,) = look("mixed-script", text)

    assert (finding.fix and finding.fix.new) == fixed


@pytest.mark.parametrize(
    "text",
    [
        "#MeToo #СегаКажувам",
        "Сега: MeToo",
        "https://example.org/сега",
        "https://пример.мкд/time",
        "МeToo as a word",
        "IТ",
    ],
)
def test_scripts_side_by_side_are_fine(look, text):
    assert look("mixed-script", text) == []


def test_a_hashtag_all_in_another_script_that_looks_like_the_campaigns_is_told(look):
    (finding,) = look("mixed-script", "Now #МеТоо", hashtags=("MeToo",))

    assert "only looks like #MeToo" in finding.message
    assert finding.fix == Replacement("#МеТоо", "#MeToo")
    assert look("mixed-script", "Now #МеТоо #МоеТело #metoonow", hashtags=("МеТоо", "MeTooNow")) == []


def test_the_posts_own_link_is_looked_at(look):
    assert [one.fix for one in look("mixed-script", link="https://exаmple.org/a")] == [None]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("#Me\u200bToo", Replacement("#Me\u200bToo", "#MeToo")),
        ("@say\u2060no", Replacement("@say\u2060no", "@sayno")),
        (
            "https://example.org/a\u200bb",
            Replacement("https://example.org/a\u200bb", "https://example.org/ab"),
        ),
        ("#Сега\u00adКажувам", Replacement("#Сега\u00adКажувам", "#СегаКажувам")),
    ],
)
def test_what_nobody_sees_is_taken_out_of_links_handles_and_hashtags(look, text, fix):
    (finding,) = look("bidi-control", f"See {text} now")

    assert "nobody sees" in finding.message
    assert finding.fix == fix


@pytest.mark.parametrize(
    "text",
    [
        "لا للعنف #حان_الوقت",
        "می\u200cخواهم #می\u200cخواهم",
        "soft\u00adhyphen in a word",
        "\u200e#MeToo\u200e is left to right",
        "\u2068Ana\u2069 said no",
        "family 👨\u200d👩\u200d👧",
        "\u202bعربي\u202c text",
    ],
)
def test_marks_that_a_text_needs_are_left_alone(look, text):
    assert look("bidi-control", text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("\u2067never closed", "does not turn it back"),
        ("closed twice\u2069", "did not begin"),
        ("\u202aone\u2069", "did not begin"),
        ("line one \u2067\nline two \u2069", "does not turn it back"),
        ("price \u202e001", "another order"),
    ],
)
def test_a_direction_that_is_turned_and_not_turned_back_is_an_error(look, text, part):
    (finding,) = look("bidi-control", text)

    assert part in finding.message


def test_the_posts_own_link_has_no_character_that_nobody_sees(look):
    assert len(look("bidi-control", link="https://example.org/\u200b")) == 1
