"""The one transaction of the engine: settle what waits, refresh what changed, claim what is due.

All of it commits together or not at all. What is handed back was committed, so it may be
sent; what was handed in is forgotten by the caller only once this has returned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from scheduler.engine.preflight import LEAD
from scheduler.errors import StoreError
from scheduler.outbox import lanes
from scheduler.outbox.budgets import keep_within
from scheduler.outbox.claiming import Claimed, Claims, Terms, claim, hold_ahead
from scheduler.outbox.history import Entry, record
from scheduler.outbox.notes import NOTHING_LEFT, Key, Left
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.quotas import Quotas, no_quotas
from scheduler.outbox.rows import EventRow
from scheduler.outbox.settling import Settlement, late_receipt, settle
from scheduler.outbox.upkeep import (
    Look,
    Moments,
    Preparation,
    expire,
    moments,
    recover,
    settle_look,
    settle_preparation,
    settle_repeat,
    take_looks,
)

Result = Settlement | Preparation | Look
"""How something that was in flight ended."""

NOTHING = Claims((), (), ())


@dataclass(frozen=True, slots=True)
class Turn:
    """What one transaction brought: what to send, prepare and look for now, what happened, and when to come back."""

    claimed: tuple[Claimed, ...]
    to_prepare: tuple[Claimed, ...]
    to_look: tuple[Claimed, ...]
    events: tuple[EventRow, ...]
    moments: Moments


@dataclass(frozen=True, slots=True)
class Work:
    """What a turn may take: deliveries, looks, and whether to see to what expired and what is to be prepared ahead.

    Without `ahead` the turn's moments say nothing of preparations: to find them every account is asked.
    """

    free: int = 0
    looks: int = 0
    expiry: bool = True
    ahead: bool = True


def _untold(_: Sequence[Key]) -> None:
    pass


def turn(  # the engine's whole state of affairs, which it keeps nowhere else
    outbox: Outbox,
    results: Sequence[Result],
    work: Work,
    *,
    now: datetime,
    lease: str,
    terms: Terms,
    claimed: Callable[[Sequence[Key]], None] = _untold,
) -> Turn:
    """Settles `results` and takes what `work` allows, in one commit. Raises `StoreError`.

    `claimed` is told of what will be sent, before the commit.
    """
    with outbox.write() as connection:
        entries = _settle(connection, results, terms.quotas)
        repeats = [one for one in results if isinstance(one, Look) and one.repeat]
        taking = terms if work.free or work.looks else None
        repeated, told = _repeat(connection, repeats, now=now, lease=lease, terms=taking)
        entries += told
        entries += expire(connection, now) if work.expiry else []
        to_look = take_looks(connection, now=now, most=work.looks, workspace=terms.workspace)
        entries += keep_within(connection, terms.budgets, terms.live, now=now, until=now + LEAD)
        left = work.free - len(repeated) - len(to_look)
        claims = claim(connection, free=left, now=now, lease=lease, terms=terms)
        left -= len(claims.claimed) + len(claims.to_prepare)
        ahead = hold_ahead(connection, free=left * work.ahead, now=now, until=now + LEAD, terms=terms)
        events = record(connection, entries + list(claims.entries))
        coming = moments(connection, terms if work.ahead else Terms(terms.workspace), LEAD)
        to_send = (*repeated, *claims.claimed)
        claimed([(one.n, one.lease) for one in to_send])
    return Turn(to_send, (*claims.to_prepare, *ahead), tuple(to_look), tuple(events), coming)


def _settle(connection: Connection, results: Sequence[Result], quotas: Quotas) -> list[Entry]:
    settled = settle(connection, [one for one in results if isinstance(one, Settlement)], quotas)
    entries = list(settled.entries)
    touched = set(settled.accounts)
    for lost in settled.lost:
        entries += late_receipt(connection, lost)
        touched.add(lost.account)
    for one in results:
        if isinstance(one, Preparation):
            entries += settle_preparation(connection, one)
            touched.add(one.claimed.draft.account)
        elif isinstance(one, Look) and not one.repeat:
            entries += settle_look(connection, one)
            touched.add(one.claimed.draft.account)
    lanes.renew(connection, touched)
    return entries


def _repeat(
    connection: Connection, repeats: Sequence[Look], *, now: datetime, lease: str, terms: Terms | None
) -> tuple[list[Claimed], list[Entry]]:
    """Unknowns that may be sent once more without doubling them: taken again, in this transaction.

    Without `terms` nothing is taken now, as all are busy or about to stop: then they are looked for again soon.
    """
    if terms is None:
        return [], [entry for one in repeats for entry in settle_look(connection, one)]
    again: list[Claimed] = []
    entries: list[Entry] = []
    for number, one in enumerate(repeats):
        taken, told = settle_repeat(connection, one, now=now, lease=f"{lease}-again-{number}", terms=terms)
        again += [taken] if taken else []
        entries += told
        lanes.renew(connection, [one.claimed.draft.account])
    return again, entries


def begin(outbox: Outbox, now: datetime, left: Left = NOTHING_LEFT, quotas: Quotas = no_quotas) -> list[EventRow]:
    """Takes over from whoever worked the outbox before, living no more. Only for the holder of its lock."""
    try:
        return _begin(outbox, now, left, quotas)
    except StoreError:
        raise
    except Exception:
        if left is NOTHING_LEFT:
            raise
    return _begin(outbox, now, NOTHING_LEFT, quotas)  # an end that nobody can write down must not keep us for ever


def _begin(outbox: Outbox, now: datetime, left: Left, quotas: Quotas) -> list[EventRow]:
    with outbox.write() as connection:
        return record(connection, recover(connection, now, left, quotas))


def look_ahead(outbox: Outbox, terms: Terms) -> Moments:
    """When something can next be done, without changing anything."""
    with outbox.read() as connection:
        return moments(connection, terms, LEAD)
