"""Lengths and entities, as a platform counts and finds them.

A length is never a bare number: it has a limit and a unit, and a platform may count in
several units at once (Bluesky: graphemes and bytes).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One length: `limit` 0 means that the platform states none. Units are words: `graphemes`, `bytes`."""

    value: int
    limit: int
    unit: str

    @property
    def fits(self) -> bool:
        """Whether the value is within the limit."""
        return not self.limit or self.value <= self.limit

    @property
    def fullness(self) -> float:
        """Value as a share of the limit; 0.0 where there is no limit."""
        return self.value / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True)
class Entity:
    """A link, mention, hashtag or cashtag as it stands in the text, `start` and `end` in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entities:
    """What a platform would make of a text; each kind in order of appearance."""

    urls: tuple[Entity, ...] = ()
    mentions: tuple[Entity, ...] = ()
    hashtags: tuple[Entity, ...] = ()
    cashtags: tuple[Entity, ...] = ()
