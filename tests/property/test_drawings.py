"""No drawing makes a traceback: it is refused with a reason, or looked at and drawn."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.composing.svg import SvgRefused
from scheduler.media.cards import look
from scheduler.media.drawing import draw
from scheduler.media.fonts import Fonts

FONTS = Fonts()
INSIDE = {
    **dict.fromkeys(("svg", "g", "defs", "clipPath", "mask"), ("g", "rect", "circle", "path", "text", "svg", "line")),
    "text": ("tspan",),
    "tspan": ("tspan",),
    "linearGradient": ("stop",),
}
NAMES = (
    *("x", "y", "width", "height", "r", "cx", "d", "points", "fill", "stroke", "stroke-width", "stroke-dasharray"),
    *("opacity", "transform", "viewBox", "font-size", "font-weight", "font-style", "font-family", "text-anchor"),
    *("direction", "letter-spacing", "textLength", "dx", "rotate", "style", "clip-path", "mask", "id", "display"),
    *("data-width", "data-height", "data-smallest", "data-leading", "data-align", "writing-mode"),
)
VALUES = (
    *("0", "-1", "1e5", "1e-38", "nan", "inf", "", "50%", "10px", "abc", "url(#a)", "none", "#fff", "rgba(1,2,3,.5)"),
    *("scale(0)", "rotate(33)", "matrix(0 0 0 0 0 0)", "M0 0", "M0 0 A0 0 0 0 0 1 1 Z", "M1e3 9e5 L-900000 12", "1,1"),
    *("0.5", "2", "400", "middle", "end", "rtl", "bold", "900", "italic", "a", "5 5", "0 0 90 90", "bottom"),
    *("font-size:9px;;:", "opacity:.5", "fill:url(#a)", "vertical-rl"),
)
WORDS = ("Now", "حان الوقت", "a\u0301", "\u202e\u200d", "✊🏽", "", "  ", "Ω" * 30, "\u2067x", "&<", "\x0b", "\ud800")


@st.composite
def elements(draw_from, parent="svg", depth=0):
    """An element that may stand in `parent`, mostly."""
    tag = draw_from(st.sampled_from(INSIDE.get(parent, ("rect",))))
    said = draw_from(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=5))
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in said.items())
    words = escape(draw_from(st.sampled_from(WORDS))) if tag in {"text", "tspan"} else ""
    below = draw_from(st.lists(elements(tag, depth + 1), max_size=2)) if depth < 3 and tag in INSIDE else []
    return f"<{tag}{attributes}>{words}{''.join(below)}</{tag}>"


@given(st.lists(elements(), max_size=4), st.sampled_from(["0 0 300 200", "-50 -50 100 300", "0 0 20 4000"]))
@settings(max_examples=120, deadline=None)
def test_whatever_a_template_gives_is_drawn_or_refused(inside, box):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(inside)}</svg>'
    try:
        flaws = look(svg, FONTS)
        picture = draw(svg, 60, 40)
    except SvgRefused:
        return

    assert picture.startswith(b"\x89PNG")
    assert all(flaw.what and flaw.mend for flaw in flaws)


@given(st.text(max_size=200))
def test_no_text_is_more_than_refused(text):
    with pytest.raises(SvgRefused) as refused:
        look(text, FONTS)
    assert refused.value.mend
