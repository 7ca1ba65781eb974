"""All that a page says, gathered before it is drawn.

Whoever builds a sheet has read files, queue, git and pictures; whoever draws it reads
nothing any more. So the page can be made again, and compared, from equal parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from scheduler.finding import Finding
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign
from scheduler.model.content import Media
from scheduler.planning.changes import ChangeSet
from scheduler.preview.view import DeliveryView


class Scope(StrEnum):
    """What a page is about."""

    DAY = "day"
    WEEK = "week"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture small enough for the page: its bytes, MIME type and pixels."""

    data: bytes
    type: str
    width: int
    height: int


def picture_key(media: Media) -> str:
    """What looks alike has one key, whatever its size there; empty for what was never looked at."""
    if media.facts is None:
        return ""
    kind = media.recipe.type if media.recipe else media.facts.type
    return f"{media.facts.sha256} {kind}"


@dataclass(frozen=True, slots=True)
class Version:
    """The git commit of the files: short id, subject, and whether files differ from it."""

    commit: str
    subject: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop that stands: what, by whom, since when (UTC), why, and the command that starts it again."""

    what: str
    who: str
    since: datetime
    why: str
    start: str


@dataclass(frozen=True, slots=True)
class PageSheet:
    """One page. `days` are shown in order, each view on its slot's own day; `pictures` by `picture_key`.

    `campaign` is the one that the page is narrowed to (empty: none). `changes` is None where the queue was left out
    (`preview --files`), or an error in the files lets nothing be compared. `rendered_at` is the moment of making (UTC).
    """

    workspace: Workspace
    scope: Scope
    days: tuple[date, ...]
    views: Sequence[DeliveryView]
    findings: Sequence[Finding]
    campaigns: Sequence[Campaign]
    rendered_at: datetime
    campaign: str = ""
    changes: ChangeSet | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    stops: Sequence[Stopped] = ()
    version: Version | None = None
