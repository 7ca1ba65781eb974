"""Threads. Source: Meta's Threads API reference, publishing page of 2026-04 and changelog to 2026-07.

A character is a grapheme, but an emoji costs its bytes in UTF-8 (a party popper 4, a family 25).
Of the hashtags the first becomes the post's one topic; the rest stay text. A content warning stands above the
text, which is then a spoiler: Threads has no warnings, but covers texts and pictures (spoilers, as of 2026-07).
"""

import re

from scheduler.model.measure import Entities, Measure
from scheduler.platforms.base import Draught, Feature, Platform, Quota
from scheduler.platforms.patterns import pattern
from scheduler.platforms.plain import AT_NAME, HASHTAG, finder
from scheduler.platforms.units import clusters, graphemes, utf8_bytes

_MAYBE_EMOJI = re.compile("[\u20e3\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_EMOJI = r"[\p{Emoji_Presentation}\p{Emoji_Modifier_Base}\uFE0F\u20E3]"

_all_entities = finder(mention=AT_NAME, hashtag=HASHTAG)


def behind(warning: str, text: str) -> str:
    """A text below its content warning, as it is sent: all but the warning is covered until it is tapped."""
    above = warning.strip()
    return f"{above}\n\n{text}" if above and text else above or text


def _count(draught: Draught) -> tuple[Measure, ...]:
    limit, text = draught.limits.get("text", 0), behind(draught.warning, draught.text)
    if not _MAYBE_EMOJI.search(text):
        return (Measure(graphemes(text), limit, "characters"),)
    return (Measure(sum(map(_cost, clusters(text))), limit, "characters"),)


def _cost(cluster: str) -> int:
    return utf8_bytes(cluster) if _MAYBE_EMOJI.search(cluster) and pattern(_EMOJI).search(cluster) else 1


def _find(text: str) -> Entities:
    found = _all_entities(text)
    return Entities(urls=found.urls, mentions=found.mentions, hashtags=found.hashtags[:1])


PLATFORM = Platform(
    name="threads",
    title="Threads",
    unit="characters",
    options=frozenset({"client", "client_secret", "redirect", "replies", "topic", "version"}),
    profiles=("https://www.threads.net/@{name}",),
    count=_count,
    find=_find,
    limits={
        "text": 500,
        "links": 5,
        "hashtag": 50,
        "media": 20,
        "media_bytes": 8_000_000,
        "media_width": 1440,
        "ratio_min": 100,
        "ratio_max": 10_000,
        "video_bytes": 1_000_000_000,
        "video_seconds": 300,
        "alt": 1000,
        "poll_options": 4,
        "poll_option": 25,
        "poll_min": 86_400,
        "poll_max": 86_400,
    },
    media_types=("image/jpeg", "image/png", "video/mp4", "video/quicktime"),
    moving_types=(),
    fetches_media=True,
    card_size=(1080, 1350),
    # `link_attachment` and `poll_attachment` go with texts alone: Threads API, posts, as of 2026-04
    one_embed=True,
    poll_alone=frozenset({"media", "multiple"}),
    features=frozenset(
        {
            Feature.THREAD,
            Feature.MEDIA,
            Feature.ALT,
            Feature.WARNING,
            Feature.POLL,
            Feature.LINK_CARD,
            Feature.DELETE,
        }
    ),
    # 250 in 24 hours, where a carousel is one: Threads API, rate limiting, as of 2026-04. The replies of a thread have
    # a purse of their own there, of 1,000; here they count with the posts, which is on the safe side
    quotas=(Quota(250, 86_400),),
)
