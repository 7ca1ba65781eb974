"""Whatever LinkedIn answers to whatever call: the right kind of error, never a traceback, never a made-up receipt."""

import itertools
import json
from functools import partial

import pytest

from scheduler.errors import MayExist, NotSent, PublishError
from scheduler.model.content import Content
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.base import Absent, AccountReport, Found, Metrics, Unknown
from scheduler.testing.contract import DUE, draft
from scheduler.testing.emulators.linkedin import PAGE, LinkedInServer
from scheduler.testing.emulators.linkedin_tokens import CLIENT
from scheduler.testing.emulators.loopback import Answer
from tests.contract.conftest import Hands, having, picture
from tests.contract.linkedin_desk import BOTH

URN = "urn:li:share:7300000000000000001"
SAID = [
    None,
    [],
    5,
    {"value": 5, "elements": 7, "sub": [], "active": "no", "scope": 5, "expires_at": "soon"},
    {"value": {}, "elements": [5, None, []], "sub": 0, "status": {}, "expires_at": 10**30},
    {"value": {"image": 1, "uploadUrl": []}, "elements": [{"role": [], "organization": PAGE}], "sub": None},
    {"value": {"image": "urn:li:image:1", "uploadUrl": "not an address"}, "expires_at": -1},
    {"value": {"image": "urn:li:image:1", "uploadUrl": "http://[::1"}, "status": "SOMETHING NEW"},
    {"value": {"video": "urn:li:video:1", "uploadInstructions": [[], {"firstByte": "x"}]}},
    {"value": {"video": "urn:li:video:1", "uploadInstructions": [{"firstByte": 5, "lastByte": 1, "uploadUrl": ""}]}},
    {"elements": [{"id": URN, "createdAt": 10**30, "commentary": 7, "content": []}]},
    {"elements": [{"id": URN, "createdAt": 1, "lastModifiedAt": "x", "content": {"media": 3, "multiImage": []}}]},
    {"elements": [{"id": URN, "createdAt": int(DUE.timestamp() * 1000), "content": {"poll": 1, "article": {}}}]},
    {"elements": [{"totalShareStatistics": {"likeCount": -1, "clickCount": "3", "shareCount": True}}]},
    {"elements": [{"totalShareStatistics": []}], "id": URN, "author": PAGE, "createdAt": True},
    {"id": URN, "author": PAGE, "createdAt": 10**15, "commentary": "\ud800", "lifecycleState": []},
    {"status": "AVAILABLE", "sub": "\ud800", "name": {"a": 1}},
    {"message": {}, "code": [], "errorDetails": {"inputErrors": [5, {"code": {}, "description": []}]}},
    {"message": "\ud800 Content is a duplicate of urn:li:share:", "errorDetails": [], "serviceErrorCode": {}},
]
BODIES = [b"", b"{", b"\xff\xfe", b"<html>", b"[" * 20_000, *(json.dumps(one).encode() for one in SAID)]
ANSWERS = [*((200, body) for body in BODIES), *itertools.product((302, 400, 422, 500), (BODIES[1], *BODIES[-2:]))]


@pytest.fixture
def server():
    with LinkedInServer(Hands()) as running:
        yield running


def went(step):
    """What a step gives, or the error that it ends with; anything else is a traceback."""
    try:
        return step()
    except PublishError as caught:
        return caught


@BOTH
@pytest.mark.parametrize(("status", "body"), ANSWERS, ids=range(len(ANSWERS)))
def test_every_step_survives_any_answer(server, kind, status, body):
    publisher = kind(server, client=CLIENT, look="yes")
    post = draft()
    prepared = publisher.prepare(post)
    publisher._named[post.idempotency_key] = URN
    steps = {
        lambda: publisher.verify(post, prepared, DUE): (Found, Absent, Unknown),
        publisher.inspect: (AccountReport, NotSent),
        lambda: publisher.metrics(Receipt(URN)): (Metrics, NotSent),
        lambda: publisher.delete(Receipt(URN)): (type(None), NotSent),
    }
    for step, kinds in steps.items():
        for number in range(3):  # from the first request on, the second, the third
            asked = iter(range(99))
            server.also = lambda _, at=number, asked=asked: Answer(status, body) if next(asked) >= at else None
            assert isinstance(went(step), kinds)


@BOTH
@pytest.mark.parametrize("header", ["", "7", URN, "urn:li:share:\xff"])
@pytest.mark.parametrize(("status", "body"), ANSWERS[::3], ids=range(len(ANSWERS[::3])))
def test_the_call_that_publishes_names_a_post_only_where_linkedin_does(server, kind, status, body, header):
    publisher, post = kind(server), draft()
    prepared = publisher.prepare(post)
    server.also = lambda _: Answer(status, body, {"x-restli-id": header})
    became = went(lambda: publisher.publish(post, prepared))
    if isinstance(became, Receipt):
        assert (status, header) == (200, became.remote_id)
    elif status in {200, 500}:
        assert isinstance(became, MayExist)
    else:
        assert isinstance(became, MayExist | NotSent)


@BOTH
@pytest.mark.parametrize(("status", "body"), ANSWERS, ids=range(len(ANSWERS)))
def test_preparing_is_never_more_than_not_sent(server, tmp_path, kind, status, body):
    contents = (
        Content("two", media=(picture(tmp_path, "a.png"), picture(tmp_path, "b.png"))),
        Content("film", media=(picture(tmp_path, "a.mp4", "video/mp4"),)),
    )
    for content, number in itertools.product(contents, (0, 1, 2, 3)):
        asked = iter(range(999))
        server.also = lambda _, at=number, asked=asked: Answer(status, body) if next(asked) == at else None
        assert isinstance(went(partial(kind(server, tmp_path).prepare, having(content))), Prepared | NotSent)
