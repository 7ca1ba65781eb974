"""Whatever Instagram answers to whatever call: the right kind of error, never a traceback, never a made-up receipt."""

import itertools
import json
from functools import partial

import pytest

from scheduler.errors import MayExist, NotSent, PublishError
from scheduler.model.delivery import Prepared, Receipt
from scheduler.publishers.base import Absent, AccountReport, Found, Metrics, Unknown
from scheduler.testing.contract import DUE
from scheduler.testing.emulators.facebook_login import CLIENT, SECRET
from scheduler.testing.emulators.graph import TOKEN
from scheduler.testing.emulators.instagram import InstagramServer
from scheduler.testing.emulators.loopback import Answer
from tests.contract.instagram_desk import instagram, photo, post, waiting

SAID = [
    None,
    [],
    5,
    {"data": 5, "id": [], "user_id": {}, "error": 7},
    {"data": [5], "id": 0, "instagram_business_account": 3},
    {"data": {}, "id": None, "instagram_business_account": {"id": None}, "user_id": None},
    {"data": [{"name": 1, "values": 2, "total_value": 3}], "id": {"id": 1}, "user_id": 12, "username": []},
    {"data": [{"quota_usage": "2", "config": {"quota_total": "x", "quota_duration": []}}], "id": "x/../y"},
    {"data": [{"quota_usage": 2, "config": {"quota_total": 0, "quota_duration": -1}}], "status_code": 7, "status": {}},
    {"data": [{"id": None, "timestamp": 5, "permalink": [], "media_type": {}, "children": 4, "caption": []}]},
    {"data": [{"id": {}, "timestamp": "2027-06-30", "media_type": "IMAGE", "caption": 7}], "paging": 3},
    {"data": [{"media_type": "IMAGE"}], "paging": {"cursors": {"after": {}}}, "id": True},
    {"data": {"scopes": 4, "expires_at": 10**30, "data_access_expires_at": "soon"}, "success": "yes"},
    {"status_code": "ERROR", "status": "\ud800 2207052", "id": "\ud800"},
    {"status_code": "SOMETHING NEW", "status": None, "id": "7"},
    {"error": {"code": "x", "error_subcode": [], "message": {}, "fbtrace_id": 9}},
    {"error": {"code": 10**40, "message": None}},
]
BODIES = [b"", b"{", b"\xff\xfe", b"<html>", b"[" * 20_000, *(json.dumps(one).encode() for one in SAID)]
ANSWERS = [*((200, body) for body in BODIES), *itertools.product((302, 400, 500), (BODIES[1], BODIES[-2]))]


@pytest.fixture(params=[False, True], ids=["by Instagram Login", "by Facebook Login"])
def server(request, clock):
    with InstagramServer(clock, by_page=request.param) as running:
        yield running


@pytest.fixture
def publisher(server, tmp_path):
    keys = {"token": TOKEN, "client_secret": SECRET}
    made = instagram(server, tmp_path, keys=keys, secrets={"token": "T", "client_secret": "S"}, client=CLIENT)
    return waiting(made, server)


def went(step):
    """What a step gives, or the error that it ends with; anything else is a traceback."""
    try:
        return step()
    except PublishError as caught:
        return caught


@pytest.mark.parametrize(("status", "body"), ANSWERS, ids=range(len(ANSWERS)))
def test_every_step_survives_any_answer(server, publisher, tmp_path, status, body):
    draft_ = post(tmp_path, "Ours", photo(tmp_path, "a.jpg"), photo(tmp_path, "b.jpg"))
    prepared = publisher.prepare(draft_)
    steps = {
        lambda: publisher.verify(draft_, prepared, DUE): (Found, Absent, Unknown),
        publisher.inspect: (AccountReport, NotSent),
        lambda: publisher.metrics(Receipt("17")): (Metrics, NotSent),
        lambda: publisher.delete(Receipt("17")): (type(None), NotSent),
    }
    for step, kinds in steps.items():
        for number in range(3):  # from the first request on, the second, the third
            asked = iter(range(99))
            server.also = lambda _, at=number, asked=asked: Answer(status, body) if next(asked) >= at else None
            assert isinstance(went(step), kinds)


@pytest.mark.parametrize(("status", "body"), ANSWERS, ids=range(len(ANSWERS)))
def test_the_call_that_publishes_names_a_post_only_where_instagram_does(server, publisher, tmp_path, status, body):
    draft_ = post(tmp_path)
    prepared = publisher.prepare(draft_)
    server.also = lambda one: Answer(status, body) if one.path.endswith("media_publish") else None
    became = went(lambda: publisher.publish(draft_, prepared))
    if isinstance(became, Receipt):
        assert status == 200
        assert json.loads(body)["id"] == became.remote_id
    elif status == 200:
        assert isinstance(became, MayExist)
    else:
        assert isinstance(became, MayExist | NotSent)


@pytest.mark.parametrize(("status", "body"), ANSWERS, ids=range(len(ANSWERS)))
def test_preparing_is_never_more_than_not_sent(server, tmp_path, status, body):
    draft_ = post(tmp_path, "Ours", photo(tmp_path, "a.jpg"), photo(tmp_path, "b.jpg"))
    for number in (0, 1, 3):
        asked = iter(range(999))
        server.also = lambda _, at=number, asked=asked: Answer(status, body) if next(asked) == at else None
        anew = waiting(instagram(server, tmp_path), server)
        assert isinstance(went(partial(anew.prepare, draft_)), Prepared | NotSent)
