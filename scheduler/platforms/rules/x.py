"""X: twitter-text v3. Sources: docs.x.com (OpenAPI 2.167) and github.com/twitter/twitter-text, as of 2026-08.

X charges for each request. Whether looking at one's own account is charged for, and which of two prices a deletion
has, is not confirmed: the higher one stands here.
"""

from datetime import date

from scheduler.model.measure import Entities, Entity, Measure
from scheduler.platforms.base import VIDEOS, Draught, Feature, Platform, Quota
from scheduler.platforms.prices import Prices
from scheduler.platforms.twitter import weight
from scheduler.platforms.twitter.links import Span, links
from scheduler.platforms.twitter.tags import cashtags, hashtags, mentions, outside


def _count(draught: Draught) -> tuple[Measure, ...]:
    limits = draught.limits
    length = weight.weighted_length(draught.text, limits.get("url", weight.LINK))
    return (Measure(length, limits.get("text", 0), "weighted characters"),)


def _find(text: str) -> Entities:
    urls = links(text)

    def named(spans: list[Span]) -> tuple[Entity, ...]:
        return tuple(Entity(text[start:end], start, end) for start, end in spans)

    return Entities(
        urls=named(urls),
        mentions=named(outside(mentions(text), urls)),
        hashtags=named(outside(hashtags(text), urls)),
        cashtags=named(outside(cashtags(text), urls)),
    )


PRICES = Prices(
    currency="USD",
    as_of=date(2026, 8, 22),
    post=15,
    linked=200,
    described=5,
    look=5,  # 1 where the account owns the app
    person=10,
    delete=10,
)

PLATFORM = Platform(
    name="x",
    title="X",
    unit="weighted characters",
    profiles=("https://x.com/{name}",),
    options=frozenset(
        {"budget", "client", "client_secret", "key", "key_secret", "look", "redirect", "replies", "token_secret"}
    ),
    switches=frozenset({"look"}),
    count=_count,
    find=_find,
    accepts=weight.is_valid,
    limits={
        "text": 280,
        "url": 23,
        "cashtags": 1,  # more are refused: docs.x.com, POST /2/tweets, as of 2026-08
        "media": 4,
        "media_bytes": 5_000_000,
        "moving_bytes": 15_000_000,
        "video_bytes": 512_000_000,
        "video_seconds": 140,
        "alt": 1000,
        "poll_options": 4,
        "poll_option": 25,
        "poll_min": 300,
        "poll_max": 604_800,
    },
    media_types=("image/jpeg", "image/png", "image/gif", "image/webp", *VIDEOS),
    moving_types=("image/gif",),
    moving_alone=True,
    # poll and media exclude each other, and no field allows several answers: docs.x.com, POST /2/tweets, 2026-08
    poll_alone=frozenset({"media", "multiple"}),
    link_below=True,
    prices=PRICES,
    features=frozenset({Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.POLL, Feature.LINK_CARD, Feature.DELETE}),
    # 100 in 15 minutes, a user: docs.x.com, rate limits, as of 2026-08
    quotas=(Quota(100, 15 * 60),),
)
