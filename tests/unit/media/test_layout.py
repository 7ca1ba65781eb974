"""Where the words of a card come to stand, in every script that its fonts have."""

from math import isfinite

import pytest

from scheduler.media.arabic import joined
from scheduler.media.drawing import laid_out
from scheduler.media.fonts import ARABIC, SANS, SERIF, Face, Fonts
from scheduler.media.layout import is_right_to_left

SENTENCES = {
    "English": "Time is now, and it is now everywhere",
    "Macedonian": "Сега е времето, и тоа насекаде во светот",
    "Greek": "Η ώρα είναι τώρα, και είναι τώρα παντού",
    "Turkish": "Şimdi zamanı, her yerde şimdi, güçlü ve öyle",
    "Arabic": "حان الوقت الآن، وفي كل مكان من العالم",
}


@pytest.fixture(scope="module")
def fonts():
    return Fonts()


def lay(fonts, text, words="", attributes=""):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 675" {attributes}>{text.format(words)}</svg>'
    root, (laid,) = laid_out(svg, fonts)
    return root.find(".//text"), laid


BOX = '<text x="100" y="50" data-width="600" data-height="200" font-size="60">{}</text>'


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_a_sentence_is_broken_into_lines_that_hold_all_of_it(fonts, sentence):
    text, laid = lay(fonts, BOX, sentence)

    drawn = " ".join(span.text.strip("\u2067\u2069") for span in text)
    assert drawn == sentence
    assert len(text) > 1
    assert (laid.fits, laid.lacking) == (True, "")
    assert all(line.x >= 100 and line.x + line.width <= 700 for line in laid.lines)
    assert all(50 <= line.baseline <= 250 for line in laid.lines)


def test_what_runs_from_right_to_left_begins_at_the_right_and_is_marked(fonts):
    text, laid = lay(fonts, BOX, SENTENCES["Arabic"])

    assert text.get("text-anchor") == "end"
    assert {span.get("x") for span in text} == {"700"}
    assert all(span.text.startswith("\u2067") and span.text.endswith("\u2069") for span in text)
    assert all(round(line.x + line.width) == 700 for line in laid.lines)


def test_a_hashtag_keeps_its_direction_among_arabic(fonts):
    text, _ = lay(fonts, BOX, "حان #TimeIsNow في #الآن")

    drawn = " ".join(span.text for span in text)
    assert "\u2066#TimeIsNow\u2069" in drawn
    assert "\u2066#الآن" not in drawn


def test_words_in_the_middle_stay_there_whatever_their_direction(fonts):
    for words in ("Time is now", "حان الوقت"):
        text, laid = lay(fonts, BOX.replace("x=", 'text-anchor="middle" x='), words)
        assert text.get("text-anchor") == "middle"
        assert round(laid.lines[0].x + laid.lines[0].width / 2) == 100


def test_a_line_by_itself_is_turned_where_it_is_said_to_run_from_the_right(fonts):
    text, laid = lay(fonts, '<text x="900" y="90" font-size="40">{}</text>', "2027", 'direction="rtl"')

    assert (text.get("text-anchor"), text.text) == ("end", "\u20672027\u2069")
    assert round(laid.lines[0].x + laid.lines[0].width) == 900


def test_what_is_said_above_a_text_holds_for_it(fonts):
    svg = '<g font-family="Noto Serif" style="font-weight: bold; font-size: 40px"><text x="0" y="50">{}</text></g>'
    text, laid = lay(fonts, svg, "Now")

    assert laid.bold
    assert laid.lines[0].size == 40
    assert round(laid.lines[0].width, 3) == round(fonts.width("Now", Face(SERIF, 700)) * 40, 3)
    assert text.text == "Now"


@pytest.mark.parametrize(("align", "baseline"), [("top", 98), ("middle", 166), ("bottom", 235)])
def test_words_stand_at_the_top_in_the_middle_or_at_the_bottom_of_their_box(fonts, align, baseline):
    _, laid = lay(fonts, BOX.replace("<text", f'<text data-align="{align}"'), "Now")

    assert round(laid.lines[0].baseline) == baseline


