"""Matrix. Source: spec.matrix.org, client-server API, as of 2026-07-21.

A whole event has 65,536 bytes, of which about 60,000 are the sender's; the text goes into it
twice, plain and as HTML, so half of that is what a text may have. A warning hides it behind its words.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import Draught, Feature, Platform
from scheduler.platforms.plain import finder
from scheduler.platforms.units import utf8_bytes


def _count(draught: Draught) -> tuple[Measure, ...]:
    return (Measure(utf8_bytes(draught.text) + utf8_bytes(draught.warning), draught.limits.get("text", 0), "bytes"),)


PLATFORM = Platform(
    name="matrix",
    title="Matrix",
    unit="bytes",
    options=frozenset({"device", "encrypted", "room"}),
    switches=frozenset({"encrypted"}),
    count=_count,
    find=finder(mention=r"(?<![\p{L}\p{N}_@])@[a-z0-9._=/+-]+:[a-z0-9.-]+(?::[0-9]{1,5})?(?<![.:])"),
    limits={"text": 30_000, "media": 1},
    features=frozenset({Feature.THREAD, Feature.MEDIA, Feature.WARNING, Feature.LINK_CARD, Feature.DELETE}),
)
