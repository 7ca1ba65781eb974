"""Rules of the workspace as a whole: what lies there and is used by nobody."""

import re
from collections.abc import Iterable, Iterator

from scheduler.checking.case import Remark, Whole
from scheduler.model.campaign import CARD, Campaign, MediaSource, Source, Sources, TemplateRef

FOLDER = "templates/posts/"
CARDS = "templates/cards/"
_QUOTED = re.compile(r"""["']([^"'\n]+)["']""")


def unused_templates(whole: Whole) -> Iterator[Remark]:
    """A template that no post names and no other template imports. Language variants belong to their template."""
    used = _named(whole.campaigns) | _quoted(whole)
    for name in sorted(whole.templates):
        if used.isdisjoint({name, _plain(name), name.removeprefix(CARD)}):
            yield Remark("No post uses this template.", "Use it, or delete it.", template_file(name))


def template_file(name: str) -> str:
    """Where a template lies, by its name."""
    return CARDS + name.removeprefix(CARD) if name.startswith(CARD) else FOLDER + name


def _named(campaigns: Iterable[Campaign]) -> set[str]:
    sources = [one for campaign in campaigns for one in sources_of(campaign)]
    cards = {f"{CARD}{source.card.template.name}" for source in sources if source.card}
    return cards | {source.wording.name for source in sources if isinstance(source.wording, TemplateRef)}


def sources_of(campaign: Campaign) -> Iterator[Sources]:
    """Everything that a campaign says of what its posts are made of: its own, each post's, each override."""
    yield campaign.sources
    for post in campaign.posts:
        yield from (post.sources, *post.overrides.values())


def _quoted(whole: Whole) -> set[str]:
    inline = [text for campaign in whole.campaigns for one in sources_of(campaign) for text in _inline(one)]
    return {name for text in (*whole.templates.values(), *inline) for name in names_in_quotes(text)}


def names_in_quotes(text: str) -> list[str]:
    """What a template's text has in quotes: every name that it imports, includes or extends is among it."""
    return _QUOTED.findall(text)


def _inline(source: Sources) -> Iterator[str]:
    entries: list[Source | TemplateRef | MediaSource | None] = [source.wording, source.warning, source.link]
    yield from (entry.text for entry in entries if isinstance(entry, Source))


def _plain(name: str) -> str:
    """`opening.mk.j2` is the Macedonian `opening.j2`."""
    rest, _, ending = name.rpartition(".")
    stem, _, language = rest.rpartition(".")
    return f"{stem}.{ending}" if stem and language else name
