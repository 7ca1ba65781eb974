"""What Instagram is asked to make of a post, as forms for its containers, and what it cannot show. Pure.

One picture is one container, a lone video is a reel, two to ten files are one container each and one more for all.
The caption belongs to the whole alone. Alternative text is for pictures, alone or in a carousel, since 2025-03-24.
A `VIDEO` is part of a carousel; alone it is refused, and so is a video sent as a picture (36001).
Sources: Instagram API, content publishing, as of 2026-03, IG User media, v25; brightbean-studio PR 118.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scheduler.errors import Rejected
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.platforms.rules.instagram import PLATFORM
from scheduler.publishers.meta.containers import Wanted

IMAGE, CAROUSEL, REELS, VIDEO = "IMAGE", "CAROUSEL", "REELS", "VIDEO"


def refuse(draft: Draft, limits: Mapping[str, int]) -> None:
    """Raises `Rejected` for a post that would lose something. `limits` are the account's own."""
    content = draft.content
    if draft.parent is not None:
        raise Rejected("Instagram has no threads.", mend="Make it one post.")
    if content.warning:
        raise Rejected("Instagram has no content warnings.", mend="Say how with `degrade:`.")
    if content.poll is not None:
        raise Rejected("Instagram has no polls for programs.", mend="Say how with `degrade:`.")
    if content.visibility not in {"", "public"}:
        raise Rejected("Instagram has no visibility.", mend="Say how with `degrade:`.")
    _refuse_numbers(content, {**PLATFORM.limits, **limits})


def _refuse_numbers(content: Content, limits: Mapping[str, int]) -> None:
    over = next((one for one in PLATFORM.measure(content.text, limits=limits) if not one.fits), None)
    if over:
        raise Rejected(f"The caption has {over.value:,} {over.unit}; Instagram takes {over.limit:,}.")
    if not content.media:
        raise Rejected("Instagram takes no post without a picture or video.", mend="Add `media`.")
    found = PLATFORM.entities(content.text)
    counted = {"media": content.media, "hashtags": found.hashtags, "mentions": found.mentions}
    for what, there in counted.items():
        if len(there) > limits[what]:
            raise Rejected(f"The post has {len(there)} {_WORDS[what]}; Instagram takes {limits[what]}.")


_WORDS = {"media": "pictures and videos", "hashtags": "hashtags", "mentions": "mentions"}


Address = Callable[[Media], str]
"""Gives a file's public address. Asked only where a container is made."""


def part(media: Media, address: Address) -> Wanted:
    """One file of a carousel. It has no caption."""
    kind = {"media_type": VIDEO} if media.is_video else {}
    return Wanted(media.shown, lambda: {**kind, **_file(media, address), "is_carousel_item": True})


def whole(content: Content, address: Address, parts: Sequence[str]) -> Wanted:
    """What is published in the end: of one file by itself, of several over the ids of their containers."""
    if parts:
        return Wanted("the post", {"media_type": CAROUSEL, "children": ",".join(parts), "caption": content.text})
    [media] = content.media
    reel = {"media_type": REELS, "share_to_feed": True} if media.is_video else {}
    return Wanted(media.shown, lambda: {**reel, **_file(media, address), "caption": content.text})


def kind_of(content: Content) -> str:
    """What kind of post it is: `IMAGE`, `CAROUSEL` or `REELS`."""
    if len(content.media) > 1:
        return CAROUSEL
    return REELS if content.media[0].is_video else IMAGE


def _file(media: Media, address: Address) -> dict[str, Any]:
    if media.is_video:
        return {"video_url": address(media)}
    return {"image_url": address(media), "alt_text": media.alt}
