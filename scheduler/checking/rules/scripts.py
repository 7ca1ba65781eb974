"""Rules of letters that deceive: scripts mixed in one word, and characters that nobody sees.

`е` and `e` look the same and are not: a hashtag with one Cyrillic letter gathers nobody, a link
with one leads elsewhere. A word of another script is left alone unless it looks like a hashtag of
the campaign; so is a word of which any letter has no twin, and one that begins or ends with some
capitals of the other script (#ITсектор): that is a choice, not an accident.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scheduler.checking.case import Case, Hit, Replacement
from scheduler.checking.rules.hashtags import listed, names
from scheduler.checking.rules.passages import passages

_CYRILLIC: Mapping[str, str] = MappingProxyType(
    dict(zip("АВЕЅІЈКМНОРСТУХЗаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTYX3aesijopcyxhdqw", strict=True))
)
_GREEK: Mapping[str, str] = MappingProxyType(dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι", "ABEZHIKMNOPTYXovi", strict=True)))
_TWINS: Mapping[str, str] = MappingProxyType({**_CYRILLIC, **_GREEK})
"""Letters of Cyrillic and Greek that look like a Latin one."""
_BACK: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Cyrillic": {latin: letter for letter, latin in _CYRILLIC.items()},
        "Greek": {latin: letter for letter, latin in _GREEK.items()},
    }
)
_UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_JOINERS = "\u200c\u200d"
_UNSEEN_INSIDE = re.compile(rf"[{_UNSEEN}][^{_UNSEEN}]")
"""Behind a word they belong to the text around it."""
_SIGNED = re.compile(rf"(?<![\w/])[#@][\w.@{_UNSEEN}{_JOINERS}-]+|https?://[^\s<>\"«»“”]+", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+")
_OPEN = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_CLOSE, _CLOSE_ISOLATE = "\u202c", "\u2069"
_OVERRIDES = re.compile("[\u202d\u202e]")


def mixed(case: Case) -> Iterator[Hit]:
    """A hashtag, handle or host with letters of two scripts that look alike, or a whole word of the wrong one."""
    content = case.delivery.content
    signed = [("text", found.group()) for found in _SIGNED.finditer(content.text)]
    for key, word in dict.fromkeys([*signed, ("link", content.link)]):
        for run in _TOKEN.findall(_host(word)):
            if plain := untwinned(run):
                odd = next(letter for letter, wanted in zip(run, plain, strict=True) if letter != wanted)
                what = f"{_shown(word)} mixes letters that look alike: “{odd}” in it is {script(odd)}"
                fix = Replacement(word, word.replace(run, plain)) if key == "text" and word[0] in "#@" else None
                yield Hit(what, "Type it again, all in one script.", key, fix)
    yield from _lookalikes(case)


def _lookalikes(case: Case) -> Iterator[Hit]:
    tags = names(case.delivery.content.text)
    listed_here = case.counts.once(("listed", case.campaign.id), lambda: listed(case.campaign)) if tags else []
    wanted = {skeleton(tag): tag for tag in listed_here}
    for tag in tags:
        meant = wanted.get(skeleton(tag), tag)
        if meant.casefold() != tag.casefold() and not untwinned(tag[1:]):
            what = f"{tag} only looks like {meant}: its first letter is {script(tag[1])}"
            yield Hit(what, f"Write {meant}.", "text", Replacement(tag, meant))


def skeleton(word: str) -> str:
    """What a word looks like, in Latin letters where it can be: equal skeletons are taken for one word."""
    return "".join(_TWINS.get(letter, letter) for letter in word).casefold()


def _host(word: str) -> str:
    """Of a link only the host: paths may be in any script."""
    return word.split("://", 1)[1].partition("/")[0] if "://" in word else word


def _shown(word: str) -> str:
    return re.sub(f"[{_UNSEEN}{_JOINERS}]", "", word)


def script(letter: str) -> str:
    """The script of a letter, as far as it matters here."""
    if "\u0370" <= letter <= "\u03ff":
        return "Greek"
    return "Cyrillic" if "\u0400" <= letter <= "\u052f" else "Latin"


def untwinned(run: str) -> str:
    """A word of two scripts all in the one that most of it has; empty where it is sound.

    It is sound unless every letter of the rarer script has a twin in the other.
    """
    scripts = [] if run.isascii() else [script(letter) for letter in run]
    others = set(scripts) - {"Latin"}
    latin = scripts.count("Latin")
    if not latin or not others:
        return ""
    most = "Latin" if latin * 2 >= len(run) else min(others)
    twins = _TWINS if most == "Latin" else _BACK[most]
    strangers = "".join(letter for letter, one in zip(run, scripts, strict=True) if one != most)
    chosen = len(strangers) > 1 and strangers.isupper() and (run.startswith(strangers) or run.endswith(strangers))
    if chosen or not all(letter in twins for letter in strangers):
        return ""
    return "".join(letter if one == most else twins[letter] for letter, one in zip(run, scripts, strict=True))


def unseen(case: Case) -> Iterator[Hit]:
    """Characters that nobody sees in a link, handle or hashtag, and directions that are turned and not turned back."""
    content = case.delivery.content
    for found in dict.fromkeys(_SIGNED.findall(content.text)):
        if _UNSEEN_INSIDE.search(found):
            bare = re.sub(f"[{_UNSEEN}]", "", found)
            what = f"{bare} has a character in it that nobody sees"
            yield Hit(what, "Type it again.", "text", Replacement(found, bare))
    if content.link and (bare := re.sub(f"[{_UNSEEN}{_JOINERS}]", "", content.link)) != content.link:
        yield Hit(f"{bare} has a character in it that nobody sees", "Type it again.", "link")
    for passage in passages(content):
        if why := _turned(passage.text):
            yield Hit(f"{passage.name} {why}", "Take the invisible characters out, or type it again.", passage.key)


def _turned(text: str) -> str:
    """What is wrong with the directions of `text` (UAX #9); each paragraph is for itself."""
    if text.isascii():
        return ""
    if _OVERRIDES.search(text):
        return "forces a direction on its letters, so that they are read in another order than they are stored"
    return next((why for line in re.split(r"[\n\u2029]", text) if (why := _unbalanced(line))), "")


def _unbalanced(line: str) -> str:
    waiting: list[str] = []
    for letter in line:
        if letter in _OPEN or letter in _ISOLATES:
            waiting.append(_CLOSE if letter in _OPEN else _CLOSE_ISOLATE)
        elif letter in {_CLOSE, _CLOSE_ISOLATE} and (not waiting or waiting.pop() != letter):
            return "ends a direction that it did not begin"
    return "turns the direction and does not turn it back" if waiting else ""
