"""What a rule looks at, what it answers, and what a rule is.

A `Case` is one part of one post on one account, with the platform's counts at hand. A rule
says only what is wrong (`Hit`); who it concerns and where it stands is added afterwards,
so that one mistake on forty accounts is one finding. A rule says what its answer hangs on
(`Scope`) and is asked once for all that is the same in that: nothing else may be looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from scheduler.checking.counts import Counts
from scheduler.checking.settings import OWN, Settings, Threshold
from scheduler.finding import NOWHERE, Place, Replacement, Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.measure import Entities, Measure
from scheduler.model.schedule import Window
from scheduler.model.zones import zone
from scheduler.planning.plan import Plan
from scheduler.platforms import Platform

__all__ = [
    "AccountRule",
    "Case",
    "Counts",
    "Flaw",
    "Hit",
    "Line",
    "LineHit",
    "Remark",
    "Replacement",
    "Rule",
    "Scope",
    "Threshold",
    "Whole",
    "WholeRule",
]

NO_CAMPAIGN = Campaign("", "", "UTC", Window(date.min, date.max), (), (), ())


class Scope(StrEnum):
    """What a rule's answer hangs on, from the least to everything. Each holds what stands before it.

    `WORDS`: `delivery.content` and `delivery.part`, and the campaign, whatever the platform. `CONTENT`: the platform,
    its counts and limits, `hashtags` too. `POST`: which post it is. `MOMENT`: when it is due and expires, the zones of
    slot and account, the language of the account. `DELIVERY`: anything.
    """

    WORDS = "words"
    CONTENT = "content"
    POST = "post"
    MOMENT = "moment"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a card, as seen on its picture: the rule's id, what, and how to mend it."""

    rule: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Case:
    """One part of one post on one account.

    `hashtags` are those of its campaign and post, casefolded, without #; `opens` says of each campaign's hashtag
    on which civil day the first campaign that has it begins. `post` is None where the files have it no more.
    `flaws` is what was seen wrong with cards, by their drawing.
    """

    delivery: PlannedDelivery
    account: Account
    platform: Platform
    counts: Counts
    hashtags: frozenset[str] = frozenset()
    opens: Mapping[str, date] = field(default_factory=dict)
    campaign: Campaign = NO_CAMPAIGN
    post: Post | None = None
    settings: Settings = OWN
    flaws: Mapping[str, Sequence[Flaw]] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The text's lengths here, the fullest first."""
        return self.counts.measures(self.platform, self.delivery.content, self.account.limits)

    @property
    def entities(self) -> Entities:
        """Links, mentions and hashtags that the platform would find in the text."""
        return self.counts.entities(self.platform, self.delivery.content.text)

    @property
    def local(self) -> datetime:
        """When it is due, on the clock of its slot's zone."""
        return self.delivery.due.astimezone(zone(self.delivery.timezone))

    def limit(self, name: str) -> int:
        """The account's own limit, else the platform's; 0 where neither states one."""
        return self.account.limits.get(name, self.platform.limits.get(name, 0))

    def threshold(self, rule: str, name: str) -> int:
        """The number from which on `rule` speaks, as the campaign, the workspace or the rule itself sets it."""
        return self.settings.number(rule, name)

    def word(self, rule: str, name: str) -> str:
        """A threshold of `rule` that is a text."""
        return self.settings.word(rule, name)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing wrong: `what` completes "On x-main: …", `key` is the key of the post it stands in (`media.0.alt`).

    `fix` is the replacement in the writer's own source (campaign file, record or template) that mends it.
    """

    what: str
    mend: str = ""
    key: str = ""
    fix: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One account's posts in order of due, all parts; what the queue sent before is not in it."""

    account: Account
    platform: Platform
    deliveries: tuple[PlannedDelivery, ...]
    of: Mapping[str, Settings] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)

    @property
    def posts(self) -> tuple[PlannedDelivery, ...]:
        """The first parts alone: a thread is one post."""
        return tuple(delivery for delivery in self.deliveries if delivery.part == 1)

    def threshold(self, rule: str, name: str, delivery: PlannedDelivery) -> int:
        """The number from which on `rule` speaks of `delivery`, as its campaign has it."""
        return self.of.get(delivery.campaign, OWN).number(rule, name)


LineHit = tuple[PlannedDelivery, Hit]
"""Which post of a line is wrong, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything at once, for what no single post shows."""

    plan: Plan
    workspace: Workspace
    campaigns: tuple[Campaign, ...]
    templates: Mapping[str, str]
    settings: Settings = OWN

    def threshold(self, rule: str, name: str) -> int:
        """The number from which on `rule` speaks, as drumbeat.yaml or the rule itself sets it."""
        return self.settings.number(rule, name)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing wrong with the whole: a sentence, and the file or the place that it is about.

    What stands in a campaign's file is set and waived there, a `path` of `posts.tip…` in the post `tip`.
    """

    what: str
    mend: str = ""
    file: str = ""
    place: Place = NOWHERE
    path: str = ""
    fix: Replacement | None = None


@dataclass(frozen=True, slots=True)
class AnyRule:
    """What every rule has. `reason` is one sentence for a person; `source` says who asks for it, and as of when.

    `fixed`: a platform would refuse the post, or people would be harmed, so that nobody may weaken or waive it.
    `example` is bad, `better` good, one line each. `fix` says what `check --fix` does about it (empty: nothing).
    """

    id: str
    severity: Severity
    reason: str
    look: Callable[..., Iterable[object]]
    source: str = ""
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    fixed: bool = False
    example: str = ""
    better: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule(AnyRule):
    """A rule of posts, one by one."""

    look: Callable[[Case], Iterable[Hit]]
    scope: Scope = Scope.DELIVERY


@dataclass(frozen=True, slots=True)
class AccountRule(AnyRule):
    """A rule of the posts of one account, one after another."""

    look: Callable[[Line], Iterable[LineHit]]


@dataclass(frozen=True, slots=True)
class WholeRule(AnyRule):
    """A rule of the workspace as a whole."""

    look: Callable[[Whole], Iterable[Remark]]
