"""The store: whole or not there, for its owner alone, and never without what is still needed."""

import hashlib
import io
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from scheduler.errors import MediaError
from scheduler.media.freezing import freeze, to_keep
from scheduler.media.making import made_bytes
from scheduler.media.store import folder_of, frozen, going_out, open_store, prune
from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts, Recipe

JPEG = "image/jpeg"
SMALL = Recipe(JPEG, 120, 80, 50_000)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def showing(*media: Media) -> Content:
    return Content("Hello", media=media)


def lying(root: Path) -> set[str]:
    return {path.name for path in folder_of(root).iterdir()} - {".lock"}


def test_what_goes_out_lies_there_under_a_name_that_says_what_it_is(root, drawn, noise):
    content = showing(drawn(noise("PNG"), SMALL))

    assert freeze(root, [content]) == 1

    (out,) = going_out(root, content).media
    path = frozen(root, content.media[0])
    assert out.recipe is None
    assert (out.file, out.facts.type, out.facts.width, out.facts.height) == ("a", JPEG, 120, 80)
    assert path.read_bytes() == made_bytes(root, content.media[0])
    assert (out.facts.sha256, out.facts.bytes) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
    assert path.suffix == ".jpg"


def test_a_file_that_goes_out_as_it_is_lies_there_as_a_copy_and_not_as_a_link(root, drawn, noise):
    before = noise("PNG")
    media = drawn(before)

    freeze(root, [showing(media)])
    with (root / "media" / "a").open("r+b") as file:
        file.write(b"another")

    assert frozen(root, media).read_bytes() == before
    assert going_out(root, showing(media)) == showing(media)


def test_folder_and_files_are_for_their_owner_alone_whatever_the_mask(root, drawn, noise):
    before = os.umask(0)
    try:
        freeze(root, [showing(drawn(noise(), SMALL))])
    finally:
        os.umask(before)

    assert folder_of(root).stat().st_mode & 0o777 == 0o700
    assert folder_of(root).parent.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder_of(root).iterdir()} == {0o600}


def test_what_lies_there_is_not_made_again(root, drawn, noise):
    contents = [showing(drawn(noise(), SMALL)), showing(drawn(noise("PNG"), None, "b"))]

    assert freeze(root, contents) == 2
    (root / "media" / "a").unlink()
    (root / "media" / "b").unlink()

    assert freeze(root, contents) == 0


def test_what_was_cut_short_is_put_there_again(root, drawn, noise):
    media = drawn(noise(), SMALL)
    freeze(root, [showing(media)])
    path = frozen(root, media)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])

    assert freeze(root, [showing(media)]) == 1
    assert path.read_bytes() == whole


def test_no_content_with_a_file_leaves_no_folder(root):
    assert freeze(root, [Content("Hello"), showing(Media("never-looked-at.png"))]) == 0
    assert not folder_of(root).exists()


def test_what_was_made_for_more_bytes_serves_for_fewer_where_it_has_no_more(root, drawn, noise):
    media = drawn(noise())
    wide, narrow = Recipe(JPEG, 240, 160, 0), Recipe(JPEG, 240, 160, 5_000_000)
    contents = [showing(replace(media, recipe=recipe)) for recipe in (narrow, wide, Recipe(JPEG, 240, 160, 9_000))]

    freeze(root, contents)

    first, second, third = (going_out(root, content).media[0].facts for content in contents)
    assert first == second
    assert third.bytes <= 9_000 < first.bytes
    assert [one.recipe.most_bytes for one in to_keep(contents)] == [0, 5_000_000, 9_000]
    for content in contents:
        assert frozen(root, content.media[0]).read_bytes() == made_fresh(root, content.media[0])


def made_fresh(root: Path, media: Media) -> bytes:
    """As it would be made alone, with nothing in the store."""
    folder_of(root).rename(root / "aside")
    try:
        return made_bytes(root, media)
    finally:
        (root / "aside").rename(folder_of(root))


def test_who_waits_hears_how_far_it_is(root, drawn, noise):
    heard: list[int] = []

    freeze(root, [showing(drawn(noise(), SMALL), drawn(noise("PNG"), None, "b"))], tell=heard.append)

    assert heard == [1, 2]


def test_a_preview_shows_the_frozen_picture_even_when_the_file_is_gone(root, drawn, noise):
    media = drawn(noise(), SMALL)
    shown = made_bytes(root, media)
    freeze(root, [showing(media)])
    (root / "media" / "a").unlink()

    assert made_bytes(root, media) == shown


def test_what_was_never_frozen_keeps_its_recipe_so_that_nobody_sends_the_file_instead(root, drawn, noise):
    media = drawn(noise(), SMALL)

    assert going_out(root, showing(media)).media == (media,)
    assert frozen(root, media) is None