def test_the_size_that_fits_counts_whatever_the_style_said(fonts):
    text, laid = lay(fonts, BOX.replace('font-size="60"', 'style="fill:red;font-size:60px"'), "Now and then " * 9)

    assert laid.fits
    assert laid.lines[0].size < 60
    assert (text.get("style"), text.get("font-size")) == ("fill:red", f"{laid.lines[0].size:g}")


@pytest.mark.parametrize("size", ["-5", "nan", "1e6", "0", "x"])
def test_no_number_in_a_box_is_too_strange(fonts, size):
    usual = {"x": "1", "font-size": "9", "data-width": "400", "data-height": "90", "data-smallest": "4"}
    for name in (*usual, "data-leading"):
        said = " ".join(f'{key}="{value}"' for key, value in (usual | {name: size}).items())
        _, laid = lay(fonts, f"<text {said}>{{}}</text>", "Time is now")
        assert all(isfinite(value) for line in laid.lines for value in (line.x, line.baseline, line.width, line.size))


def test_letters_that_no_font_has_are_named(fonts):
    _, laid = lay(fonts, BOX, "Now ✊ 现在 сега ✊")

    assert laid.lacking == "✊现在"


def test_a_font_that_is_none_of_the_extras_is_named(fonts):
    _, laid = lay(fonts, '<text y="40" font-family="Comic Sans MS, serif">{}</text>', "Now")

    assert laid.family == "Comic Sans MS"


@pytest.mark.parametrize(
    ("words", "turned"),
    [("حان", True), ("#حان", True), ("שלום", True), ("#Now حان", False), ("2027 حان", True), ("", False)],
)
def test_the_first_letter_says_in_which_direction_words_run(words, turned):
    assert is_right_to_left(words) is turned


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("word", ["حان", "الوقت", "للعنف", "والتمييز", "السلام", "الإنسان", "النساء", "لا"])
def test_arabic_is_measured_as_it_is_shaped(fonts, word, weight):
    from PIL import ImageFont, features

    if not features.check("raqm"):
        pytest.skip("this Pillow shapes nothing")
    shaping = ImageFont.truetype(str(fonts.file(ARABIC)), 200, layout_engine=ImageFont.Layout.RAQM)
    shaping.set_variation_by_axes([weight, 100])

    assert fonts.width(word, Face(SANS, weight)) == pytest.approx(shaping.getlength(word) / 200, rel=0.02)


def test_letters_join_as_the_script_has_it():
    assert joined("بب") == "\ufe91\ufe90"
    assert joined("ببب") == "\ufe91\ufe92\ufe90"
    assert joined("داب") == "\ufea9\ufe8d\ufe8f"
    assert joined("لا") == "\ufefb"
    assert joined("فلا") == "\ufed3\ufefc"
    assert joined("بَب") == joined("بب")
    assert joined("abc") == "abc"


def test_each_line_of_a_drawing_program_stands_where_it_put_it(fonts):
    """Inkscape writes a text as lines with places of their own."""
    lines = '<tspan x="40" y="90">Now</tspan><tspan x="40" y="190" style="font-size:80px">حان الوقت</tspan>'
    text, laid = lay(fonts, f'<text x="1" y="2" font-size="40">{lines}</text>')

    assert [(line.baseline, line.size) for line in laid.lines] == [(90, 40), (190, 80)]
    assert laid.lines[0].x == 40
    assert round(laid.lines[1].x + laid.lines[1].width) == 40
    assert text[1].get("text-anchor") == "end"


def test_spaced_letters_are_as_wide_as_they_are_drawn(fonts):
    _, close = lay(fonts, '<text y="40" font-size="40">{}</text>', "Now")
    _, apart = lay(fonts, '<text y="40" font-size="40" letter-spacing="5">{}</text>', "Now")

    assert round(apart.lines[0].width - close.lines[0].width) == 15


def test_spaces_between_letters_shrink_with_them(fonts):
    text, laid = lay(fonts, BOX.replace("<text", '<text letter-spacing="6"'), "Now and then " * 9)

    assert laid.fits
    assert float(text.get("letter-spacing")) == pytest.approx(laid.lines[0].size / 10, rel=0.01)
