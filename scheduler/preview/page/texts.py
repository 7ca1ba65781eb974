"""A contributor's text as markup: escaped, its links marked, its hidden characters shown.

What steers a screen instead of being read (control, direction and zero-width characters,
tags) is drawn as a sign, so that a page shows everything that goes out. Joiners inside
emoji and scripts that need them stay what they are.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from scheduler.model.measure import Entities
from scheduler.preview.visible import visible

_HIDDEN = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f)|([\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b"
    "\u200e\u200f\u2060-\u2064\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f])"
)
_SIGN = re.compile(r"\[U\+[0-9A-F]{4,6}\]|[\u2400-\u2421]")
_WEB = ("http://", "https://")


def shown(text: str) -> str:
    """The text with every hidden character as a sign."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_named, visible(text))


def _named(found: re.Match[str]) -> str:
    return found[1] or f"[U+{ord(found[2]):04X}]"


def plain(text: str) -> Markup:
    """The text escaped, its signs marked as such."""
    safe = escape(shown(text))
    if not _SIGN.search(safe):
        return safe
    signed = _SIGN.sub(r'<b class="sign" title="a hidden character">\g<0></b>', str(safe))
    return Markup(signed)  # noqa: S704 - escaped above


def marked(text: str, entities: Entities) -> Markup:
    """The text with what becomes a link there marked; web addresses can be opened, to try them."""
    pieces: list[str] = []
    at = 0
    for start, end, kind in spans(entities):
        if start >= at:
            pieces += [plain(text[at:start]), _entity(text[start:end], kind)]
            at = end
    return Markup("".join([*pieces, plain(text[at:])]))  # noqa: S704 - every piece was escaped


def _entity(text: str, kind: str) -> str:
    if kind == "url" and text.startswith(_WEB):
        return f'<a class="e" href="{escape(text)}" rel="noreferrer noopener nofollow">{plain(text)}</a>'
    return f'<span class="e">{plain(text)}</span>'


def spans(entities: Entities) -> Iterator[tuple[int, int, str]]:
    """Start, end (code points) and kind of everything that becomes a link, in order."""
    kinds = ((entities.urls, "url"), (entities.mentions, "mention"), (entities.hashtags, "tag"))
    return iter(sorted((one.start, one.end, kind) for found, kind in kinds for one in found))
