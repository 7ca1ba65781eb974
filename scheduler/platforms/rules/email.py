"""E-mail over SMTP. Source: RFC 5321 and 5322, as of 2026-11.

A line has at most 998 octets, which encoding takes care of; a text has no limit. What was
sent cannot be taken back.
"""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="email",
    title="E-mail",
    unit="characters",
    options=frozenset(
        {"from", "list-id", "one-click", "password", "reply-to", "security", "to", "unsubscribe", "user"}
    ),
    switches=frozenset({"one-click"}),
    count=characters,
    find=finder(),
    limits={"text": 0},
    # the warning is the subject; the link stands below the text, where the text has it not
    features=frozenset(
        {Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.WARNING, Feature.LANGUAGE, Feature.LINK_CARD}
    ),
)
