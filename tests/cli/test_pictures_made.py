"""A picture's way: what is said of it, what `apply` freezes, and what it needs before it writes anything."""

import io
import os
import shutil

import pytest
from PIL import Image

HOW = "freed of its notes (such as place and camera)"


def photo() -> bytes:
    """As a phone takes one: held upright, with its place in it."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    stream = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(stream, "JPEG", exif=notes)
    return stream.getvalue()


@pytest.fixture
def shown(desk):
    """The desk with a photo in its opening post."""
    (desk.root / "media").mkdir()
    (desk.root / "media" / "march.jpg").write_bytes(photo())
    desk.edit("    text: The week ends.", "    text: The week ends.\n    media: [{file: march.jpg, alt: A march}]")
    return desk


def store(desk) -> set[str]:
    return {name for name in desk.files() if name.startswith(".drumbeat/media/") and not name.endswith(".lock")}


def test_check_says_what_is_made_of_which_picture_for_whom_and_finds_nothing_wrong(shown):
    result = shown("check", "--strict")

    assert result.code == 0
    assert f"media/march.jpg is turned upright, {HOW}: for mastodon-main" in result.out
    assert "nothing to mend" in result.out
    first, second = shown("check", "--json").json["media"]
    assert first["made"] == {"type": "image/jpeg", "width": 300, "height": 400}
    assert {*first["accounts"], *second["accounts"]} == {"mastodon-main", "bluesky-main"}


def test_a_preview_shows_it_under_the_picture_and_programs_get_it_as_made(shown):
    day = shown.last.isoformat()

    assert f"fitted    turned upright, {HOW}" in shown("preview", "--day", day).out
    (entry,) = shown("preview", "--day", day, "--json").json["deliveries"][0]["parts"][0]["media"]
    assert entry["made"] == {"type": "image/jpeg", "width": 300, "height": 400}
    assert (entry["file"], entry["width"]) == ("march.jpg", 400)


def test_looking_makes_nothing_on_the_disk(shown):
    before = shown.files()

    for command in (("check",), ("plan",), ("preview", "--day", shown.last.isoformat())):
        shown(*command)

    assert shown.files() == before


def test_apply_freezes_what_goes_out_once_and_again_only_where_it_is_gone(shown):
    assert shown("apply", "--yes").code == 0
    frozen = store(shown)
    assert sorted(name.rpartition(".")[2] for name in frozen) == ["jpg", "json", "json"]
    (made,) = (name for name in frozen if name.endswith(".jpg"))
    with Image.open(shown.root / made) as picture:
        assert (picture.size, dict(picture.getexif())) == ((300, 400), {})

    shutil.rmtree(shown.root / ".drumbeat" / "media")

    assert "Nothing to change" in shown("apply", "--yes").out
    assert store(shown) == frozen


def test_what_cannot_be_frozen_is_an_error_before_anything_is_queued(shown):
    (shown.root / ".drumbeat").mkdir()
    (shown.root / ".drumbeat" / "media").write_text("a file where the folder should be")

    result = shown("apply", "--yes")

    assert result.code == 1
    assert "cannot be written" in result.err
    assert "Nothing was put into the queue" in result.err
    assert not (shown.root / ".drumbeat" / "outbox.db").exists()


def test_a_picture_made_otherwise_is_a_change_that_plan_tells(shown):
    assert shown("apply", "--yes").code == 0
    workspace = shown.root / "drumbeat.yaml"
    text = workspace.read_text(encoding="utf-8")
    assert "handle: rights.example," in text
    workspace.write_text(
        text.replace("handle: rights.example,", "handle: rights.example, limits: {media_width: 150},"), encoding="utf-8"
    )

    told = " ".join(shown("plan").out.split())

    assert "picture made otherwise: march.jpg, scaled from 300 x 400 to 150 x 200" in told


def test_what_nobody_needs_leaves_with_a_later_apply(shown):
    assert shown("apply", "--yes").code == 0
    for path in (shown.root / ".drumbeat" / "media").iterdir():
        os.utime(path, (0, 0))
    shown.edit("\n    media: [{file: march.jpg, alt: A march}]", "")

    assert shown("apply", "--yes", "--force").code == 0

    assert store(shown) == set()


def checked(desk) -> dict[str, str]:
    return {one["check"]: one["verdict"] for one in desk("doctor", "--json").json["checks"]}


def test_doctor_tells_ahead_of_a_picture_that_was_lost(shown):
    assert "pictures" not in checked(shown)
    shown("apply", "--yes")
    assert checked(shown)["pictures"] == "ok"

    shutil.rmtree(shown.root / ".drumbeat" / "media")

    assert checked(shown)["pictures"] == "error"
    assert "What queued posts show is not in the store: march.jpg." in shown("doctor").out


def test_a_picture_without_a_copy_is_no_trouble_while_the_file_itself_is_the_approved_one(shown):
    with Image.open(shown.root / "media" / "march.jpg") as picture:
        picture.convert("L").save(shown.root / "media" / "march.jpg")
    shown("apply", "--yes")
    shutil.rmtree(shown.root / ".drumbeat" / "media")
    assert checked(shown)["pictures"] == "ok"

    (shown.root / "media" / "march.jpg").write_bytes(b"another")

    assert checked(shown)["pictures"] == "error"


def test_a_post_that_is_tried_again_gets_its_picture_back_into_the_store_or_is_refused(shown):
    shown("apply", "--yes")
    assert shown("cancel", "closing/once/mastodon-main", "--yes").code == 0
    shutil.rmtree(shown.root / ".drumbeat" / "media")

    assert shown("retry", "closing/once/mastodon-main", "--yes").code == 0
    assert [name for name in store(shown) if name.endswith(".jpg")]

    shown("cancel", "closing/once/mastodon-main", "--yes")
    shutil.rmtree(shown.root / ".drumbeat" / "media")
    (shown.root / "media" / "march.jpg").write_bytes(b"another")

    refused = shown("retry", "closing/once/mastodon-main", "--yes")

    assert refused.code == 1
    assert "media/march.jpg is no longer the file" in refused.err
    assert shown("show", "closing/once/mastodon-main", "--json").json["state"] == "cancelled"
