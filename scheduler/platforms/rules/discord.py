"""Discord. Source: docs.discord.com, message and webhook resources, as of 2026-08.

Code points are counted, by the staff's word (discord-api-docs#1315), after blanks at both ends
are cut. Names are mentioned by id alone (`<@id>`); hashtags are text.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import VIDEOS, Draught, Feature, Platform
from scheduler.platforms.plain import finder


def _count(draught: Draught) -> tuple[Measure, ...]:
    return (Measure(len(draught.text.strip()), draught.limits.get("text", 0), "characters"),)


PLATFORM = Platform(
    name="discord",
    title="Discord",
    unit="characters",
    count=_count,
    find=finder(mention=r"<@[!&]?[0-9]+>|<\#[0-9]+>"),
    limits={
        "text": 2000,
        "media": 10,
        "media_bytes": 10_485_760,
        "video_bytes": 10_485_760,
        "alt": 1024,
        "poll_options": 10,
        "poll_option": 55,
        "poll_min": 3600,
        "poll_max": 2_764_800,
    },
    media_types=("image/jpeg", "image/png", "image/webp", "image/gif", *VIDEOS),
    moving_types=("image/gif", "image/webp"),
    features=frozenset({Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.POLL, Feature.LINK_CARD, Feature.DELETE}),
)
