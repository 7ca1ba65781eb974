# ruff: noqa: INP001 (a script, in no package)
"""Draws the pictures of the example campaigns: emblems of plain geometry, no likeness of anyone.

Run it from the repository root (`.venv/bin/python docs/pictures/draw.py`); it writes
`media/**.jpg`. They are JPEG because Instagram's API takes nothing else, and small because
they live in the repository. Nothing is random: the same code draws the same pictures.
Each emblem's alternative text stands beside the post that shows it.
"""

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1200, 675)
SCALE = 3  # drawn three times as large and shrunk: that is the smoothing
MEDIA = Path(__file__).resolve().parents[2] / "media"

NIGHT, DUSK, PLUM, ROSE = "#1d1b3a", "#3a2f6b", "#7a2e6d", "#d6336c"
GOLD, SAND, MINT, PAPER = "#f2b134", "#f7e3b5", "#3aa391", "#fbf6ec"

Point = tuple[float, float]


class Sheet:
    """A canvas measured in the finished picture's pixels."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), ground)
        self._draw = ImageDraw.Draw(self.image)

    def disc(self, at: Point, radius: float, colour: str) -> None:
        """A filled circle."""
        box = [(value + sign * radius) * SCALE for sign in (-1, 1) for value in at]
        self._draw.ellipse(box, fill=colour)

    def ring(self, at: Point, radius: float, width: float, colour: str) -> None:
        """A circle's outline."""
        self.arc(at, radius, width, colour, 0, 360)

    def arc(self, at: Point, radius: float, width: float, colour: str, start: float, end: float) -> None:
        """A part of a circle's outline; degrees clockwise from three o'clock."""
        box = [(value + sign * radius) * SCALE for sign in (-1, 1) for value in at]
        self._draw.arc(box, start, end, fill=colour, width=round(width * SCALE))

    def shape(self, points: list[Point], colour: str) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def bar(self, corner: Point, size: Point, colour: str, *, round_by: float = 0) -> None:
        """A filled rectangle, its corners round if asked."""
        (x, y), (width, height) = corner, size
        box = [value * SCALE for value in (x, y, x + width, y + height)]
        self._draw.rounded_rectangle(box, radius=round_by * SCALE, fill=colour)

    def line(self, points: list[Point], width: float, colour: str) -> None:
        """A line with round ends."""
        self._draw.line([(x * SCALE, y * SCALE) for x, y in points], colour, round(width * SCALE), joint="curve")
        for point in (points[0], points[-1]):
            self.disc(point, width / 2, colour)

    def save(self, path: Path) -> None:
        """Write it, shrunk, as a JPEG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize(SIZE, Image.Resampling.LANCZOS)
        small.save(path, quality=74, subsampling=0, optimize=True)


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point on a circle, degrees counted clockwise from twelve o'clock."""
    turn = math.radians(degrees - 90)
    return centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)


def bubble(sheet: Sheet, corner: Point, size: Point, colour: str, *, tail: str = "left") -> None:
    """A speech bubble with its tail at the lower left or right."""
    (x, y), (width, height) = corner, size
    sheet.bar(corner, size, colour, round_by=min(size) * 0.28)
    foot = x + width * (0.22 if tail == "left" else 0.78)
    lean = -46 if tail == "left" else 46
    sheet.shape([(foot - 34, y + height - 4), (foot + 34, y + height - 4), (foot + lean, y + height + 62)], colour)


def clock() -> Sheet:
    """A clock at nine, its twelve o'clock marked."""
    sheet = Sheet(NIGHT)
    centre = (600.0, 338.0)
    for hour in range(12):
        sheet.disc(around(centre, 262, hour * 30), 12 if hour % 3 else 22, GOLD if hour else ROSE)
    sheet.ring(centre, 216, 16, SAND)
    sheet.line([centre, around(centre, 118, 270)], 24, PAPER)
    sheet.line([centre, around(centre, 176, 0)], 16, ROSE)
    sheet.disc(centre, 22, PAPER)
    return sheet


def sunrise() -> Sheet:
    """A sun of four rings over six lights: one a chapter."""
    sheet = Sheet(DUSK)
    for radius, colour in ((430, PLUM), (330, ROSE), (230, GOLD), (130, SAND)):
        sheet.disc((600, 520), radius, colour)
    sheet.bar((0, 520), (1200, 155), NIGHT)
    for place in range(6):
        sheet.disc((150 + place * 180, 598), 22, GOLD)
    return sheet


def two_voices() -> Sheet:
    """Two speech bubbles, one over the other."""
    sheet = Sheet(DUSK)
    bubble(sheet, (120, 110), (560, 250), GOLD)
    bubble(sheet, (520, 300), (560, 250), ROSE, tail="right")
    for place in range(3):
        sheet.disc((270 + place * 130, 235), 30, NIGHT)
        sheet.disc((670 + place * 130, 425), 30, PAPER)
    return sheet


def beside() -> Sheet:
    """Four bars that stand at one height."""
    sheet = Sheet(MINT)
    for place, colour in enumerate((PLUM, SAND, PLUM, SAND)):
        x = 248 + place * 184
        sheet.disc((x + 76, 186), 62, colour)
        sheet.bar((x, 268), (152, 300), colour, round_by=60)
    return sheet


def never_again() -> Sheet:
    """Open hands' worth of fingers raised: five bars of different height before a disc."""
    sheet = Sheet(PLUM)
    sheet.disc((600, 360), 290, GOLD)
    for place, height in enumerate((190, 300, 350, 310, 240)):
        sheet.bar((398 + place * 86, 560 - height), (62, height + 115), NIGHT, round_by=31)
    sheet.bar((398, 520), (406, 155), NIGHT, round_by=40)
    return sheet


PICTURES: dict[str, Callable[[], Sheet]] = {
    "time-is-now/opening": clock,
    "time-is-now/morning": sunrise,
    "i-speak-up-now/two-languages": two_voices,
    "he-for-she/beside": beside,
    "never-again/raised": never_again,
}


def main() -> None:
    """Draw every picture."""
    for name, draw in PICTURES.items():
        draw().save(MEDIA / f"{name}.jpg")


if __name__ == "__main__":
    main()
