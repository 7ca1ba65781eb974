"""A plan's deliveries as the cases that rules look at: each with its account, campaign, settings and counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.checking.case import NO_CAMPAIGN, Case, Counts, Flaw
from scheduler.checking.rules import DEFAULTS
from scheduler.checking.settings import Settings
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post
from scheduler.model.delivery import PlannedDelivery
from scheduler.platforms import platform_named

_NOBODY: tuple[Campaign, None, frozenset[str]] = (NO_CAMPAIGN, None, frozenset())


@dataclass(slots=True)
class Cases:
    """What all cases of one look share; `settings` are those of each campaign."""

    workspace: Workspace
    campaigns: Sequence[Campaign]
    settings: Mapping[str, Settings] = field(default_factory=dict)
    flaws: Mapping[str, Sequence[Flaw]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    _opens: Mapping[str, date] = field(init=False)
    _others: Settings = field(init=False)
    _posts: Mapping[tuple[str, str], tuple[Campaign, Post | None, frozenset[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._opens = _opening_days(self.campaigns)
        self._others = Settings(self.workspace.checks, DEFAULTS)
        self._posts = {
            (campaign.id, post.id): (campaign, post, _hashtags(campaign, post))
            for campaign in self.campaigns
            for post in campaign.posts
        }

    def of(self, delivery: PlannedDelivery) -> Case:
        """The case of one delivery; one whose campaign the files have no more has none."""
        campaign, post, hashtags = self._posts.get((delivery.campaign, delivery.post), _NOBODY)
        return Case(
            delivery,
            self.workspace.accounts[delivery.account],
            platform_named(delivery.platform),
            self.counts,
            hashtags,
            self._opens,
            campaign,
            post,
            self.settings.get(delivery.campaign, self._others),
            self.flaws,
        )


def _hashtags(campaign: Campaign, post: Post) -> frozenset[str]:
    return frozenset(tag.casefold() for tag in (*(campaign.sources.hashtags or ()), *(post.sources.hashtags or ())))


def _opening_days(campaigns: Iterable[Campaign]) -> dict[str, date]:
    """Of each campaign's own hashtag, the first day of the earliest campaign that has it."""
    days: dict[str, date] = {}
    for campaign in campaigns:
        for tag in campaign.sources.hashtags or ():
            name = tag.removeprefix("#").casefold()
            days[name] = min(days.get(name, date.max), campaign.window.first)
    return days
