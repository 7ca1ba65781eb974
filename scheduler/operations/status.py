"""How things stand: what is in the queue, what leaves next, whether a daemon would send it, and who must act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scheduler.model.account import Account
from scheduler.model.delivery import Strength
from scheduler.model.lifecycle import State
from scheduler.operations.endings import Ending
from scheduler.operations.needs import Need, needs
from scheduler.operations.spending import Spending, spending
from scheduler.operations.stopping import stop_json
from scheduler.operations.waits import Wait, waits
from scheduler.outbox.lock import Heartbeat, read_heartbeat
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.outbox.snapshot import Wanted
from scheduler.outbox.stops import Stop
from scheduler.platforms import by_hand
from scheduler.preview.view import instant

BEAT = timedelta(seconds=2)
"""A due post that has not left within this much is a sign of ill health: the beat of 0.5 s and a generous send."""


@dataclass(frozen=True, slots=True)
class Status:
    """One look; `reasons` say why it is ill. `dry` counts what will reach nobody, by account, `dry_sent` what did.

    `by_hand` counts those of the unknown parts that a person has in their hands. `strengths` says how sure it is of
    what was sent, `waits` which accounts wait and for what, `endings` which credential ends too soon, `budgets` what
    was spent.
    """

    healthy: bool
    reasons: tuple[str, ...]
    needs: tuple[Need, ...]
    unapplied: int
    states: Mapping[State, int]
    next_row: Row | None
    next_due: datetime | None
    daemon: Heartbeat
    dry: Mapping[str, int]
    dry_sent: int = 0
    by_hand: int = 0
    stops: tuple[Stop, ...] = ()
    strengths: Mapping[Strength, int] = field(default_factory=dict)
    waits: tuple[Wait, ...] = ()
    endings: tuple[Ending, ...] = ()
    budgets: tuple[Spending, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `status --json` prints it."""
        tick = self.daemon.last_tick
        following = self.next_row and {"delivery": self.next_row.name, "due": instant(self.next_row.due)}
        return {
            "healthy": self.healthy,
            "reasons": list(self.reasons),
            "needs_a_person": [need.as_json() for need in self.needs],
            "unapplied": self.unapplied,
            "states": {state.value: number for state, number in self.states.items()},
            "next": following or None,
            "daemon": {"alive": self.daemon.alive, "last_tick": tick and instant(tick)},
            "dry_run": dict(self.dry),
            "dry_run_sent": self.dry_sent,
            "by_hand": self.by_hand,
            "stopped": [stop_json(stop) for stop in self.stops],
            "sent": {strength.value: number for strength, number in self.strengths.items()},
            "waiting": [wait.as_json() for wait in self.waits],
            "ending": [ending.as_json() for ending in self.endings],
            "budgets": [one.as_json() for one in self.budgets],
        }


def status(
    outbox: Outbox | None,
    *,
    accounts: Mapping[str, Account],
    unapplied: int,
    now: datetime,
    endings: tuple[Ending, ...] = (),
) -> Status:
    """How things stand at `now`; without an outbox nothing is queued and nothing is ill."""
    if outbox is None:
        return Status(True, (), (), unapplied, {}, None, None, Heartbeat(alive=False), {}, endings=endings)
    states, due, daemon = outbox.states(), outbox.next_due(), read_heartbeat(outbox.path.parent)
    reasons = tuple(_reasons(states, due, daemon, now))
    waiting, sent = outbox.needs_a_person(), outbox.rows(Wanted(states=[State.SENT]), with_content=False)
    return Status(
        healthy=not reasons,
        reasons=reasons,
        needs=needs(waiting, accounts),
        unapplied=unapplied,
        states=states,
        next_row=outbox.next_row(),
        next_due=due,
        daemon=daemon,
        dry=dry_posts(outbox, accounts),
        dry_sent=sum(row.dry_run for row in sent),
        by_hand=sum(row.state is State.UNCERTAIN and by_hand(row.platform) for row in waiting),
        stops=outbox.stops(),
        strengths=strengths(sent),
        waits=waits(outbox.lanes(), now=now),
        endings=endings,
        budgets=spending(outbox, accounts.values(), now=now),
    )


def strengths(rows: Iterable[Row]) -> dict[Strength, int]:
    """How many of those that were really sent are how sure to be out; the surest first."""
    found = [row.receipt.strength for row in rows if row.receipt and not row.dry_run]
    return {strength: found.count(strength) for strength in Strength if strength in found}


def _reasons(states: Mapping[State, int], due: datetime | None, daemon: Heartbeat, now: datetime) -> list[str]:
    waiting = states.get(State.SCHEDULED, 0)
    if waiting and not daemon.alive:
        return [f"{waiting} in the queue, and no daemon runs to send them. Run: drumbeat daemon"]
    if due is not None and due < now - BEAT:
        return [f"Something was due at {instant(due)} and has not left."]
    return []


def queued_posts(outbox: Outbox) -> int:
    """How many posts wait in the queue, a thread being one."""
    held = outbox.snapshot(with_content=False).held.values()
    return len({one.thread for one in held if one.state is State.SCHEDULED})


def dry_posts(outbox: Outbox, accounts: Mapping[str, Account]) -> dict[str, int]:
    """How many queued posts will reach nobody, by account: they leave for real only if both sides say live."""
    counts: dict[str, int] = {}
    for held in outbox.snapshot(with_content=False).held.values():
        account = accounts.get(held.account)
        if held.state is State.SCHEDULED and held.part == 1 and not (held.live and account and account.live):
            counts[held.account] = counts.get(held.account, 0) + 1
    return counts
