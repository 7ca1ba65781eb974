"""A person posts it by hand, wherever they like: everything is shown to them, and nothing is counted against them."""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import AT_NAME, HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="manual",
    title="By hand",
    unit="characters",
    options=frozenset({"folder", "notice", "where"}),
    count=characters,
    find=finder(mention=AT_NAME, hashtag=HASHTAG),
    limits={"text": 0},
    features=frozenset(Feature) - {Feature.DELETE},
    visibilities=frozenset({"public", "unlisted", "followers"}),
    by_hand=True,
)
