"""The database refuses nonsense by itself, whoever writes it."""

import sqlite3
from contextlib import closing
from itertools import product

import pytest

from scheduler.model.lifecycle import HAS_RECEIPT, TRANSITIONS, Event, State
from scheduler.testing.platform import Fate

RECEIPT = '{"remote_id": "1", "url": "", "strength": "proven", "dry_run": false, "extra": {}}'
LOOKS_LIKE = {
    State.SCHEDULED: {},
    State.SENDING: {"lease": "x"},
    State.UNCERTAIN: {"lost_at": 1, "look_at": 1},
    State.SENT: {"receipt": RECEIPT},
    State.RETRACTED: {"receipt": RECEIPT},
    State.FAILED: {},
    State.MISSED: {},
    State.CANCELLED: {"cancelled_by": "plan"},
}
BLANK = {"lease": None, "receipt": None, "lost_at": None, "look_at": None, "cancelled_by": "", "held": None}
LEGAL = {(source, target) for (source, _), target in TRANSITIONS.items()}


@pytest.fixture
def raw(world):
    world.plan("opening")
    with closing(sqlite3.connect(world.outbox.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def move(raw, state, **columns):
    values = {**BLANK, **LOOKS_LIKE[state], **columns, "state": state.value}
    raw.execute(f"UPDATE delivery SET {', '.join(f'{key} = :{key}' for key in values)}", values)


def reach(raw, state):
    """Takes the one delivery to `state` by legal arrows."""
    ways = {
        State.SCHEDULED: [],
        State.SENDING: [State.SENDING],
        State.UNCERTAIN: [State.SENDING, State.UNCERTAIN],
        State.SENT: [State.SENDING, State.SENT],
        State.RETRACTED: [State.SENDING, State.SENT, State.RETRACTED],
        State.FAILED: [State.FAILED],
        State.MISSED: [State.MISSED],
        State.CANCELLED: [State.CANCELLED],
    }
    for step in ways[state]:
        move(raw, step)


@pytest.mark.parametrize("source", State)
def test_exactly_the_arrows_of_the_lifecycle_are_possible(raw, source):
    reach(raw, source)
    for target in State:
        raw.execute("SAVEPOINT before")
        if target is source or (source, target) in LEGAL:
            move(raw, target)
        else:
            with pytest.raises(sqlite3.IntegrityError, match="no such move"):
                move(raw, target)
        raw.execute("ROLLBACK TO before")
        raw.execute("RELEASE before")


@pytest.mark.parametrize(("state", "receipt"), list(product(State, [None, RECEIPT])))
def test_a_receipt_is_in_hand_exactly_where_something_was_sent(raw, state, receipt):
    reach(raw, state)
    if (receipt is not None) == (state in HAS_RECEIPT):
        move(raw, state, receipt=receipt)
    else:
        with pytest.raises(sqlite3.IntegrityError, match="receipt_in_hand"):
            move(raw, state, receipt=receipt)


@pytest.mark.parametrize("state", State)
def test_a_lease_is_held_exactly_while_something_is_sent(raw, state):
    reach(raw, state)
    with pytest.raises(sqlite3.IntegrityError, match="lease_while_sending"):
        move(raw, state, lease=None if state is State.SENDING else "x")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("UPDATE delivery SET state = 'posted'", "legal_state|no such move"),
        ("UPDATE delivery SET expires_at = due - 1", "expires_after_due"),
        ("UPDATE delivery SET cancelled_by = 'plan'", "cancelled_by_someone"),
        ("UPDATE delivery SET live = 2", "yes_or_no"),
        ("UPDATE delivery SET generation = 0", "counts_from_one"),
        ("UPDATE delivery SET look_at = 5", "looked_for_while_uncertain"),
        ("UPDATE delivery SET held = ''", "held_for_a_reason"),
        ("UPDATE delivery SET content_hash = 'none'", "FOREIGN KEY"),
        ("UPDATE delivery SET name = 'other'", "keeps its identity"),
        ("UPDATE delivery SET account = 'other'", "keeps its identity"),
        ("DELETE FROM delivery", "deliveries are kept"),
        ("UPDATE content SET body = '{}'", "content is frozen"),
        ("UPDATE event SET why = 'nothing happened'", "history only grows"),
        ("DELETE FROM event", "history only grows"),
        ("UPDATE lane SET head = NULL", "ready_with_a_head"),
        ("UPDATE lane SET paused = 'x', paused_by = 'y'", "paused_is_not_ready"),
        ("UPDATE lane SET ready_at = NULL, paused = 'x'", "paused_by_someone"),
    ],
)
def test_what_makes_no_sense_is_refused(raw, change, complaint):
    with pytest.raises(sqlite3.IntegrityError, match=complaint):
        raw.execute(change)


def test_a_delivery_begins_as_scheduled(raw):
    columns = [row[1] for row in raw.execute("PRAGMA table_info(delivery)") if row[1] not in ("n", "name", "state")]
    named = ", ".join(columns)
    with pytest.raises(sqlite3.IntegrityError, match="begins as scheduled"):
        raw.execute(f"INSERT INTO delivery (name, state, {named}) SELECT 'new', 'failed', {named} FROM delivery")


def test_what_was_reviewed_and_sent_cannot_be_reworded_afterwards(world, raw):
    world.at_nine()
    raw.execute("INSERT INTO content VALUES ('other', '{}')")
    with pytest.raises(sqlite3.IntegrityError, match="only what is still scheduled"):
        raw.execute("UPDATE delivery SET content_hash = 'other'")


@pytest.mark.parametrize(
    "change",
    ["UPDATE attempt SET outcome = 'sent'", "UPDATE attempt SET started_at = 0", "DELETE FROM attempt"],
)
def test_an_attempt_is_opened_once_closed_once_and_kept(world, raw, change):
    world.platform.next(Fate.LOSES_THE_REPLY)
    world.at_nine()
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(change)


def test_the_database_itself_holds_one_in_flight_an_account(world, raw):
    world.plan("closing")
    raw.execute("UPDATE delivery SET state = 'sending', lease = 'a' WHERE post = 'opening'")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute("UPDATE delivery SET state = 'sending', lease = 'b' WHERE post = 'closing'")


def test_the_next_moment_and_the_claim_are_index_look_ups(raw):
    def plan_of(sql):
        return " ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}"))

    assert "COVERING INDEX lane_ready" in plan_of("SELECT min(ready_at) FROM lane WHERE ready_at IS NOT NULL")
    heads = "SELECT account FROM lane WHERE ready_at <= 5 ORDER BY ready_at, served_at LIMIT 3"
    assert "INDEX lane_ready (ready_at<?)" in plan_of(heads)
    assert "TEMP B-TREE" not in plan_of(heads)
    order = (
        "SELECT n FROM delivery WHERE account = 'a' AND state = 'scheduled' AND held IS NULL ORDER BY due, seq LIMIT 1"
    )
    assert "INDEX lane_order" in plan_of(order)
    assert "TEMP B-TREE" not in plan_of(order)
    assert "INDEX delivery_expiry" in plan_of("SELECT min(expires_at) FROM delivery WHERE state = 'scheduled'")
    assert "INDEX delivery_look" in plan_of("SELECT min(look_at) FROM delivery WHERE look_at IS NOT NULL")


def test_every_event_of_the_lifecycle_has_an_arrow():
    assert {event for _, event in TRANSITIONS} == set(Event)
