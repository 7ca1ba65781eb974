"""Slack. Source: docs.slack.dev, chat.postMessage, as of 2026-08.

The server cuts at 40,000 and says ok all the same, and may split before that; what it advises is 4,000,
and that is the limit here. Names are mentioned by id alone (`<@U…>`); hashtags are text.
"""

from scheduler.platforms.base import VIDEOS, Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="slack",
    title="Slack",
    unit="characters",
    count=characters,
    find=finder(
        mention=r"<(?:@[UW][A-Z0-9]+|\#C[A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^S[A-Z0-9]+)(?:\|[^>\n]*)?>"
    ),
    limits={"text": 4000, "media": 10, "alt": 2000},
    media_types=("image/jpeg", "image/png", "image/gif", *VIDEOS),
    moving_types=("image/gif",),
    features=frozenset({Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.LINK_CARD, Feature.DELETE}),
)
