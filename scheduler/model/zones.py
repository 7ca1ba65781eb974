"""Time zones, always from the `tzdata` package and never from the machine.

The same files must give the same plan on every computer, so the system's own zone
files, which differ in age from one to the next, are not asked. Zones are read once.
"""

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from scheduler.errors import UsageError


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name that the `tzdata` package knows, old aliases included."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`. Raises `UsageError` where there is none.

    Only a listed name is ever opened, so a name cannot lead out of the package.
    """
    if name not in zone_names():
        raise UsageError(
            f"there is no time zone called {name!r}", mend="Use an IANA name such as Europe/Skopje or Pacific/Auckland."
        )
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stored:
        return ZoneInfo.from_file(stored, key=name)
