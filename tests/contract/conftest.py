"""What the publishers' tests set up alike: a clock that is turned, posts, pictures on disk."""

from dataclasses import replace
from hashlib import sha256

import pytest

from scheduler.model.content import Media
from scheduler.model.media import MediaFacts
from scheduler.testing.contract import DUE, draft


class Hands:
    """A clock that a test turns."""

    def __init__(self, moment=DUE):
        self.moment = moment

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()


@pytest.fixture
def clock():
    return Hands()


def send(publisher, post):
    """Both of a publisher's steps; what the second one says."""
    return publisher.publish(post, publisher.prepare(post))


def having(content, **facts):
    """The suite's own post, with this content."""
    return replace(draft(), content=content, **facts)


def picture(root, name="march.png", kind="image/png", *, alt="Women march", body=None):
    """A file below `media/` that says to be a picture."""
    body = body or name.encode()
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(body)
    return Media(name, alt=alt, facts=MediaFacts(name, sha256(body).hexdigest(), kind, len(body), 40, 30))
