"""What a card's drawing may be, and what it says.

An SVG file can name other files, run scripts and grow without bound; a card's is a contributor's.
So only shapes, colours and words are let through, by a list of what is known to be harmless; a
document type (and with it every entity) is refused before anything is parsed. Nothing is drawn
here: `media/drawing.py` draws what this lets through.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.errors import SchedulerError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://www.w3.org/2000/svg"
LONGEST = 100_000
MOST_ELEMENTS = 1_000
MOST_LETTERS = 4_000
MOST_COSTLY = 20
MOST_DEEP = 50
LARGEST = 1_000_000
MOST_PIXELS_A_SIDE = 4_096
"""Far above any card, and low enough that the worst drawing takes seconds, not minutes."""

ELEMENTS = frozenset(
    {"svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
    | {"text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask"}
)
_INSIDE = {
    **dict.fromkeys(("svg", "g", "defs", "clipPath", "mask"), ELEMENTS - {"tspan", "stop"}),
    **dict.fromkeys(("text", "tspan"), frozenset({"tspan"})),
    **dict.fromkeys(("linearGradient", "radialGradient"), frozenset({"stop"})),
}
"""What may stand in what; in anything else, nothing."""

_XLINK = "{http://www.w3.org/1999/xlink}href"
_URL = re.compile(r"url\s*\(\s*['\"]?(?!\s*['\"]?#)", re.IGNORECASE)
_REFERENCE = re.compile(r"url\s*\(", re.IGNORECASE)
_SHINES = re.compile(r"(^|;)\s*(opacity\s*:\s*(?!1(\.0*)?\s*(;|$))|mix-blend-mode|isolation)")
_DEFINED_BY_SHAPES = frozenset({"clipPath", "mask"})
_NAMES = frozenset({"id", "href", "class", "font-family"})
_NAMED = re.compile(r"#[\w.-]+")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BLANKS = re.compile(r"\s+")
_NUMBERS = re.compile(r"[-+0-9.eE]+")
_MENDS = {
    "style": 'Write the colours as attributes: fill="#fff".',
    "image": "Draw it with shapes; pictures go under `media`.",
    "use": "Write the shape where it is wanted; `{% for %}` repeats it.",
    "filter": "Use shapes and gradients.",
    "pattern": "Repeat the shape; `{% for %}` does it.",
}


class SvgRefused(SchedulerError):
    """The drawing is not one that a card can have; the sentence says why."""


def read(svg: str) -> "Element":
    """The drawing as a tree of plain names, without what other programs left in it. Raises `SvgRefused`."""
    root = _parsed(svg)
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise SvgRefused("it is no SVG drawing", mend=f'Begin it with `<svg xmlns="{NAMESPACE}" …>`.')
    elements = _tidied(root)
    for element in elements:
        _check(element)
    _check_size(elements)
    size_of(root)
    return root


def _parsed(svg: str) -> "Element":
    from xml.etree import ElementTree as ET

    if len(svg) > LONGEST:
        raise SvgRefused(f"it has {len(svg):,} characters; {LONGEST:,} are allowed", mend="Simplify its paths.")
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise SvgRefused("it has a document type", mend="Delete the line that begins with `<!DOCTYPE`.")
    try:
        return ET.fromstring(svg.strip())  # noqa: S314 (without a document type there are no entities to expand)
    except (ET.ParseError, ValueError) as wrong:
        raise SvgRefused(f"it is not well-formed XML: {wrong}", mend="Mend its tags and quotes.") from wrong


def _tidied(root: "Element") -> list["Element"]:
    """Every element, under plain names instead of namespaced ones; what belongs to other programs is taken out."""
    found: list[Element] = []
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > MOST_DEEP:
            raise SvgRefused(f"its elements stand more than {MOST_DEEP} deep in each other", mend="Simplify it.")
        found.append(element)
        _rename(element)
        for child in list(element):
            if isinstance(child.tag, str) and (not child.tag.startswith("{") or NAMESPACE in child.tag):
                waiting.append((child, depth + 1))
            else:
                element.remove(child)
    return found


def _rename(element: "Element") -> None:
    element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if _XLINK in element.attrib:
        element.attrib.setdefault("href", element.attrib[_XLINK])
    for name in [name for name in element.attrib if name.startswith("{")]:
        del element.attrib[name]


def _check(element: "Element") -> None:
    if element.tag not in ELEMENTS:
        raise SvgRefused(f"`<{element.tag}>` has no place on a card", mend=_MENDS.get(element.tag, "Leave it out."))
    if element.tag == "text" and element.get("data-width") and len(element):
        raise SvgRefused("a `<text>` with `data-width` holds words only", mend="Leave its `<tspan>`s out.")
    allowed = _INSIDE.get(element.tag, frozenset())
    for child in element:
        if child.tag in ELEMENTS and child.tag not in allowed:
            raise SvgRefused(f"`<{child.tag}>` has no place in `<{element.tag}>`", mend="Put it beside that.")
    for name, value in element.attrib.items():
        outside = (name == "href" and not value.startswith("#")) or _URL.search(value)
        if outside:
            raise SvgRefused(f"`{name}` names something outside of the drawing", mend="A card stands by itself.")
        if name not in _NAMES and any(abs(number) > LARGEST for number in _all_numbers(value)):
            raise SvgRefused(f"`{name}` has a number past every card", mend=f"{LARGEST:,} is the most.")


def _all_numbers(value: str) -> Iterator[float]:
    """Every number in an attribute, those of paths and transforms too; colours and names of things are none."""
    return (float(number) for number in _NUMBER.findall(_NAMED.sub(" ", value)))


def _check_size(elements: "list[Element]") -> None:
    """Refuse what takes long to draw: many things, many words, and layers upon layers."""
    letters = sum(len(text) for element in elements if element.tag == "text" for text in element.itertext())
    costly = sum(_costs(element) for element in elements)
    for count, most, what in (
        (len(elements), MOST_ELEMENTS, "elements"),
        (letters, MOST_LETTERS, "letters"),
        (costly, MOST_COSTLY, "gradients, masks and layers that shine through"),
    ):
        if count > most:
            raise SvgRefused(f"it has {count:,} {what}; {most:,} are allowed", mend="Simplify it.")
    for element in elements:
        inner = element.iter() if element.tag in _DEFINED_BY_SHAPES else ()
        if any(_costs(one) for one in inner):
            raise SvgRefused(f"`<{element.tag}>` holds layers of its own", mend="Make it of plain shapes.")


def _costs(element: "Element") -> int:
    """How many layers, gradients or masks an element is drawn with."""
    values = element.attrib.values()
    layered = _SHINES.search(element.get("style", "")) or element.get("opacity", "1").strip() not in {"1", "1.0"}
    return sum(len(_REFERENCE.findall(value)) for value in values) + bool(layered)


def size_of(root: "Element") -> tuple[int, int]:
    """The drawing's own width and height, by its `viewBox` or else by its `width` and `height`. Raises `SvgRefused`."""
    box = [float(number) for number in _numbers(root.get("viewBox", ""))]
    sides = box[2:] if len(box) == 4 else [_side(root.get("width", "")), _side(root.get("height", ""))]
    width, height = (round(side) for side in sides)
    if not (16 <= width <= MOST_PIXELS_A_SIDE and 16 <= height <= MOST_PIXELS_A_SIDE):
        raise SvgRefused("it has no size that can be drawn", mend='Write viewBox="0 0 1200 675" into `<svg>`.')
    return width, height


def _numbers(text: str) -> Iterator[float]:
    for found in _NUMBERS.findall(text):
        try:
            yield float(found)
        except ValueError:
            return


def _side(text: str) -> float:
    return next(_numbers(text.removesuffix("px")), 0.0) if re.fullmatch(r"[0-9.]+(px)?", text) else 0.0


def words_of(root: "Element") -> list[str]:
    """What the drawing says, a text at a time, blanks as they are shown."""
    said = (_BLANKS.sub(" ", "".join(text.itertext())).strip() for text in root.iter("text"))
    return [words for words in said if words]
