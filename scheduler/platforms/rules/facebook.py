"""Facebook Pages. Source: Pages API, posts, as of 2026-04.

63,206 is the figure that every tool uses, and 80 photos is what the app allows; no page of Meta's names
either. A photo may have 10 MB by the reference, while the refusal (1366046) speaks of 4 MB: the lesser is
made. That a GIF sent as a photo stands still is not confirmed. Videos have no alternative text, and take
up to 10 GB and 4 hours by an undated page; here they are held to what its older way took in one request.
A Page has no threads: comments are shown by what Facebook thinks of them, and not as a story goes on.
"""

from scheduler.platforms.base import Feature, Platform
from scheduler.platforms.plain import HASHTAG, finder
from scheduler.platforms.units import characters

PLATFORM = Platform(
    name="facebook",
    title="Facebook",
    unit="characters",
    options=frozenset({"client", "client_secret", "configuration", "page", "redirect", "version"}),
    profiles=("https://www.facebook.com/{name}", "https://www.facebook.com/{page}"),
    count=characters,
    find=finder(mention=r"@\[[0-9]+\]", hashtag=HASHTAG),
    limits={"text": 63_206, "media": 80, "media_bytes": 4_000_000, "video_bytes": 1_000_000_000, "video_seconds": 1200},
    media_types=("image/jpeg", "image/png", "image/gif", "video/mp4", "video/quicktime"),
    moving_types=(),
    moving_alone=True,
    describes_videos=False,
    one_embed=True,  # `attached_media` wins over `link`
    features=frozenset({Feature.MEDIA, Feature.ALT, Feature.LINK_CARD, Feature.DELETE}),
)
