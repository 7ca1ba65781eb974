"""Pictures made to measure, by Pillow: scaled, turned, saved as another type, within so many bytes.

What is made holds nothing but the picture: no notes, and colours in sRGB. The same file, recipe
and version of Pillow give the same bytes, in a bounded number of tries. Large JPEGs are decoded
at the nearest half, quarter or eighth of their size, so that memory follows what is made.
"""

import io
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.media.notes import without_notes
from scheduler.media.picture import FORMATS
from scheduler.model.media import MediaFacts, Recipe

if TYPE_CHECKING:
    from PIL import Image

QUALITIES = (90, 82, 74)
"""JPEG's and WebP's steps at full size; what is still too large then gets fewer pixels at the second of them."""

MOST_TRIES = 8
_CLOSER = 0.96
_PACKED_TIGHTLY = 4_000_000
"""Pixels up to which a PNG is packed as tightly as can be; beyond, that takes ten seconds for a few per cent."""

_SCALABLE = frozenset({"RGB", "RGBA", "L", "CMYK"})
"""Modes that are scaled before anything else is done, so that a large picture is held once."""

_SMALLEST = 16


class Unshapable(Exception):
    """Nothing can be made of the file; the sentence says why."""


def shaped(source: Path | bytes, facts: MediaFacts, recipe: Recipe) -> bytes:
    """The picture as `recipe` wants it. Raises `Unshapable`, and `OSError` where the file cannot be read."""
    freed = _freed(source, facts, recipe)
    if freed is not None:
        return freed
    if facts.animated:
        raise Unshapable("it moves, and its notes cannot be taken out of it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what the look at the file has refused or told
            return _encoded(_opened(source, facts, recipe), recipe)
    except Unshapable:
        raise
    except Exception as failure:
        if isinstance(failure, OSError) and failure.errno is not None:
            raise  # the disk's trouble; a decoder's has no number
        raise Unshapable("its picture data cannot be read") from failure


def _freed(source: Path | bytes, facts: MediaFacts, recipe: Recipe) -> bytes | None:
    """The file's own pixels where only its notes are to go; None where that is not all."""
    same = (recipe.type, recipe.width, recipe.height) == (facts.type, facts.width, facts.height)
    if not same or facts.orientation != 1:
        return None
    try:
        freed = without_notes(facts.type, source if isinstance(source, bytes) else source.read_bytes())
    except ValueError:
        return None
    return freed if not recipe.most_bytes or len(freed) <= recipe.most_bytes else None


def _opened(source: Path | bytes, facts: MediaFacts, recipe: Recipe) -> "Image.Image":
    """The picture upright, in sRGB, no larger than wanted, without anything beside its pixels."""
    from PIL import Image, ImageOps

    wanted = (recipe.width, recipe.height)
    lying = wanted[::-1] if facts.orientation >= 5 else wanted
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with Image.open(file, formats=[FORMATS[facts.type]]) as image:
        image.draft(None, lying)
        image.load()
        early = _scaled(image, lying) if image.mode in _SCALABLE else image
        picture = _in_srgb(ImageOps.exif_transpose(early))
    picture = _scaled(_flat(picture) if recipe.type == "image/jpeg" else picture, wanted)
    picture.info = {}
    return picture


def _scaled(image: "Image.Image", wanted: tuple[int, int]) -> "Image.Image":
    from PIL import Image

    return image if image.size == wanted else image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: "Image.Image") -> "Image.Image":
    """Colours as a screen without a profile shows them; a profile that cannot be read is left out of account."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    plain = _plain(image)
    if not profile:
        return plain
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(own):
            return plain
        before = image if image.mode == "CMYK" else plain
        after = "RGBA" if before.mode == "RGBA" else "RGB"
        moved = ImageCms.profileToProfile(before, own, ImageCms.createProfile("sRGB"), outputMode=after)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain
    return moved or plain


def _plain(image: "Image.Image") -> "Image.Image":
    """RGB, RGBA or L: what every type here can hold."""
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in {"RGB", "L"}:
        return image
    if image.mode.startswith("I;16"):
        return image.point(lambda level: level / 257).convert("L")
    return image.convert("RGB")


def _flat(image: "Image.Image") -> "Image.Image":
    """Without transparency: on white."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encoded(image: "Image.Image", recipe: Recipe) -> bytes:
    """Within the bytes: first by quality where the type has it, then by fewer pixels."""
    steps = QUALITIES if recipe.type != "image/png" else QUALITIES[:1]
    for quality in steps:
        made = _saved(image, recipe.type, quality)
        if not recipe.most_bytes or len(made) <= recipe.most_bytes:
            return made
    return _smaller(image, recipe, len(made))


def _smaller(image: "Image.Image", recipe: Recipe, size: int) -> bytes:
    factor = 1.0
    for _ in range(MOST_TRIES):
        factor *= math.sqrt(recipe.most_bytes / size) * _CLOSER
        wanted = (max(1, int(image.width * factor)), max(1, int(image.height * factor)))
        if max(wanted) < _SMALLEST:
            break
        made = _saved(_scaled(image, wanted), recipe.type, QUALITIES[1])
        size = len(made)
        if size <= recipe.most_bytes:
            return made
    raise Unshapable(f"it cannot be made smaller than {recipe.most_bytes:,} bytes")


def _saved(image: "Image.Image", mime: str, quality: int) -> bytes:
    stream = io.BytesIO()
    if mime == "image/jpeg":
        image.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
    elif mime == "image/png":
        image.save(stream, "PNG", optimize=image.width * image.height <= _PACKED_TIGHTLY)
    else:
        image.save(stream, FORMATS[mime], quality=quality)
    return stream.getvalue()
