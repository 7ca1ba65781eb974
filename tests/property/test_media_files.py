"""Whatever lies below media/, looking at it ends in facts or findings, never in a crash."""

import io
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from scheduler.errors import MediaError
from scheduler.media.freezing import freeze
from scheduler.media.probe import probe
from scheduler.media.sniff import HEAD_BYTES, sniff
from scheduler.media.store import frozen, going_out
from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts, Recipe
from scheduler.platforms import PLATFORMS, platform_named
from scheduler.platforms.pictures import recipe_for, upright

STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x10\0\0\0WEBP", b"\0\0\0\x18ftypisom", b"")
KINDS = ("PNG", "JPEG", "GIF", "WEBP")


@cache
def whole(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((24, 24), 64).convert("RGB").save(stream, kind)
    return stream.getvalue()


def looked_at(content: bytes, name: str = "a"):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "media").mkdir()
        (root / "media" / name).write_bytes(content)
        return probe(root, [name])


@settings(deadline=None, max_examples=150)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
@example(start=b"\0\0\0\x18ftypisom", rest=b"\0\0\0\1moov" + b"\xff" * 8)
def test_any_bytes_are_facts_or_findings(start, rest):
    found = looked_at(start + rest)

    assert found.facts or found.findings
    assert all(finding.message for finding in found.findings)


@settings(deadline=None, max_examples=150)
@given(kind=st.sampled_from(KINDS), at=st.floats(0, 1), byte=st.integers(1, 255), cut=st.booleans())
def test_a_picture_spoiled_anywhere_is_facts_or_findings(kind, at, byte, cut):
    content = bytearray(whole(kind))
    place = min(int(at * len(content)), len(content) - 1)
    content[place] ^= byte

    found = looked_at(bytes(content[: place + 1] if cut else content))

    assert found.facts or found.findings


@settings(deadline=None, max_examples=200)
@given(name=st.text(max_size=60))
@example(name="a" * 300)
@example(name="\ud800")
def test_any_name_is_facts_or_findings_and_never_leaves_the_workspace(name):
    with tempfile.TemporaryDirectory() as folder:
        found = probe(Path(folder), [name])

    assert not found.facts
    assert len(found.findings) == 1
    assert found.findings[0].message.isprintable()


@given(head=st.binary(max_size=HEAD_BYTES))
def test_any_bytes_are_called_something(head):
    kind = sniff(head)

    assert kind.title
    assert kind.type or kind.mend


NOTED_KINDS = (*KINDS, "AVIF")
RECIPES = (Recipe("image/jpeg", 12, 12, 2_000), Recipe("image/png", 24, 24), Recipe("image/webp", 20, 20, 900))


@cache
def noted(kind: str) -> bytes:
    """A picture that tells where it was taken and lies on its side."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x8825] = {1: "N", 2: (41.0, 59.0, 0.0)}
    stream = io.BytesIO()
    Image.effect_noise((24, 24), 64).convert("RGB").save(stream, kind, **({} if kind == "GIF" else {"exif": notes}))
    return stream.getvalue()


def refused(root: Path, media: Media) -> bool:
    """Whether nothing could be made of it, which is said of the file by name."""
    try:
        freeze(root, [Content("Hello", media=(media,))])
    except MediaError as error:
        if not error.message.startswith("media/a "):
            raise
        return True
    return False


@settings(deadline=None, max_examples=150)
@given(
    kind=st.sampled_from(NOTED_KINDS),
    recipe=st.sampled_from(RECIPES),
    at=st.floats(0, 1),
    byte=st.integers(0, 255),
    cut=st.booleans(),
)
def test_whatever_is_made_of_a_spoiled_picture_is_whole_and_tells_nothing_or_is_named(kind, recipe, at, byte, cut):
    content = bytearray(noted(kind))
    place = min(int(at * len(content)), len(content) - 1)
    content[place] ^= byte
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "media").mkdir()
        (root / "media" / "a").write_bytes(bytes(content[: place + 1] if cut else content))
        facts = probe(root, ["a"]).facts.get("a")
        media = Media("a", facts=facts, recipe=recipe)
        if facts is None or refused(root, media):
            return
        (out,) = going_out(root, Content("Hello", media=(media,))).media
        with Image.open(frozen(root, media)) as made:
            made.load()
            assert (out.facts.width, out.facts.height) == made.size
            assert not made.getexif()
    assert (out.facts.type, out.facts.tagged) == (recipe.type, False)
    assert not recipe.most_bytes or out.facts.bytes <= recipe.most_bytes


@settings(deadline=None)
@given(
    facts=st.builds(
        MediaFacts,
        path=st.just("a"),
        sha256=st.just("0" * 64),
        type=st.sampled_from(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]),
        bytes=st.integers(1, 2**31),
        width=st.integers(1, 50_000),
        height=st.integers(1, 50_000),
        animated=st.booleans(),
        orientation=st.integers(1, 8),
        tagged=st.booleans(),
        transparent=st.booleans(),
    ),
    name=st.sampled_from(sorted(PLATFORMS)),
)
def test_a_recipe_never_enlarges_keeps_the_shape_and_fits_the_platform(facts, name):
    platform = platform_named(name)
    recipe = recipe_for(platform, {}, facts)
    if recipe is None:
        return
    width, height = (facts.width, facts.height) if facts.animated else upright(facts)
    assert 1 <= recipe.width <= width
    assert 1 <= recipe.height <= height
    assert abs(recipe.width - recipe.height * width / height) <= max(1, width / height)
    if not facts.animated:
        assert not platform.media_types or recipe.type in platform.media_types
        assert recipe.width * recipe.height <= platform.limits.get("media_pixels", 10**12)
        assert recipe.width <= platform.limits.get("media_width", 10**12)
        made = replace(facts, type=recipe.type, width=recipe.width, height=recipe.height, bytes=1)
        assert recipe_for(platform, {}, replace(made, orientation=1, tagged=False)) is None, "what is made fits"
