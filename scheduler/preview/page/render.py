"""A sheet becomes one HTML file: the template is filled, style and script go in by their hashes.

Each picture stands once in the style and is shown by a class wherever it is needed, so a
day with one picture on five hundred accounts carries it once.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from scheduler.model.zones import zone
from scheduler.platforms import platform_named
from scheduler.preview.clockwords import clock, day_words, offset
from scheduler.preview.describe import reach
from scheduler.preview.page import head
from scheduler.preview.page.against import against, kind_of
from scheduler.preview.page.axis import Axis, axis
from scheduler.preview.page.faces import Face, Faces, dated, web_addresses
from scheduler.preview.page.found import by_post, weighed
from scheduler.preview.page.looks import LOOKS
from scheduler.preview.page.policy import content_policy
from scheduler.preview.page.sheet import PageSheet, Picture
from scheduler.preview.page.texts import plain, shown
from scheduler.preview.timeline import Moment, timeline
from scheduler.preview.view import DeliveryView
from scheduler.preview.words import counted, duration, state_words

if TYPE_CHECKING:
    from jinja2 import Template

TABLE_FROM = 9
"""From so many posts on a moment has a table of them."""
_PACKAGE = "scheduler.preview.page"
_SHEETS = ("base.css", "head.css", "day.css", "card.css", "dress.css", "end.css", "phone.css", "paper.css")
"""The style, in this order: what is later refines what is earlier."""


@dataclass(frozen=True, slots=True)
class MomentFace:
    """One moment of the day: its clock, the pause before it, its cards, and whether it has a table."""

    id: str
    iso: str
    clock: str
    day: str
    offset: str
    gap: str
    posts: int
    cards: tuple[Face, ...]

    @property
    def tabled(self) -> bool:
        """Whether there are so many posts that a table helps."""
        return self.posts >= TABLE_FROM


@dataclass(frozen=True, slots=True)
class DayFace:
    """One day of the page."""

    id: str
    title: str
    posts: int
    axis: Axis
    moments: tuple[MomentFace, ...]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """All posts of one account, in order, each with the address of its card."""

    name: str
    platform: str
    title: str
    zone: str
    posts: tuple[tuple[str, str, str], ...]


def render_page(sheet: PageSheet) -> str:
    """The page. Pure: equal sheets give equal pages, letter by letter."""
    style, script = _style(sheet.pictures), _asset("page.js")
    reader, posts = zone(sheet.workspace.timezone), by_post(sheet)
    faces = Faces(
        sheet.workspace, reader=reader, styles=_classes(sheet.pictures), findings=posts, changes=kind_of(sheet.changes)
    )
    days, homes = _days(sheet, faces, reader)
    dry, live = reach(sheet.views)
    return _template().render(
        sheet=sheet,
        policy=content_policy(style=style, script=script),
        style=Markup(style),  # noqa: S704 - our own sheet, and base64
        script=Markup(script),  # noqa: S704 - our own script
        title=head.title(sheet),
        subtitle=head.subtitle(sheet),
        zone_words=head.zone_words(sheet.days[0] if sheet.days else sheet.rendered_at.date(), sheet.workspace.timezone),
        clock_notes=head.clock_notes(sheet.days, sheet.views, sheet.workspace.timezone),
        days=days,
        day_counts=head.day_counts(sheet),
        states=head.states(sheet.views),
        platforms=head.platforms(sheet.views),
        account_shares=head.accounts(sheet.views),
        accounts=_accounts(sheet, homes, reader),
        severities=weighed(sheet.findings, posts, homes),
        against=against(sheet, reader),
        settle=head.to_settle(sheet.views),
        out=head.out_already(sheet.views),
        dry=dry,
        live=live,
        filters=_filters(sheet),
        rendered=dated(sheet.rendered_at.astimezone(reader)),
        stopped_since=lambda stop: dated(stop.since.astimezone(reader)),
        homes=homes,
        moment=lambda due: _when(due, reader, several=len(sheet.days) > 1),
    )


def _days(sheet: PageSheet, faces: Faces, reader: ZoneInfo) -> tuple[list[DayFace], dict[str, str]]:
    """The days, and where on the page each post is shown."""
    by_day: dict[date, list[DeliveryView]] = {day: [] for day in sheet.days}
    for view in sheet.views:
        by_day.setdefault(view.local.date(), []).append(view)
    homes: dict[str, str] = {}
    found = []
    for day, views in sorted(by_day.items()):
        moments = timeline(views, apart=lambda view: view.platform)
        for card in (card for moment in moments for card in moment.cards):
            homes |= dict.fromkeys((view.delivery for view in card.views), card.first.delivery)
        drawn = tuple(_moment(moment, faces, reader, day) for moment in moments)
        found.append(DayFace(day.isoformat(), day_words(day), len(views), axis(views, day, reader, homes), drawn))
    return found, homes


def _moment(moment: Moment, faces: Faces, reader: ZoneInfo, day: date) -> MomentFace:
    here = moment.due.astimezone(reader)
    return MomentFace(
        id=f"t-{moment.due:%Y%m%dT%H%M%S}",
        iso=here.isoformat(),
        clock=clock(here).rsplit(" ", 1)[0],
        day=clock(here, day).split(" ", 1)[1],
        offset=offset(here),
        gap=duration(moment.gap.total_seconds()) if moment.gap else "",
        posts=sum(len(card.views) for card in moment.cards),
        cards=tuple(faces.face(card) for card in moment.cards),
    )


def _accounts(sheet: PageSheet, homes: Mapping[str, str], reader: ZoneInfo) -> list[AccountLine]:
    found: dict[str, list[DeliveryView]] = {}
    for view in sheet.views:
        found.setdefault(view.account, []).append(view)
    several = len(sheet.days) > 1
    lines = []
    for name, views in found.items():
        ordered = sorted(views, key=lambda view: (view.due, view.delivery))
        posts = tuple((_when(view.due, reader, several=several), view.title, homes[view.delivery]) for view in ordered)
        first = views[0]
        lines.append(
            AccountLine(name, first.platform, platform_named(first.platform).title, first.account_timezone, posts)
        )
    return sorted(lines, key=lambda line: (-len(line.posts), line.name))


def _when(due: datetime, reader: ZoneInfo, *, several: bool) -> str:
    here = due.astimezone(reader)
    return clock(here, here.date() - timedelta(days=1)) if several else clock(here)


def _filters(sheet: PageSheet) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The choices of each filter: its word, the attribute it looks at, and its values with their words."""
    views = sheet.views
    titles = {campaign.id: campaign.title or campaign.id for campaign in sheet.campaigns}
    campaigns = [(one, titles.get(one, one)) for one in sorted({view.campaign for view in views})]
    platforms = sorted({(view.platform, platform_named(view.platform).title) for view in views})
    accounts = [(one, one) for one in sorted({view.account for view in views})]
    languages = [(one, one) for one in sorted({view.language for view in views if view.language})]
    states = [(code, words) for code, words in sorted({(view.state, _state(view)) for view in views})]
    rules = [(one, one) for one in sorted({finding.rule for finding in sheet.findings})]
    found = [
        ("Campaign", "c", campaigns),
        ("Account", "a", accounts),
        ("Platform", "p", platforms),
        ("Language", "l", languages),
        ("State", "s", list(dict(states).items())),
    ]
    kept = [(word, key, values) for word, key, values in found if len(values) > 1]
    return [*kept, ("Finding", "f", [("any", "any finding"), *rules])] if rules else kept


