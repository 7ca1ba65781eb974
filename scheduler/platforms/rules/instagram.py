"""Instagram, professional accounts. Source: Instagram API, IG User media and content publishing, as of 2026-03.

A post needs a picture; links in its caption are dead text. Alternative text since 2025-03-24, of pictures alone.
Whether the 2,200 are code points is not written anywhere; that is how they are counted here. Instagram announced a
limit of 5 hashtags in 2025-12; whether its API refuses more than 5 is not confirmed, so `many` warns and 30 is refused.
The app shows 20 files in a carousel and takes them from people; the API takes 10, all cropped to the first one's ratio.
"""

from scheduler.platforms.base import Feature, Platform, Quota
from scheduler.platforms.plain import AT_NAME, HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="instagram",
    title="Instagram",
    unit="characters",
    options=frozenset({"client", "client_secret", "configuration", "page", "redirect", "version"}),
    profiles=("https://www.instagram.com/{name}/",),
    count=characters,
    find=finder(mention=AT_NAME, hashtag=HASHTAG, links=False),
    limits={
        "text": 2200,
        "hashtags": 30,
        "mentions": 20,
        "media": 10,
        "media_min": 1,
        "media_bytes": 8_000_000,
        "media_width": 1440,
        "ratio_min": 800,
        "ratio_max": 1910,
        "video_bytes": 300_000_000,
        "video_seconds": 900,
        "video_seconds_min": 3,
        "alt": 1000,
    },
    # JPEG alone; wider pictures are scaled to 1440 there; from 4:5 to 1.91:1
    media_types=("image/jpeg", "video/mp4", "video/quicktime"),
    moving_types=(),
    # `alt_text` is for images and images of a carousel: IG User media, as of 2026-03
    describes_videos=False,
    # content publishing, carousel posts, as of 2026-03
    one_shape=True,
    fetches_media=True,
    card_size=(1080, 1350),
    # deleting is for those who come by Facebook Login alone: two implementers, 2026; the account's publisher says so
    features=frozenset({Feature.MEDIA, Feature.ALT, Feature.DELETE}),
    # the content publishing pages say 50 and 100 in 24 hours, as of 2026-03; the lesser is counted
    quotas=(Quota(50, 86_400),),
)
