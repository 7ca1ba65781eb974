"""What the outbox holds, as the diff needs to see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.model.content import Content
from scheduler.model.lifecycle import State


@dataclass(frozen=True, slots=True)
class Held:
    """One delivery in the outbox. `cancelled_by` is `plan` or `person` where the state is cancelled, else empty.

    `content` may be None where only its hash was read.
    """

    name: str
    thread: str
    campaign: str
    account: str
    part: int
    state: State
    due: datetime
    content_hash: str
    live: bool
    cancelled_by: str = ""
    content: Content | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The outbox at one moment, by delivery name; `withdrawn` are the records of which nothing may go out any more.

    `mark` is the outbox's own word for that moment (empty: none): with it, it can tell later what has moved since.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    mark: str = ""


EMPTY = Snapshot()
