"""The rules of cards; `table.py` has them in its one table."""

from scheduler.checking.case import Rule, Scope
from scheduler.checking.rules import cards
from scheduler.finding import Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_WCAG = "W3C WCAG 2.2, success criteria 1.1.1, 1.4.3 and 1.4.5, as of 2026-11"

CARD_RULES: tuple[Rule, ...] = (
    Rule(
        "image-text",
        _ERROR,
        "Words that are only in a picture reach nobody who cannot see it.",
        cards.unsaid,
        _WCAG,
        scope=Scope.WORDS,
        example='A card that says “Time is now”, with `alt: "Quote card"`.',
        better='The same card with `alt: "Time is now"`.',
    ),
    Rule(
        "contrast",
        _ERROR,
        "Words too close in brightness to what is behind them are not read.",
        cards.seen(
            "contrast", "Words on a card with less than 4.5:1 to what is behind them; large ones with less than 3:1."
        ),
        _WCAG,
        scope=Scope.WORDS,
        example='A card with `fill="#999"` on white: 2.8:1.',
        better='The same with `fill="#595959"`: 7:1.',
    ),
    Rule(
        "card-overflow",
        _ERROR,
        "Words that have no room are cut off or run into others.",
        cards.seen("card-overflow", "Words on a card that do not fit into their box, or run off the card."),
        scope=Scope.WORDS,
        example="A quote of 900 letters in a box made for 200.",
        better="The sentence of it that people remember.",
    ),
    Rule(
        "card-glyph",
        _ERROR,
        "A letter that no font has is drawn as an empty box.",
        cards.seen("card-glyph", "A letter on a card that none of its fonts has."),
        scope=Scope.WORDS,
        example="A card with an emoji in its quote.",
        better="The emoji in the post's text.",
    ),
    Rule(
        "card-font",
        _WARNING,
        "Only fonts that everybody has make the same picture everywhere.",
        cards.seen("card-font", "A card that asks for a font other than those that come with cards."),
        scope=Scope.WORDS,
        example='A card with `font-family="Comic Sans MS"`.',
        better='The same with `font-family="Noto Serif"`.',
    ),
)
