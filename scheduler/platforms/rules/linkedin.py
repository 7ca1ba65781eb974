"""LinkedIn. Source: Microsoft Learn, Posts API, polls and images, as of 2026-01 to 2026-09.

3,000 is said by the older page only, and its unit by none. It is counted on the text as read, before the
escapes that the wire wants. Polls are open for 1, 3, 7 or 14 days and stand alone: a post's content is
pictures, a video, a link card or a poll. Who may see a post is for persons to say: `followers` are one's
connections there. An organization speaks to everybody.
"""

from scheduler.platforms.base import PUBLIC, Feature, Platform, Quota
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

MENTION = r"@\[[^\[\]\n]{1,200}+\]\(urn:li:(?:person|organization):[A-Za-z0-9_-]+\)"
_DAY = 86_400

PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    unit="characters",
    options=frozenset({"client", "client_secret", "look", "organization", "redirect", "reshares", "scopes", "version"}),
    switches=frozenset({"look", "reshares"}),
    profiles=(
        "https://www.linkedin.com/company/{organization}/posts/",
        "https://www.linkedin.com/in/{name}/recent-activity/all/",
    ),
    count=characters,
    find=finder(mention=MENTION, hashtag=HASHTAG),
    limits={
        "text": 3000,
        "media": 20,
        "media_pixels": 36_152_319,
        "video_bytes": 500_000_000,
        "video_seconds": 1800,
        "video_seconds_min": 3,
        "alt": 4086,
        "poll_question": 140,
        "poll_options": 4,
        "poll_option": 30,
        "poll_min": _DAY,
        "poll_max": 14 * _DAY,
    },
    media_types=("image/jpeg", "image/png", "image/gif", "video/mp4"),
    moving_types=("image/gif",),
    moving_alone=True,
    # `altText` is of pictures alone: Videos API, as of 2026-09
    describes_videos=False,
    one_embed=True,
    poll_alone=frozenset({"media", "multiple"}),
    poll_spans=(_DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY),
    visibilities=PUBLIC | {"followers"},
    # an account that names its `organization:` posts as that, and that has no circle of its own
    ways={"organization": frozenset({Feature.VISIBILITY})},
    features=frozenset(
        {Feature.MEDIA, Feature.ALT, Feature.POLL, Feature.LINK_CARD, Feature.VISIBILITY, Feature.DELETE}
    ),
    # 150 calls a member and day for self-serve apps: Microsoft Learn, as of 2026-09
    quotas=(Quota(150, _DAY),),
)
