"""What a rule looks at, what it answers, and what a rule is.

A `Case` is one part of one post on one account, with the platform's counts at hand. A rule
says only what is wrong (`Hit`); who it concerns and where it stands is added afterwards,
so that one mistake on forty accounts is one finding.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.finding import Severity
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign
from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.measure import Entities, Measure
from scheduler.planning.plan import Plan
from scheduler.platforms import Platform


@dataclass(slots=True)
class Counts:
    """Lengths and entities, each counted once however many accounts show the same text."""

    _measures: dict[tuple[object, ...], tuple[Measure, ...]] = field(default_factory=dict)
    _entities: dict[tuple[str, str], Entities] = field(default_factory=dict)

    def measures(self, platform: Platform, content: Content, limits: Mapping[str, int]) -> tuple[Measure, ...]:
        """The platform's lengths of the text, the fullest first."""
        media = len(content.media)
        key = (platform.name, content.text, content.warning, media, tuple(sorted(limits.items())))
        if key not in self._measures:
            self._measures[key] = platform.measure(content.text, warning=content.warning, limits=limits, media=media)
        return self._measures[key]

    def entities(self, platform: Platform, text: str) -> Entities:
        """What the platform would make of `text`."""
        key = (platform.name, text)
        if key not in self._entities:
            self._entities[key] = platform.entities(text)
        return self._entities[key]


@dataclass(frozen=True, slots=True)
class Case:
    """One part of one post on one account.

    `hashtags` are those of its campaign and post, casefolded, without #; `opens` says of each campaign's hashtag
    on which civil day the first campaign that has it begins.
    """

    delivery: PlannedDelivery
    account: Account
    platform: Platform
    counts: Counts
    hashtags: frozenset[str] = frozenset()
    opens: Mapping[str, date] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The text's lengths here, the fullest first."""
        return self.counts.measures(self.platform, self.delivery.content, self.account.limits)

    @property
    def entities(self) -> Entities:
        """Links, mentions and hashtags that the platform would find in the text."""
        return self.counts.entities(self.platform, self.delivery.content.text)

    def limit(self, name: str) -> int:
        """The account's own limit, else the platform's; 0 where neither states one."""
        return self.account.limits.get(name, self.platform.limits.get(name, 0))


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing wrong: `what` completes "On x-main: …", `key` is the key of the post it stands in (`media.0.alt`)."""

    what: str
    mend: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of posts. `reason` is one sentence for a person; `source` says who asks for it, and as of when."""

    id: str
    severity: Severity
    reason: str
    look: Callable[[Case], Iterable[Hit]]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything at once, for what no single post shows."""

    plan: Plan
    workspace: Workspace
    campaigns: tuple[Campaign, ...]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing wrong with the whole: a sentence, and the file that it is about."""

    what: str
    mend: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class WholeRule:
    """A rule of the workspace as a whole."""

    id: str
    severity: Severity
    reason: str
    look: Callable[[Whole], Iterable[Remark]]
    source: str = ""
