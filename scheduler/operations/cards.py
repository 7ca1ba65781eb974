"""The cards of a plan looked at: each drawing once, however many accounts show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.checking.case import Case, Counts
from scheduler.checking.places import subject, where
from scheduler.finding import Finding, Severity
from scheduler.media.cards import Flaw, look
from scheduler.media.fonts import CardsNotInstalled, Fonts
from scheduler.model.account import Workspace
from scheduler.model.campaign import CARD, Campaign
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan
from scheduler.platforms import platform_named

NOT_INSTALLED = "card-not-installed"
KEY = "card"

_SEVERITIES: Mapping[str, Severity] = {"card-font": Severity.WARNING}
_Post = tuple[str, str]


def is_card(file: str) -> bool:
    """Whether a post's file is a card, which is drawn, and not a file below `media/`."""
    return file.startswith(CARD)


def card_findings(plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign]) -> list[Finding]:
    """What is wrong with the plan's cards by eye; one finding a post where what draws them is not installed."""
    gathered = _Gathered(workspace, campaigns)
    for delivery in plan.deliveries:
        for media in delivery.content.media:
            if media.drawing:
                gathered.see(delivery, media.drawing)
    return list(gathered.findings())


@dataclass(slots=True)
class _Gathered:
    """What was seen of the cards so far, by the post and by what is wrong."""

    workspace: Workspace
    campaigns: Sequence[Campaign]
    fonts: Fonts = field(default_factory=Fonts)
    looked: dict[str, tuple[Flaw, ...]] = field(default_factory=dict)
    found: dict[tuple[_Post, Flaw], list[PlannedDelivery]] = field(default_factory=dict)

    def see(self, delivery: PlannedDelivery, drawing: str) -> None:
        if drawing not in self.looked:
            self.looked[drawing] = self._look(drawing)
        for flaw in self.looked[drawing]:
            self.found.setdefault(((delivery.campaign, delivery.post), flaw), []).append(delivery)

    def _look(self, drawing: str) -> tuple[Flaw, ...]:
        try:
            return look(drawing, self.fonts)
        except CardsNotInstalled as missing:
            return (Flaw(NOT_INSTALLED, f"the card cannot be drawn: {missing.message.rstrip('.')}", missing.mend),)

    def findings(self) -> Iterator[Finding]:
        posts = {(one.id, post.id): (one, post) for one in self.campaigns for post in one.posts}
        for (name, flaw), deliveries in self.found.items():
            first = deliveries[0]
            campaign, post = posts[name]
            account = self.workspace.accounts[first.account]
            case = Case(first, account, platform_named(first.platform), Counts(), campaign=campaign, post=post)
            path, place = where(KEY, case, self.workspace)
            severity = _SEVERITIES.get(flaw.rule, Severity.ERROR)
            yield Finding(
                flaw.rule, severity, f"{subject(deliveries)}: {flaw.what}.", flaw.mend, place, path, first.name
            )
