"""A day as Markdown, for the comment of a pull request.

A text stands in a fence, so that the host neither formats it nor calls the people it
mentions. A comment has a limit (GitHub: 65,536 characters, docs of its REST API, as of
2026-11): what does not fit is counted and named, and never cut in half.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.finding import Finding, Severity
from scheduler.model.account import Workspace
from scheduler.model.zones import zone
from scheduler.preview.clockwords import clock_change, day_words
from scheduler.preview.describe import (
    asides,
    described,
    length_words,
    lengths,
    medium,
    moment_words,
    poll_words,
    reach,
    states,
    states_differ,
    totals,
)
from scheduler.preview.fitted import alike, fitted_apart
from scheduler.preview.timeline import Card, Moment, timeline
from scheduler.preview.view import DeliveryView, PartView
from scheduler.preview.visible import visible
from scheduler.preview.words import counted, listed

MOST = 60_000
"""Characters of one comment, with room for what a workflow puts around it."""

_TICKS = re.compile(r"`+")
_NAMED = 12
"""Accounts named on one line; the rest is a number."""


def render_markdown(
    day: date,
    views: Sequence[DeliveryView],
    findings: Sequence[Finding],
    *,
    workspace: Workspace,
    changes: str = "",
    most: int = MOST,
) -> str:
    """The day as Markdown of at most about `most` characters; `changes` is what `apply` would do, in one line."""
    reader = zone(workspace.timezone)
    moments = timeline(views)
    head = "\n".join([*_head(day, views, workspace, changes), *_findings(findings)])
    return head + "\n" + _posts(moments, day, reader, differ=states_differ(views), room=most - len(head))


def _head(day: date, views: Sequence[DeliveryView], workspace: Workspace, changes: str) -> Iterator[str]:
    change = clock_change(day, zone(workspace.timezone))
    yield f"### {day_words(day)} · {workspace.id}"
    yield ""
    yield f"Times in {workspace.timezone}" + (f", where {change} on this day." if change else ".")
    yield f"**{totals(views)}**" if views else "No posts on this day."
    said = [states(views), *reach(views)] if views else []
    for line in filter(None, [*said, f"Against the queue, all days: {changes}" if changes else ""]):
        yield ""
        yield line
    yield ""


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    ordered = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    for finding in ordered:
        where = " ".join(filter(None, (str(finding.place), finding.path)))
        said = f"{finding.message} {finding.mend}".strip()
        waived = f" Waived: {finding.waived}" if finding.waived else ""
        place = f" {_code(where)}" if where else ""
        yield f"- **{finding.severity}**{place} {_plain(said + waived)} [{finding.rule}]"
    if findings:
        yield ""


def _posts(moments: Sequence[Moment], day: date, reader: ZoneInfo, *, differ: bool, room: int) -> str:
    blocks = [(card, _card(card, day, reader, differ=differ)) for moment in moments for card in moment.cards]
    shown: list[str] = []
    for at, (_, block) in enumerate(blocks):
        if len(block) > room:
            left = sum(len(card.views) for card, _ in blocks[at:])
            shown.append(f"\n**{counted(left, 'post')} more**: `drumbeat preview --day {day}` shows them all.\n")
            break
        shown.append(block)
        room -= len(block)
    return "".join(shown)


def _card(card: Card, day: date, reader: ZoneInfo, *, differ: bool) -> str:
    first = card.first
    when = moment_words(first.due, reader, day)
    accounts = listed([view.account for view in card.views])
    lines = ["<details>", f"<summary>{when} · {first.title} · {accounts}</summary>", ""]
    for name, names in asides(card.views, reader=reader, states=differ).items():
        lines += [f"on {listed(names, most=_NAMED)}{name}", ""]
    if card.again:
        lines += [f"the same text as at {moment_words(card.again, reader, day)}", ""]
    for at in range(len(first.parts)):
        lines += _part(card.views, at, short=card.again is not None)
    if first.files:
        lines += ["**Not applied**: the files now have it otherwise:", ""]
        for at in range(len(first.files.parts)):
            lines += _part([first.files], at, short=False)
    return "\n".join([*lines, "</details>", ""])


def _part(views: Sequence[DeliveryView], at: int, *, short: bool) -> Iterator[str]:
    part = views[0].parts[at]
    if len(views[0].parts) > 1:
        yield f"{at + 1} of {len(views[0].parts)}"
        yield ""
    if not short:
        yield from _content(part)
        yield from _fitted(views, at)
    yield " · ".join(
        f"{platform} {length_words(measure)}" if measure.fits else f"**{platform} {length_words(measure)}**"
        for platform, measure in lengths((view.platform, view.parts[at]) for view in views)
    )
    yield ""
    for url in dict.fromkeys(view.parts[at].remote_url for view in views if view.parts[at].remote_url):
        yield f"see {url}"
        yield ""


def _content(part: PartView) -> Iterator[str]:
    content = part.content
    if content.warning:
        yield f"- warning: {_code(content.warning)}"
        yield ""
    if content.text:
        yield from _fenced(content.text)
    beside = [f"- {medium(media)}: {_code(described(media))}" for media in content.media]
    beside += [f"- poll: {_code(poll_words(content.poll))}"] if content.poll else []
    beside += [f"- link card: {_code(content.link)}"] if content.link else []
    beside += [f"- for: {_code(content.visibility)}"] if content.visibility not in {"", "public"} else []
    if beside:
        yield from [*beside, ""]


def _fitted(views: Sequence[DeliveryView], at: int) -> Iterator[str]:
    """What is made of the pictures, for each its accounts."""
    for words, names in alike(fitted_apart(views, at)).items():
        yield f"- fitted: {_code(words)} (on {listed(names)})"
        yield ""


def _fenced(text: str) -> Iterable[str]:
    """The text between fences longer than any run of ticks in it."""
    shown = visible(text)
    fence = "`" * max(3, _longest(shown) + 1)
    return [f"{fence}text", shown, fence, ""]


def _code(text: str) -> str:
    """The text on one line as code, which a host neither formats nor obeys."""
    shown = " ".join(visible(text).split()) or "(blank)"
    ticks = "`" * (_longest(shown) + 1)
    edge = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{edge}{shown}{edge}{ticks}"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _plain(text: str) -> str:
    """Words of ours with pieces of theirs in them: signs that Markdown or HTML would obey are made harmless."""
    return re.sub(r"([\\`*_\[\]<>&|@#])", lambda sign: f"&#{ord(sign.group())};", visible(text))
