"""Which posts a preview is about: a day's, those of seven days, or all of a campaign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.finding import Finding, Severity
from scheduler.operations.outlook import not_applied
from scheduler.preview.page.sheet import Scope
from scheduler.preview.view import DeliveryView

__all__ = ["Extent", "Scope", "chosen", "findings_of"]

WEEK = 7


@dataclass(frozen=True, slots=True)
class Extent:
    """A day, the seven days from it, or all days of the campaign; a campaign may also narrow the first two."""

    day: date
    scope: Scope = Scope.DAY
    campaign: str = ""


def chosen(views: Iterable[DeliveryView], extent: Extent) -> tuple[tuple[date, ...], list[DeliveryView]]:
    """The days in order, and the views on them; a post's day is that of its slot's zone.

    Of a whole campaign only the days that have any post; where none has, the day of the extent stands alone.
    """
    mine = [view for view in views if extent.campaign in {"", view.campaign}]
    if extent.scope is Scope.CAMPAIGN:
        return tuple(sorted({view.local.date() for view in mine})) or (extent.day,), mine
    length = WEEK if extent.scope is Scope.WEEK else 1
    days = tuple(extent.day + timedelta(days=more) for more in range(length))
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
