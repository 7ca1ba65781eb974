"""What the tests of LinkedIn share: a clock to turn, a server, the two who speak, and files on disk."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler.model.account import Account
from scheduler.model.content import Media
from scheduler.model.delivery import Receipt, Strength
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Surroundings
from scheduler.publishers.linkedin import LinkedIn
from scheduler.testing.contract import DUE, draft
from scheduler.testing.emulators.linkedin import AUTHOR, ORGANIZATION
from scheduler.testing.emulators.linkedin_tokens import ACCESS_LASTS, PAGE_TOKEN, SECRET, TOKEN

A_DAY = 86_400
LINK = "https://example.org/time-is-now"


class Hands:
    """A clock that a test turns."""

    def __init__(self, moment=DUE):
        self.moment = moment

    def now(self):
        return self.moment

    def monotonic(self):
        return self.moment.timestamp()


def account_of(server, **settings):
    handle = settings.pop("handle", "our-name")
    said = {"server": server.url, **settings}
    secrets = {"token": "LINKEDIN_TOKEN"} | ({"client_secret": "LINKEDIN_SECRET"} if "client" in said else {})
    return Account("main", "linkedin", "UTC", handle=handle, settings=said, secrets=secrets)


def person(server, root=Path(), *, clock=None, token=TOKEN, **settings):
    around = Surroundings(root, clock or server.clock, {"token": token, "client_secret": SECRET}.__getitem__)
    return LinkedIn.connect(account_of(server, **settings), around)


def page(server, root=Path(), *, token=PAGE_TOKEN, **settings):
    return person(server, root, token=token, **{"organization": ORGANIZATION, **settings})


BOTH = pytest.mark.parametrize("kind", [person, page])


def send(publisher, post):
    return publisher.publish(post, publisher.prepare(post))


def having(content, **facts):
    return replace(draft(), content=content, **facts)


def picture(root, name="march.png", kind="image/png", alt="", body=None):
    body = body or name.encode()
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(body)
    return Media(name, alt, facts=MediaFacts(name, sha256(body).hexdigest(), kind, len(body), 40, 30))


def asked(server, method, path):
    return [one for one in server.door.requests if (one.method, one.path) == (method, path)]


def clock_end(server):
    return server.clock.now() + ACCESS_LASTS


def receipt_of(post):
    return Receipt(post["id"], f"https://www.linkedin.com/feed/update/{post['id']}/", Strength.ACCEPTED)


SIGNS = r"A \ b | c {d} e @f [g] (h) i < j > k # l * m _n_ o ~ p ✂ ➡ end"
LITTLE = {
    "author": AUTHOR,
    "visibility": "PUBLIC",
    "distribution": {"feedDistribution": "MAIN_FEED"},
    "lifecycleState": "PUBLISHED",
}
