"""Whether a video file is whole, how long it runs and whether it tells a place; nothing of it is decoded.

MP4 and MOV are a row of boxes, each with its size before it (ISO/IEC 14496-12): a file that
broke off has a last box larger than what is left, or no `moov`, without which nothing plays.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_MOST_BOXES = 10_000
_MOST_READ = 32 * 1024**2
_PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location", b"GPSLatitude")
"""Where phones write a position: Android and 3GPP, QuickTime's own key, and XMP, as of 2026-11."""


class BrokenVideo(Exception):
    """The video is not whole; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Video:
    """How many seconds it runs, rounded up (0: it does not say), and whether it says where it was taken."""

    seconds: int = 0
    located: bool = False


def look_at_boxes(path: Path, size: int) -> Video:
    """What an MP4 or MOV says of itself. Raises `BrokenVideo` unless its boxes fill `size` bytes and hold a `moov`."""
    with path.open("rb") as file:
        boxes = _walk(file, size)
        if b"moov" not in boxes:
            raise BrokenVideo("it has no index (`moov`), as after a recording or copy that broke off")
        told = b"".join(_content(file, *boxes[name]) for name in (b"moov", b"uuid", b"meta") if name in boxes)
    return Video(_seconds(told), any(place in told for place in _PLACES))


def _content(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(min(length, _MOST_READ))


def _seconds(moov: bytes) -> int:
    """From the movie header: units a second, then units, in 32 or (version 1) 64 bits."""
    at = moov.find(b"mvhd") + 4
    long = moov[at : at + 1] == b"\1"
    unit_at, wide = (at + 20, 8) if long else (at + 12, 4)
    unit = int.from_bytes(moov[unit_at : unit_at + 4], "big")
    if at < 4 or not unit or len(moov) < unit_at + 4 + wide:
        return 0
    units = int.from_bytes(moov[unit_at + 4 : unit_at + 4 + wide], "big")
    return 0 if units == 2 ** (8 * wide) - 1 else -(-units // unit)


def _walk(file: BinaryIO, size: int) -> dict[bytes, tuple[int, int]]:
    """Where each kind of box lies (of several of a kind, the last), and its length."""
    boxes: dict[bytes, tuple[int, int]] = {}
    at = 0
    for _ in range(_MOST_BOXES):
        if at >= size:
            return boxes
        file.seek(at)
        length, name = _box(file.read(16), size - at)
        boxes[name] = at, length
        at += length
    raise BrokenVideo("it is cut into more pieces than any video has")


def _box(head: bytes, left: int) -> tuple[int, bytes]:
    """One box's length and name; a written length of 0 means up to the end, 1 that 64 bits follow."""
    length, name = int.from_bytes(head[:4], "big"), head[4:8]
    if length == 1:
        length = int.from_bytes(head[8:16], "big")
    length = length or left
    if length < 8 or length > left:
        raise BrokenVideo("it ends too early, as after a download or copy that broke off")
    return length, name
