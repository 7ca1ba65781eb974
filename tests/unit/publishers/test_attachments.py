"""What is sent of a post's files: the frozen copy, the approved file itself where there is none, and nothing else."""

import hashlib
from dataclasses import replace

import pytest

from scheduler.errors import Rejected
from scheduler.media.freezing import freeze
from scheduler.media.store import frozen, going_out
from scheduler.model.content import Content, Media, from_json
from scheduler.model.media import MediaFacts, Recipe
from scheduler.publishers.attachments import file_part

PICTURE = b"the bytes of a picture"
FACTS = MediaFacts("a.png", hashlib.sha256(PICTURE).hexdigest(), "image/png", len(PICTURE), 40, 30)
OLD_ROW = {
    "text": "Hello",
    "language": "en",
    "warning": "",
    "visibility": "",
    "media": [
        {
            "file": "a.png",
            "alt": "A door.",
            "credit": "",
            "decorative": False,
            "facts": {
                "path": "a.png",
                "sha256": FACTS.sha256,
                "type": "image/png",
                "bytes": 22,
                "width": 40,
                "height": 30,
                "animated": False,
            },
        }
    ],
    "poll": None,
    "link": "",
}
"""As version 0 stored it, before there were recipes."""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(PICTURE)
    return tmp_path


def test_the_frozen_copy_is_sent_whatever_became_of_the_file(root):
    media = Media("a.png", facts=FACTS)
    freeze(root, [Content("Hello", media=(media,))])
    (root / "media" / "a.png").write_bytes(b"another picture")

    part = file_part(root, media)

    assert part.path == frozen(root, media)
    assert part.path.read_bytes() == PICTURE
    assert (part.content_type, part.filename) == ("image/png", f"{FACTS.sha256[:32]}.png")


def test_a_copy_that_the_disk_spoilt_is_not_sent_while_the_file_is_whole(root):
    media = Media("a.png", facts=FACTS)
    freeze(root, [Content("Hello", media=(media,))])
    frozen(root, media).write_bytes(b"spoilt")

    assert file_part(root, media).path == root / "media" / "a.png"

    (root / "media" / "a.png").unlink()
    with pytest.raises(Rejected):
        file_part(root, media)


def test_a_post_queued_before_anything_was_frozen_reads_and_sends_as_it_was(root):
    content = from_json(OLD_ROW)

    assert content.media == (Media("a.png", "A door.", facts=FACTS),)
    assert going_out(root, content) == content
    assert file_part(root, content.media[0]).path.read_bytes() == PICTURE

    (root / "media" / "a.png").write_bytes(b"another picture")
    with pytest.raises(Rejected, match="no longer the file that was approved"):
        file_part(root, content.media[0])


def test_an_old_row_has_the_hash_that_it_had():
    assert from_json(OLD_ROW).hash == "32bcd3f5df51e97c838a9ef16edf2d8cc93d25fc6a3b1de19e384fed65553d7d"


def test_what_was_to_be_made_and_is_not_in_the_store_is_never_sent_unmade(root):
    media = Media("a.png", facts=replace(FACTS, tagged=True), recipe=Recipe("image/png", 40, 30))

    with pytest.raises(Rejected, match="no longer in the store") as refused:
        file_part(root, media)
    assert "drumbeat apply" in refused.value.mend


def test_a_file_of_which_nothing_is_known_is_sent_under_its_own_ending(root):
    part = file_part(root, Media("a.png"))

    assert (part.content_type, part.filename) == ("application/octet-stream", f"{FACTS.sha256[:32]}.png")
