"""Media files as they come: good ones, and every kind of bad one, each with its finding."""

import hashlib
import io
import os
import zlib
from pathlib import Path

import pytest
from PIL import Image

from scheduler.finding import Place, Severity
from scheduler.media.probe import probe

PLACE = Place("campaigns/x.yaml", 7, 9)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 64).convert("RGB").save(stream, kind, **options)
    return stream.getvalue()


def moving_gif() -> bytes:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def box(name: bytes, body: bytes = b"") -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be large and holds next to nothing."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


MP4 = box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", b"\0" * 20) + box(b"mdat", b"\1" * 40)


def only(media: Path, name: str):
    found = probe(media.parent, [name], {name: PLACE})
    assert not found.facts or found.findings, "a file has facts, or findings"
    (finding,) = found.findings
    assert finding.place == PLACE
    return finding


@pytest.mark.parametrize(
    ("name", "kind", "mime"),
    [
        ("a.png", "PNG", "image/png"),
        ("a.JPG", "JPEG", "image/jpeg"),
        ("a.gif", "GIF", "image/gif"),
        ("a.webp", "WEBP", "image/webp"),
    ],
)
def test_a_good_picture_is_known_by_its_bytes(media, name, kind, mime):
    content = picture(kind)
    (media / name).write_bytes(content)

    found = probe(media.parent, [name])

    facts = found.facts[name]
    assert found.findings == ()
    assert (facts.path, facts.type, facts.width, facts.height) == (name, mime, 40, 30)
    assert (facts.bytes, facts.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert facts.animated is False


def test_a_progressive_jpeg_and_a_picture_in_a_folder_are_good(media):
    (media / "portraits").mkdir()
    (media / "portraits" / "ana.jpeg").write_bytes(picture("JPEG", progressive=True))

    assert probe(media.parent, ["portraits/ana.jpeg"]).findings == ()


def test_a_gif_that_moves_is_known_to(media):
    (media / "wave.gif").write_bytes(moving_gif())

    assert probe(media.parent, ["wave.gif"]).facts["wave.gif"].animated


def test_a_whole_video_has_no_pixels_and_no_findings(media):
    (media / "film.mp4").write_bytes(MP4)

    facts = probe(media.parent, ["film.mp4"]).facts["film.mp4"]

    assert (facts.type, facts.width, facts.height) == ("video/mp4", 0, 0)


def test_each_file_is_looked_at_once_however_often_it_is_named(media):
    found = probe(media.parent, ["gone.png", "gone.png"])

    assert len(found.findings) == 1


def test_a_missing_file_is_answered_with_the_nearest_name(media):
    (media / "portraits").mkdir()
    (media / "portraits" / "maria.png").write_bytes(picture())

    assert only(media, "portraits/mariа.png").mend == "Did you mean `portraits/maria.png`?"
    assert only(media, "portraits/Maria.PNG").mend == "Did you mean `portraits/maria.png`?"
    assert only(media, "maria.png").mend == "Did you mean `portraits/maria.png`?"
    assert only(media, "portraits/maria.png/x.png").rule == "media-missing"
    assert only(media, "zzz").mend == "Put the file there, or mend its name."


def test_a_workspace_without_media_says_where_they_belong(tmp_path):
    (finding,) = probe(tmp_path, ["a.png"]).findings

    assert (finding.rule, finding.mend) == ("media-missing", "Put pictures and videos below media/.")


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a/../../b.png", "..\\b.png", "~/b.png"])
def test_a_path_that_leaves_the_folder_is_refused(media, name):
    (media.parent / "secret.png").write_bytes(picture())

    assert only(media, name).rule == "path-outside"


def test_a_link_out_of_the_workspace_is_refused_and_one_inside_is_followed(media, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "a.png"
    outside.write_bytes(picture())
    (media / "out.png").symlink_to(outside)
    (media / "real.png").write_bytes(picture())
    (media / "in.png").symlink_to(media / "real.png")

    assert only(media, "out.png").rule == "path-outside"
    assert probe(media.parent, ["in.png"]).findings == ()


def test_a_folder_that_is_a_link_out_of_the_workspace_is_refused(media, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "a.png").write_bytes(picture())
    (media / "shared").symlink_to(elsewhere)

    assert only(media, "shared/a.png").rule == "path-outside"


def test_a_link_in_a_circle_is_named(media):
    (media / "a.png").symlink_to(media / "b.png")
    (media / "b.png").symlink_to(media / "a.png")

    assert only(media, "a.png").rule == "media-unreadable"


def test_what_is_no_plain_file_is_never_opened(media):
    (media / "folder.png").mkdir()
    os.mkfifo(media / "pipe.png")

    assert only(media, "folder.png").message == "media/folder.png is a folder."
    assert only(media, "pipe.png").message == "media/pipe.png is not a plain file."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it_is_named(media):
    (media / "locked.png").write_bytes(picture())
    (media / "locked.png").chmod(0)

    assert only(media, "locked.png").rule == "media-unreadable"


def test_an_empty_file_says_so(media):
    (media / "a.png").touch()

    assert only(media, "a.png").message == "media/a.png is empty: 0 bytes."


@pytest.mark.parametrize("name", ["", ".", "a\0b.png"])
def test_a_name_that_names_nothing_is_a_finding(media, name):
    assert only(media, name).severity is Severity.ERROR


def test_a_name_longer_than_any_file_is_a_finding(media):
    assert only(media, "x" * 5000).rule == "media-unreadable"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "an SVG drawing"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heic", "a HEIC picture"),
        (b"hello", "a text file"),
        (b"\x00\x01\x02", "neither a picture nor a video"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"<!doctype html><html>", "a text file"),
    ],
)
def test_what_cannot_be_posted_is_told_what_it_is(media, content, words):
    (media / "a.png").write_bytes(content)

    finding = only(media, "a.png")

    assert finding.rule == "media-type"
    assert words in finding.message
    assert finding.mend


