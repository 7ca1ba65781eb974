"""Which queue this is: an id of its own that no other copy of the workspace's files has.

The id goes into `drumbeat.yaml` with the first live apply; only the queue that bears it
sends live posts.
"""

import secrets

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.model.account import Sender

_READ = text("SELECT key, value FROM meta WHERE key IN ('id', 'computer')")
_WRITE = text("INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = :value")
_LIVE = text("SELECT EXISTS (SELECT 1 FROM delivery WHERE state = 'scheduled' AND live = 1)")


def identity(connection: Connection) -> Sender | None:
    """Who this queue is; None where it never had to be anybody."""
    found = {row.key: row.value for row in connection.execute(_READ)}
    return Sender(found["id"], found.get("computer", "")) if "id" in found else None


def become(connection: Connection, computer: str) -> Sender:
    """Gives the queue a new id, as one that sends from `computer`."""
    new = Sender(secrets.token_hex(8), computer)
    connection.execute(_WRITE, [{"key": "id", "value": new.id}, {"key": "computer", "value": new.computer}])
    return new


def holds_live(connection: Connection) -> bool:
    """Whether something in the queue was applied to go out for real."""
    return bool(connection.execute(_LIVE).scalar())
