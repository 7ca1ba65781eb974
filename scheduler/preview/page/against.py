"""The page's posts against the queue: what `apply` would make, move, reword and take away.

Alike changes of many accounts are one line, a thread is one post, and what belongs to other
days or campaigns is only a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from scheduler.model.zones import zone
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.preview.changes import difference
from scheduler.preview.describe import moment_words
from scheduler.preview.page.faces import dated
from scheduler.preview.page.sheet import PageSheet, Scope
from scheduler.preview.page.texts import plain

KINDS = {
    Action.CREATE: ("new", "New"),
    Action.MOVE: ("moved", "Moved"),
    Action.REWORD: ("changed", "Changed"),
    Action.CANCEL: ("gone", "Gone"),
}
"""The class and the word of each kind of change."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Alike changes of one post: when, on which accounts, and what differs, in sentences and as words old and new."""

    title: str
    when: str
    was: str
    accounts: tuple[str, ...]
    details: tuple[str, ...]
    words: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one kind on the page's days."""

    tone: str
    word: str
    number: int
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """The page's days against the queue; `elsewhere` counts the changes of other days and campaigns.

    `notes` are what was left as it is, and why, each with its posts. `plan` is empty without a change.
    """

    groups: tuple[ChangeGroup, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    elsewhere: int
    plan: str


def against(sheet: PageSheet, reader: ZoneInfo) -> Against | None:
    """What is new, moved, changed or gone on the page's days; None where the queue was left out."""
    if sheet.changes is None:
        return None
    shown = {view.delivery for view in sheet.views}
    threads = by_thread(change for change in sheet.changes.changes if _belongs(change, shown, sheet))
    day = sheet.days[0] if len(sheet.days) == 1 else None
    groups = []
    for action, (tone, word) in KINDS.items():
        chosen = [change for change in threads.values() if change.action is action]
        if chosen:
            groups.append(ChangeGroup(tone, word, len(chosen), tuple(_lines(chosen, reader, day))))
    conflicts = tuple(one for one in sheet.changes.conflicts if one.name in shown)
    elsewhere = len(by_thread(sheet.changes.changes)) - len(threads)
    plan = sheet.changes.fingerprint if sheet.changes.changes else ""
    return Against(tuple(groups), conflicts, _notes(sheet.changes, shown), elsewhere, plan)


def by_thread(changes: Iterable[Change]) -> dict[str, Change]:
    """One change of each post, a thread's by its first part that changes."""
    found: dict[str, Change] = {}
    for change in changes:
        found.setdefault(_thread(change), change)
    return found


def _notes(changes: ChangeSet, shown: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    alike: dict[str, list[str]] = {}
    for name, text in changes.notes.items():
        if name in shown:
            alike.setdefault(text, []).append(name)
    return tuple((text, tuple(names)) for text, names in alike.items())


def _thread(change: Change) -> str:
    subject = change.planned or change.was
    return subject.thread if subject else change.name


def _belongs(change: Change, shown: set[str], sheet: PageSheet) -> bool:
    """A post of the page, or one that leaves these days."""
    if _thread(change) in shown:
        return True
    if change.was is None or sheet.campaign not in {"", change.was.campaign}:
        return False
    if sheet.scope is Scope.CAMPAIGN:
        return True
    return change.was.due.astimezone(zone(sheet.workspace.timezone)).date() in sheet.days


def _lines(changes: Sequence[Change], reader: ZoneInfo, day: date | None) -> Iterator[ChangeLine]:
    """Alike changes together, in order of their moments."""
    drawn = [(_due(change), _line(change, reader, day), _account(change)) for change in changes]
    drawn.sort(key=lambda one: (one[0], one[1].title, one[1].when, one[1].was, str(one[1].words), one[1].details))
    for line, group in groupby(drawn, key=lambda one: one[1]):
        names = tuple(sorted(name for _, _, name in group))
        yield ChangeLine(line.title, line.when, line.was, names, line.details, line.words)


def _line(change: Change, reader: ZoneInfo, day: date | None) -> ChangeLine:
    """The line of one change, without its account."""
    campaign, post, slot, _ = _thread(change).split("/")
    subject = change.planned or change.was
    moved = change.planned and change.was and change.planned.due != change.was.due
    details, words = difference(change)
    return ChangeLine(
        title=f"{campaign}/{post}" + ("" if slot == "once" else f" ({slot})"),
        when=_moment(subject.due, reader, day) if subject else "",
        was=_moment(change.was.due, reader, day) if moved and change.was else "",
        accounts=(),
        details=details,
        words=tuple((piece.sign, plain(piece.text)) for piece in words),
    )


def _moment(due: datetime, reader: ZoneInfo, day: date | None) -> str:
    """On a page of several days always with its date."""
    return moment_words(due, reader, day) if day else dated(due.astimezone(reader))


def _due(change: Change) -> float:
    subject = change.planned or change.was
    return subject.due.timestamp() if subject else 0.0


def _account(change: Change) -> str:
    return _thread(change).rsplit("/", 1)[1]


def kind_of(changes: ChangeSet | None) -> Mapping[str, tuple[str, str]]:
    """Class and word of the change of each post that is in the queue already and would not stay as it is."""
    if changes is None:
        return {}
    threads = by_thread(changes.changes)
    return {
        name: (f"c-{KINDS[one.action][0]}", KINDS[one.action][1].lower())
        for name, one in threads.items()
        if one.action is not Action.CREATE
    }
