"""Telegram channels and groups. Source: core.telegram.org/bots/api, as of 2026-08; hashtags as tdlib finds them.

The page says characters; entities are in UTF-16 units and so is the count here, which at worst is
strict for a text full of emoji. Beside media the text is a caption and much shorter.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import Draught, Feature, Platform, Quota
from scheduler.platforms.plain import finder
from scheduler.platforms.units import utf16_units

_HASHTAG_SIGN = r"\p{L}\p{Nd}_\u200c\u00b7\u0d80-\u0dff"
_HASHTAG = rf"(?<![{_HASHTAG_SIGN}#])#(?=[{_HASHTAG_SIGN}]*\p{{L}})[{_HASHTAG_SIGN}]{{1,256}}+(?![{_HASHTAG_SIGN}#])"


def _count(draught: Draught) -> tuple[Measure, ...]:
    """A warning stands above the text, which is then hidden until it is tapped, with an empty line between."""
    kind = "caption" if draught.media else "text"
    above = utf16_units(draught.warning) + 2 if draught.warning and draught.text else utf16_units(draught.warning)
    return (Measure(utf16_units(draught.text) + above, draught.limits.get(kind, 0), "UTF-16 units"),)


PLATFORM = Platform(
    name="telegram",
    title="Telegram",
    unit="UTF-16 units",
    options=frozenset({"chat", "silent", "topic"}),
    switches=frozenset({"silent"}),
    profiles=("https://t.me/{name}",),
    count=_count,
    find=finder(mention=r"(?<![\p{L}\p{N}_@/])@[A-Za-z0-9_]{2,32}(?![\p{L}\p{N}_])", hashtag=_HASHTAG),
    limits={
        "text": 4096,
        "caption": 1024,
        "media": 10,
        "media_bytes": 10_000_000,
        "media_sides": 10_000,
        "ratio_min": 50,
        "ratio_max": 20_000,
        "moving_bytes": 50_000_000,
        "video_bytes": 50_000_000,
        "poll_options": 12,
        "poll_option": 100,
        "poll_min": 5,
        "poll_max": 2_628_000,
        "poll_question": 300,
        "poll_text": 1024,
    },
    # a photo's width and height add up to 10,000 at most, one is at most 20 times the other
    media_types=("image/jpeg", "image/png", "image/gif", "video/mp4"),
    moving_types=("image/gif",),
    # an album takes photos and videos ("sendMediaGroup"), a poll is a message of its own ("sendPoll")
    lonely_types=("image/gif",),
    poll_alone=frozenset({"media", "warning"}),
    link_below=True,
    features=frozenset(
        {Feature.THREAD, Feature.MEDIA, Feature.WARNING, Feature.POLL, Feature.LINK_CARD, Feature.DELETE}
    ),
    # 20 a minute in a group, and channels may count as one: core.telegram.org/bots/faq, as of 2026-08
    quotas=(Quota(20, 60),),
)
