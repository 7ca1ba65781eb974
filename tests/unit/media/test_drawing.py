"""A card's picture: the same everywhere, of the size that was asked for, and nothing in it that was not said."""

import sys
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from scheduler.composing.svg import SvgRefused
from scheduler.media.cards import look
from scheduler.media.drawing import draw
from scheduler.media.fonts import CardsNotInstalled, Fonts
from scheduler.media.making import made_bytes
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts, Recipe

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
SVG = f"""<svg {XMLNS} viewBox="0 0 400 200">
  <rect width="400" height="200" fill="#102040"/>
  <text x="20" y="20" data-width="360" data-height="100" font-size="40" fill="#ffffff">Time is now حان Сега</text>
</svg>"""


def opened(picture):
    image = Image.open(BytesIO(picture))
    image.load()
    return image


def test_a_card_is_drawn_in_the_size_that_is_asked_for():
    image = opened(draw(SVG, 800, 400))

    assert (image.format, image.size) == ("PNG", (800, 400))
    assert image.convert("RGB").getpixel((2, 2)) == (0x10, 0x20, 0x40)


def test_the_same_drawing_is_the_same_picture():
    assert draw(SVG, 400, 200) == draw(SVG, 400, 200)


def test_words_are_drawn_and_what_is_transparent_is_white():
    nothing = f'<svg {XMLNS} viewBox="0 0 400 200"/>'
    words = f'<svg {XMLNS} viewBox="0 0 400 200"><text x="20" y="120" font-size="90">Now</text></svg>'

    assert opened(draw(nothing, 400, 200)).convert("RGB").getextrema() == ((255, 255),) * 3
    assert opened(draw(words, 400, 200)).convert("RGB").getextrema() == ((0, 255),) * 3


@pytest.mark.parametrize("words", ["Time", "Сега", "Τώρα", "حان", "Şimdi"])
def test_every_script_of_the_fonts_is_drawn_in_letters_of_its_own(words):
    """No two words give the same picture, and none the boxes of letters that are not there."""
    svg = f'<svg {XMLNS} viewBox="0 0 400 200"><text x="50" y="120" font-size="60">{{}}</text></svg>'

    assert draw(svg.format(words), 400, 200) != draw(svg.format("\ue000" * len(words)), 400, 200)


def test_a_platform_that_takes_few_bytes_gets_its_card_in_no_more(tmp_path):
    facts = MediaFacts("card:a.svg", "0" * 64, "image/svg+xml", len(SVG), 400, 200)
    card = Media("card:a.svg", facts=facts, recipe=Recipe("image/png", 800, 400), drawing=SVG)
    most = len(made_bytes(tmp_path, card)) - 1

    small = made_bytes(tmp_path, replace(card, recipe=Recipe("image/png", 800, 400, most)))

    assert len(small) <= most
    assert opened(small).format == "PNG"


def test_what_is_no_card_is_not_drawn():
    with pytest.raises(SvgRefused):
        draw(SVG.replace("<rect", '<image href="file:///etc/hostname"/><rect'), 400, 200)


@pytest.mark.parametrize("module", ["fontpkg", "resvg_py"])
def test_without_the_extra_a_card_says_what_to_install(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(CardsNotInstalled) as told:
        draw(SVG, 400, 200)
    assert told.value.mend == "Run `pip install 'drumbeat[cards]'`."


def flaws(inside, ground="#ffffff"):
    svg = f'<svg {XMLNS} viewBox="0 0 1200 675"><rect width="1200" height="675" fill="{ground}"/>{inside}</svg>'
    return [(flaw.rule, flaw.what) for flaw in look(svg, Fonts())]


SMALL = '<text x="100" y="200" font-size="40" fill="{}">Time is now</text>'


@pytest.mark.parametrize(
    ("inside", "ground", "seen"),
    [
        (SMALL.format("#000000"), "#ffffff", None),
        (SMALL.format("#767676"), "#ffffff", None),
        (SMALL.format("#7a7a7a"), "#ffffff", "4.3"),
        (SMALL.format("#ffffff"), "#ffffff", "1.0"),
        (SMALL.format("none"), "#ffffff", "1.0"),
        (SMALL.format("#7a7a7a").replace('"40"', '"90"'), "#ffffff", None),
        (SMALL.format("#7a7a7a").replace('"40"', '"60" font-weight="700"'), "#ffffff", None),
        (SMALL.format("#9a9a9a").replace('"40"', '"90"'), "#ffffff", "2.8"),
        (SMALL.format("#000000").replace("<text", '<text opacity="0.3"'), "#ffffff", "2.1"),
        (f'<g fill="#fff" opacity="0.9">{SMALL.replace(" fill=", " data-fill=")}</g>', "#000", None),
        ('<rect x="300" width="900" height="675" fill="#222"/>' + SMALL.format("#000"), "#fff", "1.3"),
        (SMALL.format("#000") + '<rect y="150" width="1200" height="60" fill="#fff"/>', "#fff", "1.0"),
        ('<g transform="rotate(90 600 337)">' + SMALL.format("#fff") + "</g>", "#000", None),
        ('<g transform="translate(0 400)">' + SMALL.format("#fff") + '</g><rect y="0"/>', "#eee", "1.2"),
        (
            '<linearGradient id="a"><stop stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>'
            '<rect width="1200" height="675" fill="url(#a)"/>' + SMALL.format("#fff").replace('x="100"', 'x="900"'),
            "#fff",
            "1.",
        ),
        ('<circle cx="100" cy="200" r="9" fill="#000"/>' + SMALL.format("#000"), "#fff", None),
    ],
)
def test_words_that_cannot_be_told_from_what_is_behind_them_are_named(inside, ground, seen):
    found = flaws(inside, ground)

    assert [rule for rule, _ in found] == (["contrast"] if seen else [])
    assert not seen or f"has a contrast of {seen}" in found[0][1]


def test_words_without_room_are_named():
    box = '<text x="50" y="50" data-width="300" data-height="100" font-size="60" data-smallest="40">{}</text>'

    assert [rule for rule, _ in flaws(box.format("Time " * 40))] == ["card-overflow"]
    assert flaws(box.format("Time is now")) == []
    assert [rule for rule, _ in flaws('<text x="50" y="90" font-size="60">' + "Time " * 40 + "</text>")] == [
        "card-overflow"
    ]
    assert flaws('<g transform="scale(0.1)"><text y="900" font-size="400">' + "Time " * 5 + "</text></g>") == []


def test_letters_that_would_be_boxes_are_named():
    ((rule, what),) = flaws('<text y="90" font-size="40">Now ✊</text>')

    assert (rule, "✊" in what) == ("card-glyph", True)


def test_a_font_that_not_everybody_has_is_named():
    ((rule, what),) = flaws('<text y="90" font-size="40" font-family="Arial">Now</text>')

    assert (rule, "Arial" in what) == ("card-font", True)


def test_a_card_without_words_is_fine():
    assert flaws('<circle cx="90" cy="90" r="60"/><text x="4" y="9"> </text>') == []
