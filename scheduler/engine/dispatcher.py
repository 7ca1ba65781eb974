"""The engine: one thread that waits, writes and hands out, and a pool of workers around it.

The thread that runs it is the only one that writes. Each round is one transaction
(`writer.turn`): it settles everything that ended meanwhile and claims at most as many as
there are free workers, so a kill leaves no more than one needless unknown a worker. It
waits through an `Alarm`, and a beat re-reads the wall clock and the database's version:
the beat arms the alarm anew, and never sends.
"""

import random as randomness
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from scheduler.clock import Clock
from scheduler.engine.alarm import Alarm
from scheduler.engine.backoff import Random
from scheduler.engine.publishing import broken
from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Forbidden, Switchboard
from scheduler.engine.warming import due_for_warming, warm
from scheduler.engine.workers import Workers
from scheduler.engine.writer import Result, Turn, look_ahead
from scheduler.errors import Bug, StoreError
from scheduler.outbox.notes import Notes
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import EventRow
from scheduler.outbox.settling import Settlement
from scheduler.outbox.trouble import Passing
from scheduler.outbox.upkeep import Look, Moments

BEAT_SECONDS = 0.5
POOL_SIZE = 400
SLICE = 8
_SLICE_SHARE = 12
"""At most so many are claimed in one commit, or a twelfth of the workers where these are many. The first post of a big
moment leaves at once so, and its answers do not come back all at once either: half as many wait to be written down as
with slices of fifty."""
_LOOKS_SHARE = 4
_AT_ONCE = float("-inf")
STOPPING_BEATS = 20
"""Told to stop, we wait so many beats for an outbox that cannot be written; then a person must know what was sent."""
_TRIES_NOTED = 2
"""Tries to be noted at once, for each thread: one is with the platform, one waits to be written down."""
Told = TypeVar("Told")


def _ignore(*_: object) -> None:
    pass


def _never() -> bool:
    return False