def test_a_name_that_lies_about_the_bytes_is_a_warning_and_the_bytes_count(media):
    (media / "a.jpg").write_bytes(picture("PNG"))

    found = probe(media.parent, ["a.jpg"])

    assert found.facts["a.jpg"].type == "image/png"
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("media-type", Severity.WARNING)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_half_a_picture_is_broken(media, kind, share):
    whole = picture(kind, (200, 200))
    (media / "half").write_bytes(whole[: int(len(whole) * share)])

    assert only(media, "half").rule == "media-broken"


def test_a_picture_with_a_spoiled_middle_is_broken(media):
    whole = bytearray(picture("PNG", (100, 100)))
    whole[len(whole) // 2] ^= 0xFF
    (media / "a.png").write_bytes(whole)

    assert only(media, "a.png").rule == "media-broken"


@pytest.mark.parametrize("side", [20_000, 60_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header_alone(media, side):
    (media / "bomb.png").write_bytes(png_header(side, side))

    finding = only(media, "bomb.png")

    assert finding.rule in {"media-too-big", "media-broken"}
    assert "bomb.png" in finding.message


@pytest.mark.parametrize("cut", [len(MP4) - 5, 30])
def test_half_a_video_is_broken(media, cut):
    (media / "film.mp4").write_bytes(MP4[:cut])

    assert only(media, "film.mp4").rule == "media-broken"


def test_of_a_picture_it_is_known_that_it_tells_things_and_how_it_is_turned(media):
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    (media / "a.jpg").write_bytes(picture("JPEG", exif=notes))
    (media / "b.jpg").write_bytes(picture("JPEG"))

    facts = probe(media.parent, ["a.jpg", "b.jpg"]).facts

    assert (facts["a.jpg"].tagged, facts["a.jpg"].orientation) == (True, 6)
    assert (facts["b.jpg"].tagged, facts["b.jpg"].orientation) == (False, 1)


def test_only_what_shines_through_somewhere_is_transparent(media):
    for name, level in (("screen.png", 255), ("logo.png", 254)):
        Image.new("RGBA", (4, 4), (10, 20, 30, level)).save(media / name)

    facts = probe(media.parent, ["screen.png", "logo.png"]).facts

    assert (facts["screen.png"].transparent, facts["logo.png"].transparent) == (False, True)


def test_what_a_name_would_tell_a_terminal_is_shown_not_sent(media):
    assert "\x1b" not in only(media, "a\x1b[2Jb.png").message


def test_a_video_whose_box_states_its_length_in_64_bits_is_whole(media):
    long_box = b"\0\0\0\1mdat" + (16 + 40).to_bytes(8, "big") + b"\1" * 40
    (media / "film.mp4").write_bytes(box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", b"\0" * 20) + long_box)

    assert probe(media.parent, ["film.mp4"]).findings == ()


def test_a_video_cut_into_endless_pieces_is_broken(media):
    (media / "film.mp4").write_bytes(MP4 + box(b"free") * 10_001)

    assert "more pieces" in only(media, "film.mp4").message


def test_a_webm_is_taken_as_it_is(media):
    (media / "film.webm").write_bytes(b"\x1aE\xdf\xa3\x01\0\0\0B\x82\x84webm" + b"\0" * 40)

    assert probe(media.parent, ["film.webm"]).facts["film.webm"].type == "video/webm"


def test_a_file_larger_than_anything_takes_is_refused_without_reading_it(media):
    with (media / "film.mp4").open("wb") as sparse:
        sparse.truncate(3 * 1024**3)

    assert only(media, "film.mp4").rule == "media-too-big"


def large_jpeg(**options) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (5000, 4000), 90).save(stream, "JPEG", quality=20, **options)
    return stream.getvalue()


def test_a_picture_too_large_to_decode_is_still_seen_to_be_whole_and_to_be_tagged(media):
    notes = Image.Exif()
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    content = large_jpeg(exif=notes)
    (media / "whole.jpg").write_bytes(content)
    (media / "half.jpg").write_bytes(content[: len(content) // 2])

    found = probe(media.parent, ["whole.jpg", "half.jpg"])

    assert (found.facts["whole.jpg"].width, found.facts["whole.jpg"].height) == (5000, 4000)
    assert found.facts["whole.jpg"].tagged
    assert [finding.rule for finding in found.findings] == ["media-broken"]


def mvhd(*, unit: int, units: int, long: bool = False) -> bytes:
    """A movie header of `units` of which `unit` are a second."""
    wide = 8 if long else 4
    times = bytes(2 * wide)
    return box(b"mvhd", bytes([long, 0, 0, 0]) + times + unit.to_bytes(4, "big") + units.to_bytes(wide, "big"))


def film(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"isom\0\0\0\0isom") + box(b"mdat", b"\1" * 40) + box(b"moov", b"".join(boxes))


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (film(mvhd(unit=1000, units=30_001)), 31),
        (film(mvhd(unit=600, units=84_000, long=True)), 140),
        (film(mvhd(unit=1000, units=2**32 - 1)), 0),
        (film(mvhd(unit=0, units=5)), 0),
        (film(box(b"mvhd", b"\0" * 6)), 0),
        (film(), 0),
    ],
)
def test_a_video_says_how_long_it_runs_or_it_does_not(media, content, seconds):
    (media / "film.mp4").write_bytes(content)

    assert probe(media.parent, ["film.mp4"]).facts["film.mp4"].seconds == seconds


@pytest.mark.parametrize(
    "place", [box(b"udta", box(b"\xa9xyz", b"+41.99+021.43/")), box(b"meta", b"com.apple.quicktime.location.ISO6709")]
)
def test_a_video_that_says_where_it_was_taken_is_a_warning(media, place):
    (media / "film.mp4").write_bytes(film(mvhd(unit=1, units=9), place))

    finding = only(media, "film.mp4")

    assert (finding.rule, finding.severity) == ("media-location", Severity.WARNING)
    assert probe(media.parent, ["film.mp4"]).facts["film.mp4"].seconds == 9


def test_a_photo_with_a_second_picture_in_it_does_not_move(media):
    stream = io.BytesIO()
    pictures = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    pictures[0].save(stream, "MPO", save_all=True, append_images=pictures[1:])
    (media / "phone.jpg").write_bytes(stream.getvalue())

    facts = probe(media.parent, ["phone.jpg"]).facts["phone.jpg"]

    assert (facts.animated, facts.tagged) == (False, True)
