"""The outbox: what the plan became, and the only door to it.

Everything that is written passes `write()`: one `BEGIN IMMEDIATE` transaction, in which a
move and its history stand or fall together. Everything that is shown passes `read()`. The
engine's own statements live in `claiming`, `settling` and `upkeep`; they run inside the
same two doors.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, PoolProxiedConnection, func, select
from sqlalchemy.engine import Connection

from scheduler.model.account import Sender
from scheduler.model.content import Content, body_of
from scheduler.model.delivery import PlannedDelivery, Receipt
from scheduler.model.lifecycle import State
from scheduler.outbox import (
    applying,
    budgets,
    files,
    identity,
    lanes,
    people,
    resending,
    snapshot,
    staging,
    stops,
    withdrawing,
)
from scheduler.outbox.applying import Applied
from scheduler.outbox.connect import BUSY_SECONDS, blank, pragmas, reading_engine, writing, writing_engine
from scheduler.outbox.history import Entry, attempts_of, events_of, record
from scheduler.outbox.moments import from_us
from scheduler.outbox.proving import Rediff, prove
from scheduler.outbox.rows import AttemptRow, EventRow, LaneRow, Row, moment
from scheduler.outbox.schema import delivery, lane, meta
from scheduler.outbox.snapshot import Wanted
from scheduler.outbox.stops import Stop, Target
from scheduler.outbox.trouble import file_at, in_words, still_there
from scheduler.planning.changes import ChangeSet
from scheduler.planning.snapshot import Snapshot

_CONTENTS_A_COMMIT = 1000
_NORMAL = 1
_ROOM_KIB = 65536
"""So that what an apply writes is written once, and not in parts as it grows."""
_LONGEST_PAUSE = 0.02
"""Seconds; longer than a commit takes where the disk is not the trouble."""


def open_outbox(
    path: Path, *, create: bool = False, workspace: str = "", busy_seconds: float = BUSY_SECONDS
) -> "Outbox":
    """The outbox at `path`, to read and write; with `create` it is made for `workspace` where there is none.

    Raises `StoreError`: not there, damaged, older, newer, locked, or on a network share.
    """
    return Outbox(path, writing_engine(path, create=create, workspace=workspace, busy=busy_seconds))


def look_outbox(path: Path) -> "Outbox | None":
    """The outbox at `path`, to look only; None where there is none. Creates nothing. Raises `StoreError`."""
    return None if blank(path) else Outbox(path, reading_engine(path))


class Outbox:
    """One workspace's outbox. Safe to use from several threads; `close` it at the end."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self.engine = engine
        self._opened = file_at(path)
        self._watching: PoolProxiedConnection | None = None

    def close(self) -> None:
        """Gives back every connection; the last one out folds the write-ahead log into the file."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction, committed at the end, undone on any exception. Raises `StoreError`."""
        with self._connected() as connection, writing(connection):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction: everything read inside is of the same moment. Raises `StoreError`."""
        with self._connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        still_there(self.path, self._opened)  # before a connection is made, which would make a file
        with in_words(self.path), self.engine.connect() as connection:
            yield connection

    # -- what is shown -----------------------------------------------------------------

    @cached_property
    def workspace(self) -> str:
        """The workspace's id as it was when the outbox was made; it goes into every idempotency key."""
        with self.read() as connection:
            found = connection.execute(select(meta.c.value).where(meta.c.key == "workspace")).scalar()
        return str(found or "")

    def snapshot(self, campaigns: Collection[str] | None = None, *, with_content: bool = True) -> Snapshot:
        """What the diff needs: all that is held, or only what belongs to `campaigns`."""
        with self.read() as connection:
            return snapshot.read_snapshot(connection, campaigns, with_content=with_content)

    def rows(self, wanted: Wanted | None = None, *, with_content: bool = True) -> list[Row]:
        """The deliveries asked for (None: all), ordered by due and then as planned."""
        with self.read() as connection:
            return snapshot.read_rows(connection, wanted or Wanted(), with_content=with_content)

    def row(self, name: str) -> Row | None:
        """One delivery by its whole name, with its content; None where there is none."""
        return next(iter(self.rows(Wanted(names=[name]))), None)

    def find(self, fragment: str) -> tuple[str, ...]:
        """The names that hold `fragment`, or the one name that is exactly it."""
        names = select(delivery.c.name).where(func.instr(delivery.c.name, fragment) > 0).order_by(delivery.c.name)
        with self.read() as connection:
            found = tuple(connection.execute(names).scalars())
        return (fragment,) if fragment in found else found

    def attempts(self, name: str) -> list[AttemptRow]:
        """All tries of one delivery, oldest first."""
        with self.read() as connection:
            return attempts_of(connection, name)

    def events(self, name: str) -> list[EventRow]:
        """All that happened to one delivery, oldest first."""
        with self.read() as connection:
            return events_of(connection, name)

    def states(self) -> dict[State, int]:
        """How many parts are in each state."""
        with self.read() as connection:
            return snapshot.read_states(connection)

    def contents_with_files(self, *, since: datetime) -> list[Content]:
        """Those with files that may still go out; of what failed or was missed, only what was due from `since` on."""
        with self.read() as connection:
            return files.contents_with_files(connection, since=since)

    def contents_on_their_way(self, *, until: datetime) -> list[Content]:
        """Those with files that a platform may be told of now: due by `until`, on its way or unknown."""
        with self.read() as connection:
            return files.contents_on_their_way(connection, until=until)

    def lanes(self) -> list[LaneRow]:
        """Every account's line, with what makes it wait."""
        with self.read() as connection:
            return snapshot.read_lanes(connection)

    def next_due(self) -> datetime | None:
        """When the next post may leave; None where nothing may, as things stand."""
        with self.read() as connection:
            return moment(connection.execute(select(func.min(lane.c.ready_at))).scalar())

    def spent(self, account: str, *, since: datetime) -> int:
        """What the account's posts have cost since then, in thousandths; what may have gone out counts."""
        with self.read() as connection:
            return budgets.spent(connection, account, since=since)

    def last_dues(self) -> dict[str, datetime]:
        """When the last post of each account is due that is to go out for real."""
        wanted = (
            select(delivery.c.account, func.max(delivery.c.due))
            .where(delivery.c.state == State.SCHEDULED, delivery.c.live == 1)
            .group_by(delivery.c.account)
        )
        with self.read() as connection:
            return {account: from_us(due) for account, due in connection.execute(wanted)}

    def next_row(self) -> Row | None:
        """The delivery that leaves next, without its content; None where nothing may."""
        head = select(lane.c.head).where(lane.c.ready_at.is_not(None)).order_by(lane.c.ready_at, lane.c.served_at)
        with self.read() as connection:
            number = connection.execute(head.limit(1)).scalar()
            name = connection.execute(select(delivery.c.name).where(delivery.c.n == number)).scalar()
        return self.row(name) if name else None

    def needs_a_person(self) -> list[Row]:
        """What waits for a person: failed, missed, and unknown where looking again will not tell."""
        rows = self.rows(Wanted(states=[State.UNCERTAIN, State.FAILED, State.MISSED]))
        return [row for row in rows if row.state is not State.UNCERTAIN or row.look_at is None]

    def data_version(self) -> int:
        """A number that changes when another connection committed; costs microseconds, reads no table."""
        still_there(self.path, self._opened)
        with in_words(self.path):
            if self._watching is None:
                self._watching = self.engine.raw_connection()  # kept, and never inside a transaction
            cursor = self._watching.cursor()
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone() or (0,)
            return int(version)

    # -- what a person or a plan changes -------------------------------------------------

    def apply(self, changes: ChangeSet, *, rediff: Rediff, at: datetime, who: str, mark: str = "") -> Applied:
        """Writes a reviewed change set. Raises `PlanRefused` where the outbox has moved on; then nothing is written.

        `rediff` makes the same plan's diff again, where something moved. `mark` is that of the snapshot from which
        `changes` were made; without it everything is compared once more, before the lock is taken.
        """
        with self.read() as connection:
            proof = prove(connection, changes, rediff, mark)
        bodies = applying.contents_of(proof.changes)
        hashes = applying.hashes_of(bodies)
        self._keep_contents([(hashes[content], body) for content, body in bodies.items()])
        with self._connected() as connection, pragmas(connection, cache_size=-_ROOM_KIB):
            with connection.begin():
                staging.stage(connection, proof.changes.changes, hashes)
            with writing(connection):
                locked = time.perf_counter()
                done = applying.move(connection, proof, rediff, hashes, at=at, who=who)
            seconds = time.perf_counter() - locked
            with connection.begin():
                staging.clear(connection)
        return replace(applying.counted(done), lock_seconds=seconds)

    def _keep_contents(self, bodies: Sequence[tuple[str, str]]) -> None:
        """In small commits, and as long a pause after each as it took: a daemon that waits must get its turn.

        They reach the disk with whatever commits next: until something refers to them, nobody would miss them.
        """
        with self._connected() as connection, pragmas(connection, synchronous=_NORMAL, cache_size=-_ROOM_KIB):
            for start in range(0, len(bodies), _CONTENTS_A_COMMIT):
                began = time.perf_counter()
                with writing(connection):
                    applying.keep_contents(connection, bodies[start : start + _CONTENTS_A_COMMIT])
                time.sleep(min(time.perf_counter() - began, _LONGEST_PAUSE))

    def cancel(self, names: Iterable[str], *, at: datetime, who: str, why: str = "") -> list[EventRow]:
        """Cancels the named posts, whole threads of them, as a person. Raises `NotInHand`."""
        return self._decide(lambda connection: people.cancel(connection, names, at=at, who=who, why=why))

    def retry(self, names: Iterable[str], *, due: datetime, at: datetime, who: str) -> list[EventRow]:
        """Sends the named posts again at `due`, whole threads of what was not sent. Raises `NotInHand`."""
        return self._decide(lambda connection: people.retry(connection, names, due=due, at=at, who=who))

    def resolve_sent(self, name: str, receipt: Receipt, *, at: datetime, who: str, why: str = "") -> list[EventRow]:
        """A person says that an unknown was sent. Raises `NotInHand`."""
        return self._decide(lambda connection: people.resolve_sent(connection, name, receipt, at=at, who=who, why=why))

    def resolve_not_sent(self, name: str, *, at: datetime, who: str, why: str = "") -> list[EventRow]:
        """A person says that an unknown was not sent. Raises `NotInHand`."""
        return self._decide(lambda connection: people.resolve_not_sent(connection, name, at=at, who=who, why=why))

    def retract(self, name: str, *, at: datetime, who: str, why: str = "") -> list[EventRow]:
        """The platform confirmed that a sent post was deleted. Raises `NotInHand`."""
        return self._decide(lambda connection: people.retract(connection, name, at=at, who=who, why=why))

    def taken_down(self, account: str, *, since: datetime) -> list[datetime]:
        """When posts of the account were really deleted, from `since` on, oldest first."""
        with self.read() as connection:
            return resending.taken_down(connection, account, since=since)

    def resend(self, parts: Sequence[PlannedDelivery], *, due: datetime, at: datetime, who: str) -> list[EventRow]:
        """Sends a thread that is no longer out once more, as `parts` have it, at `due`. Raises `NotInHand`."""
        with self.write() as connection:
            applying.keep_contents(connection, [(part.content.hash, body_of(part.content)) for part in parts])
            return resending.resend(connection, parts, due=due, at=at, who=who)

    def identity(self) -> Sender | None:
        """Who this queue is among the copies of a workspace; None where it never had to be anybody."""
        with self.read() as connection:
            return identity.identity(connection)

    def somebody(self, computer: str, *, anew: bool = False) -> Sender:
        """The queue's identity, which it gets now if it has none; `anew` gives it another in any case."""
        with self.write() as connection:
            known = None if anew else identity.identity(connection)
            return known or identity.become(connection, computer)

    def holds_live(self) -> bool:
        """Whether something in the queue was applied to go out for real."""
        with self.read() as connection:
            return identity.holds_live(connection)

    def withdraw(
        self, record_key: str, names: Collection[str] = (), *, at: datetime, who: str, why: str = ""
    ) -> list[EventRow]:
        """Keeps a record from ever going out (again), and cancels what is queued of it, in every campaign.

        `names` are deliveries of which only the files say that they speak of it.
        """
        return self._decide(
            lambda connection: withdrawing.withdraw(connection, record_key, names, at=at, who=who, why=why)
        )

    def blank(self, record_key: str) -> int:
        """Blanks the stored text of a withdrawn record, beyond recovery from the file; how many parts still need it."""
        with self.write() as connection:
            left = withdrawing.blank(connection, record_key)
        self._fold_log()
        return left

    def _fold_log(self) -> None:
        """Writes the write-ahead log into the file and empties it, as far as nobody is reading in it."""
        watching = self.engine.raw_connection()
        try:
            watching.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            watching.close()

    def pause(self, account: str, *, at: datetime, who: str, why: str) -> list[EventRow]:
        """Stops an account's line before its next post, until `resume`."""
        return self._decide(lambda connection: lanes.pause(connection, account, why=why, who=who, at=at))

    def stops(self) -> tuple[Stop, ...]:
        """What is stopped, the oldest stop first."""
        with self.read() as connection:
            return stops.standing(connection)

    def stop(self, targets: Iterable[Target], *, at: datetime, who: str, why: str = "") -> list[EventRow]:
        """Stops accounts, campaigns or everything before their next byte, until `start`."""
        return self._decide(lambda connection: stops.make(connection, targets, at=at, who=who, why=why))

    def made_late(self, targets: Iterable[Target], *, at: datetime) -> list[str]:
        """The names of what `start` would make missed at `at`: due by then, and stopped by nothing else."""
        with self.read() as connection:
            return stops.made_late(connection, targets, at=at)

    def start(self, targets: Iterable[Target], *, at: datetime, who: str) -> list[EventRow]:
        """Lifts stops; what they made late becomes missed and is not sent."""
        return self._decide(lambda connection: stops.lift(connection, targets, at=at, who=who))

    def resume(self, accounts: Iterable[str] | None = None, *, at: datetime, who: str) -> list[EventRow]:
        """Lifts the pauses of `accounts`, or of all."""
        return self._decide(lambda connection: lanes.resume(connection, at=at, who=who, accounts=accounts))

    def _decide(self, decision: Callable[[Connection], list[Entry]]) -> list[EventRow]:
        with self.write() as connection:
            return record(connection, decision(connection))

    def copy_to(self, target: Path) -> None:
        """A whole copy of the outbox at `target`, made while others may write: for a rehearsal or a dry run."""
        with in_words(self.path), self.engine.connect() as connection:
            source: Any = connection.connection.driver_connection
            source.execute("VACUUM INTO ?", (str(target),))
