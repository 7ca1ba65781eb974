"""What is wrong with a card that only drawing it shows: words without room, without letters, without contrast.

A look draws small and writes nothing. It is the same for every platform that shows the same drawing,
and for every look at the same files: what was seen is remembered while the process lives.
"""

from collections.abc import Iterator
from functools import lru_cache

from scheduler.checking.case import Flaw
from scheduler.composing.svg import size_of
from scheduler.media.contrast import contrasts
from scheduler.media.drawing import laid_out, rendered
from scheduler.media.fonts import Fonts
from scheduler.media.layout import Laid

OVERFLOW, GLYPH, FONT, CONTRAST = "card-overflow", "card-glyph", "card-font", "contrast"

SHOWN = 400
"""Pixels that a card is wide on a phone, about: a letter's size there decides how much contrast it needs."""

LARGE, LARGE_BOLD = 24.0, 18.66
"""Pixels from which on letters count as large (WCAG 2.2, 1.4.3: 18 point, or 14 point bold; as of 2026-11)."""

ENOUGH, ENOUGH_LARGE = 4.5, 3.0
_LONGEST = 40


@lru_cache(maxsize=1024)
def look(svg: str, fonts: Fonts) -> tuple[Flaw, ...]:
    """What is wrong with a drawing, by eye. Raises `CardsNotInstalled`, `SvgRefused`."""
    root, laid = laid_out(svg, fonts)
    width, height = size_of(root)
    found = contrasts(root, laid, lambda tree, wide, high: rendered(tree, wide, high, []))
    flaws = [
        flaw
        for one, seen in zip(laid, found, strict=True)
        for flaw in (*_words(one, width, height), *_contrast(one, seen, width))
    ]
    return tuple(dict.fromkeys(flaws))


def _words(one: Laid, width: int, height: int) -> Iterator[Flaw]:
    if not one.fits:
        mend = "Shorten it, or give the text a larger box or a smaller `data-smallest`."
        yield Flaw(OVERFLOW, f"“{_cut(one.words)}” has no room in its box on the card", mend)
    elif not one.moved and any(_outside(line.x, line.width, width) or line.baseline > height for line in one.lines):
        mend = "Give the text a `data-width`, so that its lines break, or shorten it."
        yield Flaw(OVERFLOW, f"“{_cut(one.words)}” runs off the card", mend)
    if one.lacking:
        letters = " ".join(one.lacking[:10])
        mend = "Leave them out of the card; emoji belong into the text."
        yield Flaw(GLYPH, f"no font of cards has {letters}, so empty boxes would be drawn", mend)
    if one.family:
        mend = "Name Noto Sans or Noto Serif; both have Arabic letters beside them."
        yield Flaw(FONT, f"the font {one.family} is none of those that cards are drawn in", mend)


def _outside(x: float, wide: float, width: int) -> bool:
    return x < -1 or x + wide > width + 1


def _contrast(one: Laid, seen: float, width: int) -> Iterator[Flaw]:
    size = min((line.size for line in one.lines), default=0.0) * SHOWN / width
    enough = ENOUGH_LARGE if size >= (LARGE_BOLD if one.bold else LARGE) else ENOUGH
    if one.lines and seen < enough:
        what = f"“{_cut(one.words)}” has a contrast of {seen:.1f}:1 on the card, and needs {enough:g}:1"
        yield Flaw(CONTRAST, what, "Make the words lighter or darker, or keep shapes away from them.")


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
