"""What has gone wrong, gathered so that a person is told once an incident and not once a post.

An incident is one kind of trouble with one account. Its first event opens it; what follows
joins it, until it was quiet for a minute or ten minutes have passed. After it was told, the
same incident is silent for an hour. What mends itself before it was told is never told.
Names, reasons and commands only: never what a post says. Kept in memory and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.errors import SchedulerError
from scheduler.model.lifecycle import Event
from scheduler.outbox.budgets import OVER_BUDGET
from scheduler.outbox.observing import GONE
from scheduler.outbox.rows import EventRow
from scheduler.preview.visible import visible
from scheduler.preview.words import counted

QUIET_SECONDS = 60.0
LONGEST_SECONDS = 600.0
SILENT_SECONDS = 3600.0
NAMED = 5
"""So many posts of an incident are named; the rest is counted."""
ALONE = 4
"""So many notices go out one by one; when more come due together, they are one."""
_REASON = 300


class Kind(StrEnum):
    """The kinds of trouble."""

    UNKNOWN = "unknown"
    FAILED = "failed"
    MISSED = "missed"
    PAUSED = "paused"
    BUDGET = "budget"
    ENDING = "ending"
    GONE = "gone"
    QUEUE = "queue"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong: `account` and `post` are empty where it concerns none, `mend` holds commands."""

    kind: Kind
    account: str = ""
    post: str = ""
    reason: str = ""
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is sent: a line, a few more below it, and files where they can be attached."""

    title: str
    body: str
    attach: tuple[str, ...] = ()


@dataclass(slots=True)
class _Incident:
    opened: float
    last: float
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def due(self, told: float | None) -> float:
        moment = min(self.last + QUIET_SECONDS, self.opened + LONGEST_SECONDS)
        return moment if told is None else max(moment, told + SILENT_SECONDS)


_KINDS = {
    Event.LOSE_TRACK: Kind.UNKNOWN,
    Event.REFUSE: Kind.FAILED,
    Event.EXPIRE: Kind.MISSED,
    "pause": Kind.PAUSED,
    OVER_BUDGET: Kind.BUDGET,
    GONE: Kind.GONE,
}
_MENDED = frozenset({Event.ACCEPT, Event.POSTPONE, Event.REOPEN, Event.CANCEL, Event.HAND_OVER})
_MENDS = {
    Kind.UNKNOWN: ("drumbeat show {post}", "drumbeat resolve {post} --sent URL", "drumbeat resolve {post} --not-sent"),
    Kind.FAILED: ("drumbeat show {post}", "drumbeat retry {post} --at WHEN"),
    Kind.MISSED: ("drumbeat retry {post} --at WHEN",),
    Kind.PAUSED: ("drumbeat accounts inspect {account}", "drumbeat accounts resume {account}"),
    Kind.BUDGET: ("drumbeat show {post}", "drumbeat cancel {post}"),
    Kind.GONE: ("drumbeat show {post}", "drumbeat retract {post}"),
}


def trouble_of(entry: EventRow) -> Trouble | None:
    """The trouble that an event of the engine means; None where it means none."""
    kind = _KINDS.get(entry.event)
    if kind is None or (kind is Kind.FAILED and entry.who == "person"):
        return None
    mend = tuple(line.format(post=entry.delivery, account=entry.account) for line in _MENDS[kind])
    return Trouble(kind, entry.account, entry.delivery, entry.why, mend)


def trouble_with_queue(failure: SchedulerError) -> Trouble:
    """The trouble that keeps the engine from its queue."""
    return Trouble(Kind.QUEUE, reason=failure.message, mend=tuple(filter(None, (failure.mend, "drumbeat doctor"))))


def trouble_of_end(reason: str) -> Trouble:
    """The trouble of a daemon that ended without being told to."""
    return Trouble(Kind.STOPPED, reason=reason, mend=("drumbeat doctor", "drumbeat status", "drumbeat daemon"))


class Incidents:
    """The open incidents of one daemon. Moments are monotonic seconds, handed in. Not for several threads."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._open: dict[tuple[str, Kind], _Incident] = {}
        self._told: dict[tuple[str, Kind], float] = {}

    def add(self, trouble: Trouble, now: float) -> None:
        """Opens an incident, or joins the one that is open."""
        incident = self._open.setdefault((trouble.account, trouble.kind), _Incident(now, now))
        incident.last = now
        incident.troubles[trouble.post] = trouble

    def hear(self, entry: EventRow, now: float) -> None:
        """Takes an event of the engine: it may be trouble, or the end of it."""
        if trouble := trouble_of(entry):
            self.add(trouble, now)
        elif entry.event in _MENDED:
            for kind in (Kind.UNKNOWN, Kind.BUDGET):
                self._forget((entry.account, kind), entry.delivery)
        elif entry.event == "resume":
            self._forget((entry.account, Kind.PAUSED), "")

    def _forget(self, key: tuple[str, Kind], post: str) -> None:
        if incident := self._open.get(key):
            incident.troubles.pop(post, None)
            if not incident.troubles:
                del self._open[key]

    def next_due(self) -> float | None:
        """When the next incident is to be told; None where none is open."""
        return min((one.due(self._told.get(key)) for key, one in self._open.items()), default=None)

    def due(self, now: float, *, closing: bool = False) -> list[Notice]:
        """What is to be told now, and is then closed. `closing`: nobody asks again, so nothing waits for quiet."""
        keys = [key for key, one in self._open.items() if self._is_due(key, one, now, closing=closing)]
        told = [(*key, tuple(self._open.pop(key).troubles.values())) for key in keys]
        self._told |= dict.fromkeys(keys, now)
        notices = [_notice(self._workspace, *one) for one in told]
        return notices if len(notices) <= ALONE else [_together(self._workspace, notices)]

    def _is_due(self, key: tuple[str, Kind], one: _Incident, now: float, *, closing: bool) -> bool:
        told = self._told.get(key)
        if closing or key[1] is Kind.STOPPED:  # nothing more will join it
            return told is None or now >= told + SILENT_SECONDS
        return now >= one.due(told)


