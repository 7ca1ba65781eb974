"""LinkedIn. Source: Microsoft Learn, Posts API, polls and images, as of 2026-01 to 2026-09.

3,000 is said by the older page only. It is counted on the text as read, before the
escapes that the wire wants. Polls are open for 1, 3, 7 or 14 days.
"""

from scheduler.platforms.base import Feature, Platform, Quota
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    unit="characters",
    count=characters,
    find=finder(mention=r"@\[[^\[\]\n]{1,200}+\]\(urn:li:(?:person|organization):[A-Za-z0-9_-]+\)", hashtag=HASHTAG),
    limits={
        "text": 3000,
        "media": 20,
        "media_pixels": 36_152_319,
        "video_bytes": 500_000_000,
        "video_seconds": 1800,
        "alt": 4086,
        "poll_options": 4,
        "poll_option": 30,
        "poll_min": 86_400,
        "poll_max": 1_209_600,
    },
    media_types=("image/jpeg", "image/png", "image/gif", "video/mp4"),
    moving_types=("image/gif",),
    moving_alone=True,
    features=frozenset({Feature.MEDIA, Feature.ALT, Feature.POLL, Feature.LINK_CARD, Feature.DELETE}),
    # 150 calls a member and day for self-serve apps: Microsoft Learn, as of 2026-09
    quotas=(Quota(150, 86_400),),
)
