"""All rules over all posts, and one finding for one mistake.

The same thing said of many accounts or slots becomes one finding that names the first and
counts the rest, at the place in the campaign file that a writer has to change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from scheduler.checking.case import Case, Counts, Hit, Remark, Rule, Whole, WholeRule
from scheduler.checking.rules import POST_RULES, WHOLE_RULES
from scheduler.finding import Finding, Place
from scheduler.model.account import Workspace
from scheduler.model.campaign import Campaign, Post
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.plan import Plan
from scheduler.platforms import platform_named

NAMED = 3
"""So many accounts or slots are named one by one; the rest is a number."""

_ONCE = "once"
_Key = tuple[str, str, str, int, str, str]


def check_plan(
    plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign], templates: Mapping[str, str]
) -> tuple[Finding, ...]:
    """What the rules say of `plan`, in the order of its posts; `templates` by name below `templates/posts/`."""
    posts = {(campaign.id, post.id): post for campaign in campaigns for post in campaign.posts}
    grouped: dict[_Key, list[Case]] = {}
    hits: dict[_Key, tuple[Rule, Hit]] = {}
    for case in _cases(plan, workspace, campaigns):
        for rule in POST_RULES:
            for hit in rule.look(case):
                key = _key(rule, hit, case.delivery)
                grouped.setdefault(key, []).append(case)
                hits.setdefault(key, (rule, hit))
    found = [_finding(*hits[key], cases, workspace, posts) for key, cases in grouped.items()]
    whole = Whole(plan, workspace, tuple(campaigns), templates)
    return (*found, *(_remark(rule, remark) for rule in WHOLE_RULES for remark in rule.look(whole)))


def _cases(plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign]) -> Iterator[Case]:
    counts, tags, opens = Counts(), _hashtags(campaigns), _opening_days(campaigns)
    for delivery in plan.deliveries:
        account = workspace.accounts[delivery.account]
        hashtags = tags.get((delivery.campaign, delivery.post), frozenset())
        yield Case(delivery, account, platform_named(delivery.platform), counts, hashtags, opens)


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


def _key(rule: Rule, hit: Hit, delivery: PlannedDelivery) -> _Key:
    return rule.id, delivery.campaign, delivery.post, delivery.part, hit.key, hit.what


def _finding(
    rule: Rule,
    hit: Hit,
    cases: Sequence[Case],
    workspace: Workspace,
    posts: Mapping[tuple[str, str], Post],
) -> Finding:
    first = cases[0].delivery
    path, place = _where(hit.key, cases[0], workspace, posts.get((first.campaign, first.post)))
    message = f"{_subject([case.delivery for case in cases])}: {hit.what}."
    return Finding(rule.id, rule.severity, message, hit.mend, place, path, first.name)


def _subject(deliveries: Sequence[PlannedDelivery]) -> str:
    """`On x-main, bluesky-main and 4 more (ana)`."""
    accounts = list(dict.fromkeys(delivery.account for delivery in deliveries))
    slots = [slot for slot in dict.fromkeys(delivery.slot for delivery in deliveries) if slot != _ONCE]
    part = f", part {deliveries[0].part}" if deliveries[0].part > 1 else ""
    which = f" ({_listed(slots)})" if slots else ""
    return f"On {_listed(accounts)}{which}{part}"


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - NAMED
    if rest > 0:
        return f"{', '.join(names[:NAMED])} and {rest:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _where(key: str, case: Case, workspace: Workspace, post: Post | None) -> tuple[str, Place]:
    """The dotted way to the key that gave this content, the most specific that the file has, and its place."""
    delivery = case.delivery
    if post is None:
        return f"posts.{delivery.post}", delivery.place
    account = case.account
    givers = (account.name, *workspace.groups_of(account.name), account.platform, delivery.content.language)
    for prefix in (*(f"for.{giver}." for giver in givers if giver in post.overrides), ""):
        for way in _ways(key):
            if prefix + way in post.places:
                return f"posts.{post.id}.{prefix}{way}", post.places[prefix + way]
    return f"posts.{post.id}", post.place


def _ways(key: str) -> Iterator[str]:
    """`media.0.alt`, then `media.0`, then `media`; a text may be called `template` in the file."""
    if key == "text":
        yield from ("text", "template")
        return
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def _remark(rule: WholeRule, remark: Remark) -> Finding:
    return Finding(rule.id, rule.severity, remark.what, remark.mend, Place(remark.file))


def media_places(plan: Plan, workspace: Workspace, campaigns: Sequence[Campaign]) -> dict[str, Place]:
    """Where in the campaign files each media file of `plan` is named first, by its path below `media/`."""
    posts = {(campaign.id, post.id): post for campaign in campaigns for post in campaign.posts}
    places: dict[str, Place] = {}
    for case in _cases(plan, workspace, campaigns):
        post = posts.get((case.delivery.campaign, case.delivery.post))
        for at, media in enumerate(case.delivery.content.media):
            if media.file not in places:
                places[media.file] = _where(f"media.{at}.file", case, workspace, post)[1]
    return places
