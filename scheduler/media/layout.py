"""The words of a card put where they belong: lines broken, sizes found, right-to-left the right way round.

`<text x y data-width="…">` is a box whose upper corner is (x, y): the left one, the right one for
words that run from right to left, the middle with `text-anchor="middle"`. `data-height` makes the
words shrink (from `font-size` to `data-smallest`) until they fit, `data-align` puts them at the top,
middle or bottom of it, `data-leading` is from line to line. The renderer knows no direction; so
lines that run from right to left are marked as that, and anchored at their other end.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from scheduler.composing.svg import MOST_PIXELS_A_SIDE
from scheduler.media.fonts import FAMILIES, SANS, Face, Fonts
from scheduler.media.lines import TOP, Broken, Room, broken

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SMALLEST = 0.5
"""The smallest size that words shrink to where a template does not say, as a share of the largest."""

_SIZE = 16.0
_TIGHT = 0.985
"""Words are given this share of their box: measuring and drawing differ by less."""
_TAG = re.compile(r"[#@]\w+")
_TURNED = {"start": "end", "end": "start", "middle": "middle"}
_FIRST_IN_LINE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_WEIGHTS = {"normal": 400, "bold": 700}
_INHERITED = ("font-family", "font-size", "font-weight", "font-style", "text-anchor", "direction", "letter-spacing")
_ELSEWHERE = frozenset({"svg", "defs", "clipPath", "mask"})
"""What is inside of these is drawn by other measures, or not where it stands."""

RIGHT_TO_LEFT, _END = "\u2067", "\u2069"
_LEFT_TO_RIGHT = "\u2066"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words as drawn: its box in the units of its `<text>`, and its size."""

    x: float
    baseline: float
    width: float
    size: float


@dataclass(frozen=True, slots=True)
class Laid:
    """One `<text>` after it was laid out.

    `lacking` are letters that no font has, `family` is one that is not there. `moved`: something turns or moves it, so
    that its lines are not where the card's own corners say.
    """

    words: str
    lines: tuple[Line, ...]
    fits: bool = True
    lacking: str = ""
    family: str = ""
    bold: bool = False
    moved: bool = False


def lay_out(root: "Element", fonts: Fonts) -> list[Laid]:
    """Put every text of the drawing in its place, in `root` itself; what became of each, in order."""
    found: list[Laid] = []
    waiting: list[tuple[Element, Mapping[str, str]]] = [(root, {})]
    while waiting:
        element, above = waiting.pop()
        style = {**above, **_said(element)}
        if element.get("transform") or (element.tag in _ELSEWHERE and element is not root):
            style["transform"] = "yes"
        if element.tag == "text":
            found.append(_Text(element, style, fonts).laid())
        else:
            waiting.extend((child, style) for child in reversed(element))
    return found


def _said(element: "Element") -> dict[str, str]:
    """What an element says of how words look: in attributes, or in `style`, which counts for more."""
    written = dict(one.split(":", 1) for one in element.get("style", "").split(";") if ":" in one)
    styled = {name.strip(): value.strip() for name, value in written.items()}
    return {
        name: value.strip() for name in _INHERITED if (value := styled.get(name) or element.get(name)) and value.strip()
    }


