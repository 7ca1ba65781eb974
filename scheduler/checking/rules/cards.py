"""Rules of cards: every word on one stands where a screen reader finds it, and can be read by eye.

What only drawing shows (room, letters, contrast) was looked at before, since rules touch no file:
`Case.flaws` holds it by drawing. The rules here pass it on, each under its own name, so that it can
be set and waived like everything else.
"""

import unicodedata
from collections.abc import Callable, Iterator

import regex

from scheduler.checking.case import Case, Hit
from scheduler.composing.svg import read, words_of

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_MARK = regex.compile(r"\p{Mn}")
_SHOWN = 6


def unsaid(case: Case) -> Iterator[Hit]:
    """Words that are drawn and stand neither in the text nor in the card's alternative text."""
    content = case.delivery.content
    for media in content.media:
        if not media.drawing:
            continue
        said = set(_words(f"{content.text} {media.alt}"))
        drawn = dict.fromkeys(_words(" ".join(words_of(read(media.drawing)))))
        missing = [word for word in drawn if word not in said]
        if missing:
            shown = " ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
            yield Hit(
                f"the card says “{shown}”, which neither the text nor the alternative text has",
                "Write all that the card says into its `alt`, or take it off the card.",
                "media.0.alt",
            )


def seen(rule: str, meaning: str) -> Callable[[Case], Iterator[Hit]]:
    """The rule that passes on what was seen of cards under the id `rule`; `meaning` is what people read of it."""

    def look(case: Case) -> Iterator[Hit]:
        for media in case.delivery.content.media:
            for flaw in case.flaws.get(media.drawing, ()) if media.drawing else ():
                if flaw.rule == rule:
                    yield Hit(flaw.what, flaw.mend, "media.0.file")

    look.__doc__ = meaning
    return look


def _words(text: str) -> Iterator[str]:
    """The words without case and without marks, which not everybody writes."""
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return (found[0] for found in _WORD.finditer(bare))
