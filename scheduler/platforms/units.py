"""The units that platforms count in: code points, UTF-16 units, UTF-8 bytes, graphemes.

One text has a different length in each, and a platform that counts in one refuses what
fits in another. Lone surrogates, which no platform takes, count as what they would be.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import Draught
from scheduler.platforms.patterns import pattern

_CLUSTER = r"\X"


def graphemes(text: str) -> int:
    """Extended grapheme clusters: what a reader calls characters. A line break of CR and LF is one."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(pattern(_CLUSTER).findall(text))


def clusters(text: str) -> list[str]:
    """The grapheme clusters themselves, in order."""
    found: list[str] = pattern(_CLUSTER).findall(text)
    return found


def utf8_bytes(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """UTF-16 code units: 2 for what lies outside the Basic Multilingual Plane."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def characters(draught: Draught) -> tuple[Measure, ...]:
    """Counting for platforms whose characters are code points; a warning counts as its own line where it is shown."""
    return (Measure(len(draught.text), draught.limits.get("text", 0), "characters"),)
