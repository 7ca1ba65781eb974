"""Taking over from a process that died costs what it left behind, not what waits."""

import pytest
from sqlalchemy import event

from scheduler.outbox import lanes

WHOLE = ("SCAN delivery", "SCAN attempt")
SMALL = ("one_in_flight", "delivery_preparing", "delivery_unsettled")
"""Indexes that hold only what is in flight, being prepared, or waits for a look or a person."""


@pytest.fixture
def scans(world):
    """Every statement sent to the outbox that reads a whole table of deliveries or tries, with its plan."""
    found = []

    def look(connection, _cursor, statement, parameters, *_):
        if statement.split()[0] not in ("SELECT", "UPDATE", "WITH", "DELETE"):
            return
        asked = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        found.extend(row[3] for row in asked if row[3].startswith(WHOLE) and not row[3].endswith(SMALL))

    event.listen(world.outbox.engine, "before_cursor_execute", look)
    return found


def test_a_start_reads_no_whole_table(world, scans):
    world.plan("thread", "picture", parts=2)
    world.kind = "prepares"
    world.clock.jump(world.outbox.next_due())
    world.steps.claim(9)
    scans.clear()
    world.steps.begin()
    assert scans == []
    assert {row.held for row in world.outbox.rows()} == {"", "parent"}


def test_stopping_everything_reads_no_whole_table(world, scans):
    from scheduler.outbox.stops import EVERYTHING

    world.plan("thread", parts=2)
    scans.clear()
    world.outbox.stop([EVERYTHING], at=world.clock.now(), who="mira")
    assert scans == []
    assert world.outbox.next_due() is None


def test_every_line_is_known_even_one_that_was_never_made(world):
    for account in ("main", "second", "third"):
        world.plan("post", account=account)
    with world.outbox.write() as connection:
        connection.exec_driver_sql("DELETE FROM lane WHERE account <> 'third'")
        assert lanes.known(connection) == ["main", "second", "third"]
    world.steps.begin()
    world.at_nine()
    assert world.states() == {"sent": 3}
