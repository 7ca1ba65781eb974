"""A picture's pixels, and whether it is whole.

Pillow is imported here and nowhere else, and only when there is a picture to look at. Any
decoder may fail in any way on a broken file, so every failure of one becomes `BrokenPicture`.
The size is read from the header before a pixel is decoded: a bomb is refused unopened.
"""

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}

MOST_PIXELS = 100_000_000
"""More than any platform takes (LinkedIn 36 million, Mastodon 33 million, as of 2026-11), and 300 MB once decoded."""

MOST_DECODED = 16_000_000
"""Pixels up to which a picture is decoded to see that it is whole: 64 MB, a fifth of a second."""

_GPS = 0x8825
_END_OF_JPEG = b"\xff\xd9"
_TAIL = 65_536
_ENDS_EARLY = "it ends too early, as after a download or copy that broke off"


class BrokenPicture(Exception):
    """The picture cannot be decoded; the sentence says why."""


class PictureTooBig(Exception):
    """More pixels than anything takes; the sentence says how many."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels, whether it moves, and whether it says where on earth it was taken."""

    width: int
    height: int
    animated: bool = False
    located: bool = False


def look_at(path: Path, mime: str) -> Picture:
    """The picture's pixels, once it has proved whole. Raises `BrokenPicture` or `PictureTooBig`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused or told below
            return _look_at(path, FORMATS[mime])
    except PictureTooBig:
        raise
    except Exception as failure:
        raise BrokenPicture(_reason(failure)) from failure


def _look_at(path: Path, kind: str) -> Picture:
    from PIL import Image

    try:
        with Image.open(path, formats=[kind]) as image:
            picture = _measured(image)
    except Image.DecompressionBombError as bomb:
        raise PictureTooBig(f"more than {MOST_PIXELS // 1_000_000} million pixels") from bomb
    if kind == "PNG":
        with Image.open(path, formats=[kind]) as image:
            image.verify()
    if picture.width * picture.height > MOST_DECODED:
        return _seen_by_its_end(path, kind, picture)
    with Image.open(path, formats=[kind]) as image:
        return replace(picture, located=_decode(image, kind))


def _seen_by_its_end(path: Path, kind: str, picture: Picture) -> Picture:
    """For what is too large to decode: a JPEG has its end mark, and its notes stand before the pixels."""
    from PIL import Image

    if kind != "JPEG":
        return picture
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        if _END_OF_JPEG not in file.read():
            raise BrokenPicture(_ENDS_EARLY)
    with Image.open(path, formats=[kind]) as image:
        return replace(picture, located=_located(image))


def _measured(image: "Image.Image") -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise PictureTooBig(f"{width} x {height} pixels")
    return Picture(width, height, animated=bool(getattr(image, "is_animated", False)))


def _located(image: "Image.Image") -> bool:
    """Whether the picture's own notes hold a position; notes that cannot be read hold none."""
    try:
        return bool(image.getexif().get_ifd(_GPS))
    except Exception:  # noqa: BLE001 - broken notes do not break a picture
        return False


def _decode(image: "Image.Image", kind: str) -> bool:
    """Decode it once, JPEG at an eighth of its size: every byte is read, in a tenth of the time. True: located."""
    if kind == "JPEG":
        image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
    image.load()
    return _located(image)


def _reason(failure: Exception) -> str:
    words = str(failure).lower()
    if isinstance(failure, EOFError) or any(word in words for word in ("truncated", "unexpected end", "end of file")):
        return _ENDS_EARLY
    return "its picture data cannot be read"
