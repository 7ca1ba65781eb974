"""Small pictures are what goes out, seen from farther away."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from scheduler.errors import MediaError
from scheduler.media.fonts import Fonts
from scheduler.media.thumbnails import MOST_SIDE, thumbnail
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts, Recipe


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_large_picture_becomes_small_and_keeps_its_ratio(drawn, noise, root: Path) -> None:
    found = thumbnail(root, drawn(noise(size=(1600, 900))))

    assert (found.type, found.width, found.height) == ("image/jpeg", MOST_SIDE, round(MOST_SIDE * 9 / 16))
    assert opened(found.data).size == (found.width, found.height)


def test_a_small_picture_is_never_made_larger(drawn, noise, root: Path) -> None:
    assert thumbnail(root, drawn(noise(size=(240, 160)))).width == 240


def test_a_picture_lying_on_its_side_is_shown_upright_and_without_its_notes(drawn, noise, root: Path) -> None:
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "a camera"

    found = thumbnail(root, drawn(noise(size=(240, 160), exif=notes.tobytes())))

    assert (found.width, found.height) == (160, 240)
    assert not opened(found.data).getexif()


def test_what_shines_through_still_does(drawn, root: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 128)).save(stream, "PNG")

    found = thumbnail(root, drawn(stream.getvalue()))

    assert found.type == "image/png"
    assert opened(found.data).convert("RGBA").getpixel((0, 0)) == (255, 0, 0, 128)


def test_a_recipe_is_followed(drawn, noise, root: Path) -> None:
    media = drawn(noise(size=(240, 160)), Recipe("image/jpeg", 120, 80))
    assert (thumbnail(root, media).width, thumbnail(root, media).height) == (120, 80)


def test_a_picture_that_moves_is_shown_by_its_first_frame(drawn, root: Path) -> None:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])

    red, green, blue = opened(thumbnail(root, drawn(stream.getvalue())).data).convert("RGB").getpixel((5, 5))

    assert red > 200
    assert max(green, blue) < 60


def test_what_is_gone_or_no_picture_is_named(drawn, noise, root: Path) -> None:
    media = drawn(noise())
    (root / "media" / "a").unlink()
    with pytest.raises(MediaError, match="media/a"):
        thumbnail(root, media)

    text = MediaFacts("b", "0" * 64, "image/png", 3, 8, 8)
    (root / "media" / "b").write_bytes(b"no picture")
    with pytest.raises(MediaError, match="media/b"):
        thumbnail(root, Media("b", facts=replace(text, sha256=_digest(root / "media" / "b"))))


def _digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_card_is_drawn_small(root: Path) -> None:
    drawn = '<rect width="160" height="90" fill="#800"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90">{drawn}</svg>'
    media = Media(
        "card:call.svg",
        facts=MediaFacts("card:call.svg", "0" * 64, "image/svg+xml", len(svg), 160, 90),
        recipe=Recipe("image/png", 1600, 900),
        drawing=svg,
    )

    found = thumbnail(root, media, fonts=Fonts())

    assert (found.type, found.width, found.height) == ("image/png", MOST_SIDE, round(MOST_SIDE * 9 / 16))
    assert opened(found.data).convert("RGB").getpixel((9, 9)) == (0x88, 0, 0)
