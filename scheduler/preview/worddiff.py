"""What changed between two texts, word by word.

Written so that it reads without colour: `[-old-]` is gone, `{+new+}` is there now. Long
stretches that stayed are shortened; what changed never is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
_KEPT = 40
_MOST_TOKENS = 2_000
"""Above this many words of either text the comparison is by whole texts: difflib takes quadratic time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `sign` is `=` for what stayed, `-` for what is gone, `+` for what is new."""

    sign: str
    text: str

    def __str__(self) -> str:
        return {"-": f"[-{self.text}-]", "+": f"{{+{self.text}+}}"}.get(self.sign, self.text)


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of `new` with what was taken out of `old` between them; empty where they are equal."""
    if old == new:
        return ()
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > _MOST_TOKENS:
        return Piece("-", old), Piece("+", new)
    return tuple(_shortened(_joined(list(_pieces(before, after)))))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for sign, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if sign == "equal":
            yield Piece("=", "".join(before[a:b]))
            continue
        if b > a:
            yield Piece("-", "".join(before[a:b]))
        if d > c:
            yield Piece("+", "".join(after[c:d]))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Changes with nothing but a blank between them read as one: `[-they would-]{+nobody dared+}`."""
    joined: list[Piece] = []
    gone = new = ""
    for at, piece in enumerate(pieces):
        if piece.sign == "=" and not (piece.text.isspace() and gone + new and at < len(pieces) - 1):
            joined += [*_change(gone, new), piece]
            gone = new = ""
            continue
        gone += piece.text if piece.sign != "+" else ""
        new += piece.text if piece.sign != "-" else ""
    return joined + _change(gone, new)


def _change(gone: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece("-", gone), Piece("+", new)) if piece.text]


def _shortened(pieces: list[Piece]) -> Iterator[Piece]:
    for at, piece in enumerate(pieces):
        if piece.sign != "=" or len(piece.text) <= 2 * _KEPT:
            yield piece
            continue
        head = "" if at == 0 else piece.text[:_KEPT]
        tail = "" if at == len(pieces) - 1 else piece.text[-_KEPT:]
        yield Piece("=", f"{head}…{tail}")
