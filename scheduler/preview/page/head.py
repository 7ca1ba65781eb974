"""What stands above the posts: the numbers, the findings, what would change, and what is out already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from scheduler.finding import Finding, Severity
from scheduler.model.zones import zone
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.platforms import platform_named
from scheduler.preview.clockwords import clock_change, day_words, offset
from scheduler.preview.page.faces import TONES, moment
from scheduler.preview.page.sheet import PageSheet, Scope
from scheduler.preview.page.texts import plain
from scheduler.preview.view import DeliveryView
from scheduler.preview.worddiff import word_diff
from scheduler.preview.words import state_words

_ACTIONS = {
    Action.CREATE: ("new", "New"),
    Action.MOVE: ("moved", "Moved"),
    Action.REWORD: ("changed", "Changed"),
    Action.CANCEL: ("gone", "Gone"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a total: `to` is the address of its place on the page (empty: none), `percent` of the largest."""

    name: str
    posts: int
    percent: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Alike changes of one post: what, when, on which accounts, and its words old and new."""

    title: str
    when: str
    was: str
    accounts: tuple[str, ...]
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
    """The page's days against the queue; `elsewhere` counts the changes of other days and campaigns."""

    groups: tuple[ChangeGroup, ...]
    conflicts: tuple[Conflict, ...]
    elsewhere: int
    plan: str


def title(sheet: PageSheet) -> str:
    """The page's heading: the day, its week, or the campaign's title."""
    if sheet.scope is Scope.CAMPAIGN:
        return _titles(sheet).get(sheet.campaign, sheet.campaign)
    if sheet.scope is Scope.DAY or len(sheet.days) < 2:
        return day_words(sheet.days[0]) if sheet.days else "No posts"
    return f"{day_words(sheet.days[0])} to {day_words(sheet.days[-1])}"


def subtitle(sheet: PageSheet) -> str:
    """What stands under the heading: the campaigns, or a campaign's days."""
    if sheet.scope is Scope.CAMPAIGN and sheet.days:
        first, last = day_words(sheet.days[0]), day_words(sheet.days[-1])
        return first if first == last else f"{first} to {last}"
    seen = {view.campaign for view in sheet.views}
    titles = _titles(sheet)
    return " · ".join(titles.get(one, one) for one in sorted(seen))


def _titles(sheet: PageSheet) -> dict[str, str]:
    return {campaign.id: campaign.title or campaign.id for campaign in sheet.campaigns}


def clock_notes(days: Iterable[date], views: Sequence[DeliveryView], reader: str) -> list[str]:
    """A sentence for each zone whose clocks change on one of the days, the reader's first."""
    zones = dict.fromkeys([reader, *sorted({view.account_timezone for view in views})])
    found = []
    for day in days:
        for name in zones:
            change = clock_change(day, zone(name))
            if change:
                found.append(f"On {day_words(day)} {change} in {name}.")
    return found


def zone_words(day: date, reader: str) -> str:
    """`Europe/Skopje (UTC+2)`: the reader's zone, and how far it is from UTC on the day (at noon)."""
    return f"{reader} ({offset(datetime(day.year, day.month, day.day, 12, tzinfo=zone(reader)))})"


def states(views: Iterable[DeliveryView]) -> list[Share]:
    """How many posts are in which state, the most first."""
    found = Counter((view.state, view.dry_run) for view in views)
    return [
        Share(state_words(state, dry_run=dry), number, 0, "dry" if dry and state == "sent" else TONES[state])
        for (state, dry), number in found.most_common()
    ]


def platforms(views: Iterable[DeliveryView]) -> list[Share]:
    """Posts by platform, the most first."""
    found = Counter(view.platform for view in views)
    most = max(found.values(), default=1)
    return [
        Share(platform_named(name).title, number, round(number / most * 100), name)
        for name, number in found.most_common()
    ]


