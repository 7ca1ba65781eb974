"""A day, a week or a campaign as an HTML page: everything that it says, gathered and drawn.

One function makes the page from what was surveyed; making it again after a change in a file
costs only what changed, as small pictures are kept in `pictures`.
"""

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from scheduler.errors import MediaError
from scheduler.finding import Finding, Severity
from scheduler.media.thumbnails import thumbnail
from scheduler.model.content import Media
from scheduler.operations.outlook import not_applied
from scheduler.operations.stopping import start_command, title
from scheduler.operations.survey import Survey
from scheduler.outbox.stops import Stop
from scheduler.preview.page.render import render_page
from scheduler.preview.page.sheet import PageSheet, Picture, Scope, Stopped, Version, picture_key
from scheduler.preview.view import DeliveryView
from scheduler.workspace.git import head

WEEK = timedelta(days=7)
Pictures = MutableMapping[str, Picture | None]
"""Small pictures by key, None for what cannot be shown; given again, nothing is scaled twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: a day, the seven days from it, or all days of one campaign."""

    day: date
    scope: Scope = Scope.DAY
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the files: the stops that stand, and pictures from an earlier making."""

    stops: Sequence[Stop] = ()
    queue: bool = True
    pictures: Pictures = field(default_factory=dict)


def chosen(views: Iterable[DeliveryView], asked: Asked) -> tuple[tuple[date, ...], list[DeliveryView]]:
    """The days of the page in order, and the views on them; a post's day is that of its slot's zone.

    With a campaign named, only its posts; without a week, all of its days that have any.
    """
    mine = [view for view in views if asked.campaign in {"", view.campaign}]
    if asked.scope is Scope.CAMPAIGN:
        return tuple(sorted({view.local.date() for view in mine})), mine
    length = WEEK.days if asked.scope is Scope.WEEK else 1
    days = tuple(asked.day + timedelta(days=more) for more in range(length))
    wanted = set(days)
    return days, [view for view in mine if view.local.date() in wanted]


def findings_of(findings: Iterable[Finding], views: Sequence[DeliveryView]) -> list[Finding]:
    """What is wrong anywhere, those notes that speak of a post shown, and what of it is not applied."""
    posts = {view.delivery.split("/")[1] for view in views}
    about = [
        finding
        for finding in findings
        if finding.severity is not Severity.NOTE or finding.path.removeprefix("posts.").split(".")[0] in posts
    ]
    return [*not_applied(views), *about]


def page_of(root: Path, survey: Survey, views: Sequence[DeliveryView], asked: Asked, around: Around) -> str:
    """The page of what was asked for, from the survey and every view of files and queue. Writes nothing.

    Raises `WorkspaceError` where drumbeat.yaml cannot be read; any other mistake in the files is shown.
    """
    return render_page(sheet_of(root, survey, views, asked, around))


def sheet_of(root: Path, survey: Survey, views: Sequence[DeliveryView], asked: Asked, around: Around) -> PageSheet:
    """All that the page says."""
    days, shown = chosen(views, asked)
    campaigns = [one for one in survey.loaded.campaigns if asked.campaign in {"", one.id}]
    return PageSheet(
        workspace=survey.workspace,
        scope=asked.scope,
        days=days,
        views=shown,
        findings=findings_of(survey.findings, shown),
        campaigns=campaigns,
        rendered_at=survey.at,
        changes=survey.changes() if around.queue else None,
        pictures=_pictures(root, shown, around.pictures),
        stops=[Stopped(title(stop.target), stop.who, stop.since, stop.why, _start(stop)) for stop in around.stops],
        version=_version(root),
    )


def _start(stop: Stop) -> str:
    return start_command(stop.target)


def _version(root: Path) -> Version | None:
    commit = head(root)
    return Version(commit.id, commit.subject, commit.changed) if commit else None


def _pictures(root: Path, views: Iterable[DeliveryView], known: Pictures) -> dict[str, Picture]:
    """Each picture of the posts once, in order of appearance; those of the files' versions too."""
    found: dict[str, Picture] = {}
    for media in _media(views):
        key = picture_key(media)
        if not key or key in found:
            continue
        if key not in known:
            known[key] = _picture(root, media)
        if (small := known[key]) is not None:
            found[key] = small
    return found


def _media(views: Iterable[DeliveryView]) -> Iterable[Media]:
    for view in views:
        for one in (view, view.files) if view.files else (view,):
            for part in one.parts:
                yield from part.content.media


def _picture(root: Path, media: Media) -> Picture | None:
    if not media.facts or not media.facts.type.startswith("image/"):
        return None
    try:
        small = thumbnail(root, media)
    except MediaError:
        return None
    return Picture(small.data, small.type, small.width, small.height)
