"""Whether the words of a card can be told from what lies behind them, by looking at the pixels.

The card is drawn small, once without its words and once with a bar in the place of each line, in
the line's own paint: what a bar makes of its pixels is the words' colour as it comes out, whatever
gradient, opacity or shape gave it. Where something is moved or turned, a third drawing says which
pixels are whose. Contrast is that of WCAG 2.2 (success criterion 1.4.3, as of 2026-11). Not seen:
how thin the letters are.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from io import BytesIO
from math import ceil, floor
from sys import byteorder
from typing import TYPE_CHECKING

from scheduler.composing.svg import size_of
from scheduler.media.layout import Laid, Line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from PIL.Image import Image

LOOKED_AT = 128
"""Pixels of the longer side of what is looked at: a line of small words is two or three of them high."""

STRAY = 0.02
"""So much of a line may be of less contrast: the edge of a shape that it stands on."""

_HIGH, _LOW = 0.7, 0.06
"""What of a line is looked at above and below its baseline, in sizes: where most of its ink is."""

Pixel = tuple[int, int, int]
Counts = Counter[tuple[int, int]]
Render = Callable[["Element", int, int], bytes]


def contrasts(root: "Element", laid: Sequence[Laid], render: Render) -> list[float]:
    """Of each text of `root` in order, the contrast (1 to 21) that all of it has; 21 for one without words.

    `root` is a drawing with its words in their places, as `laid` says.
    """
    scale = LOOKED_AT / max(size_of(root))
    width, height = (max(round(side * scale), 1) for side in size_of(root))
    behind, bars = (_picture(render(tree, width, height)) for tree in (_bare(root), _barred(root, laid)))
    found = [_straight(one, _corner(root), scale, behind, bars) for one in laid]
    if any(one.moved and one.lines for one in laid):
        owners = _picture(render(_numbered(root, laid), width, height))
        found = [
            _moved(number, owners, behind, bars) if one.moved else counts
            for number, (one, counts) in enumerate(zip(laid, found, strict=True), start=1)
        ]
    return [_lowest(counts) for counts in found]


def _corner(root: "Element") -> tuple[float, float]:
    """Where the drawing's own units begin."""
    box = root.get("viewBox", "").replace(",", " ").split()
    return (float(box[0]), float(box[1])) if len(box) == 4 else (0.0, 0.0)


def _straight(one: Laid, corner: tuple[float, float], scale: float, behind: "Image", bars: "Image") -> Counts:
    """The pixels of a text that stands where it says: what is behind it, and its paint over that."""
    counts: Counts = Counter()
    for line in () if one.moved else one.lines:
        x, y, width, height = _box(line)
        left, top = (x - corner[0]) * scale, (y - corner[1]) * scale
        across = _within(left, left + width * scale, behind.width)
        down = _within(top, top + height * scale, behind.height)
        crop = (across[0], down[0], across[1], down[1])
        counts.update(zip(_pixels(behind.crop(crop)), _pixels(bars.crop(crop)), strict=True))
    return counts


def _within(start: float, end: float, most: int) -> tuple[int, int]:
    """The whole pixels from `start` to `end`, at least one, and none outside of the picture."""
    first, last = ceil(start), floor(end)
    if last <= first:
        first = floor((start + end) / 2)
        last = first + 1
    return min(max(first, 0), most), max(min(last, most), 0)


def _moved(number: int, owners: "Image", behind: "Image", bars: "Image") -> Counts:
    """The same of a text that is moved or turned, whose pixels `owners` has in the colour of its number."""
    seen = zip(_pixels(owners), _pixels(behind), _pixels(bars), strict=True)
    return Counter((back, bar) for owner, back, bar in seen if _whose(owner) == number)


def contrast(one: Pixel, other: Pixel) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(pixel: Pixel) -> float:
    red, green, blue = (_linear(value / 255) for value in pixel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _lowest(counts: Counts) -> float:
    """The least contrast once the strays are left out."""
    left = counts.total() * STRAY
    for found, count in sorted((contrast(*map(_colour, pair)), count) for pair, count in counts.items()):
        left -= count
        if left < 0:
            return found
    return 21.0


def _bare(root: "Element") -> "Element":
    """The drawing without its words."""
    copy = deepcopy(root)
    for parent in list(copy.iter()):
        for text in parent.findall("text"):
            parent.remove(text)
    return copy


def _barred(root: "Element", laid: Sequence[Laid]) -> "Element":
    """The drawing with a bar for each line of words, in the words' own paint."""
    copy = deepcopy(root)
    for text, one in zip(list(copy.iter("text")), laid, strict=True):
        for child in list(text):
            text.remove(child)
        text.text, text.tag = None, "g"
        text.set("shape-rendering", "crispEdges")
        text.extend(_bar(text, line) for line in one.lines)
    return copy


def _numbered(root: "Element", laid: Sequence[Laid]) -> "Element":
    """Nothing but the bars, each text's in a colour that is its number, where the drawing has them."""
    numbers = {id(text): (number, one) for number, (text, one) in enumerate(zip(root.iter("text"), laid, strict=True))}

    def placed(element: "Element") -> Iterator["Element"]:
        number, one = numbers.get(id(element), (0, None))
        inner = list(_children(element, placed)) if one is None else [_bar(element, line) for line in one.lines]
        if inner:
            group = element.makeelement("g", {"transform": element.get("transform", "")})
            if one is not None:
                group.attrib.update({"fill": f"#{number + 1:06x}", "shape-rendering": "crispEdges"})
            group.extend(inner)
            yield group

    paper = root.makeelement("svg", {name: value for name, value in root.attrib.items() if name == "viewBox"})
    paper.attrib.update({name: root.get(name, "") for name in ("width", "height") if root.get(name)})
    paper.append(root.makeelement("rect", {"x": "-9999", "y": "-9999", "width": "99999", "height": "99999"}))
    paper.extend(_children(root, placed))
    return paper


def _children(element: "Element", placed: Callable[["Element"], Iterator["Element"]]) -> Iterator["Element"]:
    for child in element:
        if child.tag in {"g", "svg", "text"}:
            yield from placed(child)


def _box(line: Line) -> tuple[float, float, float, float]:
    return line.x, line.baseline - _HIGH * line.size, line.width, (_HIGH + _LOW) * line.size


def _bar(text: "Element", line: Line) -> "Element":
    named = zip(("x", "y", "width", "height"), _box(line), strict=True)
    return text.makeelement("rect", {name: f"{value:.2f}" for name, value in named})


def _whose(pixel: int) -> int:
    red, green, blue = _colour(pixel)
    return red << 16 | green << 8 | blue


def _colour(pixel: int) -> Pixel:
    red, green, blue, _ = pixel.to_bytes(4, byteorder)
    return red, green, blue


def _picture(png: bytes) -> "Image":
    from PIL import Image

    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        return picture.convert("RGBA")


def _pixels(picture: "Image") -> "memoryview[int]":
    """Each pixel's four bytes as one number, which is quicker to count."""
    return memoryview(picture.tobytes()).cast("I")
