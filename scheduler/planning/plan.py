"""The plan: every delivery that the files ask for, from the moment given on, and no other.

A function of its arguments: the same files, moment and outbox give the same plan. What
is already past and unknown to the outbox is never planned; what the outbox knows stays
planned whatever the hour, so that something sent yesterday is not mistaken for something
that was taken out of the files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.composing.brief import Brief, Compose, Composed
from scheduler.errors import Bug
from scheduler.finding import Finding
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import EMPTY as NO_VARS
from scheduler.model.campaign import Campaign, Post, Sources
from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery, delivery_name
from scheduler.model.media import MediaFacts
from scheduler.planning.audience import Cascade, accounts_of, language_for, zone_for
from scheduler.planning.cards import drawn
from scheduler.planning.pace import pace_notes
from scheduler.planning.remarks import fallback_notes, past_note, withdrawn_notes
from scheduler.planning.slot import SlotList
from scheduler.planning.slots import late, punctual
from scheduler.planning.snapshot import EMPTY, Snapshot
from scheduler.platforms import Platform, platform_named
from scheduler.platforms.pictures import recipe_for


@dataclass(frozen=True, slots=True)
class Plan:
    """What the files ask for, ordered by due and name, and what was found on the way."""

    deliveries: tuple[PlannedDelivery, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Listener:
    """One account as one post sees it."""

    account: Account
    language: str
    sources: Sources
    slots: SlotList


def plan(
    workspace: Workspace, campaigns: Sequence[Campaign], *, now: datetime, compose: Compose, known: Snapshot = EMPTY
) -> Plan:
    """Every delivery of `campaigns` from `now` (aware) on, and those past ones that `known` holds.

    Composes all of them in one call. Raises `Bug` where two deliveries would share a name.
    """
    findings: list[Finding] = []
    briefs: list[Brief] = []
    groups = {name: workspace.groups_of(name) for name in workspace.accounts}
    for campaign in campaigns:
        for post in campaign.posts:
            listeners = _listeners(workspace, campaign, post, groups)
            findings += _remarks(post, listeners)
            asked = [brief for listener in listeners for brief in _briefs(workspace, campaign, post, listener)]
            every = [brief for brief in asked if _record(brief) not in known.withdrawn]
            findings += withdrawn_notes(post, known.withdrawn.intersection(map(_record, asked)))
            gone = {id(brief) for brief in every if brief.due < now and _name(brief) not in known.held}
            findings += past_note(post, [brief.due for brief in every if id(brief) in gone], len(every))
            briefs += [brief for brief in every if id(brief) not in gone]
    composed = compose(briefs)
    deliveries = _deliveries(briefs, composed)
    return Plan(deliveries, _once((*findings, *_found_composing(composed), *pace_notes(deliveries, workspace.hosts()))))


def _listeners(
    workspace: Workspace, campaign: Campaign, post: Post, groups: Mapping[str, tuple[str, ...]]
) -> list[_Listener]:
    zones: dict[str, SlotList] = {}
    cascade, listeners = Cascade(post, campaign), []
    for account in accounts_of(post, campaign, workspace):
        language, zone = language_for(post, campaign, account), zone_for(post, campaign, account)
        if zone not in zones:
            zones[zone] = punctual(post, campaign, zone)
        sources = cascade.sources_for(account, groups[account.name], language)
        listeners.append(_Listener(account, language, sources, late(zones[zone], post, campaign, account.name)))
    return listeners


def _remarks(post: Post, listeners: Sequence[_Listener]) -> Iterator[Finding]:
    for listener in listeners:
        yield from listener.slots.findings
    yield from fallback_notes(post, [(listener.account, listener.language) for listener in listeners])


def _briefs(workspace: Workspace, campaign: Campaign, post: Post, listener: _Listener) -> Iterator[Brief]:
    sources = listener.sources
    hashtags, variables = sources.hashtags or (), sources.vars or NO_VARS
    for slot in listener.slots.slots:
        yield Brief(
            workspace=workspace,
            campaign=campaign,
            post=post,
            account=listener.account,
            language=listener.language,
            slot=slot.id,
            due=slot.due,
            zone=slot.zone,
            sources=sources,
            record=slot.record,
            hashtags=hashtags,
            vars=variables,
        )


def _name(brief: Brief) -> str:
    return delivery_name(campaign=brief.campaign.id, post=brief.post.id, slot=brief.slot, account=brief.account.name)


def _record(brief: Brief) -> str:
    return brief.record.key if brief.record else ""


def _found_composing(composed: Iterable[Composed]) -> Iterator[Finding]:
    for answer in composed:
        yield from answer.findings


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _deliveries(briefs: Sequence[Brief], composed: Sequence[Composed]) -> tuple[PlannedDelivery, ...]:
    if len(briefs) != len(composed):
        raise Bug(f"{len(briefs)} briefs were composed into {len(composed)} answers")
    named: dict[str, PlannedDelivery] = {}
    for brief, answer in zip(briefs, composed, strict=True):
        for part, content in enumerate(answer.parts, start=1):
            delivery = _delivery(brief, content, part)
            if named.setdefault(delivery.name, delivery) is not delivery:
                raise Bug(f"two deliveries would be called {delivery.name}")
    return tuple(delivery for _, delivery in sorted(named.items(), key=lambda pair: (pair[1].due, pair[0])))


def _delivery(brief: Brief, content: Content, part: int) -> PlannedDelivery:
    campaign, post, account = brief.campaign, brief.post, brief.account
    patience = campaign.late if post.late is None else post.late
    return PlannedDelivery(
        campaign=campaign.id,
        post=post.id,
        slot=brief.slot,
        account=account.name,
        platform=account.platform,
        due=brief.due,
        expires_at=brief.due + patience,
        timezone=brief.zone,
        content=content,
        part=part,
        live=account.live,
        tags=post.tags or campaign.tags,
        record=_record(brief),
        place=post.place,
    )


def with_media(plan: Plan, facts: Mapping[str, MediaFacts], workspace: Workspace) -> Plan:
    """The same plan, each media file with what `facts` (by path below `media/`) knows of it and what is made of it.

    Equal contents stay one object, so that nothing is hashed or counted twice.
    """
    known: dict[tuple[int, str], Content] = {}
    alike: dict[tuple[int, tuple[Media, ...]], Content] = {}

    def looked_at(delivery: PlannedDelivery) -> PlannedDelivery:
        content = delivery.content
        if not content.media:
            return delivery
        limits = workspace.accounts[delivery.account].limits
        key = id(content), delivery.account if limits else f"/{delivery.platform}"
        if key not in known:
            platform = platform_named(delivery.platform)
            media = tuple(_known(one, facts, platform, limits) for one in content.media)
            known[key] = alike.setdefault((id(content), media), replace(content, media=media))
        return replace(delivery, content=known[key])

    return replace(plan, deliveries=tuple(looked_at(delivery) for delivery in plan.deliveries))


def _known(media: Media, facts: Mapping[str, MediaFacts], platform: Platform, limits: Mapping[str, int]) -> Media:
    if media.drawing:
        return drawn(media, platform, limits)
    known = facts.get(media.file)
    return replace(media, facts=known, recipe=recipe_for(platform, limits, known) if known else None)
