"""Anything that Apprise reaches. Source: apprise 2.3.0, as of 2026-11.

The target's own `body_maxlen` is in code points and differs for each; the account's `limits` say it.
Nothing can be looked up or taken back, and alternative text does not get through: services get a file's name.
A link stands below the text; whether a card is made of it is the target's affair.
"""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="apprise",
    title="Apprise",
    unit="characters",
    options=frozenset({"title", "url"}),
    count=characters,
    find=finder(),
    limits={"text": 0},
    features=frozenset({Feature.MEDIA, Feature.LINK_CARD}),
    link_below=True,
)