def is_right_to_left(words: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (Unicode Annex 9, rules P2 and P3)."""
    directions = (unicodedata.bidirectional(letter) for letter in words)
    return next((kind in {"R", "AL"} for kind in directions if kind in {"L", "R", "AL"}), False)


def number(text: str, otherwise: float) -> float:
    """A length in pixels; `otherwise` where it is not one."""
    try:
        found = float(text.strip().removesuffix("px"))
    except ValueError:
        return otherwise
    return found if isfinite(found) else otherwise


def _sized(size: float) -> float:
    return min(max(size, 1.0), MOST_PIXELS_A_SIDE)


class _Text:
    """One `<text>` on its way to its lines."""

    def __init__(self, element: "Element", style: Mapping[str, str], fonts: Fonts) -> None:
        self.element, self.fonts, self.style = element, fonts, style
        self.words = " ".join("".join(element.itertext()).split())
        self.size = _sized(number(style.get("font-size", ""), _SIZE))
        weight = style.get("font-weight", "normal")
        named = style.get("font-family", SANS).split(",")[0].strip(" '\"")
        self.unknown = "" if named.lower() in FAMILIES else named
        self.face = Face(
            FAMILIES.get(named.lower(), SANS),
            _WEIGHTS.get(weight, round(number(weight, 400))),
            style.get("font-style", "normal") != "normal",
        )
        self.spacing = number(style.get("letter-spacing", ""), 0) / self.size
        said = style.get("direction", "")
        self.turned = said == "rtl" if said in {"rtl", "ltr"} else is_right_to_left(self.words)

    def laid(self) -> Laid:
        """The lines, put into the element."""
        boxed = self._number("data-width", 0) > 0 and not len(self.element)
        lines, fits = self._boxed() if boxed else (self._plain(), True)
        lacking = self.fonts.lacking(self.words, self.face)
        bold, moved = self.face.weight >= 700, "transform" in self.style
        return Laid(self.words, lines, fits, lacking, self.unknown, bold, moved)

    def _number(self, name: str, otherwise: float) -> float:
        return number(self.element.get(name, ""), otherwise)

    def _plain(self) -> tuple[Line, ...]:
        """Words where the template puts them: a line for each `<tspan>` with a place of its own, else one."""
        spans = [span for span in self.element if span.get("x") or span.get("y")]
        at = self._number("x", 0), self._number("y", 0)
        lines = [_Text(span, {**self.style, **_said(span)}, self.fonts).placed(at) for span in spans]
        return tuple(line for found in (lines or [self.placed(at)]) for line in found)

    def placed(self, at: tuple[float, float]) -> tuple[Line, ...]:
        """One line, at its own place or else `at` that of the text around it."""
        if not self.words:
            return ()
        if self.turned and not len(self.element):
            self._say("text-anchor", _TURNED.get(self._anchor(), "start"))
            self.element.text = self._directed(self.words)
        x, y = self._number("x", at[0]), self._number("y", at[1])
        return (self._line(x, y, self._width(self.words) * self.size, self.size),)

    def _width(self, text: str) -> float:
        """How wide `text` is, in ems."""
        return self.fonts.width(text, self.face) + self.spacing * len(text)

    def _boxed(self) -> tuple[tuple[Line, ...], bool]:
        words = self.words.split(" ")
        room = self._room()
        found = broken([self._width(word) for word in words], self._width(" "), room)
        top = self._number("y", 0) + self._above(room, found)
        x = self._number("x", 0) + (room.width / _TIGHT if self.turned and self._anchor() == "start" else 0)
        lines: list[Line] = []
        self._clear(found.size)
        for at, numbers in enumerate(found.lines):
            text = " ".join(words[number] for number in numbers)
            baseline = top + (TOP + at * room.leading) * found.size
            self._put(text, x, baseline)
            lines.append(self._line(x, baseline, self._width(text) * found.size, found.size))
        return tuple(lines), found.fits

    def _room(self) -> Room:
        return Room(
            width=self._number("data-width", 0) * _TIGHT,
            height=self._number("data-height", 0),
            largest=self.size,
            smallest=min(_sized(self._number("data-smallest", self.size * SMALLEST)), self.size),
            leading=min(max(self._number("data-leading", 1.25), 0.5), 5),
        )

    def _above(self, room: Room, found: Broken) -> float:
        """How far down in their box the words begin."""
        share = {"middle": 0.5, "bottom": 1.0}.get(self.element.get("data-align", "top"), 0.0)
        return max(room.height - room.high(len(found.lines), found.size), 0) * share if room.height else 0

    def _anchor(self) -> str:
        return self.style.get("text-anchor", "start")

    def _line(self, x: float, baseline: float, width: float, size: float) -> Line:
        anchor = _TURNED.get(self._anchor(), "start") if self.turned else self._anchor()
        return Line(x - width * _FIRST_IN_LINE.get(anchor, 0.0), baseline, width, size)

    def _clear(self, size: float) -> None:
        """Take the words out, and say of the element what now holds for all of its lines."""
        self._say("font-size", f"{size:g}")
        if self.spacing:
            self._say("letter-spacing", f"{self.spacing * size:g}")
        if self.turned:
            self._say("text-anchor", _TURNED.get(self._anchor(), "start"))
        self.element.text = None

    def _say(self, name: str, value: str) -> None:
        """Set an attribute, over what `style` says of it."""
        kept = [one for one in self.element.get("style", "").split(";") if one.partition(":")[0].strip() != name]
        self.element.attrib.update({"style": ";".join(filter(str.strip, kept)), name: value})

    def _put(self, text: str, x: float, baseline: float) -> None:
        line = self.element.makeelement("tspan", {"x": f"{x:g}", "y": f"{baseline:g}"})
        line.text = self._directed(text)
        self.element.append(line)

    def _directed(self, text: str) -> str:
        """A line that runs from right to left, marked as that; hashtags and handles in it keep their own direction."""
        if not self.turned:
            return text
        kept = _TAG.sub(lambda tag: tag[0] if is_right_to_left(tag[0]) else f"{_LEFT_TO_RIGHT}{tag[0]}{_END}", text)
        return f"{RIGHT_TO_LEFT}{kept}{_END}"
