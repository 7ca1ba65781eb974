"""WordPress. Source: developer.wordpress.org/rest-api, as of 2026-08: the core sets no length on a post."""

from scheduler.platforms.base import VIDEOS, Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="wordpress",
    title="WordPress",
    unit="characters",
    options=frozenset({"categories", "featured", "password", "tags", "user"}),
    switches=frozenset({"featured"}),
    count=characters,
    find=finder(),
    limits={"text": 0},
    media_types=("image/jpeg", "image/png", "image/gif", "image/webp", *VIDEOS),
    moving_types=("image/gif", "image/webp"),
    features=frozenset({Feature.MEDIA, Feature.ALT, Feature.LINK_CARD, Feature.DELETE}),
)
