"""What a text depends on, so that it is rendered once for all briefs that agree on it.

A hundred accounts that differ in nothing a template mentions share one rendering. Where it
cannot be known what a template reads (a computed `include`), everything counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.composing.attributes import LISTED
from scheduler.composing.brief import Brief
from scheduler.composing.card import card_template
from scheduler.composing.environment import PostEnvironment, PostTemplate
from scheduler.composing.mistakes import NoTemplate
from scheduler.composing.trouble import TemplateRefused
from scheduler.composing.values import Bag
from scheduler.model.campaign import Source, Sources, TemplateRef

Getter = Callable[[Brief], Any]


def _slot(brief: Brief) -> Any:  # noqa: ANN401 (a part of a key)
    return brief.slot, brief.due, brief.zone


_BY_NAME: Mapping[str, Getter] = {
    "account": lambda brief: brief.account.name,
    "hashtags": lambda brief: brief.hashtags,
    "post": lambda brief: brief.post.id,
    "record": lambda brief: id(brief.record),
    "slot": _slot,
    "days_until": _slot,
    "|date": lambda brief: brief.zone,
    "|time": lambda brief: brief.zone,
    "|weekday": lambda brief: brief.zone,
    "vars": lambda brief: tuple([(name, _value(value)) for name, value in brief.vars.items()]),
    "account.platform": lambda brief: brief.account.platform,
    "account.handle": lambda brief: brief.account.handle,
    "account.language": lambda brief: brief.account.language,
    "account.timezone": lambda brief: brief.account.timezone,
}
_ABSENT = object()
_EVERYTHING = frozenset({"account", "hashtags", "post", "record", "slot", "vars", "|tracked"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """The getters whose values make the key of a rendering.

    `tracks`: links carry their campaign's parameters. `by_platform`: what is printed differs from platform to
    platform, beyond what the getters see.
    """

    getters: tuple[Getter, ...]
    tracks: bool
    by_platform: bool

    def key(self, brief: Brief) -> tuple[Any, ...]:
        """Equal keys, equal texts (with the same sources and language, and the same platform where it counts)."""
        return tuple([get(brief) for get in self.getters])


def recipe_of(environment: PostEnvironment, brief: Brief, compiled: Callable[[Source], PostTemplate]) -> Recipe:
    """What the sources of `brief` read, their link's and the campaign's utm templates included."""
    mentioned = _mentioned(environment, sources_of(brief.sources), compiled)
    tracks = bool({"link", "|tracked"} & mentioned) or brief.sources.link is not None
    if tracks:
        mentioned |= _mentioned(environment, brief.campaign.utm.values(), compiled)
    getters = {name: getter for name in sorted(mentioned) if (getter := _getter(name))}
    for name in [name for name in getters if name.partition(".")[0] in getters and "." in name]:
        del getters[name]
    by_platform = "mention" in mentioned or brief.sources.card is not None
    return Recipe(tuple(dict.fromkeys(getters.values())), tracks, by_platform)


def sources_of(sources: Sources) -> Iterable[Source | TemplateRef]:
    """Every template of a post."""
    single = (sources.wording, sources.warning, sources.link)
    yield from (source for source in single if source is not None)
    for media in sources.media or ():
        yield from (source for source in (media.file, media.alt, media.credit) if source is not None)
    if sources.card:
        template, alt, credit = card_template(sources.card), sources.card.alt, sources.card.credit
        yield from (source for source in (template if template.name else None, alt, credit) if source is not None)
    yield from sources.poll.options if sources.poll else ()


def _getter(name: str) -> Getter | None:
    if name in _BY_NAME:
        return _BY_NAME[name]
    owner, _, attribute = name.partition(".")
    if owner == "vars" and attribute and attribute not in LISTED[Bag]:
        return lambda brief: _value(brief.vars.get(attribute, _ABSENT))
    return _BY_NAME.get(owner)


def _value(value: object) -> object:
    """Scalars by what they are (1 is not true here), lists and mappings by identity: all posts share the file's."""
    return (type(value), value) if isinstance(value, (str, int, float, bool, type(None))) else id(value)


def _mentioned(
    environment: PostEnvironment, sources: Iterable[Source | TemplateRef], compiled: Callable[[Source], PostTemplate]
) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting: list[PostTemplate | str | None] = []
    for source in sources:
        try:
            waiting.append(source.name if isinstance(source, TemplateRef) else compiled(source))
        except (NoTemplate, TemplateRefused):
            continue
    while waiting:
        template = _loaded(environment, waiting.pop(), seen)
        if template is None:
            continue
        found |= template.mentioned
        waiting.extend(one and environment.join_path(one, template.name or "") for one in template.pulled)
        if None in template.pulled:
            found |= _EVERYTHING
    return found


def _loaded(environment: PostEnvironment, template: PostTemplate | str | None, seen: set[str]) -> PostTemplate | None:
    if not isinstance(template, str):
        return template
    if template in seen:
        return None
    seen.add(template)
    try:
        return environment.named(template)
    except (NoTemplate, TemplateRefused):
        return None
