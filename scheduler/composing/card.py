"""A card on its way to a drawing: its template rendered for one brief, checked, and put before the pictures.

What comes out is SVG as text; nothing is drawn here. `card` is there in templates of cards only.
"""

import unicodedata

from scheduler.composing.svg import SvgRefused, read
from scheduler.composing.trouble import SYNTAX, TemplateRefused
from scheduler.composing.values import COUNT, FIT_BEGINS, NUMBER, Bag
from scheduler.model.campaign import CARD, CardSource, TemplateRef

REFUSED = "card-svg"


def card_template(card: CardSource) -> TemplateRef:
    """The card's template as the environment names it; none where the post says that it has no card."""
    return TemplateRef(f"{CARD}{card.template.name}" if card.template.name else "", card.template.place)


def card_variable(size: tuple[int, int]) -> Bag:
    """What templates of cards know about the picture that is wanted: the platform's best size in pixels."""
    return Bag("card", {"width": size[0], "height": size[1]})


def drawing(text: str) -> str:
    """The rendered template as a drawing; empty where it printed nothing. Raises `TemplateRefused`."""
    if FIT_BEGINS in text or NUMBER in text or COUNT in text:
        raise TemplateRefused(
            "`fit` and `part` have no meaning on a card.",
            mend="`data-width` and `data-height` of `<text>` make words fit.",
            rule=SYNTAX,
        )
    svg = unicodedata.normalize("NFC", text).strip()
    if not svg:
        return ""
    try:
        read(svg)
    except SvgRefused as refused:
        raise TemplateRefused(
            f"The card cannot be drawn: {refused.message}.", mend=refused.mend, rule=REFUSED
        ) from refused
    return svg
