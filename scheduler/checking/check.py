"""All rules over all posts, and one finding for one mistake.

The same thing said of many accounts or slots becomes one finding that names the first and
counts the rest, at the place in the campaign file that a writer has to change. What the
files set and waive is weighed here too, for every kind of rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from scheduler.checking.asking import Memory
from scheduler.checking.case import AnyRule, Case, Counts, Flaw, Hit, Line, Remark, Whole, WholeRule
from scheduler.checking.places import subject, where
from scheduler.checking.rules import ACCOUNT_RULES, DEFAULTS, POST_RULES, WHOLE_RULES
from scheduler.checking.settings import Settings
from scheduler.checking.weighing import settings_for, weighed
from scheduler.finding import Finding, Place
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post
from scheduler.planning.plan import Plan
from scheduler.platforms import platform_named

NO_FLAWS: Mapping[str, Sequence[Flaw]] = MappingProxyType({})
_Key = tuple[str, str, str, int, str, str]


def check_plan(
    plan: Plan,
    workspace: Workspace,
    campaigns: Sequence[Campaign],
    templates: Mapping[str, str],
    found: Iterable[Finding] = (),
    flaws: Mapping[str, Sequence[Flaw]] = NO_FLAWS,
) -> tuple[Finding, ...]:
    """What the rules say of `plan`, in the order of its posts; `templates` by name below `templates/posts/`.

    What was `found` elsewhere stands before it, and is weighed by the same settings and waivers. `flaws` is what was
    seen wrong with cards, by their drawing.
    """
    look = _Look(plan, workspace, tuple(campaigns), templates, flaws)
    return tuple(weighed((*found, *look.findings()), workspace, campaigns, plan))


@dataclass(slots=True)
class _Look:
    """One look at one plan, every rule with its own severity."""

    plan: Plan
    workspace: Workspace
    campaigns: tuple[Campaign, ...]
    templates: Mapping[str, str]
    flaws: Mapping[str, Sequence[Flaw]]
    settings: dict[str, Settings] = field(default_factory=dict)
    hits: dict[_Key, tuple[AnyRule, Hit]] = field(default_factory=dict)
    cases: dict[_Key, list[Case]] = field(default_factory=lambda: defaultdict(list))

    def findings(self) -> Iterator[Finding]:
        self.settings = {one.id: settings_for(self.workspace, one) for one in self.campaigns}
        self._posts()
        self._lines()
        for key, (rule, hit) in self.hits.items():
            yield _finding(rule, hit, self.cases[key], self.workspace)
        whole = Whole(self.plan, self.workspace, self.campaigns, self.templates, settings_for(self.workspace))
        for whole_rule in WHOLE_RULES:
            yield from (_remark(whole_rule, remark) for remark in whole_rule.look(whole))

    def _posts(self) -> None:
        memory = Memory()
        active = {one.id: [rule for rule in POST_RULES if not self._off(rule, one.id)] for one in self.campaigns}
        for case in _cases(self.plan, self.workspace, self.campaigns, self.settings, self.flaws):
            for rule, hit in memory.hits(case, active.get(case.delivery.campaign, POST_RULES)):
                self._note(rule, hit, case)

    def _off(self, rule: AnyRule, campaign: str) -> bool:
        """Whether nobody wants to hear of the rule here; it is then not even asked."""
        checks = self.settings[campaign].checks
        return not rule.fixed and rule.id in checks and checks[rule.id].off

    def _lines(self) -> None:
        lines: dict[str, dict[str, Case]] = defaultdict(dict)
        for case in (
            _cases(self.plan, self.workspace, self.campaigns, self.settings, self.flaws) if ACCOUNT_RULES else ()
        ):
            lines[case.account.name][case.delivery.name] = case
        for cases in lines.values():
            first, deliveries = next(iter(cases.values())), tuple(case.delivery for case in cases.values())
            named = {delivery.campaign: settings_for(self.workspace) for delivery in deliveries} | self.settings
            line = Line(first.account, first.platform, deliveries, named)
            for rule in ACCOUNT_RULES:
                for delivery, hit in rule.look(line):
                    self._note(rule, hit, cases[delivery.name])

    def _note(self, rule: AnyRule, hit: Hit, case: Case) -> None:
        delivery = case.delivery
        key = (rule.id, delivery.campaign, delivery.post, delivery.part, hit.key, hit.what)
        self.hits.setdefault(key, (rule, hit))
        self.cases[key].append(case)


def _cases(
    plan: Plan,
    workspace: Workspace,
    campaigns: Sequence[Campaign],
    settings: Mapping[str, Settings],
    flaws: Mapping[str, Sequence[Flaw]] = NO_FLAWS,
) -> Iterator[Case]:
    counts, tags, opens = Counts(), _hashtags(campaigns), _opening_days(campaigns)
    posts = {(campaign.id, post.id): (campaign, post) for campaign in campaigns for post in campaign.posts}
    for delivery in plan.deliveries:
        key = (delivery.campaign, delivery.post)
        known: dict[str, Campaign | Post] = {}
        if key in posts:
            known = dict(zip(("campaign", "post"), posts[key], strict=True))
        yield Case(
            delivery,
            workspace.accounts[delivery.account],
            platform_named(delivery.platform),
            counts,
            tags.get(key, frozenset()),
            opens,
            settings=settings.get(delivery.campaign) or Settings(workspace.checks, DEFAULTS),
            flaws=flaws,
            **known,  # type: ignore[arg-type]
        )


def _hashtags(campaigns: Iterable[Campaign]) -> dict[tuple[str, str], frozenset[str]]:
    return {
        (campaign.id, post.id): frozenset(
            tag.casefold() for tag in (*(campaign.sources.hashtags or ()), *(post.sources.hashtags or ()))
        )
        for campaign in campaigns
        for post in campaign.posts
    }


def _opening_days(campaigns: Iterable[Campaign]) -> dict[str, date]:
    """Of each campaign's own hashtag, the first day of the earliest campaign that has it."""
    days: dict[str, date] = {}
    for campaign in campaigns:
        for tag in campaign.sources.hashtags or ():
            name = tag.removeprefix("#").casefold()
            days[name] = min(days.get(name, date.max), campaign.window.first)
    return days


def _finding(rule: AnyRule, hit: Hit, cases: Sequence[Case], workspace: Workspace) -> Finding:
    path, place = where(hit.key, cases[0], workspace)
    message = f"{subject([case.delivery for case in cases])}: {hit.what}."
    return Finding(rule.id, rule.severity, message, hit.mend, place, path, cases[0].delivery.name, fix=hit.fix)


def _remark(rule: WholeRule, remark: Remark) -> Finding:
    place = remark.place if remark.place.file else Place(remark.file)
    return Finding(rule.id, rule.severity, remark.what, remark.mend, place, remark.path, fix=remark.fix)


def media_places(plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign]) -> dict[str, Place]:
    """Where in the campaign files each media file of `plan` is named first, by its path below `media/`."""
    places: dict[str, Place] = {}
    for case in _cases(plan, workspace, campaigns, {}):
        for at, media in enumerate(case.delivery.content.media):
            if media.file not in places:
                places[media.file] = where(f"media.{at}.file", case, workspace)[1]
    return places
