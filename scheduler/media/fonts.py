"""The fonts that cards are drawn in, and how wide words are in them.

Only the fonts of the extra `cards` count, never those of the machine, so that a card looks the
same wherever it is drawn: Noto Sans and Noto Serif (Latin, Greek, Cyrillic) and Noto Sans Arabic,
under the SIL Open Font License. Widths are measured without hinting's help, at one size for all.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.errors import MediaError
from scheduler.media.arabic import is_arabic, joined

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

INSTALL = "pip install 'drumbeat[cards]'"
SANS, SERIF, ARABIC = "Noto Sans", "Noto Serif", "Noto Sans Arabic"
FAMILIES = {"noto sans": SANS, "sans-serif": SANS, "noto serif": SERIF, "serif": SERIF, "noto sans arabic": ARABIC}
MEASURED_AT = 200
"""Pixels an em at which words are measured; everything else is scaled from it."""

_RUNS = re.compile(r"[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]+|[^\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]+")
_NEVER_A_LETTER = "\uffff"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\u00ad]")


class CardsNotInstalled(MediaError):
    """What draws cards, or its fonts, is not installed."""

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} is not installed.", mend=f"Run `{INSTALL}`.")


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of one family; `weight` from 100 to 900."""

    family: str = SANS
    weight: int = 400
    italic: bool = False


@dataclass(slots=True, eq=False)
class Fonts:
    """The fonts, opened once each; serves one thread. Any two are alike: there are no others."""

    _files: dict[tuple[str, bool], Path] = field(default_factory=dict)
    _opened: dict[Face, "FreeTypeFont"] = field(default_factory=dict)
    _widths: dict[tuple[Face, str], float] = field(default_factory=dict)
    _lacking: dict[tuple[str, str], bool] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fonts)

    def __hash__(self) -> int:
        return hash(Fonts)

    def file(self, family: str, *, italic: bool = False) -> Path:
        """The file of a family. Raises `CardsNotInstalled`."""
        key = (family, italic and family != ARABIC)
        if key not in self._files:
            self._files[key] = _installed(*key)
        return self._files[key]

    def width(self, text: str, face: Face) -> float:
        """The width of `text` in ems."""
        if (face, text) not in self._widths:
            runs = _RUNS.findall(_INVISIBLE.sub("", text))
            self._widths[face, text] = sum(self._run(run, face) for run in runs) / MEASURED_AT
        return self._widths[face, text]

    def lacking(self, text: str, face: Face) -> str:
        """The letters of `text` that no font here has, each once."""
        letters = dict.fromkeys(_INVISIBLE.sub("", text))
        return "".join(letter for letter in letters if not letter.isspace() and self._lacks(letter, face))

    def _run(self, run: str, face: Face) -> float:
        if is_arabic(run[0]):
            return self._font(Face(ARABIC, face.weight)).getlength(joined(run))
        return self._font(face).getlength(run)

    def _lacks(self, letter: str, face: Face) -> bool:
        family = ARABIC if is_arabic(letter) else face.family
        key = (family, letter)
        if key not in self._lacking:
            font = self._font(Face(family))
            box, none = font.getmask(letter), font.getmask(_NEVER_A_LETTER)
            self._lacking[key] = box.size == none.size and bytes(box) == bytes(none)
        return self._lacking[key]

    def _font(self, face: Face) -> "FreeTypeFont":
        if face not in self._opened:
            self._opened[face] = _open(self.file(face.family, italic=face.italic), face.weight)
        return self._opened[face]


def _installed(family: str, italic: bool) -> Path:  # noqa: FBT001 (the file's key as it is)
    try:
        import fontpkg
    except ImportError as missing:
        raise CardsNotInstalled("What has the fonts of cards") from missing
    try:
        return Path(fontpkg.path(family, style="italic" if italic else "normal"))
    except fontpkg.FontpkgError as missing:
        raise CardsNotInstalled(f"The font {family}") from missing


def _open(path: Path, weight: int) -> "FreeTypeFont":
    from PIL import ImageFont

    font = ImageFont.truetype(str(path), MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
    axes = font.get_variation_axes()
    font.set_variation_by_axes([weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes])
    return font
