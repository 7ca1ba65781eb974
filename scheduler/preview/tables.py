"""What went out when, as a table: the end of a rehearsal, and of a day.

Columns stand by what a terminal really gives each letter, without bars. A dry run is never
called sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.model.zones import zone
from scheduler.preview.clockwords import clock, day_words
from scheduler.preview.paint import Sheet, cells, cut, widest
from scheduler.preview.visible import visible
from scheduler.preview.words import counted

_GAP = 2
_LEAST_TEXT = 16
ON_TIME = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WentOut:
    """One part that left, or did not: then `at` (UTC) is None and `outcome` says so in a person's words."""

    delivery: str
    due: datetime
    at: datetime | None
    account: str
    platform: str
    text: str
    outcome: str = "not sent"


def render_went_out(
    rows: Sequence[WentOut], *, reader_zone: str, console_width: int = 100, colour: bool = False
) -> str:
    """The table, in the order of leaving, on the clock of `reader_zone` (IANA), a line of counts at the end."""
    sheet = Sheet(console_width, colour=colour)
    if not rows:
        return "Nothing went out.\n"
    ordered = sorted(rows, key=lambda row: (row.at or row.due, row.due, row.delivery))
    lines = [_columns(row, reader_zone) for row in ordered]
    head = ("time", "", "account", "post", "text")
    widths = [widest((name, *(line[at] for line in lines))) for at, name in enumerate(head[:4])]
    room = max(sheet.width - sum(widths) - _GAP * 4, _LEAST_TEXT)
    last = None
    for row, line in zip(ordered, lines, strict=True):
        day = (row.at or row.due).astimezone(zone(reader_zone)).date()
        if day != last:
            sheet.line(day_words(day), style="bold")
            sheet.raw(*_joined(head, widths, room), style="dim")
            last = day
        sheet.raw(*_joined(line, widths, room), style="" if row.at else "red")
    sheet.blank()
    sheet.line(_summary(ordered), style="bold")
    return str(sheet)


def _columns(row: WentOut, reader_zone: str) -> tuple[str, ...]:
    moment = (row.at or row.due).astimezone(zone(reader_zone)).replace(microsecond=0)
    time = clock(moment).rsplit(" ", 1)[0]
    campaign, post, slot, last = row.delivery.split("/")
    part = f" {last.partition('.')[2]}" if "." in last else ""
    title = f"{campaign}/{post}" + ("" if slot == "once" else f" ({slot})") + part
    return time, _lateness(row), row.account, title, " ".join(row.text.split())


def _lateness(row: WentOut) -> str:
    if row.at is None:
        return row.outcome
    late = row.at - row.due
    return "on time" if late < ON_TIME else f"+{late.total_seconds():.0f} s"


def _joined(columns: Sequence[str], widths: Sequence[int], room: int) -> tuple[str, str]:
    fixed = [visible(text) + " " * (width - cells(text) + _GAP) for text, width in zip(columns, widths, strict=False)]
    return "".join(fixed), cut(columns[-1], room)


def _summary(rows: Sequence[WentOut]) -> str:
    gone = [row for row in rows if row.at is not None]
    late = sum(row.at - row.due >= ON_TIME for row in gone if row.at)
    whole = {row.delivery.partition(".")[0] for row in gone}
    parts = f" ({len(gone):,} with the parts of threads)" if len(gone) > len(whole) else ""
    said = [f"{counted(len(whole), 'post')}{parts} on {counted(len({row.account for row in gone}), 'account')}"]
    said.append(f"{late:,} late" if late else "all on time")
    if len(gone) < len(rows):
        said.append(f"{len(rows) - len(gone):,} did not go out")
    return ", ".join(said)
