"""The units that platforms count in: code points, UTF-16 units, UTF-8 bytes, graphemes.

One text has a different length in each, and a platform that counts in one refuses what
fits in another. Lone surrogates, which no platform takes, count as what they would be.
"""

import re

from scheduler.model.measure import Measure
from scheduler.platforms.base import Draught
from scheduler.platforms.patterns import pattern

_CLUSTER = r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X"
"""As `\\X`, which alone looks back over a whole run of flags for each of them."""
_ALONE_IN_ITS_CLUSTER = re.compile(
    "[\t\n\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u0620-\u064a\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2100-\u22ff\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff]*"
)
"""Signs that make a cluster with none of the others here: most texts hold nothing else."""


def graphemes(text: str) -> int:
    """Extended grapheme clusters: what a reader calls characters. CR with LF is one."""
    if _ALONE_IN_ITS_CLUSTER.fullmatch(text):
        return len(text)
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
