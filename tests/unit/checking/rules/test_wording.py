"""Letters that are none, words in capitals, words that lead nowhere."""

import pytest

from scheduler.checking.rules.phrases import LINK_WORDS
from scheduler.finding import Replacement, Severity
from scheduler.model.content import Media, Poll


@pytest.mark.parametrize(
    ("fancy", "plain"),
    [
        ("𝗡𝗲𝘃𝗲𝗿 𝗮𝗴𝗮𝗶𝗻", "Never again"),
        ("𝒯𝒾𝓂ℯ", "Time"),
        ("𝕋𝕙𝕖", "The"),
        ("Ⓜⓔⓣⓞⓞ", "Metoo"),
        ("🅼🅴🆃🅾🅾", "METOO"),
        ("🄼🄴", "ME"),
        ("ｎｅｖｅｒ　ａｇａｉｎ", "never again"),
        ("ᵗⁱᵐᵉ", "time"),
        ("ɴᴇᴠᴇʀ", "never"),
        ("ᴡʜʏ", "why"),
        ("n̶e̶v̶e̶r̶", "never"),
        ("𝟐𝟎𝟐𝟕", "2027"),
    ],
)
def test_letters_in_disguise_are_an_error_and_written_plainly(look, fancy, plain):
    (finding,) = look("fancy-unicode", f"We say: {fancy}!")

    assert finding.severity is Severity.ERROR
    assert finding.fix == Replacement(fancy, plain)


@pytest.mark.parametrize(
    "text",
    [
        "Never again",
        "Сега кажувам",
        "حان الوقت",
        "Η ώρα είναι τώρα",
        "1.ª edición, 2º lugar, Mᵐᵉ Curie, 1ᵉʳ mai, x² + y²",
        "The set ℝ, a Planck constant ℎ, ① and ②, № 5, ™, ℃",
        "ＮＨＫの時間です",
        "Blood groups 🅰️ and 🅱️ and 🆎",
        "🇲🇰 🇬🇷",
        "naïve café Ångström Đorđević",
        "čćžšđ ЌЃЉЊЏ",
        "fi ﬁ",
        "a vow, a vox, čas",
        "/ˈɪndɪk/ and ᴀʙᴄdef",
    ],
)
def test_what_people_write_is_made_of_letters(look, text):
    assert look("fancy-unicode", text) == []


def test_every_text_of_a_post_is_looked_at(look):
    found = look(
        "fancy-unicode",
        warning="𝗩𝗶𝗼𝗹𝗲𝗻𝗰𝗲",
        media=(Media("a.png", "𝗔 𝗱𝗼𝗼𝗿"),),
        poll=Poll(("𝗬𝗲𝘀", "No"), 86_400),
    )

    assert [one.message.partition(" in ")[2].removesuffix(" is not made of letters.") for one in found] == [
        "the warning",
        "the alternative text of media/a.png",
        "a poll's option",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "STOP VIOLENCE against women",
        "NO MEANS NO",
        "Велиме: СТОП ЗА НАСИЛСТВОТО!",
        "Λέμε ΠΟΤΕ ΞΑΝΑ ΒΙΑ",
        "DON'T STOP",
        "HASTA NUNCA, violencia",
    ],
)
def test_a_run_of_words_in_capitals_shouts(look, text):
    assert len(look("all-caps", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Produced by BMG USA LLC",
        "UN Women and UNICEF, UNHCR, UNESCO, WHO",
        "The EU and the USA",
        "NUNCA MÁS violencia",
        "#STOP #VIOLENCE #NOW",
        "https://example.org/STOP/VIOLENCE NOW",
        "Never AGAIN, never",
        "Never again",
        "حان الوقت الآن",
        "МВР и СЈО",
        "A B C D E F",
        "CEDAW-Ausschuss der UN",
    ],
)
def test_acronyms_hashtags_and_single_words_do_not(look, text):
    assert look("all-caps", text) == []


def test_words_seen_on_a_picture_may_be_told_as_they_are(look):
    assert look("all-caps", media=(Media("a.png", "A banner that says NO MORE SILENCE"),)) == []
    assert len(look("all-caps", warning="SEXUAL VIOLENCE")) == 1


def test_a_workspaces_own_acronyms_are_none(look):
    assert len(look("all-caps", "OSCE ODIHR")) == 1
    assert look("all-caps", "OSCE ODIHR", checks={"acronyms": "osce ODIHR"}) == []


@pytest.mark.parametrize(
    "drawn", ["¯\\_(ツ)_/¯", "¯\\(ツ)/¯", "(╯°□°)╯︵ ┻━┻", "( ͡° ͜ʖ ͡°)", "ʕ•ᴥ•ʔ", "(ง'̀-'́)ง", "ಠ_ಠ", "(^_^)"]
)
def test_a_face_drawn_with_signs_is_told(look, drawn):
    assert len(look("ascii-art", f"Who knows {drawn} today")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Who knows 🤷",
        "a (b) c",
        "x_x",
        "^_^",
        "(see above)",
        "f(x) = (a_b)",
        "ツ",
        "(ง่าย)",
        ":-) ;) <3",
        "— — —",
        "* * *",
    ],
)
def test_brackets_and_smileys_are_left_alone(look, text):
    assert look("ascii-art", text) == []


@pytest.mark.parametrize("language", sorted(LINK_WORDS))
def test_every_language_has_words_that_lead_nowhere(look, language):
    for phrase in LINK_WORDS[language]:
        assert len(look("link-text", f"{phrase}: https://example.org/help", language=language)) == 1, phrase
        assert len(look("link-text", f"{phrase.capitalize()} https://example.org/help", language=language)) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Where to find help: https://example.org/help"),
        ("en", "The link is in our profile."),
        ("en", "One click. Here we are."),
        ("mk", "Тука сме. Кликни на копчето"),
        ("es", "Aquí está la ayuda: https://example.org"),
        ("ar", "هنا تجدون المساعدة"),
        ("de", "Hier ist Hilfe"),
    ],
)
def test_words_that_say_where_a_link_leads_are_good(look, language, text):
    assert look("link-text", text, language=language) == []
