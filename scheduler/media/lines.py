"""Words broken into lines, as large as the room allows and no line much longer than the next.

SVG breaks no lines. Here words are given widths in ems, so that the same words at another size
are only a matter of multiplying; nothing of letters or fonts is known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, BELOW = 0.8, 0.25
"""How far a line reaches above and below its baseline, in ems: capitals with accents, and descenders."""

_HALVINGS = 20


@dataclass(frozen=True, slots=True)
class Room:
    """The box that words have, in pixels (`height` 0: as high as they need), and the sizes that they may have.

    `leading` is from one baseline to the next, in sizes.
    """

    width: float
    height: float
    largest: float
    smallest: float
    leading: float = 1.25

    def high(self, lines: int, size: float) -> float:
        """How high so many lines are at `size`."""
        return (TOP + BELOW + (lines - 1) * self.leading) * size


@dataclass(frozen=True, slots=True)
class Broken:
    """The words of each line, by their number; the size; and whether they all have room."""

    lines: tuple[tuple[int, ...], ...]
    size: float
    fits: bool


def broken(widths: Sequence[float], blank: float, room: Room) -> Broken:
    """Words of `widths` (ems), `blank` apart, in the largest size that has room; in the smallest where none has."""
    low, high = 0, max(round(room.largest - room.smallest), 0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(widths, blank, room, room.smallest + middle) else (low, middle - 1)
    size = min(room.smallest + low, room.largest)
    fits = _fits(widths, blank, room, size)
    return Broken(_balanced(widths, blank, room.width / size), size, fits)


def _fits(widths: Sequence[float], blank: float, room: Room, size: float) -> bool:
    most = room.width / size
    if max(widths, default=0) > most:
        return False
    return not room.height or room.high(len(_greedy(widths, blank, most)), size) <= room.height


def _greedy(widths: Sequence[float], blank: float, most: float) -> list[list[int]]:
    lines: list[list[int]] = []
    used = 0.0
    for at, width in enumerate(widths):
        if lines and used + blank + width <= most:
            lines[-1].append(at)
            used += blank + width
        else:
            lines.append([at])
            used = width
    return lines


def _balanced(widths: Sequence[float], blank: float, most: float) -> tuple[tuple[int, ...], ...]:
    """As few lines as there must be, and the longest of them as short as it can be."""
    count = len(_greedy(widths, blank, most))
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_greedy(widths, blank, middle)) <= count else (middle, high)
    return tuple(tuple(line) for line in _greedy(widths, blank, high))
