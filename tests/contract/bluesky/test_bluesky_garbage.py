"""Whatever a server answers to whatever call: the right kind of error, never a traceback, never a made-up receipt."""

import itertools
import json

import pytest

from scheduler.errors import MayExist, NotSent, PublishError
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.base import Absent, AccountReport, Found, Metrics, Unknown
from scheduler.testing.emulators.bluesky import DID, HANDLE, BlueskyServer
from scheduler.testing.emulators.loopback import Answer

TOKEN = "e30.e30.x"
BODIES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"error": 5, "message": []}',
    b'{"uri": 1, "cid": 2, "blob": 3, "did": 4, "posts": [5], "handle": 6}',
    b'{"posts": {}, "blob": {"ref": 1}, "blobUploadLimit": "much", "version": []}',
    json.dumps(
        {"did": DID, "handle": HANDLE, "accessJwt": TOKEN, "refreshJwt": TOKEN, "didDoc": {"service": 3}}
    ).encode(),
    json.dumps(
        {
            "did": DID,
            "handle": HANDLE,
            "accessJwt": "a.!.b",
            "refreshJwt": "é\n",
            "didDoc": {"service": [1, {"id": "#atproto_pds", "serviceEndpoint": "ftp://[bad"}]},
        }
    ).encode(),
    b"[" * 20_000,
]
ODD = [204, 302, 400, 401, 404, 500]
ANSWERS = [*((200, body) for body in BODIES), *itertools.product(ODD, BODIES[:2])]
METHODS = [
    "com.atproto.server.createSession",
    "com.atproto.server.refreshSession",
    "com.atproto.server.getSession",
    "com.atproto.server.describeServer",
    "com.atproto.repo.uploadBlob",
    "com.atproto.repo.putRecord",
    "com.atproto.repo.getRecord",
    "com.atproto.repo.deleteRecord",
    "com.atproto.identity.resolveHandle",
    "app.bsky.feed.getPosts",
    "_health",
]


class Garbling(BlueskyServer):
    """Answers one method with what a test wants."""

    garbled = ""
    garbage = Answer()

    def _answer(self, asked):
        if asked.path.removeprefix("/xrpc/") == self.garbled:
            return self.garbage
        return super()._answer(asked)


@pytest.fixture
def server(clock):
    with Garbling(clock) as server:
        yield server


def outcome(call, *arguments):
    try:
        return call(*arguments)
    except PublishError as caught:
        return caught


@pytest.mark.parametrize("method", METHODS)
def test_garbage_is_the_right_kind_of_trouble(server, clock, connect, post, method, tmp_path):
    kept = tmp_path / ".drumbeat" / "credentials.json"
    receipt = Receipt(f"at://{DID}/app.bsky.feed.post/3mpinagrzfwj6")
    for number, (status, body) in enumerate(ANSWERS):
        server.garbled, server.garbage = method, Answer(status, body)
        draft = post(f"#{number} for @{HANDLE}", key=f"{number:032}")
        publisher = connect(appview=server.url)
        assert isinstance(outcome(publisher.prepare, draft), Prepared | NotSent)
        sent = outcome(publisher.publish, draft, Prepared({"mentions": {}}))
        assert isinstance(sent, Receipt | NotSent | MayExist)
        assert not isinstance(sent, Receipt) or draft.content.text in server.texts
        assert not isinstance(sent, NotSent) or draft.content.text not in server.texts
        assert isinstance(publisher.verify(draft, Prepared(), draft.due), Found | Absent | Unknown)
        assert outcome(publisher.delete, receipt) is None or isinstance(outcome(publisher.delete, receipt), NotSent)
        assert isinstance(outcome(publisher.metrics, receipt), Metrics | NotSent)
        assert isinstance(outcome(publisher.inspect), AccountReport | NotSent)
        if number % 4 == 3:
            clock.turn(hours=3)  # the session must be renewed
        if number % 8 == 7:
            kept.unlink(missing_ok=True)
