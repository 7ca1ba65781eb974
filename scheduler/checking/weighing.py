"""What the files set and waive, over everything that was found.

A finding weighs what its campaign wants, else drumbeat.yaml, else the rule itself. A waiver
makes a note of it and keeps its reason in view. An error of the files themselves, and a
rule that is fixed, weigh what they weigh: the reader refuses settings of these, so that
nobody believes in them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.checking.reasons import settable
from scheduler.checking.rules import DEFAULTS
from scheduler.checking.settings import Settings
from scheduler.finding import Finding, Severity, note
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post
from scheduler.model.checks import CheckSetting, Waiver
from scheduler.planning.plan import Plan

_Where = tuple[str, str]
"""A campaign's id and a post's, each empty where a finding is about none."""


def settings_for(workspace: Workspace, campaign: Campaign | None = None) -> Settings:
    """How the rules weigh in `campaign` (None: in what belongs to no campaign); its word beats drumbeat.yaml's."""
    own = campaign.checks if campaign else {}
    merged = {rule: _merged(workspace.checks.get(rule), wanted) for rule, wanted in own.items()}
    return Settings({**workspace.checks, **merged}, DEFAULTS)


def _merged(above: CheckSetting | None, wanted: CheckSetting) -> CheckSetting:
    if above is None:
        return wanted
    silent = wanted.severity is None and not wanted.off
    heavy = replace(wanted, severity=above.severity, off=above.off) if silent else wanted
    return replace(heavy, thresholds={**above.thresholds, **wanted.thresholds})


def weighed(
    findings: Iterable[Finding], workspace: Workspace, campaigns: Sequence[Campaign], plan: Plan
) -> Iterator[Finding]:
    """The findings as heavy as they are wanted here, and a note for each waiver that had nothing to waive."""
    scales = _Scales({one.id: settings_for(workspace, one) for one in campaigns}, settings_for(workspace), campaigns)
    past: set[_Where] = set()
    for finding in findings:
        if finding.rule == "slot-past":
            past.add(scales.where(finding))
        yield from scales.weigh(finding)
    planned = {(delivery.campaign, delivery.post) for delivery in plan.deliveries} - past
    for idle in _idle(campaigns, scales.used, planned, past):
        yield from scales.weigh(idle)


@dataclass(slots=True)
class _Scales:
    settings: Mapping[str, Settings]
    others: Settings
    campaigns: Sequence[Campaign]
    used: set[tuple[str, str, str]] = field(default_factory=set)
    files: dict[str, Campaign] = field(init=False)
    ids: dict[str, Campaign] = field(init=False)
    posts: dict[_Where, Post] = field(init=False)

    def __post_init__(self) -> None:
        self.files = {campaign.file: campaign for campaign in self.campaigns if campaign.file}
        self.ids = {campaign.id: campaign for campaign in self.campaigns}
        self.posts = {(one.id, post.id): post for one in self.campaigns for post in one.posts}

    def where(self, finding: Finding) -> _Where:
        """The campaign and the post that a finding is about: by the post it names, else by its place."""
        if finding.delivery:
            campaign, post, *_ = finding.delivery.split("/")
            return campaign, post
        found = self.files.get(finding.place.file)
        head, _, rest = finding.path.partition(".")
        return (found.id, rest.partition(".")[0] if head == "posts" else "") if found else ("", "")

    def weigh(self, finding: Finding) -> Iterator[Finding]:
        if not settable(finding.rule, finding.severity):
            yield finding
            return
        campaign, post = self.where(finding)
        wanted = self.settings.get(campaign, self.others).checks.get(finding.rule)
        waiver = self._waiver(campaign, post, finding.rule)
        if waiver:
            yield replace(finding, severity=Severity.NOTE, waived=waiver.reason)
        elif wanted is None:
            yield finding
        elif not wanted.off:
            yield replace(finding, severity=wanted.severity or finding.severity)

    def _waiver(self, campaign: str, post: str, rule: str) -> Waiver | None:
        """The post's own waiver, else its campaign's."""
        known, all_of = self.posts.get((campaign, post)), self.ids.get(campaign)
        for name, holder in ((post, known), ("", all_of)):
            if holder is not None and rule in holder.waivers:
                self.used.add((campaign, name, rule))
                return holder.waivers[rule]
        return None


def _idle(
    campaigns: Sequence[Campaign], used: set[tuple[str, str, str]], planned: set[_Where], past: set[_Where]
) -> Iterator[Finding]:
    """A note for each waiver that waived nothing, where all of what it is for was looked at."""
    for campaign in campaigns:
        here = {post.id for post in campaign.posts}
        if {(campaign.id, post) for post in here} <= planned - past:
            for rule, waiver in campaign.waivers.items():
                if (campaign.id, "", rule) not in used:
                    yield _unused(rule, waiver, f"waive.{rule}")
        for post in campaign.posts:
            for rule, waiver in post.waivers.items() if (campaign.id, post.id) in planned else ():
                if (campaign.id, post.id, rule) not in used:
                    yield _unused(rule, waiver, f"posts.{post.id}.waive.{rule}")


def _unused(rule: str, waiver: Waiver, path: str) -> Finding:
    message = f"There is nothing here for which `{rule}` had to be waived."
    return note("waiver-unused", message, mend="Take the waiver away.", place=waiver.place, path=path)
