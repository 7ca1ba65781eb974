"""Text out of the HTML that a server makes of it, so that a post can be known again.

Servers wrap lines in paragraphs, links in spans and mentions in cards; letters they keep.
Compared is what is left when both sides lose their white space and the server part of names.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "blockquote"})
_MENTION = re.compile(r"(@[\w.-]+)(?:@[\w.-]+\w)+")
NEAR = 0.5
SHORT = 20
"""Fewer characters are too little to tell two texts apart by."""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag in _BREAKS:
            self.pieces.append("\n")


def text_of(html: str) -> str:
    """The text of a fragment of HTML."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.pieces)


def plain(text: str) -> str:
    """What of a text survives a server: NFC, mentions without their server, all white space as one blank."""
    return " ".join(_MENTION.sub(r"\1", unicodedata.normalize("NFC", text)).split())


def alike(left: str, right: str) -> bool | None:
    """Whether two texts are the same to a reader; None where they are too near to be told apart for sure."""
    left, right = plain(left), plain(right)
    if left == right:
        return True
    if min(len(left), len(right)) < SHORT:
        return None if max(len(left), len(right)) < 2 * SHORT else False
    return None if SequenceMatcher(None, left, right, autojunk=False).quick_ratio() > NEAR else False
