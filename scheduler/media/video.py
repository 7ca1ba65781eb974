"""Whether a video file is whole, by its own table of contents; nothing of it is decoded.

MP4 and MOV are a row of boxes, each with its size before it (ISO/IEC 14496-12): a file that
broke off has a last box larger than what is left, or no `moov`, without which nothing plays.
"""

from pathlib import Path
from typing import BinaryIO

_MOST_BOXES = 10_000


class BrokenVideo(Exception):
    """The video is not whole; the sentence says why."""


def check_boxes(path: Path, size: int) -> None:
    """Raise `BrokenVideo` unless the boxes of an MP4 or MOV fill the file's `size` bytes and hold a `moov`."""
    with path.open("rb") as file:
        names = _walk(file, size)
    if b"moov" not in names:
        raise BrokenVideo("it has no index (`moov`), as after a recording or copy that broke off")


def _walk(file: BinaryIO, size: int) -> set[bytes]:
    names: set[bytes] = set()
    at = 0
    for _ in range(_MOST_BOXES):
        if at >= size:
            return names
        file.seek(at)
        length, name = _box(file.read(16), size - at)
        names.add(name)
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
