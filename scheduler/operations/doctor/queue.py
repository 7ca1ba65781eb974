"""The queue's checkups: the database itself, and whether a daemon works it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.model.account import Workspace
from scheduler.model.lifecycle import State
from scheduler.operations.doctor.checkups import Checkup, error, ok, warning
from scheduler.operations.sender import MEND, is_here, moved_line
from scheduler.operations.status import BEAT
from scheduler.outbox.lock import read_heartbeat
from scheduler.outbox.outbox import Outbox, look_outbox
from scheduler.outbox.schema import VERSION

LONG_WAL_BYTES = 256_000_000
ROUND = timedelta(seconds=5)
"""A living daemon that has not gone round for so long is stuck."""


def database(path: Path) -> Iterator[Checkup]:
    """Whether the queue's file is whole, and of this version. Raises `StoreError` for another version."""
    outbox = look_outbox(path) if path.exists() else None
    if outbox is None:
        yield ok("database", "There is no queue yet; `drumbeat apply` makes one.")
        return
    with outbox:
        yield _whole(outbox)
    yield _log(path)


def _whole(outbox: Outbox) -> Checkup:
    with outbox.read() as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(3)")]
    if said != ["ok"]:
        mend = "Stop the daemon, put back a copy, and look on the platforms what was sent since."
        return error("database", f"{outbox.path} is damaged: {said[0]}", mend)
    size = outbox.path.stat().st_size / 1e6
    return ok("database", f"The queue is whole: {size:,.1f} MB, schema {VERSION}.")


def _log(path: Path) -> Checkup:
    """The write-ahead log shrinks whenever nobody reads; one that only grows has a reader that never ends."""
    beside = path.with_name(f"{path.name}-wal")
    size = beside.stat().st_size if beside.exists() else 0
    if size > LONG_WAL_BYTES:
        mend = "End what keeps the queue open for long (a copy, another program), then start the daemon anew."
        return warning("database", f"Its log has grown to {size / 1e6:,.0f} MB.", mend)
    return ok("database", f"Its log is {size / 1e6:,.1f} MB.")


def daemon(path: Path, now: datetime) -> Iterator[Checkup]:
    """Whether a daemon works the queue, and goes round."""
    outbox = look_outbox(path) if path.exists() else None
    if outbox is None:
        yield ok("daemon", "There is nothing to send yet.")
        return
    with outbox:
        waiting, due = outbox.states().get(State.SCHEDULED, 0), outbox.next_due()
    yield _living(path, now, waiting)
    if due is not None and due < now - BEAT:
        said = f"Something was due at {due:%Y-%m-%d %H:%M:%S} UTC and has not left."
        yield error("daemon", said, "Run: drumbeat status")


def waiting(path: Path) -> Iterator[Checkup]:
    """Which accounts are paused and what is stopped: both wait for a person."""
    outbox = look_outbox(path) if path.exists() else None
    if outbox is None:
        return
    with outbox:
        lanes, stops = [lane for lane in outbox.lanes() if lane.paused], outbox.stops()
    for lane in lanes:
        mend = f"Mend that, then: drumbeat accounts resume {lane.account}"
        yield error("paused", f"{lane.account} is paused: {lane.paused}", mend, account=lane.account)
    for stop in stops:
        what = f"{stop.target.kind.value} {stop.target.name}".strip()
        yield warning("stopped", f"{what}: {stop.reason}", "`drumbeat start --help` says how to lift it.")
    if not lanes and not stops:
        yield ok("paused", "No account is paused, and nothing is stopped.")


def sender(workspace: Workspace, path: Path) -> Iterator[Checkup]:
    """Whether this is the computer that sends live posts, and surely the only one."""
    if workspace.sender is None:
        yield ok("sender", "No computer is named as the one that sends; the first live `apply` names it.")
        return
    outbox = look_outbox(path) if path.exists() else None
    here = is_here(workspace, outbox)
    if outbox is not None:
        outbox.close()
    if not here:
        where = workspace.sender.computer or "another computer"
        yield warning("sender", f"Live posts are sent from {where}, by another queue than the one here.", MEND)
    elif moved := moved_line(workspace):
        yield warning("sender", moved)
    else:
        yield ok("sender", "This queue is the one that sends live posts.")


def _living(path: Path, now: datetime, waiting: int) -> Checkup:
    beat = read_heartbeat(path.parent)
    last = f"{beat.last_tick:%Y-%m-%d %H:%M:%S} UTC" if beat.last_tick else "never"
    if beat.alive and beat.last_tick and now - beat.last_tick > ROUND:
        return error(
            "daemon", f"The daemon (process {beat.pid}) is stuck; it last went round at {last}.", "Restart it."
        )
    if beat.alive:
        return ok("daemon", f"The daemon runs (process {beat.pid}) and goes round.")
    if waiting:
        return error("daemon", f"{waiting} in the queue, and no daemon runs to send them.", "Run: drumbeat daemon")
    return ok("daemon", "No daemon runs, and nothing waits for one.")
