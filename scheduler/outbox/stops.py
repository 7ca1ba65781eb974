"""Stopping an account, a campaign or everything, and starting it again.

A stop is a row, and what it means is in `gates`: nothing that memory believes is asked.
An account's stop, and that of everything, keep a whole line waiting; a campaign's stop
takes its deliveries out of their lines, which go on without them. Starting never sends
what the stop made late: that is missed then, and waits for a person.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.engine import Connection

from scheduler.model.lifecycle import Event, State
from scheduler.outbox import lanes
from scheduler.outbox.history import Entry
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import EventRow
from scheduler.outbox.schema import stop


class Kind(StrEnum):
    """What a stop stops."""

    ALL = "all"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What is stopped or started: an account, a campaign (by `name`), or all (without a name)."""

    kind: Kind
    name: str = ""


EVERYTHING = Target(Kind.ALL)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop that stands: who made it, when and why (empty: not said)."""

    target: Target
    who: str
    since: datetime
    why: str = ""

    @property
    def reason(self) -> str:
        """Why a post did not leave, as a sentence."""
        return f"Stopped by {self.who} since {self.since:%Y-%m-%d %H:%M} UTC{f': {self.why}' if self.why else '.'}"


_STOP = text("""
    INSERT INTO stop (kind, name, why, who, since) VALUES (:kind, :name, :why, :who, :since) ON CONFLICT DO NOTHING
""")
_START = text("DELETE FROM stop WHERE kind = :kind AND name = :name")
_HOLD = text("""
    UPDATE delivery SET held = 'stopped' WHERE campaign = :name AND state = 'scheduled' AND held IS NULL
""")
_FREE = text("""
    UPDATE delivery SET held = NULL WHERE campaign = :name AND state = 'scheduled' AND held = 'stopped'
""")
_OF_CAMPAIGN = text("SELECT DISTINCT account FROM delivery WHERE campaign = :name")
_OVERDUE = text("""
    SELECT n, name, account, campaign, due, held FROM delivery
     WHERE state = 'scheduled' AND due <= :now AND held IS NOT 'withdrawn' ORDER BY due, seq, n
""")
_LATE = text("""
    UPDATE delivery SET state = 'missed', held = NULL, not_before = NULL, last_error = :why
     WHERE n = :n AND state = 'scheduled' AND due <= :now
""")
_BECAUSE = text("UPDATE delivery SET last_error = :why WHERE n = :n AND state = 'missed'")


def standing(connection: Connection) -> tuple[Stop, ...]:
    """Every stop that stands, the oldest first."""
    found = connection.execute(select(stop).order_by(stop.c.since, stop.c.kind, stop.c.name))
    return tuple(Stop(Target(Kind(row.kind), row.name), row.who, from_us(row.since), row.why) for row in found)


def make(connection: Connection, targets: Iterable[Target], *, at: datetime, who: str, why: str) -> list[Entry]:
    """Stops `targets` before their next byte; what is stopped already keeps its first reason."""
    entries: list[Entry] = []
    for target in targets:
        asked = {"kind": target.kind, "name": target.name, "why": why, "who": who, "since": to_us(at)}
        if connection.execute(_STOP, asked).rowcount:
            entries.append(_told("stop", target, at, who, why))
            if target.kind is Kind.CAMPAIGN:
                connection.execute(_HOLD, {"name": target.name})
            lanes.refresh(connection, _accounts(connection, target))
    return entries


def lift(connection: Connection, targets: Iterable[Target], *, at: datetime, who: str) -> list[Entry]:
    """Starts `targets` again. What is overdue now and nothing else stops becomes missed, in the same transaction."""
    wanted = set(targets)
    late = _made_late(connection, wanted, at)
    lifted = [one.target for one in standing(connection) if one.target in wanted]
    for row, why in late:
        connection.execute(_LATE, {"n": row.n, "why": why, "now": to_us(at)})
    for target in lifted:
        connection.execute(_START, {"kind": target.kind, "name": target.name})
        if target.kind is Kind.CAMPAIGN:
            connection.execute(_FREE, {"name": target.name})
        lanes.refresh(connection, _accounts(connection, target))
    started = [_told("start", target, at, who, "") for target in lifted]
    return started + [(row.n, _missed(row, at, who, why)) for row, why in late]


def made_late(connection: Connection, targets: Iterable[Target], *, at: datetime) -> list[str]:
    """The names of what `lift` would make missed at `at`, by their moments."""
    return [row.name for row, _ in _made_late(connection, set(targets), at)]


def _made_late(connection: Connection, targets: Collection[Target], at: datetime) -> list[tuple[Row[Any], str]]:
    """What is overdue and only `targets` stop, each with its reason."""
    stops = standing(connection)
    lifted = [one for one in stops if one.target in targets]
    rest = [one for one in stops if one.target not in targets]
    overdue = connection.execute(_OVERDUE, {"now": to_us(at)}) if lifted else ()
    found = [(row, _stop_of(row, lifted)) for row in overdue if not _stop_of(row, rest)]
    return [(row, one.reason) for row, one in found if one]


def _stop_of(row: Row[Any], stops: Iterable[Stop]) -> Stop | None:
    return next((one for one in stops if one.target in _stoppable(row)), None)


def _stoppable(row: Row[Any]) -> tuple[Target, ...]:
    return EVERYTHING, Target(Kind.ACCOUNT, row.account), Target(Kind.CAMPAIGN, row.campaign)


def blame(connection: Connection, missed: Iterable[Row[Any]]) -> dict[int, str]:
    """The reason of those of `missed` that a stop kept from leaving, by their number; it is kept with them."""
    stops = standing(connection)
    found = {row.n: one.reason for row in missed if (one := _stop_of(row, stops))}
    if found:
        connection.execute(_BECAUSE, [{"n": n, "why": why} for n, why in found.items()])
    return found


def _accounts(connection: Connection, target: Target) -> list[str]:
    if target.kind is Kind.ACCOUNT:
        return [target.name]
    if target.kind is Kind.CAMPAIGN:
        return list(connection.execute(_OF_CAMPAIGN, {"name": target.name}).scalars())
    return lanes.known(connection)


def _told(event: str, target: Target, at: datetime, who: str, why: str) -> Entry:
    account = target.name if target.kind is Kind.ACCOUNT else ""
    said = why if target.kind is Kind.ACCOUNT else f"{target.kind} {target.name}".strip() + (f": {why}" if why else "")
    return None, EventRow(at=at, event=event, who=who, why=said, account=account)


def _missed(row: Row[Any], at: datetime, who: str, why: str) -> EventRow:
    return EventRow(
        at=at,
        event=Event.EXPIRE,
        who=who,
        why=why,
        delivery=row.name,
        account=row.account,
        from_state=State.SCHEDULED,
        to_state=State.MISSED,
        due=from_us(row.due),
    )
