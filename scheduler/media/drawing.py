"""A card's SVG drawn as PNG; `making` makes of it what a platform wants that takes another type, or fewer bytes.

The same SVG with the same fonts is the same picture on every machine: the renderer (resvg, of the
extra `cards`) sees no font but those of the extra, no file and no address. Words are laid out
before, see `layout`. What is left transparent becomes white, as half of the platforms make it black.
"""

import re
from typing import TYPE_CHECKING

from scheduler.composing.svg import NAMESPACE, SvgRefused, read
from scheduler.media.arabic import is_arabic
from scheduler.media.fonts import ARABIC, SANS, SERIF, CardsNotInstalled, Fonts
from scheduler.media.layout import Laid, lay_out

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PAPER = "#ffffff"
_ITALIC = re.compile("italic|oblique")


def draw(svg: str, width: int, height: int, fonts: Fonts | None = None) -> bytes:
    """The drawing as PNG of so many pixels; `fonts` opened before save most of the time.

    Raises `CardsNotInstalled`, `SvgRefused`.
    """
    fonts = fonts or Fonts()
    root, _ = laid_out(svg, fonts)
    return rendered(root, width, height, _needed(svg, fonts))


def laid_out(svg: str, fonts: Fonts) -> tuple["Element", list[Laid]]:
    """The drawing as a tree with its words in their places, and what became of each text."""
    root = read(svg)
    return root, lay_out(root, fonts)


def rendered(root: "Element", width: int, height: int, fonts: list[str]) -> bytes:
    """The tree as PNG. Raises `CardsNotInstalled`."""
    from xml.etree import ElementTree as ET

    try:
        from resvg_py import svg_to_bytes
    except ImportError as missing:
        raise CardsNotInstalled("What draws cards") from missing
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {root.get('width', '')} {root.get('height', '')}".replace("px", ""))
    root.attrib.update({"xmlns": NAMESPACE, "width": str(width), "height": str(height)})
    try:
        return svg_to_bytes(
            svg_string=ET.tostring(root, encoding="unicode"),
            background=PAPER,
            skip_system_fonts=True,
            font_files=fonts,
            font_family=SANS,
            sans_serif_family=SANS,
            serif_family=SERIF,
            width=width,
            height=height,
        )
    except BaseException as failure:
        # A panic of the renderer is no `Exception`; what asks this process to end must still end it.
        if isinstance(failure, ValueError) or type(failure).__name__ == "PanicException":
            raise SvgRefused("the renderer gives up on it", mend="Look for odd numbers in it.") from failure
        raise


def _needed(svg: str, fonts: Fonts) -> list[str]:
    """The files of the fonts that the drawing can need: reading one takes longer than most drawings."""
    cuts = [False, True] if _ITALIC.search(svg) else [False]
    files = [fonts.file(family, italic=italic) for family in (SANS, SERIF) for italic in cuts]
    return [str(file) for file in (*files, *([fonts.file(ARABIC)] if any(map(is_arabic, svg)) else []))]
