"""An id out of a name in any script, so that nobody has to think one up.

Ids are `[a-z0-9][a-z0-9-]*`. Letters are spelled as they sound in Latin, roughly and without
a claim to any standard: an id has to be typed, not to be beautiful.
"""

import re
import unicodedata

LONGEST = 40

_SPELLED = str.maketrans(
    dict(
        zip(
            "абвгдезијклмнопрстуфхцѓѕќљњџћђ",
            "a b v g d e z i j k l m n o p r s t u f h c gj dz kj lj nj dz c dj".split(),
            strict=True,
        )
    )
    | dict(
        zip(
            "жчшщыэюяёйъьґєіїқғңөұүһәў",
            "zh ch sh sht y e ju ja jo j - - g e i i q g n o u u h a u".split(),
            strict=True,
        )
    )
    | dict(
        zip(
            "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ",
            "a v g d e z i th i k l m n x o p r s t y f ch ps o s a e i o y o".split(),
            strict=True,
        )
    )
    | {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ə": "e"}
    | {"&": " and ", "ь": "", "ъ": ""}
)


def slug(name: str, *, fallback: str = "campaign") -> str:
    """An id of at most 40 characters out of `name`; `fallback` where no letter of it can be spelled."""
    spelled = unicodedata.normalize("NFC", name).lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).translate(_SPELLED)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’ʼ")
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return _shortened(words) or fallback


def _shortened(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    head = words[: LONGEST + 1]
    return (head.rpartition("-")[0] or head[:LONGEST]).strip("-")
