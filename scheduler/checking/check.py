"""All rules over all posts, and one finding for one mistake.

The same thing said of many accounts or slots becomes one finding that names the first and
counts the rest, at the place in the campaign file that a writer has to change. What the
files set and waive is weighed here too, for every kind of rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.checking.asking import Memory
from scheduler.checking.case import AnyRule, Case, Flaw, Hit, Line, Remark, Whole, WholeRule
from scheduler.checking.cases import Cases
from scheduler.checking.places import Places, subject
from scheduler.checking.rules import ACCOUNT_RULES, POST_RULES, WHOLE_RULES
from scheduler.checking.settings import Settings
from scheduler.checking.weighing import settings_for, weighed
from scheduler.finding import Finding, Place
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan

NO_FLAWS: Mapping[str, Sequence[Flaw]] = MappingProxyType({})
_Key = tuple[str, str, str, int, str, str, str]


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
    hits: dict[_Key, tuple[AnyRule, Hit, Place]] = field(default_factory=dict)
    concerned: dict[_Key, list[PlannedDelivery]] = field(default_factory=lambda: defaultdict(list))
    places: Places = field(init=False)

    def findings(self) -> Iterator[Finding]:
        self.places = Places(self.workspace)
        settings = {one.id: settings_for(self.workspace, one) for one in self.campaigns}
        desk = Cases(self.workspace, self.campaigns, settings, self.flaws)
        cases = [desk.of(delivery) for delivery in self.plan.deliveries]
        self._posts(cases, settings)
        self._lines(cases)
        for key, (rule, hit, place) in self.hits.items():
            yield _finding(rule, hit, (key[-1], place), self.concerned[key])
        whole = Whole(self.plan, self.workspace, self.campaigns, self.templates, settings_for(self.workspace))
        for whole_rule in WHOLE_RULES:
            yield from (_remark(whole_rule, remark) for remark in whole_rule.look(whole))

    def _posts(self, cases: Iterable[Case], settings: Mapping[str, Settings]) -> None:
        memory = Memory({name: [rule for rule in POST_RULES if not _off(rule, own)] for name, own in settings.items()})
        for case in cases:
            for rule, hit in memory.hits(case):
                self._note(rule, hit, case)

    def _lines(self, cases: Iterable[Case]) -> None:
        lines: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            lines[case.account.name].append(case)
        for known in lines.values():
            by_delivery = {id(case.delivery): case for case in known}
            others = {case.delivery.campaign: case.settings for case in known}
            line = Line(
                known[0].account, known[0].platform, tuple(case.delivery for case in known), others, known[0].counts
            )
            for rule in ACCOUNT_RULES:
                for delivery, hit in rule.look(line):
                    self._note(rule, hit, by_delivery[id(delivery)])

    def _note(self, rule: AnyRule, hit: Hit, case: Case) -> None:
        """One mistake is one thing said of one place, of whomever it is said."""
        delivery, (path, place) = case.delivery, self.places.of(hit.key, case)
        key = (rule.id, delivery.campaign, delivery.post, delivery.part, hit.key, hit.what, path)
        self.hits.setdefault(key, (rule, hit, place))
        self.concerned[key].append(delivery)


def _off(rule: AnyRule, settings: Settings) -> bool:
    """Whether nobody wants to hear of the rule here; it is then not even asked."""
    return not rule.fixed and rule.id in settings.checks and settings.checks[rule.id].off


def _finding(rule: AnyRule, hit: Hit, at: tuple[str, Place], deliveries: Sequence[PlannedDelivery]) -> Finding:
    (path, place), message = at, f"{subject(deliveries)}: {hit.what}."
    return Finding(rule.id, rule.severity, message, hit.mend, place, path, deliveries[0].name, fix=hit.fix)


def _remark(rule: WholeRule, remark: Remark) -> Finding:
    place = remark.place if remark.place.file else Place(remark.file, 1, 1) if remark.file else remark.place
    return Finding(rule.id, rule.severity, remark.what, remark.mend, place, remark.path, fix=remark.fix)


def media_places(plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign]) -> dict[str, Place]:
    """Where in the campaign files each media file of `plan` is named first, by its path below `media/`."""
    desk, written = Cases(workspace, campaigns), Places(workspace)
    places: dict[str, Place] = {}
    for delivery in plan.deliveries:
        for at, media in enumerate(delivery.content.media):
            if media.file not in places:
                places[media.file] = written.of(f"media.{at}.file", desk.of(delivery))[1]
    return places
