"""The rows of an apply, laid out before the write lock is taken.

They lie in a temporary table, which is this connection's own and in memory: to fill it keeps
nobody waiting. From there they move in a handful of statements, however many they are. A
statement a row would cost several times as much, for the triggers: SQLite prepares to undo
each statement that may fail half-way.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy.engine import Connection

from scheduler.errors import Bug
from scheduler.model.content import Content
from scheduler.model.lifecycle import Event, State, next_state
from scheduler.outbox.moments import to_us
from scheduler.outbox.proving import is_new, subject_of, thread_of
from scheduler.planning.changes import Action, Change
from scheduler.planning.costs import price_of

CREATE, REOPEN, CHANGE, CANCEL = "create", "reopen", "change", "cancel"

IDENTITY = ("name", "campaign", "post", "slot", "account", "part", "thread")
_IDENTITY = attrgetter(*IDENTITY)
FACETS = ("platform", "due", "expires_at", "timezone", "content_hash", "live", "tags", "record", "cost")
"""What a plan may change of a delivery that is there."""
_TOLD = ("event", "from_state", "to_state", "why")
_STAGED = ("k", "kind", "parent_k", *IDENTITY, *FACETS, *_TOLD)

_TABLE = f"CREATE TEMP TABLE IF NOT EXISTS staged (k INTEGER PRIMARY KEY, {', '.join(_STAGED[1:])}, n)"
_FILL = f"INSERT INTO temp.staged ({', '.join(_STAGED)}) VALUES ({', '.join('?' * len(_STAGED))})"  # noqa: S608  # our own
_NUMBER = """
    UPDATE temp.staged SET n = (SELECT d.n FROM delivery d WHERE d.name = staged.name)
     WHERE kind <> 'create' AND n IS NULL
"""

Hashes = Mapping[Content, str]
"""The hashes of contents that were computed already: hashing is what costs."""


def stage(connection: Connection, changes: Sequence[Change], hashes: Hashes) -> None:
    """Lays out the rows of `changes`, in the place of whatever lay there. Raises `Bug` for a change of nothing."""
    connection.exec_driver_sql(_TABLE)
    clear(connection)
    _fill(connection, changes, hashes, first=1)


def stage_again(connection: Connection, changes: Sequence[Change], hashes: Hashes, threads: Collection[str]) -> None:
    """Lays the rows of `threads` out anew, as `changes` have them now."""
    connection.exec_driver_sql(
        "DELETE FROM temp.staged WHERE thread IN (SELECT value FROM json_each(?))", (json.dumps(sorted(threads)),)
    )
    last = connection.exec_driver_sql("SELECT coalesce(max(k), 0) FROM temp.staged").scalar_one()
    _fill(connection, [change for change in changes if thread_of(change) in threads], hashes, first=last + 1)


def clear(connection: Connection) -> None:
    """Takes up what lies there; the connection may be used for another apply."""
    connection.exec_driver_sql("DELETE FROM temp.staged")


def _fill(connection: Connection, changes: Sequence[Change], hashes: Hashes, *, first: int) -> None:
    places = {change.name: first + index for index, change in enumerate(changes) if is_new(change)}
    rows = [_row(change, first + index, places, hashes) for index, change in enumerate(changes)]
    if rows:
        connection.exec_driver_sql(_FILL, rows)
        connection.exec_driver_sql(_NUMBER)


def _row(change: Change, k: int, places: Mapping[str, int], hashes: Hashes) -> tuple[Any, ...]:
    source, target = arrow(change)
    told = (told_as(change), source, target, why(change))
    return (k, kind_of(change), _parent(change, places), *_identity(change), *_facets(change, hashes), *told)


def kind_of(change: Change) -> str:
    """Which of the statements moves it."""
    if change.reopens:
        return REOPEN
    if change.action in (Action.CREATE, Action.CANCEL):
        return CREATE if change.action is Action.CREATE else CANCEL
    return CHANGE


def _parent(change: Change, places: Mapping[str, int]) -> int | None:
    """Where the part before it lies, if that is new as well."""
    planned = change.planned
    if planned is None or planned.part == 1:
        return None
    before = planned.thread if planned.part == 2 else f"{planned.thread}.{planned.part - 1}"
    return places.get(before)


def _identity(change: Change) -> tuple[Any, ...]:
    if change.planned is not None:
        return _IDENTITY(change.planned)
    was = subject_of(change)
    return (was.name, was.campaign, None, None, was.account, was.part, was.thread)


def _facets(change: Change, hashes: Hashes) -> tuple[Any, ...]:
    planned = change.planned
    if planned is None:
        if change.action is not Action.CANCEL:
            raise Bug(f"nothing is planned for {change.name}")
        return (None,) * len(FACETS)
    return (
        planned.platform,
        to_us(planned.due),
        to_us(planned.expires_at),
        planned.timezone,
        hashes.get(planned.content) or planned.content.hash,
        planned.live,
        json.dumps(planned.tags, ensure_ascii=False) if planned.tags else "[]",
        planned.record,
        price_of(planned.content, planned.platform),
    )


def told_as(change: Change) -> str:
    """The event that history keeps of a change."""
    return Event.REOPEN if change.reopens else change.action


def arrow(change: Change) -> tuple[str, str]:
    """From which state to which a change leads; from none for what is new."""
    if change.was is None or is_new(change):
        return "", State.SCHEDULED
    if change.reopens:
        return change.was.state, next_state(change.was.state, Event.REOPEN)
    return change.was.state, State.CANCELLED if change.action is Action.CANCEL else State.SCHEDULED


def why(change: Change) -> str:
    """What history says of a change beside its name."""
    if change.action is Action.CANCEL:
        return "no longer in the files"
    if change.was is None or change.planned is None or change.was.due == change.planned.due:
        return ""
    return f"was due {change.was.due:%Y-%m-%dT%H:%M:%SZ}"
