"""A card is a template whose words are escaped for XML, and a drawing that nothing from outside gets into."""

from dataclasses import replace

import pytest

from scheduler.composing.compose import Composer
from scheduler.composing.degrade import Pieces, adapt
from scheduler.composing.svg import read, words_of
from scheduler.finding import Place
from scheduler.model.campaign import CardSource, MediaSource, Source, TemplateRef
from scheduler.model.content import Media
from scheduler.platforms import platform_named

HERE = Place("campaigns/a.yaml", 12, 11)
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'


def svg(inside="<text>{{ record.quote }}</text>"):
    return f'<svg {XMLNS} viewBox="0 0 {{{{ card.width }}}} {{{{ card.height }}}}">{inside}</svg>'


def card(alt="", *, decorative=False, name="quote.svg"):
    return CardSource(TemplateRef(name, HERE), Source(alt, HERE) if alt else None, None, decorative)


@pytest.fixture
def composed(brief):
    """What one brief with a card becomes."""

    def compose(template, templates=None, source=None, **told):
        wanted = {"record": {"quote": "Time is now"}} | told
        made = brief("hello", card=source or card(), **wanted)
        (answer,) = Composer({"card:quote.svg": template} | (templates or {})).compose([made])
        return answer

    return compose


def media_of(answer):
    assert not answer.findings, [str(finding) for finding in answer.findings]
    return answer.parts[0].media


def test_a_card_is_the_first_of_a_posts_pictures(composed):
    media = media_of(composed(svg(), source=card("Time is now"), media=(MediaSource(Source("a.png")),)))

    assert [one.file for one in media] == ["card:quote.svg", "a.png"]
    assert (media[0].alt, media[1].drawing) == ("Time is now", "")
    assert words_of(read(media[0].drawing)) == ["Time is now"]


@pytest.mark.parametrize("quote", ["<b>&amp; \"quoted\" 'so'", "</text></svg>", "{{ 7 * 7 }} ]]>", "a\u200fb"])
def test_words_stay_words_whatever_they_hold(composed, quote):
    (media,) = media_of(composed(svg(), record={"quote": quote}))

    assert words_of(read(media.drawing)) == [quote]


def test_a_macro_of_a_card_may_draw_and_its_words_are_escaped_once(composed):
    design = (
        f'{{% macro made(words) %}}<svg {XMLNS} viewBox="0 0 99 99"><text>{{{{ words }}}}</text></svg>{{% endmacro %}}'
    )
    template = "{% import 'design.svg' as design %}{{ design.made(record.quote) }}"

    (media,) = media_of(composed(template, {"card:design.svg": design}, record={"quote": "You & <me>"}))

    assert "You &amp; &lt;me&gt;" in media.drawing


def test_a_text_stays_unescaped_beside_a_card(brief):
    made = brief("{{ record.quote }} & <so>", card=card(), record={"quote": "You & me"})
    (answer,) = Composer({"card:quote.svg": svg()}).compose([made])

    assert answer.parts[0].text == "You & me & <so>"


def test_the_post_in_another_language_has_the_card_of_that_language(composed):
    answer = composed(svg(), {"card:quote.mk.svg": svg("<text>Сега</text>")}, language="mk")

    assert words_of(read(media_of(answer)[0].drawing)) == ["Сега"]


def test_each_platform_gets_a_card_of_its_best_size(composed):
    for platform in ("mastodon", "instagram"):
        (media,) = media_of(composed(svg(), platform=platform))
        width, height = platform_named(platform).card_size
        assert f'viewBox="0 0 {width} {height}"' in media.drawing


@pytest.mark.parametrize("source", [card(), card(name="")])
def test_a_card_that_prints_nothing_is_not_there(composed, source):
    template = "{% if record.quote %}" + svg() + "{% endif %}"

    assert media_of(composed(template, source=source, record={"quote": ""})) == ()


REFUSED = {
    "a script": "<script>alert(1)</script>",
    "a picture from outside": '<image href="https://example.org/a.png"/>',
    "a picture in words": '<image href="data:image/png;base64,AAAA"/>',
    "a foreign page": "<foreignObject><p>hello</p></foreignObject>",
    "a sheet of styles": "<style>@import url(https://example.org)</style>",
    "a fill from outside": '<rect fill="url(https://example.org/#a)"/>',
    "a fill from outside in a style": "<rect style=\"fill: URL( 'file:///etc/passwd#a' )\"/>",
    "a link": '<a href="https://example.org"><text>x</text></a>',
    "a reference to a file": '<linearGradient href="file:///etc/passwd#a"/>',
    "an old reference": '<linearGradient xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="b.svg#a"/>',
    "a copy of something": '<use href="#a"/>',
    "a filter": '<filter><feTurbulence baseFrequency="9"/></filter>',
    "a pattern": '<pattern id="a"/>',
    "a mask of masks": '<mask id="b"><rect mask="url(#a)"/></mask>',
    "a clip of layers": '<clipPath id="b"><g><rect style="fill:red; opacity:.5"/></g></clipPath>',
    "words in words": "<text>a<text>b</text></text>",
    "words in a shape": "<rect><text>a</text></rect>",
    "loose words": "<tspan>a</tspan>",
    "a box with more than words": '<text data-width="9">a <tspan>b</tspan></text>',
    "a motion": '<animate attributeName="x"/>',
}


