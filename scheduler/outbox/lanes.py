"""Each account's line: its head, when the head may go, and what makes the whole line wait.

A lane follows from its deliveries and its reasons to wait, and is made anew here in the
same transaction as whatever touched either. A lane that is paused or stopped, or has
something in flight, has no `ready_at`: were it otherwise, "the next moment" would be a lie and the
clock would spin on a blocked head.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.outbox import direct
from scheduler.outbox.gates import LANE_STOPPED
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import to_us
from scheduler.outbox.rows import EventRow

BY_ENGINE = "engine"
"""Paused because a credential no longer works, not because a person said so."""

_OPEN = text("INSERT INTO lane (account) SELECT value FROM json_each(:accounts) WHERE true ON CONFLICT DO NOTHING")

_REFRESH = text(f"""
    UPDATE lane SET (head, ready_at) = (
        SELECT d.n,
               CASE WHEN lane.paused <> '' OR {LANE_STOPPED}
                      OR EXISTS (SELECT 1 FROM delivery f WHERE f.account = lane.account AND f.state = 'sending')
                    THEN NULL
                    ELSE max(d.due, coalesce(d.not_before, 0), coalesce(lane.blocked_until, 0)) END
          FROM delivery d
         WHERE d.account = lane.account AND d.state = 'scheduled' AND d.held IS NULL
         ORDER BY d.due, d.seq LIMIT 1)
     WHERE account IN (SELECT value FROM json_each(:accounts))
""")  # noqa: S608  # only our own text

_BLOCK = text("""
    UPDATE lane SET blocked_until = max(coalesce(blocked_until, 0), :until), blocked_why = :why WHERE account = :account
""")

_PAUSE = text("""
    UPDATE lane SET paused = :why, paused_by = :who, ready_at = NULL WHERE account = :account AND paused = ''
""")

_RESUME = text("""
    UPDATE lane SET paused = '', paused_by = ''
     WHERE paused <> '' AND (:everyone OR account IN (SELECT value FROM json_each(:accounts)))
       AND (:anyone OR paused_by = :who)
    RETURNING account
""")


# From one account to the next by the index of the lines: with a million waiting, to read them all is too slow.
_KNOWN = text("""
    WITH RECURSIVE waiting (account) AS (
        SELECT min(account) FROM delivery WHERE state = 'scheduled' AND held IS NULL
         UNION ALL
        SELECT (SELECT min(account) FROM delivery
                 WHERE account > waiting.account AND state = 'scheduled' AND held IS NULL)
          FROM waiting WHERE waiting.account IS NOT NULL)
    SELECT account FROM lane UNION SELECT account FROM waiting WHERE account IS NOT NULL
""")


def known(connection: Connection) -> list[str]:
    """Every account that has a line, or something that belongs into one."""
    return list(connection.execute(_KNOWN).scalars())


def refresh(connection: Connection, accounts: Iterable[str]) -> None:
    """Makes the lanes of `accounts` anew, and those that are not there yet."""
    named = json.dumps(sorted(set(accounts)))
    if named == "[]":
        return
    connection.execute(_OPEN, {"accounts": named})
    connection.execute(_REFRESH, {"accounts": named})


def renew(connection: Connection, accounts: Iterable[str]) -> None:
    """Makes the lanes of `accounts` anew; all of them are there, because something came out of them."""
    named = json.dumps(sorted(set(accounts)))
    if named != "[]":
        direct.change(connection, _REFRESH, {"accounts": named})


def block(connection: Connection, account: str, until: datetime, why: str) -> None:
    """Makes the whole lane wait until `until`: the platform asked for it. The caller refreshes the lane."""
    connection.execute(_BLOCK, {"account": account, "until": to_us(until), "why": why})


def pause(connection: Connection, account: str, *, why: str, who: str, at: datetime) -> list[Entry]:
    """Makes the lane wait until someone resumes it; what is paused already keeps its first reason."""
    connection.execute(_OPEN, {"accounts": json.dumps([account])})
    paused = connection.execute(_PAUSE, {"account": account, "why": why, "who": who}).rowcount
    return [(None, EventRow(at=at, event="pause", who=who, why=why, account=account))] * paused


def resume(
    connection: Connection,
    *,
    at: datetime,
    who: str,
    accounts: Iterable[str] | None = None,
    paused_by: str | None = None,
) -> list[Entry]:
    """Lifts pauses (of `accounts`, or of all; those that `paused_by` made, or any) and refreshes those lanes."""
    asked = {
        "everyone": accounts is None,
        "accounts": json.dumps(sorted(accounts or ())),
        "anyone": paused_by is None,
        "who": paused_by,
    }
    lifted = sorted(connection.execute(_RESUME, asked).scalars())
    refresh(connection, lifted)
    return [(None, EventRow(at=at, event="resume", who=who, account=account)) for account in lifted]
