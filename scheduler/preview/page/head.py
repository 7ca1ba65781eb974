"""What stands above the posts: the numbers, the findings, what would change, and what is out already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.model.zones import zone
from scheduler.platforms import platform_named
from scheduler.preview.clockwords import clock_change, day_words, offset
from scheduler.preview.page.faces import state_of
from scheduler.preview.page.sheet import PageSheet, Scope
from scheduler.preview.view import DeliveryView


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a total: `to` is the address of its place on the page (empty: none), `percent` of the largest."""

    name: str
    posts: int
    percent: int
    tone: str = ""


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
    found = Counter(state_of(view) for view in views)
    return [Share(words, number, 0, tone) for (tone, words), number in found.most_common()]


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


def to_settle(views: Iterable[DeliveryView]) -> list[DeliveryView]:
    """What a person has to look after: unknown, not sent, missed; in order."""
    return _in_states(views, {"uncertain", "failed", "missed"})


def out_already(views: Iterable[DeliveryView]) -> list[DeliveryView]:
    """What has gone out, or is on its way, in order."""
    return _in_states(views, {"sent", "sending", "retracted"})


def _in_states(views: Iterable[DeliveryView], states: set[str]) -> list[DeliveryView]:
    return sorted((view for view in views if view.state in states), key=lambda view: (view.due, view.delivery))


def day_counts(sheet: PageSheet) -> list[Share]:
    """Posts by day, for a page of several; `tone` is the day's address on the page."""
    found = Counter(view.local.date() for view in sheet.views)
    most = max(found.values(), default=1)
    return [Share(_short(day), found[day], round(found[day] / most * 100), day.isoformat()) for day in sheet.days]


def _short(day: date) -> str:
    """`Wed 30 June 2027`."""
    weekday, rest = day_words(day).split(" ", 1)
    return f"{weekday[:3]} {rest}"
