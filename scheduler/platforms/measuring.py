"""All that is to be known of one text on one platform, in one call: what `drumbeat measure` prints."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.model.measure import Entities, Measure
from scheduler.platforms import platform_named
from scheduler.platforms.base import NOTHING


@dataclass(frozen=True, slots=True)
class Measured:
    """A text's lengths, fullest first, and its entities. `length`, `limit` and `unit` are those of the fullest.

    `valid` says that it fits and that the platform takes such a text at all; links, mentions
    and hashtags over the platform's number are said by the checks, not here.
    """

    platform: str
    length: int
    limit: int
    unit: str
    valid: bool
    measures: tuple[Measure, ...]
    entities: Entities


def measured(
    text: str, platform_name: str, warning: str = "", *, limits: Mapping[str, int] = NOTHING, media: int = 0
) -> Measured:
    """Measure `text` by the rules of a platform. Raises `UsageError` where there is no such platform."""
    platform = platform_named(platform_name)
    measures = platform.measure(text, warning=warning, limits=limits, media=media)
    tightest = measures[0]
    return Measured(
        platform=platform.name,
        length=tightest.value,
        limit=tightest.limit,
        unit=tightest.unit,
        valid=all(measure.fits for measure in measures) and platform.accepts(text),
        measures=measures,
        entities=platform.entities(text),
    )
