"""What Meta's platforms have in common: codes, budgets in headers, lists by cursor, the way there."""

import json
from datetime import timedelta

import pytest

from scheduler.errors import AuthExpired, Duplicate, RateLimited, Rejected, Transient, UsageError
from scheduler.http.reply import Purpose, Reply
from scheduler.model.account import Account
from scheduler.publishers.base import Surroundings
from scheduler.publishers.meta.answers import Fault, Meaning, Over, fault_of, meaning_of, sort, sorting, told
from scheduler.publishers.meta.graph import FixedToken, Graph, form, session, version_of
from scheduler.publishers.meta.listing import listed
from scheduler.publishers.meta.usage import usage_of
from scheduler.testing.contract import DUE
from scheduler.testing.emulators.graph import TOKEN, GraphServer, paged, refused
from scheduler.testing.emulators.loopback import Answer


def reply(said, *, status=400, purpose=Purpose.CREATE, headers=None, secrets=()):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    where = ("https://graph.example/v1", "https://graph.example")
    return Reply(status, headers or {}, body, *where, purpose, DUE, secrets=frozenset(secrets))


def error(code, subcode=0, **more):
    return {"error": {"code": code, "error_subcode": subcode, "message": "No", **more}}


@pytest.mark.parametrize(("code", "subcode"), [(506, 0), (368, 1404082), (1366051, 0)])
def test_what_meta_has_already_is_to_be_looked_for(code, subcode):
    assert isinstance(sort(reply(error(code, subcode))), Duplicate)
    assert isinstance(sort(reply(error(code, subcode), purpose=Purpose.READ)), Transient)


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492, 0])
def test_a_dead_token_says_why_it_died(subcode):
    caught = sort(reply(error(190, subcode), status=401))
    assert isinstance(caught, Over)
    assert (": " in caught.message.partition(".")[0]) == bool(subcode)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_that_died_asks_for_a_person_whatever_was_asked(purpose):
    assert isinstance(sort(reply(error(190, 463), purpose=purpose)), AuthExpired)


@pytest.mark.parametrize("code", [100, 1, -1, 9007, 9004, 506, 7777])
def test_a_look_that_fails_is_no_failure_of_the_post(code):
    assert type(sort(reply(error(code), purpose=Purpose.READ))) is Transient


def test_codes_are_compared_as_numbers_whatever_digits_stand_elsewhere():
    caught = sort(reply(error("100", "33", message="Object with ID '190360034279009' does not exist", fbtrace_id="4")))
    assert isinstance(caught, Rejected)


@pytest.mark.parametrize("said", [{}, {"error": "text"}, {"error": {"code": None}}, [], b"<html>", b"[" * 5000])
def test_whatever_an_answer_holds_it_is_sorted(said):
    for purpose in Purpose:
        caught = sort(reply(said, purpose=purpose))
        assert caught is not None
        assert told(reply(said, purpose=purpose))
    assert sort(reply(said, status=200)) is None or fault_of(reply(said, status=200)) is not None


def test_a_platform_may_know_better_what_a_pair_means():
    own = sorting({(100, 5): Meaning.LIMIT})
    assert isinstance(own(reply(error(100, 5))), RateLimited)
    assert isinstance(own(reply(error(100, 6))), Rejected)
    assert meaning_of(Fault(4, 2207051)) is Meaning.SPAM


@pytest.mark.parametrize(
    ("subcode", "meaning"),
    [
        (2207004, Meaning.WRONG),
        (2207006, Meaning.FORGOTTEN),
        (2207020, Meaning.FORGOTTEN),
        (2207027, Meaning.WAIT),
        (2207042, Meaning.LIMIT_FOR_A_DAY),
        (2207050, Meaning.RIGHTS),
        (2207051, Meaning.SPAM),
        (2207052, Meaning.UNFETCHED),
    ],
)
def test_what_a_subcode_means_hangs_on_no_code_that_is_not_confirmed(subcode, meaning):
    assert {meaning_of(Fault(code, subcode)) for code in (-1, 1, 9, 25, 100, 9004, 36000)} == {meaning}


def test_a_limit_is_waited_for_as_long_as_the_header_says_in_minutes():
    budget = [{"type": "pages", "call_count": 95, "total_cputime": 20, "estimated_time_to_regain_access": 42}]
    headers = {"X-Business-Use-Case-Usage": json.dumps({"123": budget})}
    assert sort(reply(error(80001), headers=headers)).retry_at == DUE + timedelta(minutes=42)
    assert usage_of(reply({}, headers=headers)).percent == 95
    assert usage_of(reply({}, headers=headers)).tight


