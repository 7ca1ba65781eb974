"""How each platform counts, what it allows, and what it makes of a text. Pure.

One rules file a platform, in `rules/`, each with one `PLATFORM`; a file put there is found
by its name, so that a new platform touches nothing else.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from scheduler.errors import UsageError
from scheduler.platforms import rules
from scheduler.platforms.base import Feature, Platform

__all__ = ["PLATFORMS", "Feature", "Platform", "platform_named"]


def _all_rules() -> dict[str, Platform]:
    found: dict[str, Platform] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        platform: Platform = importlib.import_module(f"{rules.__name__}.{module.name}").PLATFORM
        found[platform.name] = platform
    return found


PLATFORMS: Mapping[str, Platform] = MappingProxyType(_all_rules())
"""Every platform by its name, in the order of the alphabet."""


def platform_named(name: str) -> Platform:
    """The platform called `name`. Raises `UsageError` where there is none."""
    try:
        return PLATFORMS[name]
    except KeyError:
        raise UsageError(
            f"There is no platform called {name!r}.", mend=f"Known are: {', '.join(sorted(PLATFORMS))}."
        ) from None
