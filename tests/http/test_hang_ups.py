"""Servers that end a connection right after an answer, without a word: snac does (2.96, seen 2026-11)."""

import time

import pytest

from scheduler.errors import Ambiguous
from scheduler.http.session import HttpSession


def session(server, clock):
    return HttpSession(server.url, clock=clock, allow_private=True)


def hangs_up(visit):
    visit.request()
    visit.answer()


def ignores_the_second(visit):
    """Keeps the line open, takes a second request, and hangs up on it."""
    visit.request()
    visit.answer()
    visit.request()


def test_a_look_on_a_line_that_was_dead_is_had_on_a_new_one(serve, clock):
    server = serve(ignores_the_second)
    http = session(server, clock)
    assert http.read("/one").status == 200
    assert http.read("/two").status == 200
    assert [len(server.visits), len(server.requests)] == [2, 3]
    assert http._wire.hangs_up


def test_what_makes_a_post_is_never_sent_again(serve, clock):
    server = serve(ignores_the_second)
    http = session(server, clock)
    http.read("/one")
    with pytest.raises(Ambiguous):
        http.create("POST", "/post", json={})
    assert [request.split()[0] for request in server.requests] == [b"GET", b"POST"]


def test_a_server_seen_to_hang_up_is_met_on_a_new_line_each_time(serve, clock):
    server = serve(hangs_up)
    http = session(server, clock)
    http.read("/one")
    time.sleep(0.05)  # its end arrives
    http.read("/two")
    assert http._wire.hangs_up
    for _ in range(20):
        assert http.create("POST", "/post", json={}).status == 200
    assert len(server.visits) == len(server.requests) == 22


def test_a_line_that_ended_after_a_long_rest_says_nothing_of_the_server(serve, clock):
    server = serve(hangs_up)
    http = session(server, clock)
    http.read("/one")
    time.sleep(0.05)
    clock.turn(10)
    http.read("/two")
    assert not http._wire.hangs_up
