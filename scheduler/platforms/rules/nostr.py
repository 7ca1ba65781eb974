"""Nostr. Source: nostr-protocol/nips 01, 11, 27, 32, 36, 68, 88 and 92, as of 2026-07-22.

Each relay has its own `max_content_length`, in characters; the account's `limits` say the smallest.
"""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="nostr",
    title="Nostr",
    unit="characters",
    options=frozenset({"key", "media", "need", "relays"}),
    count=characters,
    find=finder(mention=r"(?<![\p{L}\p{N}_])nostr:n(?:pub|profile)1[ac-hj-np-z02-9]+", hashtag=HASHTAG),
    limits={"text": 0},
    media_server="media",
    features=frozenset(
        {
            Feature.THREAD,
            Feature.MEDIA,
            Feature.ALT,
            Feature.WARNING,
            Feature.POLL,
            Feature.LANGUAGE,
            Feature.LINK_CARD,
            Feature.DELETE,
        }
    ),
)
