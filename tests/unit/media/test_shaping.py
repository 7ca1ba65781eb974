"""Pictures made to measure: type, pixels, bytes, colours, and nothing of whoever took them."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageCms

from scheduler.errors import MediaError
from scheduler.media.freezing import freeze
from scheduler.media.making import made_bytes, small_bytes
from scheduler.media.shaping import Unshapable, shaped
from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts, Recipe

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"


def seen(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize(("kind", "mime"), [("PNG", JPEG), ("WEBP", PNG), ("AVIF", JPEG), ("JPEG", WEBP)])
def test_a_picture_is_saved_as_the_type_that_is_asked_for(root, drawn, noise, kind, mime):
    media = drawn(noise(kind), Recipe(mime, 120, 80))

    made = seen(made_bytes(root, media))

    assert (Image.MIME[made.format], made.size) == (mime, (120, 80))


def test_a_file_without_a_recipe_goes_out_byte_for_byte(root, drawn, noise):
    content = noise("PNG")

    assert made_bytes(root, drawn(content)) == content


def test_the_same_file_and_recipe_give_the_same_bytes(root, drawn, noise):
    media = drawn(noise(), Recipe(JPEG, 100, 66, 4_000))

    assert made_bytes(root, media) == made_bytes(root, media)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_comes_out_upright_whichever_way_the_camera_was_held(root, drawn, orientation):
    turned = Image.new("RGB", (48, 32), "white")
    turned.paste("black", (0, 0, 24, 16))
    notes = Image.Exif()
    notes[0x0112] = orientation
    before = drawn(saved(turned, "JPEG", exif=notes, quality=95))
    size = (32, 48) if orientation >= 5 else (48, 32)

    made = seen(made_bytes(root, replace(before, recipe=Recipe(JPEG, *size))))

    corners = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
    across, down = corners[orientation]
    dark = made.convert("L").getpixel((4 + across * (size[0] - 8), 4 + down * (size[1] - 8)))
    assert made.size == size
    assert dark < 60
    assert not made.getexif()


def test_notes_alone_are_taken_out_without_saving_the_picture_anew(root, drawn, noise):
    notes = Image.Exif()
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    media = drawn(noise("JPEG", exif=notes), Recipe(JPEG, 240, 160))

    made = made_bytes(root, media)

    assert media.facts.tagged
    assert not seen(made).getexif()
    assert seen(made).tobytes() == seen((root / "media" / "a").read_bytes()).tobytes()


@pytest.mark.parametrize("mime", [JPEG, PNG, WEBP])
@pytest.mark.parametrize("most", [40_000, 9_000, 1_500])
def test_whatever_the_bytes_allowed_they_are_kept(root, drawn, noise, mime, most):
    media = drawn(noise("PNG"), Recipe(mime, 240, 160, most))

    made = made_bytes(root, media)

    assert len(made) <= most
    assert abs(seen(made).width / seen(made).height - 1.5) < 0.1


def test_pixels_are_given_up_only_where_quality_alone_does_not_do(root, drawn, noise):
    picture = noise("PNG")

    assert seen(made_bytes(root, drawn(picture, Recipe(JPEG, 240, 160, 22_000)))).size == (240, 160)
    assert seen(made_bytes(root, drawn(picture, Recipe(JPEG, 240, 160, 8_000)))).width < 240


def test_bytes_that_hold_no_picture_are_named(root, drawn, noise):
    with pytest.raises(MediaError, match="cannot be made smaller than 30 bytes"):
        made_bytes(root, drawn(noise(), Recipe(JPEG, 240, 160, 30)))


def test_what_shines_through_stays_so_in_a_png_and_is_white_in_a_jpeg(root, drawn):
    glass = saved(Image.new("RGBA", (40, 30), (255, 0, 0, 0)), "PNG")

    assert seen(made_bytes(root, drawn(glass, Recipe(PNG, 20, 15)))).getpixel((5, 5))[3] == 0
    assert min(seen(made_bytes(root, drawn(glass, Recipe(JPEG, 20, 15)))).getpixel((5, 5))) > 250


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA", "I;16", "CMYK"])
def test_a_picture_of_any_mode_can_be_made(root, drawn, mode):
    before = Image.linear_gradient("L").resize((40, 30))
    image = before.convert("RGB").convert("P").convert("PA") if mode == "PA" else before.convert(mode)
    content = saved(image, "JPEG" if mode == "CMYK" else "TIFF" if mode == "PA" else "PNG")
    if mode == "PA":
        content = saved(before.convert("P"), "GIF", transparency=0)

    for mime in (JPEG, PNG):
        made = seen(made_bytes(root, drawn(content, Recipe(mime, 20, 15))))
        assert made.size == (20, 15)
        assert made.mode in {"RGB", "RGBA", "L"}


def test_a_picture_made_for_print_gets_the_colours_of_screens_at_its_own_size(root, drawn):
    media = drawn(saved(Image.new("CMYK", (40, 30), (0, 255, 0, 0)), "JPEG"), Recipe(JPEG, 40, 30))

    assert seen(made_bytes(root, media)).mode == "RGB"


def test_sixteen_bits_keep_their_brightness(root, drawn):
    grey = Image.new("I;16", (40, 30), 32_896)

    made = seen(made_bytes(root, drawn(saved(grey, "PNG"), Recipe(PNG, 20, 15))))

    assert made.convert("L").getpixel((5, 5)) == 128


def test_colours_of_another_profile_become_those_of_a_screen_without_one(root, drawn):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    odd = saved(Image.new("RGB", (40, 30), (200, 30, 30)), "PNG", icc_profile=profile)
    broken = saved(Image.new("RGB", (40, 30), (200, 30, 30)), "PNG", icc_profile=b"no profile at all")

    for content in (odd, broken):
        made = seen(made_bytes(root, drawn(content, Recipe(PNG, 20, 15))))
        assert "icc_profile" not in made.info
        assert made.getpixel((5, 5)) == (200, 30, 30)


def test_a_moving_picture_is_freed_of_its_notes_frame_by_frame_kept(root, drawn):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=b"by somebody")

    made = made_bytes(root, drawn(content, Recipe(GIF, 9, 9)))

    assert seen(made).n_frames == 2
    assert b"somebody" not in made


def test_a_moving_picture_that_cannot_be_freed_is_named(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"GIF89a\0\0\0\0\0\0\0?")
    facts = MediaFacts("a", "0" * 64, GIF, 14, 9, 9, animated=True, tagged=True)

    with pytest.raises(Unshapable, match="moves"):
        shaped(path, facts, Recipe(GIF, 9, 9))


def test_a_file_that_changed_since_it_was_looked_at_is_not_made(root, drawn, noise):
    media = drawn(noise(), Recipe(JPEG, 20, 15))
    (root / "media" / "a").write_bytes(noise(size=(99, 99)))

    with pytest.raises(MediaError, match="no longer the file"):
        made_bytes(root, media)


def test_a_file_that_is_gone_or_was_never_looked_at_is_named(root, drawn, noise):
    media = drawn(noise(), Recipe(JPEG, 20, 15))
    (root / "media" / "a").unlink()

    with pytest.raises(MediaError, match="media/a cannot be read"):
        made_bytes(root, media)
    with pytest.raises(MediaError, match="was not looked at"):
        made_bytes(root, Media("a"))


def test_a_card_whose_drawing_was_not_kept_is_named(root):
    facts = MediaFacts("card:a.svg", "0" * 64, "image/svg+xml", 9, 16, 9)

    with pytest.raises(MediaError, match="drawn at `apply`"):
        made_bytes(root, Media("card:a.svg", facts=facts, recipe=Recipe(PNG, 160, 90)))


def test_for_a_thumbnail_no_more_is_made_than_it_shows(root, drawn, noise):
    media = drawn(noise("PNG"), Recipe(JPEG, 240, 160, 100_000))

    assert seen(small_bytes(root, media, 60)).size == (60, 40)
    assert seen(small_bytes(root, media, 600)).size == (240, 160)


def test_a_thumbnail_of_what_is_frozen_is_of_what_is_frozen(root, drawn, noise):
    media = drawn(noise("PNG"), Recipe(JPEG, 240, 160, 100_000))
    freeze(root, [Content("Hello", media=(media,))])

    assert small_bytes(root, media, 60) == made_bytes(root, media)


def test_a_thumbnail_of_a_file_that_is_gone_is_named(root, drawn, noise):
    media = drawn(noise("PNG"), Recipe(JPEG, 240, 160))
    (root / "media" / "a").unlink()

    with pytest.raises(MediaError, match="cannot be read"):
        small_bytes(root, media, 60)


def test_a_picture_whose_data_ends_early_is_named_as_broken(tmp_path, noise):
    path = tmp_path / "a"
    path.write_bytes(noise("PNG")[:900])
    facts = MediaFacts("a", "0" * 64, PNG, 900, 240, 160)

    with pytest.raises(Unshapable, match="its picture data cannot be read"):
        shaped(path, facts, Recipe(PNG, 120, 80))


def test_of_a_photo_with_a_second_picture_in_it_the_first_is_sent(root, drawn):
    stream = io.BytesIO()
    pictures = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    pictures[0].save(stream, "MPO", save_all=True, append_images=pictures[1:])

    made = made_bytes(root, drawn(stream.getvalue(), Recipe(JPEG, 40, 30)))

    assert seen(made).format == "JPEG"
    assert seen(made).getpixel((5, 5))[0] > 200
    assert len(made) < len(stream.getvalue()) / 1.5
