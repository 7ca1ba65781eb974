"""A moment of the outbox that can be named, and what has moved since.

Every move that a plan can see adds its event in the same transaction (the random walks of
the tests hold that up), and history only grows. So its end marks a moment, and what is
behind it names the threads that moved: to know them, nothing that waits need be read.
"""

from sqlalchemy import text
from sqlalchemy.engine import Connection

_END = text("SELECT n, at, event, delivery FROM event ORDER BY n DESC LIMIT 1")
_SAME = text("SELECT n, at, event, delivery FROM event WHERE n = :n")
_WITHDRAWN = text("SELECT EXISTS (SELECT 1 FROM event WHERE n > :n AND event = 'withdraw')")
# CROSS: by the end of the history. Left to itself, SQLite would read all threads in their order.
_MOVED = text("SELECT d.thread FROM event e CROSS JOIN delivery d ON d.n = e.delivery WHERE e.n > :n")
_BEGINNING = "0"


def mark_of(connection: Connection) -> str:
    """The word for this moment."""
    return _word(connection.execute(_END).one_or_none())


def moved_since(connection: Connection, mark: str) -> frozenset[str] | None:
    """The threads of which anything moved since `mark`; None where only a look at everything can tell.

    That is so without a mark, with that of another outbox (a backup was put back), and where a record was withdrawn,
    which concerns what is planned and not only what is held.
    """
    if not mark:
        return None
    n = int(mark.partition(":")[0])
    if mark != _BEGINNING and _word(connection.execute(_SAME, {"n": n}).one_or_none()) != mark:
        return None
    if connection.execute(_WITHDRAWN, {"n": n}).scalar():
        return None
    return frozenset(connection.execute(_MOVED, {"n": n}).scalars())


def _word(row: object) -> str:
    return _BEGINNING if row is None else ":".join(str(value) for value in row)  # type: ignore[attr-defined]
