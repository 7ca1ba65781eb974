"""How each platform counts, what it allows, and what it makes of a text. Pure.

One rules file a platform, in `rules/`, called as the platform and holding its `PLATFORM`; a
file put there is found by its name, so that a new platform touches nothing else. Each is
loaded when first asked for: the large expressions of one are no cost to the others. A stranger's
are found by an entry point, `drumbeat.platforms`; those of a platform that we know are ours.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from scheduler.errors import UsageError
from scheduler.platforms import rules
from scheduler.platforms.base import Feature, Platform

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "drumbeat.platforms"
__all__ = ["PLATFORMS", "Feature", "Platform", "by_hand", "platform_named"]


class _Rules(Mapping[str, Platform]):
    """The rules files as a mapping from a platform's name, in the order of the alphabet."""

    def __init__(self) -> None:
        self._ours = frozenset(module.name for module in iter_modules(rules.__path__))
        self._loaded: dict[str, Platform] = {}

    @cached_property
    def _strangers(self) -> "Mapping[str, EntryPoint]":
        from importlib.metadata import entry_points

        return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in self._ours}

    def __getitem__(self, name: str) -> Platform:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Platform:
        if name in self._ours:
            found: Platform = import_module(f"{rules.__name__}.{name}").PLATFORM
            return found
        try:
            found = self._strangers[name].load()
        except (ImportError, AttributeError) as caught:
            raise UsageError(
                f"The rules for {name} do not load: {caught}.", mend="Install its package again."
            ) from caught
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._ours or name in self._strangers

    def __iter__(self) -> Iterator[str]:
        return iter(sorted((*self._ours, *self._strangers)))

    def __len__(self) -> int:
        return len(self._ours) + len(self._strangers)


PLATFORMS: Mapping[str, Platform] = _Rules()
"""Every platform by its name."""


def by_hand(name: str) -> bool:
    """Whether a person posts on the platform called `name`; a platform that is not known has none."""
    return name in PLATFORMS and PLATFORMS[name].by_hand


def platform_named(name: str) -> Platform:
    """The platform called `name`. Raises `UsageError` where there is none."""
    try:
        return PLATFORMS[name]
    except KeyError:
        raise UsageError(
            f"There is no platform called {name!r}.", mend=f"Known are: {', '.join(sorted(PLATFORMS))}."
        ) from None
