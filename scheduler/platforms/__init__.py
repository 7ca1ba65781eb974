"""How each platform counts, what it allows, and what it makes of a text. Pure.

One rules file a platform, in `rules/`, called as the platform and holding its `PLATFORM`; a
file put there is found by its name, so that a new platform touches nothing else. Each is
loaded when first asked for: the large expressions of one are no cost to the others.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from scheduler.errors import UsageError
from scheduler.platforms import rules
from scheduler.platforms.base import Feature, Platform

__all__ = ["PLATFORMS", "Feature", "Platform", "platform_named"]


class _Rules(Mapping[str, Platform]):
    """The rules files as a mapping from a platform's name, in the order of the alphabet."""

    def __init__(self) -> None:
        self._names = tuple(sorted(module.name for module in iter_modules(rules.__path__)))
        self._loaded: dict[str, Platform] = {}

    def __getitem__(self, name: str) -> Platform:
        if name not in self._loaded:
            if name not in self._names:
                raise KeyError(name)
            self._loaded[name] = import_module(f"{rules.__name__}.{name}").PLATFORM
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


PLATFORMS: Mapping[str, Platform] = _Rules()
"""Every platform by its name."""


def platform_named(name: str) -> Platform:
    """The platform called `name`. Raises `UsageError` where there is none."""
    try:
        return PLATFORMS[name]
    except KeyError:
        raise UsageError(
            f"There is no platform called {name!r}.", mend=f"Known are: {', '.join(sorted(PLATFORMS))}."
        ) from None
