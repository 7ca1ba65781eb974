"""An id out of a name in any script, so that nobody has to think one up.

Ids are `[a-z0-9][a-z0-9-]*`. Letters are spelled as they sound in Latin, roughly and without
a claim to any standard: an id has to be typed, not to be beautiful.
"""

import re
import unicodedata

LONGEST = 40


def _spelling(letters: str, sounds: str) -> dict[str, str]:
    return dict(zip(letters, sounds.split(), strict=True))


_SPELLED = str.maketrans(
    _spelling("абвгдезијклмнопрстуфхц", "a b v g d e z i j k l m n o p r s t u f h c")
    | _spelling("ѓѕќљњџћђжчшщыэюяёй", "gj dz kj lj nj dz c dj zh ch sh sht y e ju ja jo j")
    | _spelling("ґєіїқғңөұүһәў", "g e i i q g n o u u h a u")
    | _spelling("αβγδεζηθικλμνξοπρστυφχψως", "a v g d e z i th i k l m n x o p r s t y f ch ps o s")
    | _spelling("ßøłđıæœþðŋə&", "ss o l d i ae oe th d n e -and-")
    | dict.fromkeys("ьъ'’ʼ", "")
)


def slug(name: str, *, fallback: str = "campaign") -> str:
    """An id of at most 40 characters out of `name`; `fallback` where no letter of it can be spelled."""
    spelled = unicodedata.normalize("NFC", name).lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).translate(_SPELLED)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return _shortened(words) or fallback


def _shortened(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    head = words[: LONGEST + 1]
    return (head.rpartition("-")[0] or head[:LONGEST]).strip("-")
