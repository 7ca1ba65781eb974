"""Shortens what asked for it, so that the whole part fits the platform.

A cut never falls inside a grapheme, a link, a mention or a hashtag; it falls at a word's
end where there is one. Of several texts that may be shortened the last gives way first.
"""

from collections.abc import Callable, Sequence

import regex

from scheduler.composing.freeze import freeze
from scheduler.composing.values import FIT_BEGINS, FIT_ENDS
from scheduler.composing.words import GRAPHEME
from scheduler.model.measure import Entities

_MARK = regex.compile(f"{FIT_BEGINS}([0-9]+){FIT_ENDS}")
# Scripts written without blanks between words: a grapheme's end is as good a place as any.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_LOOSE_END = " \t\n\u00a0.,;:–—-([{«„“‘¿¡/"
ELLIPSIS = "…"


def fitted(text: str, pieces: Sequence[str], fits: Callable[[str], bool], entities: Callable[[str], Entities]) -> str:
    """`text` with its marks filled from `pieces`, shortened as little as makes `fits` true; frozen."""
    marks = [int(found) for found in _MARK.findall(text)]
    chosen = {mark: pieces[mark] for mark in marks if mark < len(pieces)}
    if not chosen:
        return text
    for mark in reversed(list(chosen)):
        if fits(filled(text, chosen)):
            break
        chosen[mark] = _shortened(chosen[mark], _with(text, chosen, mark, fits), entities)
    return filled(text, chosen)


def _with(text: str, chosen: dict[int, str], mark: int, fits: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda cut: fits(filled(text, {**chosen, mark: cut}))


def filled(text: str, chosen: dict[int, str]) -> str:
    """`text` with each mark replaced by what was chosen for it; frozen."""
    return freeze(_MARK.sub(lambda found: chosen.get(int(found[1]), ""), text))


def _shortened(piece: str, fits: Callable[[str], bool], entities: Callable[[str], Entities]) -> str:
    piece = freeze(piece)
    ends = _cuts(piece, entities(piece))
    return _longest(piece, [end for end in ends if _is_word_end(piece, end)], fits, entities) or _longest(
        piece, ends, fits, entities
    )


def _longest(piece: str, ends: list[int], fits: Callable[[str], bool], entities: Callable[[str], Entities]) -> str:
    """The longest cut that fits: halving first, for lengths grow with the text, then down where they did not."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if fits(_cut(piece, ends[middle], entities)):
            low = middle + 1
        else:
            high = middle
    for end in reversed(ends[max(0, low - 3) : low]):
        if fits(cut := _cut(piece, end, entities)):
            return cut
    return ""


def _cut(piece: str, end: int, entities: Callable[[str], Entities]) -> str:
    head = piece[:end].rstrip(_LOOSE_END)
    if not head:
        return ""
    ends_in_link = any(url.end == len(head) for url in entities(head).urls)
    return f"{head}{' ' if ends_in_link else ''}{ELLIPSIS}"


def _cuts(piece: str, entities: Entities) -> list[int]:
    """Where the text may be cut at all: ends of graphemes outside of entities."""
    spans = [
        (found.start, found.end) for kind in (entities.urls, entities.mentions, entities.hashtags) for found in kind
    ]
    inside = {position for start, end in spans for position in range(start + 1, end)}
    return [found.end() for found in GRAPHEME.finditer(piece) if found.end() not in inside and found.end() < len(piece)]


def _is_word_end(piece: str, end: int) -> bool:
    return piece[end].isspace() or bool(_UNSPACED.match(piece[end]) or _UNSPACED.match(piece[end - 1]))