def trial_notice(workspace: str) -> Notice:
    """What `drumbeat notify --test` sends."""
    return Notice(
        f"Drumbeat · {workspace}: a test",
        "If you read this, you would have been told of trouble. Nothing is wrong.",
    )


def _notice(workspace: str, account: str, kind: Kind, troubles: Sequence[Trouble]) -> Notice:
    title = f"Drumbeat · {workspace}: {_headline(account, kind, len(troubles))}"
    named = [line for trouble in troubles[:NAMED] for line in _lines(trouble)]
    more = len(troubles) - NAMED
    rest = [f"… and {more} more; `drumbeat status` lists them all."] if more > 0 else []
    return Notice(visible(title), visible("\n".join((*named, *rest, *_mend(troubles[0])))))


def _headline(account: str, kind: Kind, number: int) -> str:
    on = f" on {account}" if account else ""
    return {
        Kind.UNKNOWN: f"{counted(number, 'post')} unknown{on}, sent or not",
        Kind.FAILED: f"{counted(number, 'post')} not sent{on}",
        Kind.MISSED: f"{counted(number, 'post')} missed{on}, not sent",
        Kind.PAUSED: f"{account} is paused, nothing goes out there",
        Kind.BUDGET: f"{account} would exceed its budget, so posts wait there",
        Kind.GONE: f"{counted(number, 'post')} accepted{on}, and not there",
        Kind.ENDING: f"the credential of {account} ends before its last post",
        Kind.QUEUE: "the queue cannot be used just now",
        Kind.STOPPED: "the daemon stopped",
    }[kind]


def _lines(trouble: Trouble) -> Iterable[str]:
    reason = " ".join(trouble.reason.split())
    short = reason if len(reason) <= _REASON else f"{reason[: _REASON - 1]}…"
    if line := ": ".join(part for part in (trouble.post, short) if part):
        yield line


def _mend(trouble: Trouble) -> Iterable[str]:
    yield "To mend it:" if trouble.mend else ""
    yield from (f"  {line}" for line in trouble.mend)


def _together(workspace: str, notices: Sequence[Notice]) -> Notice:
    """Many at once, as one: when the network goes, it goes for every account."""
    lines = [notice.title.partition(": ")[2] for notice in notices]
    return Notice(
        f"Drumbeat · {workspace}: {len(notices)} troubles at once",
        "\n".join((*lines[:30], *(("…",) if len(lines) > 30 else ()), "To mend it:", "  drumbeat status")),
    )