def _classes(pictures: Mapping[str, Picture]) -> dict[str, str]:
    return {name: f"m{number}" for number, name in enumerate(pictures, 1)}


def _style(pictures: Mapping[str, Picture]) -> str:
    """The whole style: the sheet of the package, each platform's colours, each picture once."""
    rules, classes = [*map(_asset, _SHEETS), *_colours()], _classes(pictures)
    for name, picture in pictures.items():
        data = base64.b64encode(picture.data).decode()
        ratio = f"{picture.width}/{picture.height}" if picture.width and picture.height else "16/9"
        rules.append(f".{classes[name]}{{background-image:url(data:{picture.type};base64,{data});--ratio:{ratio}}}")
    return "\n".join(rules)


def _colours() -> Iterable[str]:
    """Each platform's colours, and what its readers may do, as the style knows them."""
    for name, look in LOOKS.items():
        yield f".p-{name}{{--a:{look.accent};--ink-a:{look.link}}}"
        if look.verbs:
            yield f'.p-{name} .part:last-child .said::after{{content:"{"     ".join(look.verbs)}"}}'
    dark = "".join(f".p-{name}{{--ink-a:{look.glow}}}" for name, look in LOOKS.items())
    yield f"@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _state(view: DeliveryView) -> str:
    return state_words(view.state, dry_run=view.dry_run, platform=view.platform)


def _asset(name: str) -> str:
    return resources.files(_PACKAGE).joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "plain": plain}
    environment.globals |= {"counted": counted, "state_of": attrgetter("words"), "urls_of": web_addresses}
    return environment.get_template("page.html.j2")
