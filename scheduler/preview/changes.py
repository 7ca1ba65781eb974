"""What `apply` would do, as a person reviews it: by day and post, alike changes together.

`+` makes, `~` changes, `-` takes away. A reworded text shows its words, old and new; what
the files and a sent post disagree on is shown with the commands that settle it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.errors import Bug
from scheduler.model.content import Content, Media, Poll
from scheduler.model.zones import zone
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.preview.clockwords import clock, day_words, offset
from scheduler.preview.fitted import fitted_words
from scheduler.preview.paint import Sheet, styled
from scheduler.preview.worddiff import Piece, word_diff
from scheduler.preview.words import counted, duration, listed

_SIGNS = {
    Action.CREATE: ("+ create", "green"),
    Action.MOVE: ("~ moved", "yellow"),
    Action.REWORD: ("~ reworded", "yellow"),
    Action.CANCEL: ("- cancelled", "red"),
}
_LABEL = 12
_NO_ZONES: Mapping[str, str] = MappingProxyType({})
_PIECES = {"=": "", "-": "red strike", "+": "green underline"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One change as it will be shown, but for its account: what is equal in all of this is shown once."""

    day: date
    post: str
    due: datetime
    action: Action
    when: str
    reopens: bool
    details: tuple[str, ...]
    words: tuple[Piece, ...]


def render_changes(
    changes: ChangeSet,
    *,
    reader_zone: str,
    zones: Mapping[str, str] = _NO_ZONES,
    console_width: int = 100,
    colour: bool = False,
) -> str:
    """The changes as text, each post on its slot's own clock and day, with the counts at the end.

    `reader_zone` is the reader's IANA zone; `zones` gives by name the slot's zone of what only the queue still holds.
    """
    sheet, reader = Sheet(console_width, colour=colour), zone(reader_zone)
    grouped: dict[_Row, list[str]] = {}
    for change in changes.changes:
        own = zone(zones.get(change.name, reader_zone))
        grouped.setdefault(_row(change, own, reader), []).append(_account(change.name))
    ordered = sorted(grouped, key=lambda row: (row.day, row.post, row.due, row.action))
    for day, rows in groupby(ordered, key=lambda row: row.day):
        sheet.line(day_words(day), style="bold")
        for post, same in groupby(rows, key=lambda row: row.post):
            sheet.line(post, indent=2)
            for row in same:
                _draw_row(sheet, row, grouped[row])
        sheet.blank()
    _draw_conflicts(sheet, changes.conflicts)
    _draw_notes(sheet, changes)
    sheet.line(summary(changes), style="bold")
    return str(sheet)


def summary(changes: ChangeSet) -> str:
    """`3 to create, 1 moved, 2 reworded, 1 cancelled, 41 kept as they are`: the numbers in one line."""
    counts = Counter(change.action for change in changes.changes)
    words = {Action.CREATE: "to create", Action.MOVE: "moved", Action.REWORD: "reworded", Action.CANCEL: "cancelled"}
    said = [f"{counts[action]:,} {word}" for action, word in words.items() if counts[action]]
    said += [f"{len(changes.kept):,} kept as they are"] if changes.kept else []
    said += [counted(len(changes.conflicts), "conflict")] if changes.conflicts else []
    return ", ".join(said) if changes.changes or changes.conflicts else f"Nothing to change{_kept(changes)}."


def _kept(changes: ChangeSet) -> str:
    return f": {len(changes.kept):,} kept as they are" if changes.kept else ""


def _account(name: str) -> str:
    return name.rsplit("/", 1)[-1].partition(".")[0]


def _row(change: Change, own: ZoneInfo, reader: ZoneInfo) -> _Row:
    side = change.planned or change.was
    if side is None:
        raise Bug(f"a change of {change.name} has no side")
    there = side.due.astimezone(zone(change.planned.timezone) if change.planned else own)
    campaign, post, slot, account = change.name.split("/")
    part = account.partition(".")[2]
    title = f"{campaign}/{post}" + (f" ({slot})" if slot != "once" else "") + (f", part {part}" if part else "")
    details, words = difference(change)
    return _Row(there.date(), title, there, change.action, _when(change, there, reader), change.reopens, details, words)


