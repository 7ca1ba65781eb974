"""Hashtags from any script, and how to guess what somebody meant to write.

A hashtag is read aloud by screen readers word for word only if each word begins with a
capital, so words are joined that way; scripts without capitals are joined as they are.
"""

import difflib
import unicodedata
from collections.abc import Iterable

import regex

from scheduler.composing.trouble import TemplateRefused

# Letters, their marks, digits, underscore, the joiners of Persian and Indic scripts, and the Catalan dot.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]+")
# `\X` alone takes seconds for thousands of flags in a row: it looks back over all of them at each.
GRAPHEME = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X")
"""One character as readers see it (extended grapheme cluster, Unicode UAX 29)."""
_APOSTROPHES = regex.compile(r"(?<=\p{L})['\u2019\u02bc](?=\p{L})")
_LETTER = regex.compile(r"\p{L}")
_INNER_CAPITAL = regex.compile(r"(?<=.)\p{Lu}")


def hashtag_of(text: str) -> str:
    """`time is now` -> `#TimeIsNow`; one word, and inner capitals, stay as written.

    Raises `TemplateRefused` where no letter is left: no platform takes such a hashtag.
    """
    words = _WORD.findall(_APOSTROPHES.sub("", unicodedata.normalize("NFC", text)))
    joined = "".join(words if len(words) == 1 else map(_capitalised, words))
    if not _LETTER.search(joined):
        raise TemplateRefused(f"No hashtag can be made of `{text}`.", mend="A hashtag needs at least one letter.")
    return unicodedata.normalize("NFC", f"#{joined}")


def _capitalised(word: str) -> str:
    return word if _INNER_CAPITAL.search(word) else word[:1].title() + word[1:]


def close_to(name: str, known: Iterable[str], *, before: str = "") -> str:
    """`Did you mean …?` for the names nearest to `name`, or nothing; `before` is put in front of each."""
    near = difflib.get_close_matches(name.lower(), sorted({str(one) for one in known}), n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(f'`{before}{one}`' for one in near)}?" if near else ""