def accounts(views: Iterable[DeliveryView], *, most: int = 12) -> list[Share]:
    """Posts by account, the most first, and as many as a reader takes in; the rest is below, account by account."""
    found = Counter((view.account, view.platform) for view in views)
    top = max(found.values(), default=1)
    return [
        Share(name, number, round(number / top * 100), platform) for (name, platform), number in found.most_common(most)
    ]


def severities(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by severity, the worst first; what was waived stands apart."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault("waived" if finding.waived else finding.severity.value, []).append(finding)
    return [(kind, kinds[kind]) for kind in (*(one.value for one in Severity), "waived") if kind in kinds]


def out_already(views: Iterable[DeliveryView]) -> list[DeliveryView]:
    """What has gone out, or may have, in order."""
    gone = {"sent", "sending", "uncertain", "retracted"}
    return sorted((view for view in views if view.state in gone), key=lambda view: view.due)


def against(sheet: PageSheet, reader: ZoneInfo) -> Against | None:
    """What is new, moved, changed or gone on the page's days; None where the queue was left out."""
    if sheet.changes is None:
        return None
    shown = {view.delivery for view in sheet.views}
    here = [change for change in sheet.changes.changes if _belongs(change, shown, sheet)]
    threads = {_thread(change): change for change in reversed(here)}.values()
    groups = []
    for action, (tone, word) in _ACTIONS.items():
        chosen = [change for change in threads if change.action is action]
        if chosen:
            groups.append(ChangeGroup(tone, word, len(chosen), tuple(_lines(chosen, reader))))
    conflicts = tuple(one for one in sheet.changes.conflicts if one.name in shown)
    elsewhere = len({_thread(one) for one in sheet.changes.changes}) - len(threads)
    return Against(tuple(groups), conflicts, elsewhere, _plan(sheet.changes))


def _plan(changes: ChangeSet) -> str:
    return changes.fingerprint if changes.changes else ""


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
    day = change.was.due.astimezone(zone(sheet.workspace.timezone)).date()
    return day in sheet.days


def _lines(changes: Sequence[Change], reader: ZoneInfo) -> Iterable[ChangeLine]:
    """Alike changes together, in order of their moments."""

    def alike(change: Change) -> tuple[str, str, str, str, str]:
        campaign, post, slot, _ = _thread(change).split("/")
        name = f"{campaign}/{post}" + ("" if slot == "once" else f" ({slot})")
        old, new = _texts(change)
        return (_when(change, reader), name, _was(change, reader), old, new)

    ordered = sorted(changes, key=lambda change: (_due(change), alike(change)))
    for (when, name, was, old, new), group in groupby(ordered, key=alike):
        accounts = tuple(sorted(_thread(one).rsplit("/", 1)[1] for one in group))
        words = tuple((piece.sign, plain(piece.text)) for piece in word_diff(old, new)) if old and new else ()
        yield ChangeLine(name, when, was, accounts, words)


def _texts(change: Change) -> tuple[str, str]:
    if change.action is not Action.REWORD or not change.planned or not change.was or not change.was.content:
        return "", ""
    return change.was.content.text, change.planned.content.text


def _due(change: Change) -> float:
    subject = change.planned or change.was
    return subject.due.timestamp() if subject else 0.0


def _when(change: Change, reader: ZoneInfo) -> str:
    subject = change.planned or change.was
    return moment(subject.due, reader) if subject else ""


def _was(change: Change, reader: ZoneInfo) -> str:
    if not change.was or not change.planned or change.was.due == change.planned.due:
        return ""
    return moment(change.was.due, reader)


def day_counts(sheet: PageSheet) -> list[Share]:
    """Posts by day, for a page of several; `tone` is the day's address on the page."""
    found = Counter(view.local.date() for view in sheet.views)
    most = max(found.values(), default=1)
    return [Share(_short(day), found[day], round(found[day] / most * 100), day.isoformat()) for day in sheet.days]


def _short(day: date) -> str:
    """`Wed 30 June 2027`."""
    weekday, rest = day_words(day).split(" ", 1)
    return f"{weekday[:3]} {rest}"
