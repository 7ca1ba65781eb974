"""An Atom or JSON feed, written as a file. Source: RFC 4287, JSON Feed 1.1, as of 2026-11: no length."""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="feed",
    title="Feed",
    unit="characters",
    options=frozenset({"author", "entries", "home", "path", "title", "url"}),
    count=characters,
    find=finder(hashtag=HASHTAG),
    limits={"text": 0},
    # a thread's parts are entries of their own, each below the one before (RFC 4685)
    features=frozenset(
        {
            Feature.THREAD,
            Feature.MEDIA,
            Feature.ALT,
            Feature.WARNING,
            Feature.LANGUAGE,
            Feature.LINK_CARD,
            Feature.DELETE,
        }
    ),
)