@pytest.mark.parametrize("inside", REFUSED.values(), ids=REFUSED)
def test_nothing_gets_into_a_card_but_shapes_and_words(composed, inside):
    answer = composed(svg(inside))

    (finding,) = answer.findings
    assert (answer.parts, finding.rule) == ((), "card-svg")
    assert finding.place == Place("templates/cards/quote.svg", 1)
    assert finding.mend


BROKEN = {
    "no drawing": "hello",
    "another root": "<html/>",
    "an open tag": f'<svg {XMLNS} viewBox="0 0 9 9"><g></svg>',
    "a document type": f'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg {XMLNS} viewBox="0 0 99 99"><text>&a;</text></svg>',
    "no size": f"<svg {XMLNS}/>",
    "a size of nothing": f'<svg {XMLNS} viewBox="0 0 0 0"/>',
    "a size that is none": f'<svg {XMLNS} viewBox="0 0 nan inf"/>',
    "a size past every screen": f'<svg {XMLNS} width="90000" height="90000"/>',
    "a number past every card": svg('<circle r="1e38"/>'),
    "a path past every card": svg('<path d="M0 0L12345678.5,1"/>'),
    "too many shapes": svg("<rect/>" * 1_001),
    "too many letters": svg(f"<text>{'a' * 4_001}</text>"),
    "too many layers": svg('<g opacity="0.5"><rect/></g>' * 11 + '<rect fill="url(#a)"/>' * 10),
    "more than a drawing": svg('<path d="{% for n in range(1000) %}' + "M0 0 " * 21 + '{% endfor %}"/>'),
    "shapes within shapes": svg("<g>" * 60 + "</g>" * 60),
    "a letter that XML has not": svg("<text>\x0b</text>"),
}


@pytest.mark.parametrize("template", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_drawn_is_said_with_its_template(composed, template):
    (finding,) = composed(template).findings

    assert (finding.rule, finding.place.file) == ("card-svg", "templates/cards/quote.svg")


def test_what_a_drawing_program_leaves_in_a_file_is_passed_over(composed):
    inkscape = 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
    template = svg(f'<g {inkscape} inkscape:label="Layer"><inkscape:grid/><text>Hello</text></g>')

    (media,) = media_of(composed(template))

    assert [element.tag for element in read(media.drawing).iter()] == ["svg", "g", "text"]


def test_the_same_name_is_another_thing_among_posts_and_among_cards(composed):
    (finding,) = composed(svg(), {"quote.svg": "hello"}, source=card(name="other.svg")).findings

    assert finding.rule == "unknown-template"


@pytest.mark.parametrize("words", ["{{ record.quote|fit }}", "{{ part.number }}"])
def test_what_is_known_last_has_no_place_on_a_card(composed, words):
    (finding,) = composed(svg(f"<text>{words}</text>")).findings

    assert "card" in finding.message


def test_card_is_no_name_in_the_text_of_a_post(brief):
    (answer,) = Composer({}).compose([brief("{{ card.width }}")])

    (finding,) = answer.findings
    assert finding.mend == "It is there in templates/cards/ only."


def test_a_mistake_in_a_card_is_told_at_its_line(composed):
    (finding,) = composed(f"<svg {XMLNS}>\n<text>\n{{{{ record.quoet }}}}</text></svg>").findings

    assert (str(finding.place), finding.rule) == ("templates/cards/quote.svg:3", "template-undefined")
    assert finding.path == "posts.tip.card"


def test_accounts_of_one_platform_share_a_drawing_and_those_it_names_do_not(brief):
    composer = Composer({"card:quote.svg": svg(), "card:named.svg": svg("<text>{{ account.name }}</text>")})
    one, other = brief(card=card(), record={"quote": "a"}), brief(card=card(), record={"quote": "a"}, account="b")
    other = replace(other, campaign=one.campaign, post=one.post, sources=one.sources, record=one.record)

    assert len({id(composer.outcome(each)) for each in (one, other)}) == 1

    named = [replace(each, sources=replace(one.sources, card=card(name="named.svg"))) for each in (one, other)]
    assert len({id(composer.outcome(each)) for each in named}) == 2


def test_what_a_platform_lacks_is_told_at_the_card():
    made = Media("card:quote.svg", "Time is now", drawing="<svg/>")
    place = Place("campaigns/a.yaml", 12, 5)
    pieces = Pieces(media=(made,), place=Place("campaigns/a.yaml", 9, 5), places={"card": place})

    _, _, (trouble,) = adapt(pieces, (), platform_named("telegram"))

    assert (trouble.rule, trouble.place) == ("unsupported-alt", place)
    assert adapt(pieces, ("alt",), platform_named("telegram"))[1].after == "Time is now"
