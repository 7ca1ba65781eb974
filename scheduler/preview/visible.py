"""What contributors wrote, made safe for a terminal line.

A text may hold bytes that move the cursor, hide what follows or turn a line around. All
of these are shown as signs instead of obeyed. Right-to-left text keeps its order by being
isolated, so that it cannot pull the counts and names beside it out of place.
"""

import re
import unicodedata
from itertools import pairwise

_STYLE = re.compile(r"\x1b\[(?:0|1|2|4|3[0-7]|9[0-7])?m")
"""The colours that our own views write; never a concealed one."""

_DIRECTING = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff\u206a\u206b\u206c\u206d\u206e\u206f"
)
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

ISOLATE, POP = "\u2068", "\u2069"


def visible(text: str, *, keep_style: bool = False) -> str:
    """`text` with every control character as a sign (`␛`), line ends kept.

    `keep_style` lets plain colour sequences pass: only for lines whose foreign parts were made visible before.
    """
    if text.isascii() and text.isprintable():
        return text
    if not keep_style:
        return _signs(text)
    ends = [0, *(end for found in _STYLE.finditer(text) for end in found.span()), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    return "".join(piece if at % 2 else _signs(piece) for at, piece in enumerate(pieces))


def _signs(text: str) -> str:
    return "".join(_sign(letter) for letter in text)


def _sign(letter: str) -> str:
    code = ord(letter)
    if letter == "\n":
        return letter
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x7F < code < 0xA0 or 0xD800 <= code < 0xE000 or letter in _DIRECTING:
        return f"[U+{code:04X}]"
    return letter


def runs_right_to_left(text: str) -> bool:
    """Whether any letter of `text` belongs to a right-to-left script."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)
