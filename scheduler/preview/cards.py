"""One card: a text as it will stand there, what goes with it, and for whom it is how long.

What a colour shows, words show too: the links that a platform makes are listed, and a count
over its limit says so.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.model.content import Content
from scheduler.model.measure import Entities
from scheduler.preview.clockwords import clock
from scheduler.preview.describe import asides, described, length_words, lengths, medium, poll_words
from scheduler.preview.fitted import fitted_apart
from scheduler.preview.paint import Sheet, styled, with_entities
from scheduler.preview.timeline import Card
from scheduler.preview.view import DeliveryView, PartView
from scheduler.preview.words import listed

if TYPE_CHECKING:
    from rich.text import Text

INDENT, LABEL = 2, 10
_BODY = INDENT + 2


def draw_card(sheet: Sheet, card: Card, *, reader: ZoneInfo, day: date, full: bool, states: bool, colour: bool) -> None:
    """The card's lines. `states` says whether each account's state is worth a word, as where they differ."""
    view = card.first
    sheet.line(view.title, style="bold", indent=INDENT, hang=2)
    if card.again:
        sheet.line(f"the same text as at {clock(card.again.astimezone(reader), day)}", indent=_BODY)
        for at in range(len(view.parts)):
            sheet.put(_counts([(one.platform, one.parts[at]) for one in card.views]), indent=_BODY)
    else:
        _draw_parts(sheet, card.views, colour=colour)
    _draw_accounts(sheet, card.views, reader=reader, states=states)
    if view.files:
        _draw_files(sheet, view, view.files, reader=reader, colour=colour)
    if full:
        sheet.labelled("as", view.delivery, indent=_BODY, gap=LABEL)


def _draw_files(sheet: Sheet, view: DeliveryView, files: DeliveryView, *, reader: ZoneInfo, colour: bool) -> None:
    """The same post as the files now have it, beside what the queue holds."""
    here = files.due.astimezone(reader)
    when = "" if files.due == view.due else f", at {clock(here, view.due.astimezone(reader).date())}"
    reworded = [part.content for part in files.parts] != [part.content for part in view.parts]
    words = f"NOT APPLIED: the files now have it otherwise{when}{':' if reworded else ''}"
    sheet.line(words, style="yellow", indent=_BODY)
    if reworded:
        _draw_parts(sheet, [files], colour=colour)


def _draw_parts(sheet: Sheet, views: Sequence[DeliveryView], *, colour: bool) -> None:
    parts = views[0].parts
    for at, part in enumerate(parts):
        if len(parts) > 1:
            sheet.line(f"{at + 1} of {len(parts)}", style="dim", indent=_BODY)
        if part.content.warning:
            sheet.labelled("warning", part.content.warning, indent=_BODY, gap=LABEL, style="yellow")
        if part.content.text:
            sheet.put(with_entities(part.content.text, part.entities), indent=_BODY)
        _draw_beside(sheet, part.content)
        _draw_own(sheet, "fitted", fitted_apart(views, at))
        _draw_link_card(sheet, views, at)
        if not colour or any(view.parts[at].content != part.content for view in views):
            _draw_links(sheet, views, at, own_only=colour)
        sheet.put(_counts([(view.platform, view.parts[at]) for view in views]), indent=_BODY)


def _draw_beside(sheet: Sheet, content: Content) -> None:
    """Pictures, poll and visibility."""
    for media in content.media:
        sheet.labelled(medium(media), described(media), indent=_BODY, gap=LABEL)
    if content.poll:
        sheet.labelled("poll", poll_words(content.poll), indent=_BODY, gap=LABEL)
    if content.visibility not in {"", "public"}:
        sheet.labelled("for", content.visibility, indent=_BODY, gap=LABEL)


def _draw_links(sheet: Sheet, views: Sequence[DeliveryView], at: int, *, own_only: bool) -> None:
    """What becomes a link in part `at`: what does for all, then each account's own (with `own_only` these alone)."""
    texts = {view.account: _linked(view.parts[at].entities) for view in views}
    everywhere = [text for text in next(iter(texts.values())) if all(text in found for found in texts.values())]
    if everywhere and not own_only:
        sheet.labelled("links", "  ".join(everywhere), indent=_BODY, gap=LABEL)
    _draw_own(
        sheet,
        "links",
        {account: "  ".join(text for text in found if text not in everywhere) for account, found in texts.items()},
    )


def _draw_link_card(sheet: Sheet, views: Sequence[DeliveryView], at: int) -> None:
    parts = [view.parts[at] for view in views]
    differ = len({part.content.link for part in parts}) > 1
    if differ and all(part.content.link in _linked(part.entities) for part in parts):
        sheet.labelled("link card", "for each its own link, as below", indent=_BODY, gap=LABEL)
    else:
        _draw_own(sheet, "link card", {view.account: view.parts[at].content.link for view in views})


def _draw_own(sheet: Sheet, label: str, shown: Mapping[str, str]) -> None:
    """A line for each different text, with its accounts where there are several; empty ones are left out."""
    own: dict[str, list[str]] = {}
    for account, text in shown.items():
        own.setdefault(text, []).append(account)
    for text, accounts in own.items():
        where = f" (on {listed(accounts)})" if len(own) > 1 else ""
        if text:
            sheet.labelled(label, f"{text}{where}", indent=_BODY, gap=LABEL)


def _linked(entities: Entities) -> tuple[str, ...]:
    kinds = (entities.urls, entities.mentions, entities.hashtags)
    return tuple(dict.fromkeys(entity.text for kind in kinds for entity in kind))


def _counts(counted_by: Sequence[tuple[str, PartView]]) -> "Text":
    """`x 268/280 · bluesky 287/300`, each platform and length once, the fullest first."""
    line = styled("")
    for platform, measure in lengths(counted_by):
        line.append(" · " if line.plain else "")
        line.append_text(styled(f"{platform} {length_words(measure)}", "dim" if measure.fits else "bold red"))
    return line


def _draw_accounts(sheet: Sheet, views: Sequence[DeliveryView], *, reader: ZoneInfo, states: bool) -> None:
    """Who shows it, by their own clocks where these differ from the reader's."""
    for aside, accounts in asides(views, reader=reader, states=states).items():
        sheet.line(f"on {', '.join(accounts)}{aside}", style="green", indent=_BODY, hang=3)
    for view in views:
        for part in view.parts:
            if part.remote_url:
                sheet.raw(f"see {part.remote_url}", indent=_BODY)
