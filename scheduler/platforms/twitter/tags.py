"""Hashtags, mentions and cashtags as X finds them.

Slower than counting, and apart from it: previews and checks ask, nobody else.

Letters, marks and decimal digits are those of Unicode, of any script, so a hashtag of Arabic,
Devanagari or Hangul is found whole. A mention may be of a list (`@name/list`).
"""

import re
from collections.abc import Sequence

from scheduler.platforms.patterns import pattern
from scheduler.platforms.twitter.alphabet import AT_SIGNS, BLANKS, HASH_SIGNS, LATIN_ACCENTS, PUNCTUATION
from scheduler.platforms.twitter.links import Span

_LETTERS = r"\p{L}\p{M}"
_SPECIAL = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"  # joiners
)
_SIGN = rf"{_LETTERS}\p{{Nd}}{_SPECIAL}"
_WORD = rf"[{_SIGN}]"
_HASHTAG = (
    rf"[{HASH_SIGNS}](?:(?<![{_SIGN}&](?s:.))|(?<=[\uFE0E\uFE0F](?s:.)))(?![\uFE0F\u20E3])"
    rf"{_WORD}*[{_LETTERS}]{_WORD}*"
)

_NOT_BEFORE_MENTION = re.compile(rf"[a-zA-Z0-9_!#$%&*{AT_SIGNS}]")
_NOT_BEFORE_RT = re.compile(r"[a-zA-Z0-9_+~.-]")
_MENTION = re.compile(rf"[{AT_SIGNS}][a-zA-Z0-9_]{{1,20}}(?:/[a-zA-Z][a-zA-Z0-9_-]{{0,24}})?")
_ENDS_NO_MENTION = re.compile(rf"[{AT_SIGNS}{LATIN_ACCENTS}]|://")
_ENDS_NO_HASHTAG = re.compile(rf"[{HASH_SIGNS}]|://")
_CASHTAG = re.compile(rf"(?<![^{BLANKS}])\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?(?![^{BLANKS}{PUNCTUATION}])")


def hashtags(text: str) -> list[Span]:
    """Start and end, in code points, of every hashtag with its sign; those inside links are still among them."""
    if "#" not in text and "＃" not in text:
        return []
    found = []
    done = 0
    for match in pattern(_HASHTAG).finditer(text):
        start, end = match.span()
        if start and start == done:
            continue  # the sign before it is the last one's end, and cannot stand before this one too
        done = end
        if not _ENDS_NO_HASHTAG.match(text, end):
            found.append((start, end))
    return found


def cashtags(text: str) -> list[Span]:
    """Start and end, in code points, of every cashtag (`$ABC`) with its sign."""
    return [match.span() for match in _CASHTAG.finditer(text)] if "$" in text else []


def mentions(text: str) -> list[Span]:
    """Start and end, in code points, of every mention with its sign, a list's name included."""
    if "@" not in text and "＠" not in text:
        return []
    found = []
    done = 0
    for match in _MENTION.finditer(text):
        start, end = match.span()
        if not _may_follow(text, start, done):
            continue
        done = end
        if not _ENDS_NO_MENTION.match(text, end):
            found.append((start, end))
    return found


def _may_follow(text: str, start: int, done: int) -> bool:
    """Whether a mention may stand behind what does, which must not belong to a mention that ended at `done`."""
    if start == 0:
        return True
    if start > done and not _NOT_BEFORE_MENTION.match(text, start - 1):
        return True
    if text[max(start - 2, 0) : start].lower() != "rt":
        return False
    return start == 2 or (start - 2 > done and not _NOT_BEFORE_RT.match(text, start - 3))


def outside(spans: Sequence[Span], links: Sequence[Span]) -> list[Span]:
    """Those of `spans` that no link overlaps which starts before them."""
    return [span for span in spans if not any(start <= span[0] < end for start, end in links)]
