"""What may happen to a delivery, as one table.

A delivery enters `sending` in a transaction that commits before the first byte leaves
this machine. A process that dies in between leaves a row in `sending`, which nobody
reads as "not sent": it becomes `uncertain`, and only a look at the platform, or a
person, moves it on.
"""

from enum import StrEnum
from types import MappingProxyType

from scheduler.errors import Bug


class State(StrEnum):
    """Where a delivery stands."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


class Event(StrEnum):
    """What moves a delivery."""

    CLAIM = "claim"
    ACCEPT = "accept"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    LOSE_TRACK = "lose_track"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REOPEN = "reopen"
    RETRACT = "retract"


TRANSITIONS = MappingProxyType(
    {
        (State.SCHEDULED, Event.CLAIM): State.SENDING,
        (State.SCHEDULED, Event.REFUSE): State.FAILED,
        (State.SENDING, Event.ACCEPT): State.SENT,
        (State.SENDING, Event.POSTPONE): State.SCHEDULED,
        (State.SENDING, Event.REFUSE): State.FAILED,
        (State.SENDING, Event.LOSE_TRACK): State.UNCERTAIN,
        (State.SENDING, Event.HAND_OVER): State.UNCERTAIN,
        (State.UNCERTAIN, Event.ACCEPT): State.SENT,
        (State.UNCERTAIN, Event.POSTPONE): State.SCHEDULED,
        (State.UNCERTAIN, Event.REFUSE): State.FAILED,
        (State.SCHEDULED, Event.CANCEL): State.CANCELLED,
        (State.SCHEDULED, Event.EXPIRE): State.MISSED,
        (State.FAILED, Event.REOPEN): State.SCHEDULED,
        (State.MISSED, Event.REOPEN): State.SCHEDULED,
        (State.CANCELLED, Event.REOPEN): State.SCHEDULED,
        (State.RETRACTED, Event.REOPEN): State.SCHEDULED,
        (State.SENT, Event.RETRACT): State.RETRACTED,
    }
)

HAS_RECEIPT = frozenset({State.SENT, State.RETRACTED})
"""The states in which a receipt must be in hand; in all others there is none."""


def next_state(state: State, event: Event) -> State:
    """Where `event` leads from `state`. Raises `Bug` where the table has no such arrow."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Bug(f"a delivery that is {state} cannot {event}") from None
