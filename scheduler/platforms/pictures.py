"""What is made of a picture so that a platform takes it, and in which words people are told.

Pure: from what is known of the file and the platform's limits. Never larger, never cropped,
never another ratio; what would need a person's choice has no recipe and is a finding instead.
"""

import math
from collections.abc import Mapping

from scheduler.model.media import MediaFacts, Recipe
from scheduler.platforms.base import Platform

JPEG, PNG, DRAWING = "image/jpeg", "image/png", "image/svg+xml"
_SIDEWAYS = 5
"""From this EXIF orientation on, width and height are exchanged."""

_PIXELS_A_BYTE = 8
"""A JPEG of one bit a pixel is as coarse as a photo may get; most have two or three."""

_BETTER_PACKED = 2
"""No PNG gets smaller than half by being packed anew."""

_TITLES = {JPEG: "a JPEG", PNG: "a PNG", "image/gif": "a GIF", "image/webp": "a WebP", "image/avif": "an AVIF"}


def recipe_for(platform: Platform, limits: Mapping[str, int], facts: MediaFacts) -> Recipe | None:
    """What is made of the file for an account with these `limits` of its own; None: it goes out as it is.

    A picture that moves only loses its notes; a video is never touched.
    """
    if not facts.width:
        return None
    effective = {**platform.limits, **limits}
    if facts.animated:
        return Recipe(facts.type, facts.width, facts.height) if facts.tagged and moves(platform, facts) else None
    recipe = _still(platform, effective, facts)
    same = (recipe.type, recipe.width, recipe.height) == (facts.type, facts.width, facts.height)
    asks = facts.tagged or facts.orientation != 1 or _heavy(effective, facts)
    return None if same and not asks else recipe


def moves(platform: Platform, facts: MediaFacts) -> bool:
    """Whether a picture of this type moves there."""
    return facts.type in platform.moving_types


def upright(facts: MediaFacts) -> tuple[int, int]:
    """Width and height as the picture is seen."""
    width, height = facts.width, facts.height
    return (height, width) if facts.orientation >= _SIDEWAYS else (width, height)


def ratio(facts: MediaFacts) -> int:
    """Width by height as seen, in thousandths, rounded; 0 where there are no pixels."""
    width, height = upright(facts)
    return round(1000 * width / height) if height else 0


def told(facts: MediaFacts, recipe: Recipe | None) -> str:
    """What is done to the picture, in words that complete "it is …"; empty: nothing."""
    return ", ".join(_steps(facts, recipe)) if recipe else ""


def _steps(facts: MediaFacts, recipe: Recipe) -> list[str]:
    width, height = upright(facts)
    drawn = facts.type == DRAWING
    steps = []
    if drawn:
        steps.append(f"drawn as {_TITLES[recipe.type]} of {recipe.width} x {recipe.height}")
    elif recipe.type != facts.type:
        steps.append(f"saved as {_TITLES.get(recipe.type, recipe.type)}{_on_white(facts, recipe)}")
    if not drawn and (recipe.width, recipe.height) != (width, height):
        steps.append(f"scaled from {width} x {height} to {recipe.width} x {recipe.height}")
    if recipe.most_bytes and facts.bytes > recipe.most_bytes:
        steps.append(f"made smaller than {recipe.most_bytes / 1_000_000:,.1f} MB")
    if facts.orientation != 1:
        steps.append("turned upright")
    if facts.tagged:
        steps.append("freed of its notes (such as place and camera)")
    return steps


def _on_white(facts: MediaFacts, recipe: Recipe) -> str:
    return " on white" if facts.transparent and recipe.type == JPEG else ""


def _still(platform: Platform, limits: Mapping[str, int], facts: MediaFacts) -> Recipe:
    kind = _type(platform, limits, facts)
    room = _room(limits, facts, kind) if _heavy(limits, facts) else 0
    width, height = _scaled(*upright(facts), limits, room)
    return Recipe(kind, width, height, limits.get("media_bytes", 0))


def _room(limits: Mapping[str, int], facts: MediaFacts, kind: str) -> int:
    """So many pixels the bytes can hold at best: what follows is tries, and none should be hopeless."""
    most = limits["media_bytes"]
    if kind != PNG:
        return most * _PIXELS_A_BYTE
    return max(1, facts.width * facts.height * most * _BETTER_PACKED // facts.bytes)


def _heavy(limits: Mapping[str, int], facts: MediaFacts) -> bool:
    return 0 < limits.get("media_bytes", 0) < facts.bytes


def _type(platform: Platform, limits: Mapping[str, int], facts: MediaFacts) -> str:
    """The file's own type where it will do; else PNG for what is transparent or drawn in few colours, and JPEG."""
    takes = platform.media_types
    heavy = _heavy(limits, facts) and not facts.transparent
    if (not takes or facts.type in takes) and not (heavy and facts.type != JPEG):
        return facts.type
    wanted = PNG if facts.transparent or (facts.type == "image/gif" and not heavy) else JPEG
    pictures = [one for one in takes if one.startswith("image/")] or [wanted]
    return wanted if wanted in pictures else pictures[0]


def _scaled(width: int, height: int, limits: Mapping[str, int], room: int = 0) -> tuple[int, int]:
    factors = [
        most / now
        for most, now in (
            (limits.get("media_width", 0), width),
            (limits.get("media_height", 0), height),
            (limits.get("media_sides", 0), width + height),
        )
        if most
    ]
    pixels = [most for most in (limits.get("media_pixels", 0), room) if most]
    factors += [math.sqrt(most / (width * height)) for most in pixels]
    factor = min([1.0, *factors])
    return (width, height) if factor == 1 else (max(1, int(width * factor)), max(1, int(height * factor)))
