"""A day in the terminal: what is wrong first, then every post as it will go out.

The reader's clock leads; each account's own stands beside it where it differs. Without a
terminal the lines are the same, without colour.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.finding import Finding, Severity
from scheduler.model.account import Workspace
from scheduler.model.zones import zone
from scheduler.preview.cards import draw_card
from scheduler.preview.clockwords import clock_change, day_words
from scheduler.preview.describe import moment_words, reach, states, states_differ, totals
from scheduler.preview.paint import Sheet
from scheduler.preview.timeline import Moment, timeline
from scheduler.preview.view import DeliveryView
from scheduler.preview.words import counted, duration

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_ORDER = tuple(Severity)


def render_day(
    day: date,
    views: Sequence[DeliveryView],
    findings: Sequence[Finding],
    *,
    reader_zone: str,
    workspace: Workspace,
    console_width: int = 100,
    full: bool = False,
    colour: bool = False,
) -> str:
    """The day as text. `reader_zone` is the IANA name of the reader's clock; `full` gives each account its own card."""
    sheet, reader = Sheet(console_width, colour=colour), zone(reader_zone)
    moments = timeline(views, full=full)
    _draw_head(sheet, day, views, reader_zone, workspace)
    draw_findings(sheet, findings)
    differ = states_differ(views)
    for moment in moments:
        _draw_moment(sheet, moment, day, reader)
        for at, card in enumerate(moment.cards):
            if at:
                sheet.blank()
            draw_card(sheet, card, reader=reader, day=day, full=full, states=differ, colour=colour)
    return str(sheet)


def _draw_head(sheet: Sheet, day: date, views: Sequence[DeliveryView], reader_zone: str, workspace: Workspace) -> None:
    change = clock_change(day, zone(reader_zone))
    zone_words = f"times in {reader_zone}" + (f", where {change} on this day" if change else "")
    sheet.line(f"{day_words(day)} · {workspace.id} · {zone_words}", style="bold")
    if not views:
        sheet.line("No posts on this day.")
        return
    sheet.line(totals(views), hang=2)
    if said := states(views):
        sheet.line(said, hang=2)
    for line, style in zip(reach(views), ("bold yellow", "bold green"), strict=True):
        if line:
            sheet.line(line, style=style, hang=2)


def draw_findings(sheet: Sheet, findings: Sequence[Finding]) -> None:
    """What is wrong, the worst first: severity, place, sentence, mend, and the rule's id to look it up by."""
    if not findings:
        return
    sheet.blank()
    severities = Counter(finding.severity for finding in findings)
    said = [counted(severities[severity], severity) for severity in _ORDER if severities[severity]]
    sheet.line(f"{', '.join(said)}:", style="bold")
    for finding in sorted(findings, key=lambda finding: _ORDER.index(finding.severity)):
        where = " ".join(filter(None, (str(finding.place), finding.path)))
        sheet.labelled(
            finding.severity, f"{where} [{finding.rule}]".strip(), indent=0, gap=9, style=_STYLES[finding.severity]
        )
        rest = f"Waived: {finding.waived}" if finding.waived else finding.mend
        sheet.line(f"{finding.message} {rest}".strip(), indent=9)


def _draw_moment(sheet: Sheet, moment: Moment, day: date, reader: ZoneInfo) -> None:
    gap = f", {duration(moment.gap.total_seconds())} later" if moment.gap else ""
    sheet.blank()
    sheet.line(f"{moment_words(moment.due, reader, day)}{gap}", style="bold")