@pytest.mark.parametrize("note", [b"", b"[]", b'{"path": 1}', b"\xff"])
def test_a_spoilt_note_counts_as_none(root, drawn, noise, note):
    media = drawn(noise(), SMALL)
    freeze(root, [showing(media)])
    (path,) = folder_of(root).glob("*.json")
    path.write_bytes(note)

    assert going_out(root, showing(media)).media == (media,)
    assert freeze(root, [showing(media)]) == 1
    assert going_out(root, showing(media)).media[0].recipe is None


def test_a_file_that_is_lost_or_changed_is_an_error_that_names_it(root, drawn, noise):
    media = drawn(noise())
    (root / "media" / "a").write_bytes(b"another picture")
    with pytest.raises(MediaError, match="media/a is no longer the file"):
        freeze(root, [showing(media)])

    (root / "media" / "a").unlink()
    with pytest.raises(MediaError, match="media/a cannot be read: no such file"):
        freeze(root, [showing(media)])
    with pytest.raises(MediaError, match="media/a cannot be read: no such file"):
        freeze(root, [showing(replace(media, recipe=SMALL))])
    assert lying(root) == set()


def test_a_store_that_cannot_be_written_is_an_error_that_names_the_folder(root, drawn, noise):
    (root / ".drumbeat").write_text("a file where the folder should be")

    with pytest.raises(MediaError, match=r"media cannot be written: .* Nothing was put into the queue"):
        freeze(root, [showing(drawn(noise()))])


def test_a_disk_that_fills_up_leaves_nothing_half_written(root, drawn, noise):
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    media = drawn(noise("PNG", size=(300, 300)))
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(MediaError, match="cannot be written"):
            freeze(root, [showing(media)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert lying(root) == set()


def test_pruning_takes_what_nobody_needs_and_nothing_else(root, drawn, noise):
    kept, gone = (
        showing(drawn(noise(), SMALL), drawn(noise("PNG"), None, "b")),
        showing(drawn(noise("WEBP"), SMALL, "c")),
    )
    freeze(root, [kept])
    needed = lying(root)
    freeze(root, [gone])

    assert prune(root, [kept], before=LATER) == 2
    assert lying(root) == needed
    assert going_out(root, kept).media[0].recipe is None


def test_pruning_leaves_what_was_put_there_or_asked_for_a_moment_ago(root, drawn, noise):
    content = showing(drawn(noise(), SMALL))
    freeze(root, [content])
    old = 1_000_000_000
    for path in folder_of(root).iterdir():
        os.utime(path, (old, old))
    freeze(root, [content])

    assert prune(root, [], before=datetime.fromtimestamp(old, UTC) + timedelta(days=1)) == 0


def test_pruning_where_there_is_no_store_makes_none(root):
    assert prune(root, [], before=LATER) == 0
    assert not folder_of(root).parent.exists()


def test_leftovers_of_who_died_in_the_middle_are_pruned(root, drawn, noise):
    freeze(root, [showing(drawn(noise(), SMALL))])
    (folder_of(root) / ".left.new").write_bytes(b"half")

    prune(root, [], before=LATER)

    assert lying(root) == set()


def test_nobody_prunes_while_another_freezes(root, drawn, noise):
    content = showing(drawn(noise(), SMALL))
    freeze(root, [content])
    pruned = threading.Event()

    def tidy() -> None:
        prune(root, [], before=LATER)
        pruned.set()

    with open_store(root):
        other = threading.Thread(target=tidy)
        other.start()
        assert not pruned.wait(0.05)
        assert frozen(root, content.media[0]) is not None
    other.join(5)

    assert pruned.is_set()
    assert frozen(root, content.media[0]) is None


def test_a_card_is_kept_as_it_was_drawn(root):
    pytest.importorskip("resvg_py")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90"><rect width="160" height="90"/></svg>'
    facts = MediaFacts("card:a.svg", hashlib.sha256(svg.encode()).hexdigest(), "image/svg+xml", len(svg), 160, 90)
    png = Media("card:a.svg", facts=facts, recipe=Recipe("image/png", 320, 180), drawing=svg)
    jpeg = replace(png, recipe=Recipe(JPEG, 320, 180, 100_000))

    freeze(root, [showing(png, jpeg)])

    for media, kind in ((png, "PNG"), (jpeg, "JPEG")):
        kept = Image.open(io.BytesIO(made_bytes(root, replace(media, drawing=""))))
        assert (kept.format, kept.size) == (kind, (320, 180))


@pytest.mark.parametrize("recipe", [None, SMALL], ids=["a copy", "made"])
def test_what_was_spoilt_is_put_there_anew_even_at_its_old_size(root, drawn, noise, recipe):
    content = showing(drawn(noise("PNG"), recipe))
    freeze(root, [content])
    (out,) = going_out(root, content).media
    path = frozen(root, content.media[0])
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes(len(whole)))

    assert freeze(root, [content]) == 1

    assert path.read_bytes() == whole
    assert hashlib.sha256(whole).hexdigest() == out.facts.sha256
