"""Withdrawing a record: nothing that speaks of it goes out again, and its text is forgotten.

The row in `withdrawn` is for ever. The claim asks for it, a trigger keeps what speaks of
the record out of the line, and the diff leaves it alone, so that no later apply, retry or
second try can send it. Names, receipts and history stay: they say what was where. Only the
platform's words in them are blanked, which may quote the text.
"""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.content import Content, body_of
from scheduler.model.lifecycle import Event, State
from scheduler.outbox import lanes
from scheduler.outbox.applying import keep_contents
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import EventRow

_WITHDRAW = text("""
    INSERT INTO withdrawn (record, why, who, since) VALUES (:record, :why, :who, :since) ON CONFLICT DO NOTHING
""")
# What was applied before the outbox knew records is known by the files alone; and a thread belongs together.
_ADOPT = text("""
    UPDATE delivery SET record = :record
     WHERE record = '' AND thread IN (SELECT thread FROM delivery WHERE name IN (SELECT value FROM json_each(:names)))
""")
_WAITING = text("SELECT n, name, account, due FROM delivery WHERE record = :record AND state = 'scheduled' ORDER BY n")
_CANCEL = text("""
    UPDATE delivery SET state = 'cancelled', cancelled_by = 'person', held = NULL, not_before = NULL
     WHERE record = :record AND state = 'scheduled'
""")
_BLANK = text("""
    UPDATE delivery SET content_hash = :blank, last_error = ''
     WHERE record = :record AND state NOT IN ('sending', 'uncertain')
""")
# What the engine wrote down of tries are the platform's own words, and those may quote the text.
_BLANK_TRIES = text("""
    UPDATE attempt SET error = ''
     WHERE error <> '' AND ended_at IS NOT NULL
       AND delivery IN (SELECT n FROM delivery WHERE record = :record AND content_hash = :blank)
""")
_BLANK_EVENTS = text("""
    UPDATE event SET why = ''
     WHERE why <> '' AND event IN ('postpone', 'refuse', 'lose_track', 'look', 'expire')
       AND delivery IN (SELECT n FROM delivery WHERE record = :record AND content_hash = :blank)
""")
_NEEDED = text("SELECT count(*) FROM delivery WHERE record = :record AND state IN ('sending', 'uncertain')")
_UNPREPARE = text("DELETE FROM prepared WHERE delivery IN (SELECT n FROM delivery WHERE content_hash = :blank)")
_FORGET = text("DELETE FROM content WHERE hash NOT IN (SELECT content_hash FROM delivery)")
_IS_WITHDRAWN = text("SELECT EXISTS (SELECT 1 FROM withdrawn WHERE record = :record)")


def withdraw(
    connection: Connection, record: str, names: Collection[str], *, at: datetime, who: str, why: str
) -> list[Entry]:
    """Withdraws `record`, and cancels what still waits of it. What was withdrawn before keeps its first reason."""
    asked = {"record": record, "why": why, "who": who, "since": to_us(at)}
    first = connection.execute(_WITHDRAW, asked).rowcount
    connection.execute(_ADOPT, {"record": record, "names": json.dumps(sorted(names))})
    waiting = connection.execute(_WAITING, {"record": record}).all()
    connection.execute(_CANCEL, {"record": record})
    lanes.refresh(connection, {row.account for row in waiting})
    told: list[Entry] = [(None, EventRow(at=at, event="withdraw", who=who, why=record))] * first
    return told + [
        (
            row.n,
            EventRow(
                at=at,
                event=Event.CANCEL,
                who=who,
                why=why or "withdrawn",
                delivery=row.name,
                account=row.account,
                from_state=State.SCHEDULED,
                to_state=State.CANCELLED,
                due=from_us(row.due),
            ),
        )
        for row in waiting
    ]


def blank(connection: Connection, record: str) -> int:
    """Puts an empty content in the place of every text of `record`, and drops texts that nobody needs any more.

    What is on its way or unknown still needs its text, to be found by it: how many such parts there are.
    """
    if not connection.execute(_IS_WITHDRAWN, {"record": record}).scalar():
        return 0
    connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is dropped is overwritten in the file
    nothing = Content("")
    keep_contents(connection, [(nothing.hash, body_of(nothing))])
    for forget in (_BLANK, _BLANK_TRIES, _BLANK_EVENTS):
        connection.execute(forget, {"record": record, "blank": nothing.hash})
    connection.execute(_UNPREPARE, {"blank": nothing.hash})
    connection.execute(_FORGET)
    return int(connection.execute(_NEEDED, {"record": record}).scalar_one())
