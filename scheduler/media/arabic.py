"""Arabic letters as they join, so that a line of them can be measured without shaping it.

A letter is wider alone than between others. Unicode has each form as a character of its own,
and the letter it is a form of (UnicodeData.txt, blocks Arabic Presentation Forms-A and -B);
fonts give these the widths of the shaped letters. Nothing of this is drawn: the renderer shapes.
"""

import unicodedata
from functools import cache

_KINDS = frozenset({"<isolated>", "<final>", "<initial>", "<medial>"})
LAM = "\u0644"


def is_arabic(letter: str) -> bool:
    """Whether the letter stands in one of the blocks that the Arabic font has."""
    return "\u0600" <= letter <= "\u08ff" or "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufeff"


@cache
def _forms() -> dict[tuple[str, str], str]:
    """Each form by its kind and the letters that it stands for."""
    found: dict[tuple[str, str], str] = {}
    for code in (*range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in _KINDS:
            found[kind, "".join(chr(int(letter, 16)) for letter in letters)] = chr(code)
    return found


def joined(word: str) -> str:
    """The letters of `word` in the forms in which they stand in it; marks above and below are left out."""
    letters = _with_ligatures([letter for letter in word if not unicodedata.combining(letter)])
    return "".join(_form(letters, at) for at in range(len(letters)))


def _with_ligatures(letters: list[str]) -> list[str]:
    """Lam and an alef after it are one."""
    found: list[str] = []
    for letter in letters:
        if (
            found
            and found[-1] == LAM
            and ("<final>", LAM + letter) in _forms()
            and letter in "\u0622\u0623\u0625\u0627"
        ):
            found[-1] = LAM + letter
        else:
            found.append(letter)
    return found


def _form(letters: list[str], at: int) -> str:
    forms, letter = _forms(), letters[at]
    after = at > 0 and ("<initial>", letters[at - 1]) in forms and ("<final>", letter) in forms
    before = at + 1 < len(letters) and ("<initial>", letter) in forms and ("<final>", letters[at + 1]) in forms
    kind = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>"}.get(
        (after, before), "<isolated>"
    )
    return forms.get((kind, letter), letter)
