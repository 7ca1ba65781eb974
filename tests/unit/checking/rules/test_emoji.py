"""Emoji: each is read out by its name, where it stands."""

import pytest

from scheduler.checking.rules.emoji import emoji_in
from scheduler.finding import Replacement


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No ✊ to 🔥", ["✊", "🔥"]),
        ("a family 👩‍👩‍👧‍👦 is one", ["👩‍👩‍👧‍👦"]),
        ("a hand 👏🏽 is one", ["👏🏽"]),
        ("two flags 🇲🇰🇬🇷", ["🇲🇰", "🇬🇷"]),
        ("England 🏴󠁧󠁢󠁥󠁮󠁧󠁿", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿"]),
        ("a heart ❤️", ["❤️"]),
        ("key 1️⃣", ["1️⃣"]),
        ("rainbow 🏳️‍🌈", ["🏳️‍🌈"]),
        ("© ™ ® ❤ → ✓ 1 # * „ “ ½ №", []),
        ("☎︎ as text", []),
        ("Сега кажувам. حان الوقت", []),
    ],
)
def test_an_emoji_is_what_a_reader_calls_one(text, found):
    assert [one.text for one in emoji_in(text)] == found


@pytest.mark.parametrize(
    ("text", "part"),
    [("Never again ✊✊✊", "3 times"), ("One 🔥 two 💪 three ✊ four 👏", "4 emoji"), ("🇲🇰🇲🇰🇲🇰", "3 times")],
)
def test_more_than_a_listener_bears_are_told(look, text, part):
    (finding,) = look("emoji-count", text)

    assert part in finding.message


@pytest.mark.parametrize(
    "text", ["Never again ✊✊", "One 🔥 two 💪 three ✊", "Сега кажувам 💜", "حان الوقت ✊", "❤ ❤ ❤ ❤ ❤"]
)
def test_few_are_fine(look, text):
    assert look("emoji-count", text) == []


@pytest.mark.parametrize("text", ["1️⃣ a\n2️⃣ b\n3️⃣ c\n4️⃣ d", "Never again 🔥💪✊", "✊ no, ✊ never, ✊ more"])
def test_a_run_is_of_one_emoji_with_nothing_between_and_digits_are_none(look, text):
    assert look("emoji-count", text) == []


def test_a_long_text_bears_more(look):
    text = "One 🔥 two 💪 three ✊ four 👏 " + "and then some more words " * 30

    assert look("emoji-count", text, platform="facebook") == []


def test_how_many_are_too_many_can_be_set(look):
    assert len(look("emoji-count", "One 🔥", checks={"most": 0})) == 1
    assert look("emoji-count", "✊✊✊", checks={"run": 3}) == []


@pytest.mark.parametrize(
    "text",
    ["✊ No to violence", "We say ✊ no to violence", "Велиме ✊ не за насилството", "💜 Сега кажувам", "No, ✊ never"],
)
def test_before_or_inside_a_sentence_it_is_in_the_way(look, text):
    assert len(look("emoji-position", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "No to violence ✊",
        "No to violence. ✊ Read on: https://example.org",
        "No to violence ✊\nno to discrimination",
        "Join us ✊ Time is now",
        "✊",
        "✊ https://example.org/a",
        "نقول لا ✊ حان الوقت",
        "No to violence ✊ #TimeIsNow",
        "I ❤ Skopje",
    ],
)
def test_at_the_end_of_what_is_said_it_is_not(look, text):
    assert look("emoji-position", text) == []


def test_a_later_part_of_a_thread_may_begin_with_one(look):
    assert look("emoji-position", "✊ Part two", part=2) == []


@pytest.mark.parametrize(
    "text", ["How:\n✅ Listen\n✅ Speak up", "🔥 Listen\n💪 Speak up", "Како:\n👉 слушај\n👉 зборувај"]
)
def test_emoji_are_no_bullets(look, text):
    assert len(look("emoji-as-bullet", text)) == 1
    assert look("emoji-position", text) == []


@pytest.mark.parametrize("text", ["Where:\n📍 Skopje", "- Listen\n- Speak up", "No ✊\n✊\n✊", "One ✊\nTwo 🔥"])
def test_one_line_that_begins_with_an_emoji_is_no_list(look, text):
    assert look("emoji-as-bullet", text) == []


def test_a_digit_in_a_key_is_written_as_a_number(look):
    (finding,) = look("emoji-as-bullet", "How:\n1️⃣ Listen\n2️⃣ Speak up")

    assert "keycap 1" in finding.message
    assert finding.fix == Replacement("1️⃣", "1.")


def test_a_digit_in_a_key_inside_a_line_is_for_its_writer(look):
    assert [one.fix for one in look("emoji-as-bullet", "Step 1️⃣ is easy")] == [None]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("Never again✊", Replacement("again✊", "again ✊")),
        ("Сега кажувам💜!", Replacement("кажувам💜", "кажувам 💜")),
        ("#MeToo✊", Replacement("#MeToo✊", "#MeToo ✊")),
        ("لا للعنف✊", Replacement("للعنف✊", "للعنف ✊")),
    ],
)
def test_an_emoji_glued_to_a_word_is_set_apart(look, text, fix):
    assert [one.fix for one in look("emoji-glued", text)] == [fix]


@pytest.mark.parametrize(
    "text",
    ["Never again ✊", "Never again.✊", "もう二度と✊", "ไม่มีอีกแล้ว✊", "10€ ✊", "✊✊", "https://example.org/a✊"],
)
def test_what_is_set_apart_or_needs_no_blank_is_left_alone(look, text):
    assert look("emoji-glued", text) == []
