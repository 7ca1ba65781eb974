"""The files' models made into the model that everything else speaks of; nothing here can fail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from scheduler.model.account import Account, Sender, Workspace
from scheduler.model.campaign import (
    Campaign,
    CardSource,
    MediaSource,
    PollSource,
    Post,
    Record,
    Source,
    Sources,
    TemplateRef,
    Value,
)
from scheduler.model.schedule import At, Every, Moment, Schedule, Spread, Window
from scheduler.workspace import checks, schema
from scheduler.workspace.hosting import hosting
from scheduler.workspace.secrets import divide
from scheduler.workspace.tree import Map, Places, Scalar, locate

RecordList = Sequence[Record]
RecordsOf = Mapping[str, RecordList]


def workspace(read: schema.WorkspaceFile, root: Map, file: str) -> Workspace:
    """What `drumbeat.yaml` says, `root` being its tree."""
    return Workspace(
        id=read.workspace,
        timezone=read.timezone,
        database=read.database,
        accounts={name: _account(name, entry, read.timezone, root, file) for name, entry in read.accounts.items()},
        groups={name: tuple(members) for name, members in read.groups.items()},
        mentions=read.mentions,
        sender=Sender(read.sender.id, read.sender.computer) if read.sender else None,
        place=locate(root, ("workspace",), file),
        notify=tuple(dict.fromkeys(read.notify)),
        heartbeat=read.heartbeat or "",
        media=hosting(read.media, root, file),
        checks=checks.settings(root.get("checks"), root, ("checks",), file)[0],
    )


def _account(name: str, entry: schema.AccountEntry, zone: str, root: Map, file: str) -> Account:
    named = {"server": entry.server, "token": entry.token}
    written = {option: value for option, value in named.items() if value is not None}
    settings, secrets = divide({**written, **(entry.model_extra or {})})
    return Account(
        name=name,
        platform=entry.platform,
        timezone=entry.timezone or zone,
        handle=entry.handle,
        language=entry.language,
        live=entry.live,
        limits=entry.limits,
        settings=settings,
        secrets=secrets,
        place=locate(root, ("accounts", name), file),
    )


def campaign(read: schema.CampaignFile, root: Map, file: str, *, zone: str, records: RecordsOf) -> Campaign:
    """A campaign of the tree `root`; `zone` is the workspace's, `records` those of its posts by their id."""
    trees = cast("Sequence[Map]", root["posts"])
    posts = zip(read.posts, trees, strict=True)
    return Campaign(
        id=read.campaign,
        title=read.title,
        timezone=read.timezone or zone,
        window=Window(read.window.first, read.window.last),
        accounts=tuple(read.accounts),
        languages=tuple(read.languages),
        posts=tuple(_post(entry, tree, file, records.get(entry.post)) for entry, tree in posts),
        late=read.late,
        sources=_campaign_sources(read),
        utm=_utm(read.utm),
        tags=tuple(read.tags),
        file=file,
        place=locate(root, ("campaign",), file),
        places=Places(root, file),
        checks=checks.settings(root.get("checks"), root, ("checks",), file)[0],
        waivers=checks.waivers(root.get("waive"), root, ("waive",), file)[0],
    )


def _campaign_sources(read: schema.CampaignFile) -> Sources:
    return Sources(
        visibility=read.visibility,
        degrade=_degrade(read.degrade),
        hashtags=_tuple(read.hashtags),
        vars=cast("Mapping[str, Value] | None", read.vars),
    )


def _utm(read: schema.UtmEntry | None) -> Mapping[str, Source]:
    return {name: value for name, value in read if value is not None} if read else {}


def _tuple(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _degrade(words: Sequence[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)


def _post(entry: schema.PostEntry, tree: Map, file: str, records: RecordList | None) -> Post:
    name = tree["post"]
    return Post(
        id=entry.post,
        schedule=_schedule(entry),
        sources=_sources(entry),
        overrides={key: _sources(override) for key, override in entry.overrides.items()},
        records=None if records is None else tuple(records),
        timezone=entry.timezone,
        accounts=_tuple(entry.accounts),
        languages=_tuple(entry.languages),
        late=entry.late,
        tags=tuple(entry.tags or ()),
        place=locate(tree, ("post",), file) if isinstance(name, Scalar) else locate(tree, (), file),
        places=Places(tree, file),
        waivers=checks.waivers(tree.get("waive"), tree, ("waive",), file)[0] if "waive" in tree else {},
    )


def _schedule(entry: schema.PostEntry) -> Schedule:
    if entry.every is not None:
        return Every(entry.every, entry.first, frozenset(entry.excluded or ()), entry.jitter or schema.NO_LENGTH)
    if entry.spread is not None:
        spread = entry.spread
        return Spread(spread.on, spread.first, spread.last, entry.jitter or schema.NO_LENGTH)
    if isinstance(entry.at, datetime):
        return At((Moment("once", entry.at),))
    return At(tuple(Moment(moment.slot, moment.at) for moment in entry.at or ()))


def _sources(entry: schema.OverrideEntry) -> Sources:
    return Sources(
        wording=_wording(entry),
        media=None if entry.media is None else tuple(_media(one) for one in entry.media),
        card=None if entry.card is None else _card(entry.card),
        warning=entry.warning,
        poll=None if entry.poll is None else _poll(entry.poll),
        link=entry.link,
        split=entry.split,
        visibility=entry.visibility,
        degrade=_degrade(entry.degrade),
        hashtags=_tuple(entry.hashtags),
        vars=cast("Mapping[str, Value] | None", entry.vars),
    )


def _wording(entry: schema.OverrideEntry) -> Source | TemplateRef | None:
    return entry.text if entry.text is not None else entry.template


def _media(entry: schema.MediaEntry) -> MediaSource:
    return MediaSource(entry.file, entry.alt, entry.credit, entry.decorative)


def _card(entry: schema.CardEntry | TemplateRef) -> CardSource:
    if isinstance(entry, TemplateRef):
        return CardSource(entry)
    return CardSource(entry.template, entry.alt, entry.credit, entry.decorative)


def _poll(entry: schema.PollEntry) -> PollSource:
    return PollSource(tuple(entry.options), entry.open_for, entry.multiple)
