"""A day, a week or a campaign as an HTML page: everything that it says, gathered and drawn.

One function makes the page from what was surveyed; making it again after a change in a file
costs only what changed, as small pictures are kept in `pictures`.
"""

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.errors import MediaError
from scheduler.finding import has_errors
from scheduler.media.fonts import Fonts
from scheduler.media.thumbnails import thumbnail
from scheduler.model.content import Media
from scheduler.operations.extent import Extent, chosen, findings_of
from scheduler.operations.survey import Survey
from scheduler.preview.page.render import render_page
from scheduler.preview.page.sheet import PageSheet, Picture, Stopped, Version, picture_key
from scheduler.preview.view import DeliveryView
from scheduler.workspace.git import head

if TYPE_CHECKING:
    from scheduler.outbox.stops import Stop

Pictures = MutableMapping[str, Picture | None]
"""Small pictures by key, None for what cannot be shown; given again, nothing is scaled twice."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the files: the stops that stand, and pictures from an earlier making."""

    stops: "Sequence[Stop]" = ()
    queue: bool = True
    pictures: Pictures = field(default_factory=dict)


def page_of(root: Path, survey: Survey, views: Sequence[DeliveryView], extent: Extent, around: Around) -> str:
    """The page of what was asked for, from the survey and every view of files and queue. Writes nothing.

    Raises `WorkspaceError` where drumbeat.yaml cannot be read; any other mistake in the files is shown.
    """
    return render_page(sheet_of(root, survey, views, extent, around))


def sheet_of(root: Path, survey: Survey, views: Sequence[DeliveryView], extent: Extent, around: Around) -> PageSheet:
    """All that the page says."""
    days, shown = chosen(views, extent)
    campaigns = [one for one in survey.loaded.campaigns if extent.campaign in {"", one.id}]
    return PageSheet(
        workspace=survey.workspace,
        scope=extent.scope,
        days=days,
        views=shown,
        findings=findings_of(survey.findings, shown),
        campaigns=campaigns,
        rendered_at=survey.at,
        campaign=extent.campaign,
        changes=survey.changes() if around.queue and not has_errors(survey.findings) else None,
        pictures=_pictures(root, shown, around.pictures),
        stops=_stopped(around.stops),
        version=_version(root),
    )


def _stopped(stops: "Sequence[Stop]") -> list[Stopped]:
    if not stops:
        return []
    from scheduler.operations.stopping import start_command, title  # needs the database; most pages do not

    return [Stopped(title(one.target), one.who, one.since, one.why, start_command(one.target)) for one in stops]


def _version(root: Path) -> Version | None:
    commit = head(root)
    return Version(commit.id, commit.subject, commit.changed) if commit else None


def _pictures(root: Path, views: Iterable[DeliveryView], known: Pictures) -> dict[str, Picture]:
    """Each picture of the posts once, in order of appearance; those of the files' versions too."""
    found: dict[str, Picture] = {}
    fonts = Fonts()
    for media in _media(views):
        key = picture_key(media)
        if not key or key in found:
            continue
        if key not in known:
            known[key] = _picture(root, media, fonts)
        if (small := known[key]) is not None:
            found[key] = small
    return found


def _media(views: Iterable[DeliveryView]) -> Iterable[Media]:
    for view in views:
        for one in (view, view.files) if view.files else (view,):
            for part in one.parts:
                yield from part.content.media


def _picture(root: Path, media: Media, fonts: Fonts) -> Picture | None:
    if not media.facts or not media.facts.type.startswith("image/"):
        return None
    try:
        small = thumbnail(root, media, fonts=fonts)
    except MediaError:
        return None
    return Picture(small.data, small.type, small.width, small.height)