def _when(change: Change, there: datetime, reader: ZoneInfo) -> str:
    """`09:00 -> 13:00 Wed (UTC+12), 03:00 Wed here`: the old moment and the reader's clock where they differ."""
    here = there.astimezone(reader)
    aside = "" if here.utcoffset() == there.utcoffset() else f", {clock(here, there.date())} here"
    now = f"{clock(there)} ({offset(there)}){aside}"
    if change.was is None or change.planned is None or change.was.due == change.planned.due:
        return now
    then = change.was.due.astimezone(there.tzinfo)
    old = clock(then, there.date())
    return f"{old.split()[0] if then.date() == there.date() else old} -> {now}"


def difference(change: Change) -> tuple[tuple[str, ...], tuple[Piece, ...]]:
    """What else than words and moments differs, in sentences, and the words."""
    planned, was = change.planned, change.was
    if planned is None or was is None or change.action is Action.CREATE:
        return (), ()
    details = [] if planned.live == was.live else ["goes out for real now" if planned.live else "is a dry run now"]
    late = planned.expires_at - planned.due
    if was.expires_at and was.expires_at - was.due != late:
        details.append(f"may be up to {duration(late.total_seconds())} late now")
    if was.content is None:
        return (*details, *(() if was.content_hash == planned.content.hash else ("the text or its media changed",))), ()
    return (*details, *other(was.content, planned.content)), word_diff(was.content.text, planned.content.text)


def other(old: Content, new: Content) -> Iterator[str]:
    """What else than the text differs, a sentence each."""
    plain = (
        ("warning", old.warning, new.warning),
        ("language", old.language, new.language),
        ("link card", old.link, new.link),
        ("visibility", old.visibility, new.visibility),
        ("poll", _poll(old.poll), _poll(new.poll)),
    )
    for label, before, after in plain:
        if before != after:
            yield f"{label}: {before or 'none'} -> {after or 'none'}"
    yield from _media(old.media, new.media)


def _poll(poll: Poll | None) -> str:
    return f"{' | '.join(poll.options)}, open for {duration(poll.open_for)}" if poll else ""


def _media(old: tuple[Media, ...], new: tuple[Media, ...]) -> Iterator[str]:
    before, after = {media.file: media for media in old}, {media.file: media for media in new}
    yield from (f"picture taken out: {file}" for file in before if file not in after)
    yield from (f"picture added: {file}" for file in after if file not in before)
    for file in before.keys() & after.keys():
        if before[file].facts != after[file].facts:
            yield f"picture replaced: {file}"
        elif before[file].recipe != after[file].recipe:
            yield f"picture made otherwise: {file}, {fitted_words(after[file]) or 'as it is'}"
        if (before[file].alt, before[file].credit) != (after[file].alt, after[file].credit):
            yield f"words of {file}: {before[file].alt or 'none'} -> {after[file].alt or 'none'}"


def _draw_row(sheet: Sheet, row: _Row, accounts: list[str]) -> None:
    sign, style = _SIGNS[row.action]
    again = " (back in the queue)" if row.reopens else ""
    names = listed(sorted(accounts), most=6)
    line = styled(sign.ljust(_LABEL), style)
    line.append_text(styled(f"{row.when}  {names}{again}"))
    sheet.put(line, indent=4, hang=_LABEL)
    for detail in row.details:
        sheet.line(detail, indent=4 + _LABEL, hang=2)
    if row.words:
        words = styled("")
        for piece in row.words:
            words.append_text(styled(str(piece), _PIECES[piece.sign]))
        sheet.put(words, indent=4 + _LABEL)


def _draw_conflicts(sheet: Sheet, conflicts: Iterable[Conflict]) -> None:
    for conflict in conflicts:
        sheet.line(f"conflict  {conflict.name}", style="bold red")
        sheet.line(conflict.message, indent=10)
        for choice in conflict.choices:
            sheet.raw(choice, indent=12)
        sheet.blank()


def _draw_notes(sheet: Sheet, changes: ChangeSet) -> None:
    alike: dict[str, list[str]] = {}
    for name, text in changes.notes.items():
        alike.setdefault(text, []).append(name)
    for text, names in alike.items():
        sheet.labelled("note", f"{listed(names)}: {text}", indent=0, gap=10, style="cyan")
    if alike:
        sheet.blank()
