"""What every real server is sent: drafts of the module's own account, and one picture."""

import secrets
from datetime import UTC, datetime

import pytest

from scheduler.media.probe import probe
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
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
