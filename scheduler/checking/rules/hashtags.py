"""Rules of hashtags: do they work, may they be used yet, can they be read aloud, and are they few.

A hashtag of several words in small letters is read out as one word that nobody knows. Without a
dictionary it is known to have several only where somebody wrote it so: the campaign's own
hashtags, or another of its texts; a very long one is asked about.
"""

from collections.abc import Iterable, Iterator, Mapping

from scheduler.checking.case import Case, Hit, Replacement
from scheduler.checking.rules.files import sources_of
from scheduler.checking.rules.passages import without_links
from scheduler.model.campaign import Campaign, Source, Value
from scheduler.model.measure import Entity
from scheduler.model.zones import zone
from scheduler.platforms.patterns import pattern

_LETTERS = r"\p{L}\p{M}\p{N}_\u200c"
_TAG = rf"#[\p{{M}}\p{{N}}_\u200c]*\p{{L}}[{_LETTERS}]*"
_PROBE, _TWO = "#TimeIsNow", "#TimeIsNow #NeverAgain"
_GLUE = frozenset("/&#@%*\\._=+~|<>$^`")
"""Signs after which # is hardly meant as a hashtag: paths, colours, code."""
_COMPOUNDING = frozenset(
    ("de", "nl", "da", "sv", "nb", "no", "nn", "fi", "et", "hu", "is", "fo", "tr", "az", "kk", "ky", "ka", "kl", "eu")
)
"""Languages whose single words grow very long."""


def written(text: str) -> list[Entity]:
    """What a writer means as hashtags: # and a word with a letter in it, whatever a platform makes of it; no links."""
    if "#" not in text:
        return []
    return [Entity(found.group(), *found.span()) for found in pattern(_TAG).finditer(without_links(text))]


def names(text: str) -> list[str]:
    """The hashtags that a writer means, each once, with their #."""
    return list(dict.fromkeys(tag.text for tag in written(text)))


def dead(case: Case) -> Iterator[Hit]:
    """A `#tag` in the text that the platform would leave as plain words."""
    text = case.delivery.content.text
    if "#" not in text or not _linked(case, _PROBE):
        return
    found_there = (*case.entities.hashtags, *case.entities.urls)
    linked = {at for entity in found_there for at in range(entity.start, entity.end)}
    mend = "Put a blank before it, not a bracket or a quote, and only letters and digits into it."
    if len(_linked(case, _TWO)) == 1:
        mend = f"{case.platform.title} links the first one only: leave one, or give it its own text under `for`."
    for found in written(text):
        if found.start not in linked and _is_meant(case, text, found):
            yield Hit(f"{case.platform.title} would not link {found.text}", mend, "text")


def _linked(case: Case, text: str) -> tuple[Entity, ...]:
    return case.counts.entities(case.platform, text).hashtags


def _is_meant(case: Case, text: str, found: Entity) -> bool:
    """A tag after a blank, a bracket, a quote or an emoji, or one of the campaign's own after anything."""
    before = text[max(found.start - 1, 0) : found.start]
    meant = not (before.isalnum() or before in _GLUE) if before else True
    return meant or found.text[1:].casefold() in case.hashtags


def embargoed(case: Case) -> Iterator[Hit]:
    """A campaign's hashtag before that campaign begins, on the civil day that the post has in its slot's zone."""
    day = case.delivery.due.astimezone(zone(case.delivery.timezone)).date()
    for tag in names(case.delivery.content.text) if case.opens else ():
        opens = case.opens.get(tag[1:].casefold())
        if opens and day < opens:
            yield Hit(f"{tag} is kept back until {opens}, when its campaign begins", "Leave it out until then.", "text")


def many(case: Case) -> Iterator[Hit]:
    """More hashtags than a text bears."""
    found, most, limit = case.entities.hashtags, case.threshold("hashtag-many", "most"), case.limit("hashtags")
    if len(found) > most and not (limit and len(found) > limit):
        yield Hit(f"{len(found)} hashtags, each of which is read out", f"Leave the {most} that gather people.", "text")


def in_small_letters(case: Case) -> Iterator[Hit]:
    """A hashtag of several words without a capital: read out as one word."""
    tags = names(case.delivery.content.text)
    if not any(map(_is_small, tags)):
        return
    declared = case.counts.once(("declared", case.campaign.id), lambda: _declared(case.campaign))
    known = {**declared, **_capitals(tags)}
    for tag in tags:
        spelled = known.get(tag.casefold(), "") if _is_small(tag) else ""
        if spelled:
            what = f"{tag} is read out as one word; elsewhere it is {spelled}"
            yield Hit(what, f"Write {spelled}.", "text", Replacement(tag, spelled))
        elif _is_small(tag) and _is_long(case, tag):
            what = f"{tag} is read out as one word"
            yield Hit(what, "If it has several, begin each with a capital: #TimeIsNow.", "text")


def _is_small(tag: str) -> bool:
    """Whether all of its letters are small, in a script that has capitals."""
    return tag.islower()


def _is_long(case: Case, tag: str) -> bool:
    letters, language = case.threshold("hashtag-case", "letters"), case.delivery.content.language
    return bool(letters) and len(tag) - 1 >= letters and language.partition("-")[0] not in _COMPOUNDING


def _capitals(tags: Iterable[str]) -> Mapping[str, str]:
    """Tags whose words each begin with a capital, by their casefold; those all in capitals say nothing."""
    return {tag.casefold(): tag for tag in tags if any(map(str.isupper, tag[2:])) and any(map(str.islower, tag))}


def listed(campaign: Campaign) -> list[str]:
    """What the campaign lists under `hashtags`, in posts, overrides and records too, with their #."""
    records = (record for post in campaign.posts for record in post.records or ())
    tags = [tag for record in records for tag in _texts(record.values.get("hashtags"))]
    tags += [tag for sources in sources_of(campaign) for tag in sources.hashtags or ()]
    return [f"#{tag.removeprefix('#')}" for tag in tags]


def _texts(value: Value) -> Iterator[str]:
    yield from (one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def _declared(campaign: Campaign) -> Mapping[str, str]:
    """How the campaign's lists of hashtags, and the texts in its file, spell each in capitals."""
    wordings = [sources.wording for sources in sources_of(campaign)]
    written_there = [tag for one in wordings if isinstance(one, Source) for tag in names(one.text)]
    return _capitals([*listed(campaign), *written_there])
