"""What is known of a card before it is drawn: the SVG's own hash, and the picture that each platform gets of it.

A card keeps the proportions that its template gives it; it is drawn as large as fits into the
platform's best size, as PNG where the platform takes that and as JPEG where it does not.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from scheduler.composing.svg import read, size_of
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts, Recipe
from scheduler.platforms import Platform

ALWAYS_LESS = 2_000_000
"""Bytes that no card has: shapes and words pack well. Platforms that take so much share one picture."""

SVG, PNG, JPEG = "image/svg+xml", "image/png", "image/jpeg"


def drawn(media: Media, platform: Platform, limits: Mapping[str, int]) -> Media:
    """A card with the facts of its drawing, and the recipe of the picture that `platform` is sent."""
    encoded = media.drawing.encode()
    width, height = size_of(read(media.drawing))
    facts = MediaFacts(media.file, hashlib.sha256(encoded).hexdigest(), SVG, len(encoded), width, height)
    most = limits.get("media_bytes", platform.limits.get("media_bytes", 0))
    recipe = Recipe(_type(platform), *_fitted(width, height, platform), most if most < ALWAYS_LESS else 0)
    return replace(media, facts=facts, recipe=recipe)


def _type(platform: Platform) -> str:
    return PNG if not platform.media_types or PNG in platform.media_types else JPEG


def _fitted(width: int, height: int, platform: Platform) -> tuple[int, int]:
    most_wide, most_high = platform.card_size
    scale = min(most_wide / width, most_high / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)
