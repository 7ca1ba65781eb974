"""Says troubles to people: once each, with the first post it happens to and how many more there are."""

from collections import Counter
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
    counts = Counter(
        _same(brief, trouble) for brief, outcome in zip(briefs, outcomes, strict=True) for trouble in outcome.troubles
    )
    return [_answer(brief, outcome, counts) for brief, outcome in zip(briefs, outcomes, strict=True)]


def _same(brief: Brief, trouble: Trouble) -> tuple[str, ...]:
    """What makes two troubles one: the post too, but not where a template or utm is wrong for several posts."""
    shared = trouble.place.file.startswith("templates/") or trouble.path.startswith("utm.")
    post = () if shared else (brief.campaign.id, brief.post.id, trouble.path)
    return (trouble.rule, trouble.message, str(trouble.place), *post)


def _answer(brief: Brief, outcome: Outcome, counts: Counter[tuple[str, ...]]) -> Composed:
    if not outcome.troubles:
        return Composed(outcome.parts)
    told = [(trouble, counts.pop(_same(brief, trouble), 0)) for trouble in outcome.troubles]
    failed = any(trouble.severity is Severity.ERROR for trouble in outcome.troubles)
    return Composed(
        () if failed else outcome.parts, tuple(_finding(brief, trouble, count) for trouble, count in told if count)
    )


def _finding(brief: Brief, trouble: Trouble, count: int) -> Finding:
    record = f"for record {brief.record.key} " if brief.record else ""
    more = f" and {count - 1} more" if count > 1 else ""
    message = f"{trouble.message.rstrip('.')}, {record}on {brief.account.name}{more}."
    name = delivery_name(campaign=brief.campaign.id, post=brief.post.id, slot=brief.slot, account=brief.account.name)
    return Finding(trouble.rule, trouble.severity, message, trouble.mend, trouble.place, _path(brief, trouble), name)


def _path(brief: Brief, trouble: Trouble) -> str:
    post = "" if trouble.path.startswith("utm.") else f"posts.{brief.post.id}"
    return ".".join(filter(None, (post, trouble.path)))
