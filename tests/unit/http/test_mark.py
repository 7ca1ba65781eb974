"""What a mark holds, and what it may cut."""

import socket

import pytest

from scheduler.http.mark import Mark


@pytest.fixture
def line() -> "tuple[socket.socket, socket.socket]":
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(1)
        theirs.settimeout(1)
        yield ours, theirs


def is_cut(theirs: socket.socket) -> bool:
    theirs.setblocking(False)
    try:
        return theirs.recv(1) == b""
    except BlockingIOError:
        return False


def test_a_request_whose_time_is_over_is_cut(line: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = line
    mark = Mark()
    mark.hold(ours)
    mark.expire()
    assert mark.expired
    assert is_cut(theirs)
    assert ours.recv(1) == b""
    mark.end()


def test_a_request_that_has_ended_is_not_cut(line: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = line
    mark = Mark()
    mark.hold(ours)
    mark.end()
    mark.expire()
    assert not mark.expired
    assert not is_cut(theirs)


def test_a_connection_that_comes_too_late_is_cut_at_once(line: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = line
    mark = Mark()
    mark.expire()
    mark.hold(ours)
    assert is_cut(theirs)
    mark.end()


def test_a_descriptor_that_was_closed_and_given_away_is_not_cut() -> None:
    """The number may be another file's by then; the mark holds a descriptor of its own."""
    ours, theirs = socket.socketpair()
    mark = Mark()
    mark.hold(ours)
    number = ours.fileno()
    ours.close()
    other, its_end = socket.socketpair()
    with theirs, other, its_end:
        assert number in {other.fileno(), its_end.fileno()}
        mark.expire()
        assert not is_cut(its_end)
        assert not is_cut(other)
        assert is_cut(theirs)
        mark.end()


def highest_free() -> int:
    """The number that the next descriptor gets: the same as long as nothing was left open."""
    with socket.socket() as probe:
        return probe.fileno()


def test_nothing_is_left_open_by_a_mark(line: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = line
    before = highest_free()
    for _ in range(50):
        mark = Mark()
        mark.hold(ours)
        mark.hold(ours)
        mark.end()
        mark.hold(ours)
    assert highest_free() == before
