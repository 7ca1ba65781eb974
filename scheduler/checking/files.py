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
    sources = list(_sources(campaigns))
    cards = {f"{CARD}{source.card.template.name}" for source in sources if source.card}
    return cards | {source.wording.name for source in sources if isinstance(source.wording, TemplateRef)}


def _sources(campaigns: Iterable[Campaign]) -> Iterator[Sources]:
    for campaign in campaigns:
        yield campaign.sources
        for post in campaign.posts:
            yield post.sources
            yield from post.overrides.values()


def _quoted(whole: Whole) -> set[str]:
    """Names in quotes anywhere in a template, as an import, include or extends writes them."""
    inline = [text for source in _sources(whole.campaigns) for text in _inline(source)]
    return {name for text in (*whole.templates.values(), *inline) for name in _QUOTED.findall(text)}


def _inline(source: Sources) -> Iterator[str]:
    entries: list[Source | TemplateRef | MediaSource | None] = [source.wording, source.warning, source.link]
    yield from (entry.text for entry in entries if isinstance(entry, Source))


def _plain(name: str) -> str:
    """`opening.mk.j2` is the Macedonian `opening.j2`."""
    rest, _, ending = name.rpartition(".")
    stem, _, language = rest.rpartition(".")
    return f"{stem}.{ending}" if stem and language else name
