"""Small pictures for pages: what goes out, scaled down so that a page can carry it.

They are made from the very bytes that would be sent. What cannot be shown small (a video, a
broken file) has none, and the page says so in words.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.errors import MediaError
from scheduler.media.fonts import Fonts
from scheduler.media.making import small_bytes
from scheduler.media.picture import FORMATS
from scheduler.model.campaign import CARD
from scheduler.model.content import Media

if TYPE_CHECKING:
    from PIL import Image

MOST_SIDE = 560
"""Pixels of the longer side: sharp in a column of a page, and about 30 kB."""

_QUALITY, _COLOURS, _OPAQUE = 78, 128, 255


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture: its bytes, MIME type and pixels."""

    data: bytes
    type: str
    width: int
    height: int


def thumbnail(root: Path, media: Media, *, most: int = MOST_SIDE, fonts: Fonts | None = None) -> Thumbnail:
    """What goes out for `media`, at most `most` pixels wide and high, without its notes.

    A picture that moves is shown by its first frame; `fonts` are those that cards before it were drawn in.
    Raises `MediaError` where there is nothing to show.
    """
    if media.file.startswith(CARD) and media.recipe and media.drawing:
        return _drawn(media, most, fonts)
    content = small_bytes(root, media, most)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what was told when the file was looked at
            return _small(content, most)
    except Exception as failure:  # any decoder may fail in any way
        raise MediaError(f"{media.shown} cannot be shown small.", mend="Look at the file itself.") from failure


def _drawn(media: Media, most: int, fonts: Fonts | None) -> Thumbnail:
    """A card, drawn small at once; of few colours, so that it is half as many bytes."""
    from PIL import Image

    from scheduler.media.drawing import draw

    across, down = (media.recipe.width, media.recipe.height) if media.recipe else (most, most)
    factor = min(1.0, most / max(across, down))
    width, height = max(1, round(across * factor)), max(1, round(down * factor))
    with Image.open(io.BytesIO(draw(media.drawing, width, height, fonts)), formats=["PNG"]) as image:
        few = image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    return Thumbnail(_bytes(few, "PNG"), "image/png", width, height)


def _small(content: bytes, most: int) -> Thumbnail:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=list(FORMATS.values())) as image:
        if image.format == "JPEG":
            image.draft("RGB", (most, most))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((most, most))
        return _saved(upright)


def _saved(image: "Image.Image") -> Thumbnail:
    """As PNG where something shines through, or where few colours make it smaller; else as JPEG."""
    from PIL import Image

    whole = image.convert("RGBA")
    if any(whole.getchannel("A").histogram()[:_OPAQUE]):
        return Thumbnail(_bytes(whole, "PNG", optimize=True), "image/png", image.width, image.height)
    flat = whole.convert("RGB")
    photo = _bytes(flat, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    few = _bytes(flat.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE), "PNG")
    data, kind = (few, "image/png") if len(few) < len(photo) else (photo, "image/jpeg")
    return Thumbnail(data, kind, image.width, image.height)


def _bytes(image: "Image.Image", kind: str, **options: bool | int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