class Engine:
    """Works one outbox until told to stop. Only the holder of the workspace's lock may run it.

    `on_event` is called with every committed event, `on_trouble` with what keeps us from the outbox (once a
    spell), `on_beat` once a round: all from the thread that runs the engine, and what they raise is dropped.
    `notes` are what a later engine learns of this one's tries should its process be killed.
    """

    def __init__(  # noqa: PLR0913  # everything that the engine touches is handed in
        self,
        outbox: Outbox,
        switchboard: Switchboard,
        clock: Clock,
        alarm: Alarm,
        *,
        on_event: Callable[[EventRow], None] = _ignore,
        on_trouble: Callable[[StoreError], None] = _ignore,
        on_beat: Callable[[datetime], None] = _ignore,
        pool_size: int = POOL_SIZE,
        random: Random | None = None,
        notes: Notes | None = None,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._alarm = alarm
        self._switchboard = switchboard
        self._on_event = on_event
        self._on_trouble = on_trouble
        self._on_beat = on_beat
        self._pool_size = pool_size
        self._slice = max(SLICE, pool_size // _SLICE_SHARE)
        jitter = random or randomness.SystemRandom()
        self._steps = Steps(
            outbox,
            switchboard,
            clock,
            holder=secrets.token_hex(8),
            random=jitter,
            notes=notes or Notes(),
            tries=_TRIES_NOTED * pool_size,
        )
        self._ended: deque[Result | Bug] = deque()  # filled by workers, emptied by the engine's thread
        self._unsettled: list[Result] = []
        self._in_flight = 0
        self._looking = 0
        self._moments = Moments(None, None, None, None)
        self._version = -1
        self._next_look = _AT_ONCE
        self._warmed: datetime | None = None
        self._seen_at = clock.now()
        self._begun = False
        self._stopping = False
        self._in_trouble = False
        self._waited = 0
        self._fatal: StoreError | Bug | None = None
        self._forbidden: Forbidden | None = None

    @property
    def in_flight(self) -> int:
        """How many tries, preparations and looks are with a worker now."""
        return self._in_flight

    @property
    def next_moment(self) -> datetime | None:
        """When something can next be done, as last read; None: nothing can, as things stand."""
        return min(self._coming(), default=None)

    def _coming(self) -> tuple[datetime, ...]:
        coming = (self._moments.ready, self._moments.expiry, self._moments.look, self._moments.ahead)
        return tuple(moment for moment in coming if moment is not None)

    def quiet(self, by: datetime | None = None) -> bool:
        """Whether nothing is in flight or waits to be settled, and nothing comes up to `by` (None: ever)."""
        coming = self.next_moment
        idle = self._begun and not self._in_flight and not self._unsettled
        return idle and (coming is None or (by is not None and coming > by))

    def stop(self) -> None:
        """Claim no more; `run` returns once what is in flight has ended and is settled. From any thread or signal."""
        self._stopping = True
        self._alarm.set()

    def run(self, until: Callable[[], bool] = _never) -> None:
        """Works until `stop`, or until `until` (asked once a round) says so; then ends what is in flight.

        Raises `StoreError` where the outbox can no longer be used, and `Bug`; what is in flight ends before.
        """
        with Workers(self._pool_size, "publish") as pool:
            while True:
                again = self._round(pool)
                self._stopping = self._stopping or until()
                if self._stopping and self._drained():
                    break
                if not again:
                    self._warm_ahead(pool)
                    self._sleep()
        if ended := self._fatal or self._forbidden:
            raise ended

    def _drained(self) -> bool:
        return self._in_flight == 0 and (self._fatal is not None or not self._unsettled)

    def _round(self, pool: Workers) -> bool:
        """One round; whether the next should follow at once."""
        self._seen_at = self._clock.now()
        self._tell(self._on_beat, self._seen_at)
        self._collect()
        if self._fatal:
            return False
        try:
            return self._work_off(pool)
        except Passing as caught:
            self._wait_out(caught)
        except Forbidden as caught:  # nothing more leaves; what is in flight still ends and is settled
            self._forbidden = caught
            self._stopping = True
            return True
        except (StoreError, Bug) as caught:
            self._fatal = caught
            self._stopping = True
        return False

    def _work_off(self, pool: Workers) -> bool:
        if not self._begun and not self._stopping:
            self._begin()
        self._look_again()
        if not self._worth_a_turn():
            return False
        taken = self._turn()
        self._hand_out(pool, taken)
        for event in taken.events:
            self._tell(self._on_event, event)
        return len(taken.claimed) == self._slice

    def _begin(self) -> None:
        events = self._steps.begin()
        self._begun = True
        for event in events:
            self._tell(self._on_event, event)

    def _look_again(self) -> None:
        """The beat: reads the next moments anew if another process committed. Our own commits bring theirs along."""
        if self._clock.monotonic() < self._next_look:
            return
        self._next_look = self._clock.monotonic() + BEAT_SECONDS
        version = self._outbox.data_version()
        if version != self._version and not self._stopping:
            self._moments = look_ahead(self._outbox, self._steps.terms())
            self._version = version

    def _collect(self) -> None:
        while self._ended:
            ended = self._ended.popleft()
            self._in_flight -= 1
            if isinstance(ended, Bug):
                self._fatal = ended
                self._stopping = True
            else:
                self._looking -= isinstance(ended, Look)
                self._unsettled.append(ended)

    def _free(self) -> int:
        return 0 if self._stopping else min(self._slice, self._pool_size - self._in_flight)

    def _free_looks(self) -> int:
        share = max(1, self._pool_size // _LOOKS_SHARE) - self._looking
        return min(share, self._free())  # a look's worker is one that cannot send

    def _worth_a_turn(self) -> bool:
        if self._unsettled:
            return True
        if self._stopping:
            return False
        now, coming = self._clock.now(), self._moments
        return (
            (self._free() > 0 and (_reached(coming.ready, now) or _reached(coming.ahead, now)))
            or (self._free_looks() > 0 and _reached(coming.look, now))
            or _reached(coming.expiry, now)
        )

    def _turn(self) -> Turn:
        now, coming = self._clock.now(), self._moments
        looks = self._free_looks() if _reached(coming.look, now) else 0
        results = tuple(self._unsettled)
        ahead = not self._in_flight or _reached(coming.ahead, now)  # while busy, the beat looks for preparations
        expiry = _reached(coming.expiry, now)
        taken = self._steps.claim(self._free(), results, looks=looks, expiry=expiry, ahead=ahead)
        self._unsettled.clear()  # only now: they are committed
        self._moments = taken.moments if ahead else replace(taken.moments, ahead=coming.ahead)
        self._in_trouble = False
        return taken

    def _hand_out(self, pool: Workers, taken: Turn) -> None:
        for step in self._steps.work(taken):
            self._in_flight += 1
            pool.give(partial(self._in_worker, step))
        self._pool_size = pool.most  # the system may give fewer: what waits for a thread must not be claimed
        self._looking += len(taken.to_look)

    def _in_worker(self, step: Callable[[], Result]) -> None:
        try:
            ended: Result | Bug = step()
        except BaseException as caught:  # noqa: BLE001  # ours is broken; the row stays and is looked for later
            ended = broken(caught)
        self._ended.append(ended)
        self._alarm.set()

    def _warm_ahead(self, pool: Workers) -> None:
        """Opens connections and starts threads just before a moment, once for each moment."""
        ready = self._moments.ready
        if ready is None or ready == self._warmed or not due_for_warming(ready, self._clock.now()):
            return
        self._warmed = ready
        with suppress(StoreError):  # a favour; whatever is the matter, the claim will meet it and say so
            accounts = self._steps.accounts_to_warm(ready)
            pool.ready(len(accounts))  # to start a thread takes time, which is there now and is not at the second
            for account in accounts:
                pool.give(partial(warm, account, self._switchboard))

    def _sleep(self) -> None:
        """Until the next moment that the round did not see reached: one that came since ends the sleep at once."""
        coming = () if self._stopping else self._coming()
        seen = min(self._seen_at, self._clock.now())  # a clock set back since has them all before it again
        self._alarm.arm(min((moment for moment in coming if moment > seen), default=None))
        if not self._alarm.wait(BEAT_SECONDS, busy=self._in_flight > 0):
            self._next_look = _AT_ONCE

    def _wait_out(self, caught: StoreError) -> None:
        """The outbox cannot be written just now: every result stays in hand until it can."""
        self._version = -1
        self._next_look = _AT_ONCE
        if not self._in_trouble:
            self._tell(self._on_trouble, caught)
        self._in_trouble = True
        self._waited += self._stopping
        if self._waited > STOPPING_BEATS:
            self._fatal = caught

    def unrecorded(self) -> tuple[Settlement, ...]:
        """Posts that were sent but could not be written down, once `run` has raised; a person must know them."""
        return tuple(one for one in self._unsettled if isinstance(one, Settlement) and one.receipt is not None)

    @staticmethod
    def _tell(listener: Callable[[Told], None], what: Told) -> None:
        with suppress(Exception):  # a full log disk must not stop posts
            listener(what)


def _reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
