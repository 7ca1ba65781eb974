"""Says troubles to people: once each, with the first post it happens to and how many more there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.composing.brief import Brief, Composed
from scheduler.composing.trouble import Trouble
from scheduler.finding import Finding, Severity
from scheduler.model.content import Content
from scheduler.model.delivery import delivery_name


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rendering: the parts, and what was wrong; with an error there are no parts."""

    parts: tuple[Content, ...]
    troubles: tuple[Trouble, ...] = ()


def composed(briefs: Sequence[Brief], outcomes: Sequence[Outcome]) -> list[Composed]:
    """The answers to `briefs`; a trouble of many stands with the first of them."""
    counts: dict[tuple[str, str, Trouble], int] = {}
    for brief, outcome in zip(briefs, outcomes, strict=True):
        for trouble in outcome.troubles:
            key = (brief.campaign.id, brief.post.id, trouble)
            counts[key] = counts.get(key, 0) + 1
    return [_answer(brief, outcome, counts) for brief, outcome in zip(briefs, outcomes, strict=True)]


def _answer(brief: Brief, outcome: Outcome, counts: dict[tuple[str, str, Trouble], int]) -> Composed:
    if not outcome.troubles:
        return Composed(outcome.parts)
    findings = []
    for trouble in outcome.troubles:
        count = counts.pop((brief.campaign.id, brief.post.id, trouble), 0)
        if count:
            findings.append(_finding(brief, trouble, count))
    failed = any(trouble.severity is Severity.ERROR for trouble in outcome.troubles)
    return Composed(() if failed else outcome.parts, tuple(findings))


def _finding(brief: Brief, trouble: Trouble, count: int) -> Finding:
    record = f"for record {brief.record.key} " if brief.record else ""
    more = f" and {count - 1} more" if count > 1 else ""
    path = f"posts.{brief.post.id}.{trouble.path}" if trouble.path else f"posts.{brief.post.id}"
    message = f"{trouble.message.rstrip('.')}, {record}on {brief.account.name}{more}."
    name = delivery_name(campaign=brief.campaign.id, post=brief.post.id, slot=brief.slot, account=brief.account.name)
    return Finding(trouble.rule, trouble.severity, message, trouble.mend, trouble.place, path, name)
