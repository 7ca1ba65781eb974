"""A signed webhook: all that a post holds goes to the receiver as it is.

Source: standard-webhooks 1.0.0, as of 2026-11.

The limits are the receiver's; the specification advises bodies under about 20 kB.
"""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="webhook",
    title="Webhook",
    unit="characters",
    count=characters,
    find=finder(hashtag=HASHTAG),
    options=frozenset({"idempotent_for", "media_base", "secret", "signature", "url"}),
    limits={"text": 0},
    features=frozenset(Feature) - {Feature.DELETE},
    visibilities=frozenset({"public", "unlisted", "followers"}),
)
