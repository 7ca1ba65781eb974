"""Rules of emoji: where they stand, how many, and what they stand for.

A screen reader says the name of each one ("clapping hands, medium skin tone") where it stands.
An emoji is one grapheme cluster: a family, a flag or a hand with its colour counts once.
Signs that are shown as text (©, ™, ❤ without its selector) are none.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.checking.case import Case, Hit, Replacement
from scheduler.checking.rules.passages import without_links
from scheduler.platforms.patterns import pattern

_KEYCAP = r"[0-9#*]\ufe0f?\u20e3"
_TAGGED = "[\U000e0020-\U000e007f]"
_ONE = (
    rf"(?:{_KEYCAP}|\p{{RI}}{{2}}|(?:(?!\p{{RI}})\p{{Emoji_Presentation}}(?!\ufe0e)|\p{{Extended_Pictographic}}"
    rf"(?=\ufe0f|\p{{Emoji_Modifier}}))(?:\ufe0f|\p{{Emoji_Modifier}}|{_TAGGED}|\u200d\p{{Extended_Pictographic}})*)"
)
_A_POST = 500
"""Characters of a text that bears as many emoji as one post does; a letter or an article bears more."""
_WRITTEN_TOGETHER = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"  # no blanks between words
)
_LETTER = rf"(?![{_WRITTEN_TOGETHER}])\p{{L}}"


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji in a text; `start` and `end` in code points."""

    text: str
    start: int
    end: int


def emoji_in(text: str) -> list[Emoji]:
    """Every emoji of `text`, in order."""
    if text.isascii():
        return []
    return [Emoji(found.group(), *found.span()) for found in pattern(_ONE).finditer(text)]


def many(case: Case) -> Iterator[Hit]:
    """More emoji than a listener bears, or the same one again and again."""
    text = case.delivery.content.text
    found, run = _signs(text), case.threshold("emoji-count", "run")
    most = case.threshold("emoji-count", "most") * max(1, -(-len(text) // _A_POST))
    repeated = _longest_run(found)
    if repeated > run:
        at = next(one for one, times in _runs(found) if times == repeated)
        what = f"{at.text} stands {repeated} times in a row, and is read out as often"
        yield Hit(what, "Once is enough.", "text")
    elif len(found) > most:
        yield Hit(f"{len(found)} emoji, each of which is read out", f"Leave {most} at most.", "text")


def _signs(text: str) -> list[Emoji]:
    """Every emoji but digits in keys, which `emoji-as-bullet` tells."""
    return [one for one in emoji_in(text) if not one.text[0].isdigit()]


def _longest_run(found: list[Emoji]) -> int:
    return max((times for _, times in _runs(found)), default=0)


def _runs(found: list[Emoji]) -> Iterator[tuple[Emoji, int]]:
    """Each emoji that begins a run of its own kind with nothing between, and the length of that run."""
    at = 0
    while at < len(found):
        length = 1
        while at + length < len(found) and _follows(found[at + length - 1], found[at + length]):
            length += 1
        yield found[at], length
        at += length


def _follows(one: Emoji, other: Emoji) -> bool:
    return one.end == other.start and one.text == other.text


def bullets(case: Case) -> Iterator[Hit]:
    """Lines that begin with emoji as a list does, and digits in keys."""
    text = case.delivery.content.text
    found = emoji_in(text)
    starts = _line_starts(text, found)
    keys = [one for one in found if one.text[0].isdigit()]
    if keys:
        what = f"{keys[0].text} is read out as “keycap {keys[0].text[0]}”"
        fix = Replacement(keys[0].text, f"{keys[0].text[0]}.") if keys[0] in starts else None
        yield Hit(what, f"Write {keys[0].text[0]}.", "text", fix)
    elif len(starts) >= case.threshold("emoji-as-bullet", "lines"):
        what = f"{len(starts)} lines begin with an emoji, whose name is read out before each"
        yield Hit(what, "Begin them with a hyphen or a number.", "text")


def _line_starts(text: str, found: list[Emoji]) -> list[Emoji]:
    """The emoji that begin a line and have words behind them on it."""
    begins = {one.start: one for one in found}
    starts, at = [], 0
    for line in text.split("\n") if found else ():
        first = begins.get(at + len(line) - len(line.lstrip()))
        if first and any(map(str.isalnum, line[first.end - at :])):
            starts.append(first)
        at += len(line) + 1
    return starts


def misplaced(case: Case) -> Iterator[Hit]:
    """An emoji before the first word, or inside a sentence: a small letter follows, which not every script has."""
    text = without_links(case.delivery.content.text)
    found = emoji_in(text)
    if not found or len(_line_starts(text, found)) >= case.threshold("emoji-as-bullet", "lines"):
        return
    if case.delivery.part == 1 and not text[: found[0].start].strip() and _says_something(text, found):
        yield Hit(f"{found[0].text} is read out before the first word", "Put it to the end.", "text")
        return
    inside = pattern(rf"\p{{L}}[,;]?[ \t\u00a0]+({_ONE})[ \t\u00a0]*(?-i:\p{{Ll}})").search(text)
    if inside:
        yield Hit(f"{inside.group(1)} is read out in the middle of a sentence", "Put it to the end.", "text")


def _says_something(text: str, found: list[Emoji]) -> bool:
    return any(letter.isalpha() for letter in text[found[0].end :])


def glued(case: Case) -> Iterator[Hit]:
    """An emoji right behind a letter; scripts that write words without blanks are left alone."""
    text = without_links(case.delivery.content.text)
    for one in emoji_in(text):
        if pattern(_LETTER).match(text[max(one.start - 1, 0) : one.start]):
            word = _word_before(text, one.start)
            what = f"{one.text} is glued to “{word}”, and read out as part of it"
            yield Hit(what, "Put a blank between them.", "text", Replacement(word + one.text, f"{word} {one.text}"))
            return


def _word_before(text: str, end: int) -> str:
    start = end
    while start and (text[start - 1].isalnum() or unicodedata.category(text[start - 1])[0] == "M"):
        start -= 1
    return text[start - 1 : end] if start and text[start - 1] in "#@" else text[start:end]