def test_a_limit_that_does_not_say_is_waited_for_long_enough_not_to_grow():
    assert sort(reply(error(4), status=403)).retry_at == DUE + timedelta(minutes=15)
    assert sort(reply(error(4), headers={"Retry-After": "60"})).retry_at == DUE + timedelta(minutes=1)
    assert sort(reply(error(368, 1390008))).retry_at == DUE + timedelta(days=1)


@pytest.mark.parametrize("written", ["", "null", "[]", '{"1": [7, null]}', '{"call_count": "9"}', "{", "[" * 5000])
def test_a_header_that_makes_no_sense_tells_nothing(written):
    assert usage_of(reply({}, headers={"x-app-usage": written})).percent == 0


def test_the_words_for_people_are_shown_with_the_number_for_support_and_without_secrets():
    answer = reply(error(1, 2, error_user_msg="Bitte später", fbtrace_id="Abc"), secrets=("Bitte",))
    assert told(answer) == "https://graph.example answered 400: No · [hidden] später (code 1/2, fbtrace_id Abc)."
    assert "fbtrace" not in told(reply(error(1, fbtrace_id="x" * 500)))


def test_forms_leave_out_what_is_empty_and_write_lists_as_json():
    said = {"a": "", "b": None, "c": [], "d": False, "e": True, "f": ["ж"], "g": {"h": 1}, "i": 0, "j": "текст"}
    assert form(said) == {"d": "false", "e": "true", "f": '["ж"]', "g": '{"h":1}', "i": "0", "j": "текст"}


@pytest.mark.parametrize("written", ["26", "v", "latest", "v1.0.0", "v26.0/../x"])
def test_a_version_that_is_none_is_a_mistake_of_the_files(written):
    with pytest.raises(UsageError):
        version_of(Account("main", "threads", "UTC", settings={"version": written}), "v1.0")
    assert version_of(Account("main", "threads", "UTC"), "v1.0") == "v1.0"


class Listed(GraphServer):
    """A host that has one list of a hundred entries, and nothing else."""

    def routed(self, request, path, grant):
        return Answer(200, paged([{"id": str(number)} for number in range(100)], request.query))


@pytest.fixture
def graph(clock, tmp_path):
    with Listed(clock) as server:
        account = Account("main", "threads", "UTC", settings={"server": server.url})
        http = session(account, Surroundings(tmp_path, clock, str), "https://graph.example")
        yield Graph(http, FixedToken(TOKEN), "v26.0"), server


def test_a_list_is_whole_only_where_its_last_page_was_read(graph):
    way, server = graph
    whole = listed(way, "/me/feed", {"fields": "id"}, page=30)
    assert ([one["id"] for one in whole.entries], whole.whole) == ([str(number) for number in range(100)], True)
    assert not listed(way, "/me/feed", {}, page=30, most=3).whole
    assert len(server.requests) == 7


def test_what_is_no_list_is_no_empty_one(graph):
    way, server = graph
    for said in ({}, {"data": None}, {"data": [1]}):
        server.also = lambda _, said=said: Answer(200, said)
        with pytest.raises(Transient):
            listed(way, "/me/feed", {})


def test_the_budget_is_known_from_the_latest_answer(graph):
    way, server = graph
    assert not way.usage.tight
    server.percent = 93
    way.read("/me")
    assert way.usage.tight


@pytest.mark.parametrize(
    ("served", "said"), [("", ""), ("v26.0", ""), ("v27.0", "v27.0 answers"), ("<b>", "another one answers")]
)
def test_a_version_that_is_served_by_another_is_told(graph, served, said):
    way, server = graph
    server.also = lambda _: Answer(200, {"id": "1"}, headers={"Facebook-API-Version": served} if served else {})
    way.read("/me")
    assert (said in way.outlived()) if said else not way.outlived()


def test_an_unknown_version_or_no_token_is_refused_by_the_emulator_too(graph):
    way, server = graph
    other = Graph(way.http, FixedToken("another"), "v26.0")
    with pytest.raises(Over):
        other.read("/me")
    with pytest.raises(Transient, match="2500"):
        Graph(way.http, FixedToken(TOKEN), "v1.0").read("/me")
    server.also = lambda _: refused(2, "down", status=500)
    with pytest.raises(Transient):
        way.prepare("DELETE", "/1")
