"""What a file says of itself is taken out of it, and not one pixel with it."""

import io
import zlib

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from scheduler.media.notes import without_notes


def picture(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((40, 30), 64).convert("RGB").save(stream, kind, **options)
    return stream.getvalue()


def seen(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def exif() -> Image.Exif:
    notes = Image.Exif()
    notes[0x010F] = "Camera of somebody"
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    return notes


def noted_png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", "somebody")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")
    return picture("PNG", pnginfo=notes, exif=exif())


NOTED = {
    "image/jpeg": picture("JPEG", exif=exif(), comment=b"by somebody", xmp=b"<x:xmpmeta/>"),
    "image/png": noted_png(),
    "image/webp": picture("WEBP", exif=exif(), xmp=b"<x:xmpmeta/>"),
    "image/gif": picture("GIF", comment=b"by somebody"),
}
PLAIN = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/webp": picture("WEBP"),
    "image/gif": picture("GIF"),
}


@pytest.mark.parametrize("mime", NOTED)
def test_notes_are_gone_and_every_pixel_is_there(mime):
    freed = without_notes(mime, NOTED[mime])

    assert len(freed) < len(NOTED[mime])
    assert b"omebody" not in freed
    assert b"xmpmeta" not in freed
    assert not seen(freed).getexif()
    assert seen(freed).convert("RGB").tobytes() == seen(NOTED[mime]).convert("RGB").tobytes()


@pytest.mark.parametrize("mime", PLAIN)
def test_a_picture_without_notes_is_not_changed_by_one_byte(mime):
    assert without_notes(mime, PLAIN[mime]) == PLAIN[mime]


@pytest.mark.parametrize("mime", NOTED)
def test_what_is_free_of_notes_stays_as_it_is(mime):
    freed = without_notes(mime, NOTED[mime])

    assert without_notes(mime, freed) == freed


def test_a_colour_profile_belongs_to_the_picture():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mime, kind in (("image/jpeg", "JPEG"), ("image/png", "PNG"), ("image/webp", "WEBP")):
        freed = without_notes(mime, picture(kind, icc_profile=profile, exif=exif()))

        assert seen(freed).info["icc_profile"] == profile
        assert not seen(freed).getexif()


def test_a_progressive_jpeg_of_many_scans_keeps_them_all():
    content = picture("JPEG", progressive=True, exif=exif())

    freed = without_notes("image/jpeg", content)

    assert seen(freed).tobytes() == seen(content).tobytes()


def test_a_film_behind_a_photo_is_dropped():
    content = PLAIN["image/jpeg"]

    assert without_notes("image/jpeg", content + b"\0\0\0\x18ftypmp42 a film with a place in it") == content


def test_frames_of_what_moves_are_kept():
    stream = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"by somebody")

    freed = without_notes("image/gif", stream.getvalue())

    assert seen(freed).n_frames == 3
    assert seen(freed).info["loop"] == 0
    assert b"somebody" not in freed


def test_an_unknown_chunk_is_a_note():
    content = PLAIN["image/png"]
    name, body = b"caBX", b"who made this"
    chunk = len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    assert without_notes("image/png", content[:33] + chunk + content[33:]) == content


@pytest.mark.parametrize("mime", NOTED)
def test_half_a_file_is_told_apart_and_never_a_crash(mime):
    whole = NOTED[mime]
    for length in range(len(whole)):
        try:
            without_notes(mime, whole[:length])
        except ValueError:
            continue


def test_what_cannot_be_taken_apart_is_said():
    with pytest.raises(ValueError, match="image/avif"):
        without_notes("image/avif", b"")
    with pytest.raises(ValueError, match="marker"):
        without_notes("image/jpeg", b"\xff\xd8 not a marker")
