"""Whose pictures may have to lie in public now: of what a platform may be told of, and of nothing withdrawn."""

from datetime import timedelta

import pytest

from scheduler.model.lifecycle import State
from tests.outbox.test_files_kept import content_with, queued, stand

HOUR = timedelta(hours=1)


def needed(world):
    return {one.media[0].file for one in world.outbox.contents_on_their_way(until=world.clock.now() + HOUR)}


def test_what_is_due_under_way_or_unknown_may_be_fetched(world):
    name = queued(world, "first", content_with(world, "a.png"))

    for state in (State.SCHEDULED, State.SENDING, State.UNCERTAIN):
        stand(world, name, state)
        assert needed(world) == {"a.png"}


@pytest.mark.parametrize("state", [State.FAILED, State.MISSED, State.CANCELLED])
def test_what_will_not_go_out_by_itself_needs_nothing_public(world, state):
    name = queued(world, "first", content_with(world, "a.png"))
    for one in (State.SENDING, state) if state is State.FAILED else (state,):
        stand(world, name, one)

    assert needed(world) == set()


def test_what_is_due_later_needs_nothing_yet(world):
    content = content_with(world, "a.png")
    queued(world, "first", content)
    assert needed(world) == {"a.png"}
    with world.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET due = due + 7200000000, expires_at = expires_at + 7200000000")

    assert needed(world) == set()


def test_what_is_withdrawn_needs_nothing_even_where_nobody_knows_whether_it_is_out(world):
    shown = content_with(world, "a.png")
    name = queued(world, "first", shown, record="ana")
    queued(world, "second", content_with(world, "b.png"), record="emma")
    stand(world, name, State.SENDING)
    stand(world, name, State.UNCERTAIN)
    assert needed(world) == {"a.png", "b.png"}

    world.outbox.withdraw("ana", [], at=world.clock.now(), who="person", why="")

    assert needed(world) == {"b.png"}
