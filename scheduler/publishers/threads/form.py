"""What Threads is asked to make of a post, as forms for its containers. Pure.

A link is attached as a card where there are neither pictures nor a poll, which take its place; then it stands
below the text. A content warning stands above the text, which is covered until it is tapped, as are all files:
Threads has no warnings of its own, but spoilers. Where these begin is told in UTF-16 units.
Sources: Threads API, posts, as of 2026-04, spoilers, as of 2026-07; the unit by two live tests of others
(2026-08 and 2026-09), which Meta's page does not confirm.
"""

from collections.abc import Callable, Sequence
from typing import Any

from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.platforms.base import below
from scheduler.platforms.rules.threads import PLATFORM, behind
from scheduler.platforms.units import utf16_units
from scheduler.publishers.meta.containers import Fields, Wanted

OPTIONS = ("option_a", "option_b", "option_c", "option_d")
Address = Callable[[Media], str]
"""Gives a file its public address."""


def text_of(content: Content) -> str:
    """A post's words as Threads gets them: the warning first, and the link last where it cannot be a card."""
    text = content.text if _has_card(content) else below(content.text, content.link)
    return behind(content.warning, text)


def part(media: Media, address: Address) -> Wanted:
    """One file of a carousel."""
    return Wanted(media.shown, lambda: {**_file(media, address), "is_carousel_item": True})


def whole(draft: Draft, address: Address, parts: Sequence[str], *, reply_control: str, topic: str) -> Wanted:
    """What is published in the end: of one file or none by itself, of several over the ids of their containers."""
    content = draft.content
    fields: dict[str, Any] = {"text": text_of(content), "topic_tag": topic}
    if content.warning:
        fields |= _covered(content)
    if draft.parent is None:
        fields["reply_control"] = reply_control
    else:
        fields["reply_to_id"] = draft.parent.remote_id
    what = content.media[0].shown if len(content.media) == 1 else "the post"
    return Wanted(what, lambda: {**_shown(content, address, parts), **fields})


def kind_of(content: Content) -> str:
    """The `media_type` of a post's container."""
    if len(content.media) > 1:
        return "CAROUSEL"
    return _kind(content.media[0]) if content.media else "TEXT"


def topic_for(content: Content, topic: str) -> str:
    """The account's topic, where the text names none itself: its first hashtag would be the topic."""
    return "" if PLATFORM.entities(text_of(content)).hashtags else topic


def _has_card(content: Content) -> bool:
    return bool(content.link) and not content.media and content.poll is None


def _shown(content: Content, address: Address, parts: Sequence[str]) -> Fields:
    if parts:
        return {"media_type": "CAROUSEL", "children": ",".join(parts)}
    if content.media:
        return _file(content.media[0], address)
    poll = dict(zip(OPTIONS, content.poll.options, strict=False)) if content.poll else {}
    return {"media_type": "TEXT", "poll_attachment": poll, "link_attachment": content.link if not poll else ""}


def _file(media: Media, address: Address) -> Fields:
    field = "video_url" if media.is_video else "image_url"
    return {"media_type": _kind(media), field: address(media), "alt_text": media.alt}


def _kind(media: Media) -> str:
    return "VIDEO" if media.is_video else "IMAGE"


def _covered(content: Content) -> Fields:
    above = utf16_units(behind(content.warning, " ")) - 1
    length = utf16_units(text_of(content)) - above
    spoiler = [{"entity_type": "SPOILER", "offset": above, "length": length}]
    return {"text_entities": spoiler if length > 0 else [], "is_spoiler_media": True if content.media else None}
