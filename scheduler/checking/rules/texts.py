"""Rules of the text: does it fit, is there any.

The numbers are the platform's own; what is over is told in its unit, for a writer who has
to cut it.
"""

import unicodedata
from collections.abc import Iterator

from scheduler.checking.case import Case, Hit

_COUNTED = ("links", "mentions", "hashtags", "cashtags")


def too_long(case: Case) -> Iterator[Hit]:
    """The text is longer than the platform takes, in any of its units."""
    for measure in case.measures:
        if not measure.fits:
            over, counts = measure.value - measure.limit, f"{measure.value}/{measure.limit}"
            what = f"{over:,} {_unit(measure.unit, over)} too many for {case.platform.title}: {counts}"
            yield Hit(what, "Shorten it, give this account its own text under `for`, or make it a thread.", "text")


def empty(case: Case) -> Iterator[Hit]:
    """There is nothing to show: no letter, no picture, no link."""
    content = case.delivery.content
    if not _shows(content.text) and not content.media and not content.link:
        yield Hit("nothing to show: no text, no picture, no link", "Write a text, or take the post out.", "text")


def warning_too_long(case: Case) -> Iterator[Hit]:
    """The content warning is longer than the platform takes."""
    limit, length = case.limit("warning"), len(case.delivery.content.warning)
    if limit and length > limit:
        yield Hit(
            f"the warning has {length - limit:,} characters too many for {case.platform.title}: {length}/{limit}",
            "Shorten the warning.",
            "warning",
        )


def refused(case: Case) -> Iterator[Hit]:
    """The text holds something for which the platform takes none of it, whatever its length."""
    text = case.delivery.content.text
    if text and not case.platform.accepts(text):
        what = f"{case.platform.title} refuses this text for a character in it"
        yield Hit(what, "Look for invisible characters and type the line again.", "text")


def too_many_entities(case: Case) -> Iterator[Hit]:
    """More different links (the card's too), mentions, hashtags or cashtags than the platform takes in one post."""
    if not any(case.limit(kind) for kind in _COUNTED):
        return
    entities, link = case.entities, case.delivery.content.link
    links = {url.text for url in entities.urls} | ({link} if link else set())
    found = (links, entities.mentions, entities.hashtags, entities.cashtags)
    for kind, shown in zip(_COUNTED, found, strict=True):
        limit = case.limit(kind)
        if limit and len(shown) > limit:
            yield Hit(
                f"{case.platform.title} takes {limit} {_unit(kind, limit)} in a post, here are {len(shown)}",
                "Take some out.",
                "text",
            )


def _shows(text: str) -> bool:
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)


def _unit(unit: str, number: int) -> str:
    return unit[:-1] if number == 1 and unit.endswith("s") else unit
