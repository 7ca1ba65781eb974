"""Money as a guard of the claim: what an account spent, and what its next post would cost, against its budget.

What was spent is a ledger that the database keeps by itself (`schema.TRIGGERS`): the amount that
was frozen with a post, from the moment on that it may have been made, until it is proved that it
was not. So later prices change nothing of it. A post that would be too much keeps its line waiting,
for a minute each time: a raised budget is noticed then, and so is a new month.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.lifecycle import State
from scheduler.outbox import direct, lanes
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import EventRow
from scheduler.planning.budgets import EVER, Budget
from scheduler.platforms.prices import money

OVER_BUDGET = "over_budget"
"""The event of a post that waits for money; told once, not with every look."""
ASK_AGAIN = timedelta(minutes=1)

Budgets = Mapping[str, Budget]

_SPENT = """(SELECT coalesce(sum(s.amount), 0) FROM spent s
              WHERE s.account = delivery.account AND s.at >= json_extract(b.value, '$.since'))"""
# A thread that would stop half-way does not begin.
_COSTS = """(SELECT coalesce(sum(t.cost), 0) FROM delivery t
              WHERE t.thread = delivery.thread AND t.part >= delivery.part AND t.state = 'scheduled')"""
TOO_DEAR = f"""(delivery.live = 1 AND delivery.account IN (SELECT value FROM json_each(:live)) AND EXISTS (
    SELECT 1 FROM json_each(:budgets) b
     WHERE b.key = delivery.account AND {_COSTS} > 0 AND {_SPENT} + {_COSTS} > json_extract(b.value, '$.most')))"""  # noqa: S608
"""That a row of `delivery` would leave for real and be more than its account's budget, as a condition of SQL."""

_OVER = text(f"""
    SELECT json_group_array(json_object('n', delivery.n, 'name', name, 'account', delivery.account, 'due', due,
                                        'last_error', last_error, 'costs', {_COSTS}, 'spent', {_SPENT}))
      FROM json_each(:budgets) b JOIN lane ON lane.account = b.key JOIN delivery ON delivery.n = lane.head
     WHERE lane.ready_at <= :until AND {TOO_DEAR}
""")  # noqa: S608  # only our own text
_SAY_WHY = text("UPDATE delivery SET last_error = :why WHERE n = :n AND state = 'scheduled'")
_TOTAL = text("SELECT coalesce(sum(amount), 0) FROM spent WHERE account = :account AND at >= :since")


def asked(budgets: Budgets, at: datetime) -> str:
    """The budgets as the statements want them, at the moment `at` (aware)."""
    known = {name: {"most": one.thousandths, "since": to_us(one.since(at))} for name, one in budgets.items()}
    return json.dumps(known)


def keep_within(
    connection: Connection, budgets: Budgets, live: Collection[str], *, now: datetime, until: datetime
) -> list[Entry]:
    """Makes the lines wait whose next post, ready by `until`, is more than its account's budget; refreshes them."""
    if not budgets:
        return []
    wanted = {"budgets": asked(budgets, now), "live": json.dumps(sorted(live)), "until": to_us(until)}
    entries: list[Entry] = []
    for row in json.loads(direct.value(connection, _OVER, wanted)):
        why = _why(budgets[row["account"]], row)
        lanes.block(connection, row["account"], now + ASK_AGAIN, why)
        lanes.renew(connection, [row["account"]])
        if row["last_error"] != why:
            connection.execute(_SAY_WHY, {"n": row["n"], "why": why})
            entries.append((row["n"], _event(row, now, why)))
    return entries


def spent(connection: Connection, account: str, *, since: datetime = EVER) -> int:
    """What the account's posts have cost since then, in thousandths; what may have gone out counts."""
    return int(connection.execute(_TOTAL, {"account": account, "since": to_us(since)}).scalar_one())


def _why(budget: Budget, row: Mapping[str, Any]) -> str:
    if not budget.currency:
        return f"The budget of {row['account']} is no amount: mend `budget:` in drumbeat.yaml, or cancel this."
    return (
        f"It would exceed the budget of {row['account']}, {budget.told()}: {money(row['spent'])} went out, "
        f"and this costs {money(row['costs'])}. Raise `budget:` in drumbeat.yaml, or cancel this."
    )


def _event(row: Mapping[str, Any], now: datetime, why: str) -> EventRow:
    return EventRow(
        at=now,
        event=OVER_BUDGET,
        who="engine",
        why=why,
        delivery=row["name"],
        account=row["account"],
        from_state=State.SCHEDULED,
        to_state=State.SCHEDULED,
        due=from_us(row["due"]),
    )
