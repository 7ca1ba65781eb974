"""The one form in which a text is shown, compared and sent.

A template's indentation and empty branches leave blanks that nobody wrote on purpose, and
two spellings of one letter would make two texts. Frozen twice is frozen once. Blanks are
the space and the tab; a no-break space is a person's choice and stays.
"""

import re
import unicodedata

_BLANKS = re.compile(r"[ \t]+")
_MANY_EMPTY = re.compile(r"\n{3,}")


def freeze(text: str) -> str:
    """Unicode NFC, LF, no blanks at line ends or around the text, one blank in a row, one empty line in a row."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = "\n".join(_BLANKS.sub(" ", line).rstrip(" ") for line in text.split("\n"))
    return _MANY_EMPTY.sub("\n\n", lines).strip(" \n")
