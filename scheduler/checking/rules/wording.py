"""Rules of how words are written: letters that only look like letters, words in capitals, empty link words.

What is read with the eyes alone is not all that is read: these catch what a screen reader, a
search and a translation stumble over.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scheduler.checking.case import Case, Hit, Replacement
from scheduler.checking.rules.passages import passages, without_links
from scheduler.checking.rules.phrases import LINK_WORDS, link_words, spoken
from scheduler.platforms.patterns import pattern

_SMALL_CAPITALS: Mapping[str, str] = MappingProxyType(
    dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
)
_NEGATIVE = (
    (0x1F150, "A"),
    (0x1F170, "A"),
)
"""White letters on black, round and square, which Unicode does not name as letters' forms."""
_MATHS = "\U0001d400-\U0001d7ff"
_HOLES = "ℂℍℕℙℚℝℤℬℰℱℋℐℒℳℛℭℌℑℜℨℯℊℴℎ"
"""Letters that the mathematical alphabets take from elsewhere."""
_ENCLOSED = (
    "\u24b6-\u24e9\u249c-\u24b5\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
)
_STYLED = rf"[{_MATHS}{_HOLES}{_ENCLOSED}](?:[{_MATHS}{_HOLES}{_ENCLOSED}\u0020]*[{_MATHS}{_HOLES}{_ENCLOSED}])"
_WIDE = "[\uff21-\uff3a\uff41-\uff5a](?:[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000 ]*[\uff21-\uff3a\uff41-\uff5a])"
_RAISED = "[\u1d2c-\u1d6a\u02b0-\u02b8\u02e1-\u02e3\u2071\u207f\u2090-\u209c]{4,}"
_STRUCK = "(?:[^\\W\\d_][\u0332-\u0338\u0305\u20d0-\u20e0]){3,}"
_FANCY = re.compile(f"({_STYLED})|({_WIDE})|({_RAISED})|({_STRUCK})")
_WIDE_GROUP, _STRUCK_GROUP = 2, 4
_WORD = re.compile(r"\w{3,}")
_AS_THEY_ARE = frozenset("oqsvwxz")
"""Letters that the generators of small capitals leave small."""
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK = re.compile("[\u0332-\u0338\u0305\u20d0-\u20e0]")

_DRAWN = re.compile(
    r"¯\\?_?\\?\(\s?[ツシ]\s?\)_?/?¯|[(（]\s?[╯ノ]\S{1,9}[)）]\s?[╯ノ]?\s?[︵彡]\s?┻━┻|┬─+┬|\(\s?͡°\s?͜ʖ\s?͡°\s?\)|ʕ\s?[•ㅇ·]ᴥ[•ㅇ·]\s?ʔ"
    r"|\(ง\S{1,9}\)ง|\(づ\S{1,9}\)づ|[(（]\S{1,3}[╥ಥ]\S{0,3}[)）]|ಠ_ಠ|\(\^[_.-]\^\)|\(>_<\)"
)
"""Those that go round; what else is drawn is not guessed at."""

_RUN = r"(?-i:(?<![\p{L}\p{M}\p{N}#@_'’])(?:\p{Lu}\p{M}*+)+(?:['’-](?:\p{Lu}\p{M}*+)+)*(?![\p{L}\p{M}\p{N}_]))"
_BETWEEN = r"[ \t\u00a0]+"
_LONG = 4
_ENOUGH = 9
"""Letters that three words or more need to be a shout: NO MEANS NO."""


def fancy(case: Case) -> Iterator[Hit]:
    """Letters that stand for bold, script or boxes: mathematical, enclosed, raised, small or struck ones."""
    for passage in passages(case.delivery.content):
        for run, plain in disguised(passage.text):
            what = f"“{run}” in {passage.name} is not made of letters"
            yield Hit(what, f"Write “{plain}”.", passage.key, Replacement(run, plain))


def disguised(text: str) -> Iterator[tuple[str, str]]:
    """Each run of letters in disguise, and what it says; wide letters are at home in East Asian texts."""
    if text.isascii():
        return
    for found in _FANCY.finditer(text):
        run = found.group()
        plain = _MARK.sub("", run) if found.lastindex == _STRUCK_GROUP else "".join(map(_plain, run))
        at_home = found.lastindex == _WIDE_GROUP and _EAST_ASIAN.search(text)
        if not at_home and any(letter.isalnum() for letter in plain):
            yield run, plain
    for found in _WORD.finditer(text):
        word = found.group()
        small = sum(letter in _SMALL_CAPITALS for letter in word)
        if small >= 3 and all(letter in _SMALL_CAPITALS or letter in _AS_THEY_ARE for letter in word):
            yield word, "".join(_SMALL_CAPITALS.get(letter, letter) for letter in word)


def _plain(letter: str) -> str:
    for first, word in _NEGATIVE:
        if first <= ord(letter) < first + 26:
            return chr(ord(word) + ord(letter) - first)
    normal = unicodedata.normalize("NFKC", letter)
    return normal.strip("()") or letter


def all_caps(case: Case) -> Iterator[Hit]:
    """Long words in capitals, one after the other; acronyms, hashtags and words seen on a picture are none."""
    known = frozenset(case.word("all-caps", "acronyms").upper().split())
    for passage in passages(case.delivery.content):
        if passage.key.startswith("media"):
            continue
        run = shouted(without_links(passage.text), known)
        if run:
            yield Hit(f"“{run}” in {passage.name} is all capitals", "Write it as you would say it.", passage.key)


def shouted(text: str, acronyms: frozenset[str]) -> str:
    """The first run of words in capitals: two of four letters, or three of nine together with one of four."""
    for found in pattern(rf"{_RUN}(?:{_BETWEEN}{_RUN})+").finditer(text):
        words = [word for word in found.group().split() if word not in acronyms]
        letters = sum(map(str.isalpha, "".join(words)))
        long = sum(len(word) >= _LONG for word in words)
        if long >= 2 or (long and len(words) >= 3 and letters >= _ENOUGH):
            return str(found.group())
    return ""


def drawn(case: Case) -> Iterator[Hit]:
    """Faces and figures that are drawn with signs: a shrug, a table that is turned over, a bear."""
    for passage in passages(case.delivery.content):
        if found := _DRAWN.search(passage.text):
            what = f"“{found.group()}” in {passage.name} is read out sign by sign"
            yield Hit(what, "Say it in words, or with one emoji.", passage.key)


def empty_link_words(case: Case) -> Iterator[Hit]:
    """Words that say where to press and not where it leads."""
    content = case.delivery.content
    for code in spoken(content.language, LINK_WORDS):
        found = link_words(code).search(content.text)
        if found:
            what = f"“{found.group()}” says nothing of where the link leads"
            yield Hit(what, "Say what is to be found there.", "text")
            return
