"""What the tests of LinkedIn share: the two who speak, and what is asked of the server."""

from pathlib import Path

import pytest

from scheduler.model.account import Account
from scheduler.model.delivery import Receipt, Strength
from scheduler.publishers.base import Surroundings
from scheduler.publishers.linkedin import LinkedIn
from scheduler.testing.emulators.linkedin import AUTHOR, ORGANIZATION
from scheduler.testing.emulators.linkedin_tokens import ACCESS_LASTS, PAGE_TOKEN, SECRET, TOKEN

A_DAY = 86_400
LINK = "https://example.org/time-is-now"


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
