"""What every real server is sent: drafts of the module's own account, and one picture."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from scheduler.media.probe import probe
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.model.media import MediaFacts
from tests.real.running import PICTURE, draw


@pytest.fixture
def publish(publisher):
    return lambda draft: publisher.publish(draft, publisher.prepare(draft))


@pytest.fixture
def post(request):
    """A draft of a text that nobody wrote before, for the account and platform that the module calls `ACCOUNT`."""
    account, platform = request.module.ACCOUNT

    def post(text=None, *, parent=None, root=None, **content):
        key, now = secrets.token_hex(16), datetime.now(UTC)
        shown = Content(text or f"Кажи не {key}", **content)
        return Draft(f"c/{key}/once/{account}", account, platform, shown, key, now, now, root, parent)

    return post


@pytest.fixture
def picture(tmp_path):
    draw(tmp_path)
    return Media(PICTURE, alt="Жена со мегафон", facts=probe(tmp_path, [PICTURE]).facts[PICTURE])


@pytest.fixture
def film(tmp_path):
    """What programs take for a film: the head of one."""
    head = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x08free"
    (tmp_path / "media").mkdir(exist_ok=True)
    (tmp_path / "media" / "a.mp4").write_bytes(head)
    return Media("a.mp4", alt="Жени пеат", facts=MediaFacts("a.mp4", sha256(head).hexdigest(), "video/mp4", len(head)))
