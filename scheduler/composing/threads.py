"""A thread's parts: where a text is divided, and how a long one is split at sentence ends.

A line of `---` divides by hand. `split` packs whole sentences into as few parts as the
platform needs and numbers them; no sentence is cut that fits into a part by itself.
"""

from collections.abc import Callable

import regex

from scheduler.composing.freeze import freeze
from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.words import GRAPHEME

MOST_PARTS = 100
_DIVIDER = regex.compile(r"(?m)^[ \t]*---[ \t]*$")
# Ends of sentences: Latin and Cyrillic, Arabic, Devanagari, Armenian, Ethiopic; then those of Chinese and
# Japanese, which no blank follows. Closing quotes and brackets belong to the sentence.
_ENDS = regex.compile(r"(?:[.!?…؟۔।॥։።‽]+[\p{Pf}\p{Pe}\"'”’»]*(?=\s)|[。！？｡]+[\p{Pf}\p{Pe}”’」』]*|\n+)\s*")
# `J. Smith`, `e.g. this`, `ул. Гоце`: a short word and a full stop inside a sentence.
_SHORT = regex.compile(
    r"(?:^|[\s(])(?:\p{L}\.)*\p{L}\.\s*$|(?i:(?:^|\s)(?:mr|mrs|ms|dr|prof|st|no|vs|ул|бр|проф|т|г|д-р)\.\s*$)"
)


Fits = Callable[[str, int], bool]
"""Whether a text fits as the part of that number, counted from 1."""


def divided(text: str) -> list[str]:
    """The frozen parts of `text` between lines of `---`; empty ones are left out, one remains in any case."""
    parts = [part for part in map(freeze, _DIVIDER.split(text.replace("\r\n", "\n"))) if part]
    return parts or [""]


def split(parts: list[str], fits: Fits) -> list[str]:
    """Parts of whole sentences, each of which fits, numbered (`… 1/3`) where there are several."""
    if len(parts) == 1 and fits(parts[0], 1):
        return parts
    packed: list[str] = []
    for digits in (1, 2, 3):
        packed = []
        for part in parts:
            packed.extend(_packed(sentences(part), _numbered(fits, digits), len(packed)))
            check_count(len(packed))
        if len(packed) < 10**digits:
            break
    return [f"{part} {number}/{len(packed)}" for number, part in enumerate(packed, 1)] if len(packed) > 1 else packed


def check_count(count: int) -> None:
    """Refuse a thread that nobody would read to its end. Raises `TemplateRefused`."""
    if count > MOST_PARTS:
        raise TemplateRefused(
            f"This text makes a thread of more than {MOST_PARTS} parts.",
            mend="Shorten it, or post a link to it.",
            rule="thread-too-long",
        )


def _numbered(fits: Fits, digits: int) -> Fits:
    tail = f" {'9' * digits}/{'9' * digits}"
    return lambda text, number: fits(f"{freeze(text)}{tail}", number)


def sentences(text: str) -> list[str]:
    """The sentences of `text` with what follows each, so that joined they are the text again."""
    found: list[str] = []
    start = 0
    for end in _ENDS.finditer(text):
        before, after = text[max(start, end.end() - 16) : end.end()], text[end.end() : end.end() + 1]
        if "\n" not in end[0] and _goes_on(before, after):
            continue
        found.append(text[start : end.end()])
        start = end.end()
    return [*found, text[start:]] if start < len(text) else found


def _goes_on(before: str, after: str) -> bool:
    """Whether the sentence goes on, judged by its last few characters and the one behind it."""
    return after.islower() or bool(_SHORT.search(before))


def _packed(pieces: list[str], fits: Fits, before: int) -> list[str]:
    parts: list[str] = []
    held = ""
    for piece in pieces:
        if fits(held + piece, before + len(parts) + 1):
            held += piece
            continue
        if held.strip():
            parts.append(held)
        check_count(before + len(parts))
        number = before + len(parts) + 1
        *whole, held = [piece] if fits(piece, number) else _broken(piece, lambda text: fits(text, number))  # noqa: B023
        parts.extend(whole)
    return [frozen for part in [*parts, held] if (frozen := freeze(part))]


def _broken(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    """A sentence longer than a part, cut between words, and inside a word only where that is too long as well."""
    words, parts, start = _words(sentence, fits), list[str](), 0
    while start < len(words):
        end = _furthest(words, start, fits)
        parts.append("".join(words[start:end]))
        start = end
    return parts


def _furthest(words: list[str], start: int, fits: Callable[[str], bool]) -> int:
    """The end of the longest run of words from `start` that fits, one at least: looked for in doubling steps."""
    low, high = start + 1, start + 2
    while high <= len(words) and fits("".join(words[start:high])):
        low, high = high, start + 2 * (high - start)
    high = min(high, len(words) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if fits("".join(words[start:middle])):
            low = middle
        else:
            high = middle
    return low


def _words(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    words: list[str] = regex.findall(r"\s*\S+\s*?", sentence)
    return [piece for word in words for piece in ([word] if fits(word) else GRAPHEME.findall(word))]
