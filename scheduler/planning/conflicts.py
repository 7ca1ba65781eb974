"""Where the files say otherwise than what has left already, or may have: shown, with the ways out of it.

A changed moment alone is no conflict for what is sent. For what is on its way or unknown
it is one, because the person who moved it believes that it is still here.
"""

from scheduler.model.lifecycle import State
from scheduler.planning.changes import Conflict
from scheduler.planning.thread import Part, Thread
from scheduler.platforms import by_hand

LEFT = frozenset({State.SENDING, State.UNCERTAIN, State.SENT})
"""A post exists, or may."""
UNSETTLED = frozenset({State.SENDING, State.UNCERTAIN})


def conflict_in(thread: Thread) -> Conflict | None:
    """The conflict of a thread of which a part is in `LEFT` and which the files still ask for; None: they agree."""
    differing = next((part for part in thread.parts if _contradicts(part)), None)
    if differing is None:
        return None
    gone = differing if differing.state in LEFT else next(part for part in thread.parts if part.state in LEFT)
    shown = differing.held or gone.held
    hands = any(part.planned and by_hand(part.planned.platform) for part in thread.parts)
    told, choices = _told(differing, gone, hands=hands), _choices(gone, hands=hands)
    return Conflict(shown.name, told, choices, differing.planned, shown) if shown else None


def _contradicts(part: Part) -> bool:
    return part.reads_otherwise or (part.moved and part.state in UNSETTLED)


def _told(differing: Part, gone: Part, *, hands: bool) -> str:
    unknown = "is with a person, who may have posted it" if hands else "may have been sent: nobody knows yet"
    state = {
        State.SENDING: "is being sent at this moment",
        State.UNCERTAIN: unknown,
        State.SENT: "was sent already",
    }[gone.state or State.SENT]
    if differing is gone:
        return f"The files differ, but {gone.name} {state}."
    return f"The files differ in {differing.name}, but {gone.name} of the same thread {state}."


def _choices(gone: Part, *, hands: bool) -> tuple[str, ...]:
    if gone.state is State.UNCERTAIN and hands:
        return (
            f"drumbeat done {gone.name} --url URL  # it is posted",
            f"drumbeat resolve {gone.name} --not-sent  # it is not, and will not be",
        )
    if gone.state is State.UNCERTAIN:
        return (
            f"drumbeat resolve {gone.name} --sent URL  # it is there",
            f"drumbeat resolve {gone.name} --not-sent  # it is not there",
        )
    if gone.state is State.SENDING:
        return ("drumbeat plan  # in a minute, when it is settled",)
    return (
        f"drumbeat show {gone.name}  # leave it as it went out, and put that text back into the file",
        f"drumbeat retract {gone.name} --and-resend  # take it down, and send what the files say now",
    )
