"""The weighted length of a post on X, config v3, and whether X would take the text.

Most characters weigh 1 or 2, a link always 23, an emoji of any make 2. The text is brought
into NFC first. Called for every text of every preview, so it looks twice only where there
is something to see: at a dot that could be a link's, at what could be an emoji.
"""

import re
from unicodedata import is_normalized, normalize

from scheduler.platforms.twitter.emoji import sequences
from scheduler.platforms.twitter.links import Span, links

LINK = 23

_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_INVALID = re.compile("[\ufffe\ufeff\uffff]")


def weighted_length(text: str, link: int = LINK) -> int:
    """What `text` counts on X, of 280; `link` is what any link counts."""
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    if "." in text and (spans := links(text)):
        return _weight(_between(text, spans)) + (link - 1) * len(spans)
    return _weight(text)


def _between(text: str, spans: list[Span]) -> str:
    """What is left of a text when each link is one line break."""
    pieces = []
    done = 0
    for start, end in spans:
        pieces.append(text[done:start])
        done = end
    pieces.append(text[done:])
    return "\n".join(pieces)


def _weight(text: str) -> int:
    """The weight of a text without looking for links."""
    if text.isascii():
        return len(text)
    heavy = "".join(_HEAVY.findall(text))
    weight = len(text) + len(heavy)
    if heavy:
        for sequence in sequences(text):
            weight += 2 - len(sequence) - len("".join(_HEAVY.findall(sequence)))
    return weight


def is_valid(text: str) -> bool:
    """Whether X takes such a text at all: not empty, and none of the three code points that it refuses."""
    return bool(text) and (text.isascii() or not _INVALID.search(text))
