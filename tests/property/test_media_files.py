"""Whatever lies below media/, looking at it ends in facts or findings, never in a crash."""

import io
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from scheduler.media.probe import probe
from scheduler.media.sniff import HEAD_BYTES, sniff

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
