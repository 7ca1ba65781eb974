"""The outbox as the diff sees it, and as people are shown it: whole, at one moment."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Connection

from scheduler.model.content import from_json
from scheduler.model.lifecycle import State
from scheduler.outbox.marks import mark_of
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import LaneRow, Row, lane_from, row_from
from scheduler.outbox.schema import content, delivery, lane, withdrawn
from scheduler.planning.snapshot import Held, Snapshot

_HELD = (
    delivery.c.name,
    delivery.c.thread,
    delivery.c.campaign,
    delivery.c.account,
    delivery.c.part,
    delivery.c.state,
    delivery.c.due,
    delivery.c.content_hash,
    delivery.c.live,
    delivery.c.cancelled_by,
    delivery.c.expires_at,
)
_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries are asked for; what is None is not asked about. `since` is included, `until` is not."""

    names: Collection[str] | None = None
    threads: Collection[str] | None = None
    campaigns: Collection[str] | None = None
    accounts: Collection[str] | None = None
    states: Collection[State] | None = None
    records: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


def read_snapshot(
    connection: Connection,
    campaigns: Collection[str] | None = None,
    *,
    threads: Collection[str] | None = None,
    with_content: bool,
) -> Snapshot:
    """All that the outbox holds, or only what belongs to `campaigns` or `threads`; content only where asked for."""
    columns = (*_HELD, content.c.body) if with_content else _HELD
    wanted: Select[Any] = select(*columns)
    if with_content:
        wanted = wanted.join(content, content.c.hash == delivery.c.content_hash)
    if campaigns is not None:
        wanted = wanted.where(delivery.c.campaign.in_(_listed(campaigns)))
    if threads is not None:
        wanted = wanted.where(delivery.c.thread.in_(_listed(threads)))
    found = map(_held, connection.execute(wanted))
    return Snapshot(
        {held.name: held for held in found},
        frozenset(connection.execute(select(withdrawn.c.record)).scalars()),
        mark_of(connection),
    )


def _held(row: Sequence[Any]) -> Held:
    """By place and not by name: with a million rows that is seconds."""
    name, thread, campaign, account, part, state, due, content_hash, live, cancelled_by, expires_at, *body = row
    return Held(
        name,
        thread,
        campaign,
        account,
        part,
        _STATES[state],
        from_us(due),
        content_hash,
        bool(live),
        cancelled_by,
        from_json(json.loads(body[0])) if body else None,
        from_us(expires_at),
    )


def read_rows(connection: Connection, wanted: Wanted, *, with_content: bool) -> list[Row]:
    """The deliveries asked for, in the order of their moments, then as they were planned."""
    query: Select[Any] = select(delivery, content.c.body) if with_content else select(delivery)
    if with_content:
        query = query.join(content, content.c.hash == delivery.c.content_hash)
    query = _narrowed(query, wanted).order_by(delivery.c.due, delivery.c.seq, delivery.c.n)
    return [row_from(row) for row in connection.execute(query).mappings()]


def _listed(values: Collection[str]) -> Select[Any]:
    """Any number of values as one parameter; SQLite's own limit of parameters is far lower than a plan's names."""
    return select(func.json_each(json.dumps(sorted(values))).table_valued("value").c.value)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    among = (
        (delivery.c.name, wanted.names),
        (delivery.c.thread, wanted.threads),
        (delivery.c.campaign, wanted.campaigns),
        (delivery.c.account, wanted.accounts),
        (delivery.c.state, wanted.states),
        (delivery.c.record, wanted.records),
    )
    for column, values in among:
        if values is not None:
            query = query.where(column.in_(_listed(values)))
    if wanted.since is not None:
        query = query.where(delivery.c.due >= to_us(wanted.since))
    if wanted.until is not None:
        query = query.where(delivery.c.due < to_us(wanted.until))
    return query


def read_lanes(connection: Connection) -> list[LaneRow]:
    """Every account's line, by name."""
    return [lane_from(row) for row in connection.execute(select(lane).order_by(lane.c.account)).mappings()]


def read_states(connection: Connection) -> dict[State, int]:
    """How many deliveries (parts) are in each state; states that hold none are left out."""
    counted = select(delivery.c.state, func.count()).group_by(delivery.c.state)
    return {State(state): number for state, number in connection.execute(counted)}
