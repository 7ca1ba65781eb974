"""Ghost. Source: docs.ghost.org/admin-api, as of 2026-08: no length on a post; 191 characters of alternative text."""

from scheduler.platforms.base import VIDEOS, Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="ghost",
    title="Ghost",
    unit="characters",
    options=frozenset({"featured", "key", "tags"}),
    switches=frozenset({"featured"}),
    count=characters,
    find=finder(),
    limits={"text": 0, "alt": 191},
    media_types=("image/jpeg", "image/png", "image/webp", "image/gif", *VIDEOS),
    moving_types=("image/gif", "image/webp"),
    features=frozenset({Feature.MEDIA, Feature.ALT, Feature.LINK_CARD, Feature.DELETE}),
)
