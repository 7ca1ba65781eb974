"""A picture's pixels, and whether it is whole.

Pillow is imported here and in `shaping`, nowhere else, and only when there is a picture. Any
decoder may fail in any way on a broken file, so every failure of one becomes `BrokenPicture`.
The size is read from the header before a pixel is decoded: a bomb is refused unopened.
"""

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.media.notes import MOST_BYTES, without_notes

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

_GPS, _ORIENTATION = 0x8825, 0x0112
_END_OF_JPEG = b"\xff\xd9"
_TAIL = 65_536
_ENDS_EARLY = "it ends too early, as after a download or copy that broke off"


class BrokenPicture(Exception):
    """The picture cannot be decoded; the sentence says why."""


class PictureTooBig(Exception):
    """More pixels than anything takes; the sentence says how many."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels as stored, whether it moves, EXIF's orientation, and whether anything shines through.

    `tagged`: its file says more than the picture shows; `located`: where on earth it was taken, too.
    """

    width: int
    height: int
    animated: bool = False
    located: bool = False
    orientation: int = 1
    tagged: bool = False
    transparent: bool = False


def look_at(path: Path, mime: str) -> Picture:
    """The picture's pixels, once it has proved whole. Raises `BrokenPicture` or `PictureTooBig`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused or told below
            return replace(_look_at(path, FORMATS[mime]), tagged=_tagged(path, mime))
    except PictureTooBig:
        raise
    except Exception as failure:
        raise BrokenPicture(_reason(failure)) from failure


def _look_at(path: Path, kind: str) -> Picture:
    from PIL import Image

    try:
        with Image.open(path, formats=[kind]) as image:
            picture = _measured(image, kind)
    except Image.DecompressionBombError as bomb:
        raise PictureTooBig(f"more than {MOST_PIXELS // 1_000_000} million pixels") from bomb
    if kind == "PNG":
        with Image.open(path, formats=[kind]) as image:
            image.verify()
    large = picture.width * picture.height > MOST_DECODED
    if large and kind == "JPEG":
        _must_end(path)
    with Image.open(path, formats=[kind]) as image:
        if not large:
            _decode(image, kind)
        return _noted(picture, image, decoded=not large)


def _must_end(path: Path) -> None:
    """For what is too large to decode: a JPEG has its end mark."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        if _END_OF_JPEG not in file.read():
            raise BrokenPicture(_ENDS_EARLY)


def _measured(image: "Image.Image", kind: str) -> Picture:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise PictureTooBig(f"{width} x {height} pixels")
    moves = kind != "JPEG" and bool(getattr(image, "is_animated", False))  # a phone's JPEG may hold a second picture
    return Picture(width, height, animated=moves)


def _decode(image: "Image.Image", kind: str) -> None:
    """Decode it once, JPEG at an eighth of its size: every byte is read, in a tenth of the time."""
    if kind == "JPEG":
        image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
    image.load()


def _noted(picture: Picture, image: "Image.Image", *, decoded: bool) -> Picture:
    """With what the picture's own notes say; notes that cannot be read say nothing."""
    through = image.has_transparency_data and not (decoded and _opaque(image))
    try:
        exif = image.getexif()
        turned = exif.get(_ORIENTATION, 1)
        located = bool(exif.get_ifd(_GPS))
    except Exception:  # noqa: BLE001 - broken notes do not break a picture
        return replace(picture, transparent=through)
    orientation = turned if turned in range(1, 9) else 1
    return replace(picture, located=located, orientation=int(orientation), transparent=through)


def _opaque(image: "Image.Image") -> bool:
    """Whether the first frame is opaque after all, as most screenshots are that could be otherwise."""
    if getattr(image, "is_animated", False):
        return False
    band = image if "A" in image.getbands() else image.convert("RGBA")
    low, _ = band.getchannel("A").getextrema()
    return bool(low == 255)


def _tagged(path: Path, mime: str) -> bool:
    """Whether the file holds more than shows; where that cannot be told it counts as yes."""
    if path.stat().st_size > MOST_BYTES:
        return True
    content = path.read_bytes()
    try:
        return len(without_notes(mime, content)) != len(content)
    except ValueError:
        return mime != "image/avif" or b"Exif" in content or b"rdf+xml" in content


def _reason(failure: Exception) -> str:
    words = str(failure).lower()
    if isinstance(failure, EOFError) or any(word in words for word in ("truncated", "unexpected end", "end of file")):
        return _ENDS_EARLY
    return "its picture data cannot be read"
