"""Lengths and entities, each counted once however many accounts show the same text."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from scheduler.model.content import Content
from scheduler.model.measure import Entities, Measure
from scheduler.platforms import Platform

T = TypeVar("T")


@dataclass(slots=True)
class Counts:
    """What has been counted in one look at a plan."""

    _measures: dict[tuple[object, ...], tuple[Measure, ...]] = field(default_factory=dict)
    _entities: dict[tuple[str, str], Entities] = field(default_factory=dict)
    _kept: dict[Hashable, object] = field(default_factory=dict)

    def measures(self, platform: Platform, content: Content, limits: Mapping[str, int]) -> tuple[Measure, ...]:
        """The platform's lengths of the text, the fullest first."""
        media = len(content.media)
        link = content.link if platform.link_below else ""
        key = (platform.name, content.text, content.warning, media, link, tuple(sorted(limits.items())))
        if key not in self._measures:
            self._measures[key] = platform.measure(
                content.text, warning=content.warning, limits=limits, media=media, link=link
            )
        return self._measures[key]

    def entities(self, platform: Platform, text: str) -> Entities:
        """What the platform would make of `text`."""
        key = (platform.name, text)
        if key not in self._entities:
            self._entities[key] = platform.entities(text)
        return self._entities[key]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` answers, asked for once for each `key`: for what a rule needs of a campaign as a whole."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])
