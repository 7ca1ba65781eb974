"""The engine's work as plain functions, one after the other and without a thread.

`dispatcher` runs the same steps with workers around them. Here they can be stopped at
every single call, which is how the tests enumerate all the ways to die.
"""

import random as randomness
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from scheduler.clock import Clock
from scheduler.engine.backoff import Random
from scheduler.engine.preflight import prepare_one
from scheduler.engine.publishing import publish_one
from scheduler.engine.reconcile import look_one
from scheduler.engine.switchboard import Switchboard
from scheduler.engine.warming import accounts_to_warm
from scheduler.engine.writer import Result, Turn, Work, begin, turn
from scheduler.errors import StoreError
from scheduler.outbox.claiming import Claimed, Terms
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow
from scheduler.outbox.settling import Settlement

_SLICE = 50


@dataclass(slots=True)
class Steps:
    """Works an outbox step by step. `holder` tells this process's leases from any other's.

    `notes` are for at most `tries` at once; more of them are only less sure of their end if the process dies.
    """

    outbox: Outbox
    switchboard: Switchboard
    clock: Clock
    holder: str = "steps"
    random: Random = field(default_factory=randomness.SystemRandom)
    notes: Notes = field(default_factory=Notes)
    tries: int = 2 * _SLICE
    _leases: "count[int]" = field(default_factory=count)

    def begin(self) -> list[EventRow]:
        """Takes over from a process that died."""
        events = begin(self.outbox, self.clock.now(), self.notes.left(), self.switchboard.quotas)
        self.notes.begin(self.tries)
        return events

    def terms(self) -> Terms:
        """What a claim is made under now."""
        return terms(self.outbox, self.switchboard)

    def accounts_to_warm(self, ready: datetime) -> list[str]:
        """The live accounts whose next post leaves about then."""
        return accounts_to_warm(self.outbox.lanes(), ready, self.switchboard.live())

    def claim(
        self,
        free: int = 1,
        results: tuple[Result, ...] = (),
        *,
        looks: int = 0,
        expiry: bool = True,
        ahead: bool = True,
    ) -> Turn:
        """Settles `results`, then takes at most `free` deliveries and `looks` looks; see `Work` for the others."""
        terms = self.terms() if free or looks else Terms(self.outbox.workspace)  # who takes nothing asks for nothing
        taken = self._turn(results, Work(free, looks, expiry, ahead), terms)
        self.notes.forget(one for one in results if isinstance(one, Settlement))
        return taken

    def _turn(self, results: tuple[Result, ...], work: Work, terms: Terms) -> Turn:
        lease = f"{self.holder}-{next(self._leases)}"
        now, noted = self.clock.now(), self.notes.claimed
        try:
            return turn(self.outbox, results, work, now=now, lease=lease, terms=terms, claimed=noted)
        except StoreError:
            self.notes.unclaimed(lease)
            raise

    def dispatch(self, free: int = _SLICE) -> list[EventRow]:
        """Sends everything that is due now, and prepares what must be prepared; what then waits, waits."""
        return self._until_quiet(free, 0)

    def reconcile(self, most: int = _SLICE) -> list[EventRow]:
        """Looks for every unknown whose look is due now."""
        return self._until_quiet(0, most)

    def _until_quiet(self, free: int, looks: int) -> list[EventRow]:
        taken = self.claim(free, looks=looks)
        events = list(taken.events)
        while results := tuple(step() for step in self.work(taken)):
            taken = self.claim(free, results, looks=looks)
            events += taken.events
        return events

    def work(self, taken: Turn) -> list[Callable[[], Result]]:
        """What a turn asks to be done, as calls that are still to be made."""
        return [
            *(lambda one=one: self._publish(one) for one in taken.claimed),
            *(lambda one=one: prepare_one(one, self.switchboard, self.clock, self.random) for one in taken.to_prepare),
            *(lambda one=one: look_one(one, self.switchboard, self.clock) for one in taken.to_look),
        ]

    def _publish(self, claimed: Claimed) -> Settlement:
        ended = publish_one(claimed, self.switchboard, self.clock, self.random, asked=self.notes.asked)
        self.notes.ended(ended)
        return ended


def terms(outbox: Outbox, switchboard: Switchboard) -> Terms:
    """What a claim is made under: the workspace, who is live now, who prepares first."""
    live = switchboard.live()
    return Terms(
        outbox.workspace,
        live=live,
        preparing=switchboard.preparing(live),
        hosts=switchboard.hosts(),
        host_cap=switchboard.host_cap,
        quotas=switchboard.quotas,
        budgets=switchboard.budgets(),
    )


def dispatch(outbox: Outbox, switchboard: Switchboard, clock: Clock) -> list[EventRow]:
    """Sends everything that is due now, one after the other."""
    return Steps(outbox, switchboard, clock).dispatch()


def reconcile(outbox: Outbox, switchboard: Switchboard, clock: Clock) -> list[EventRow]:
    """Looks for every unknown whose look is due now."""
    return Steps(outbox, switchboard, clock).reconcile()
