"""What an emulated Threads takes as a container, and what it stores of a text: pure, by Meta's publishing reference.

A field that is not documented is a mistake of ours and refused as such. Source: Threads API, publishing reference
and posts, as of 2026-04; text of the refusals as others quote them.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scheduler.platforms.rules.threads import PLATFORM
from scheduler.platforms.units import utf16_units
from scheduler.testing.emulators.graph import Refusal, refused, wrong

FIELDS = frozenset(
    {"media_type", "text", "image_url", "video_url", "is_carousel_item", "children", "reply_to_id", "reply_control"}
    | {"alt_text", "link_attachment", "poll_attachment", "topic_tag", "is_spoiler_media", "text_entities"}
)
CONTROLS = frozenset({"everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"})
MOST_TEXT, MOST_ALT, MOST_LINKS, MOST_SPOILERS = 500, 1000, 5, 10
OPTIONS = ("option_a", "option_b", "option_c", "option_d")

Asked = Mapping[str, str]


def checked(asked: Asked) -> None:
    """Raises `Refusal` for what is no container."""
    kind = asked.get("media_type")
    if strange := set(asked) - FIELDS:
        raise wrong(f"Unknown parameters: {sorted(strange)}")
    if kind not in {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}:
        raise wrong("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
    for bad, words in (*_about_text(asked, str(kind)), *_about_files(asked, str(kind)), *_about_attached(asked)):
        if bad:
            raise wrong(words)
    links = {one.text for one in PLATFORM.entities(asked.get("text", "")).urls} | {asked.get("link_attachment", "")}
    if len(links - {""}) > MOST_LINKS:
        raise Refusal(refused(100, "THREADS_API__LINK_LIMIT_EXCEEDED", words="Too many links"))


def stored(asked: Asked) -> tuple[str, str]:
    """A text as it comes back, and the post's topic: without one of its own, the text's first hashtag, its # gone."""
    text, topic = asked.get("text", ""), asked.get("topic_tag", "")
    tags = PLATFORM.entities(text).hashtags
    if topic or not tags:
        return text, topic
    return text[: tags[0].start] + text[tags[0].start + 1 :], tags[0].text[1:]


def _about_text(asked: Asked, kind: str) -> list[tuple[Any, str]]:
    text = asked.get("text", "")
    empty = kind == "TEXT" and not text and not asked.get("link_attachment")
    length = PLATFORM.measure(text)[0].value
    topic = asked.get("topic_tag")
    return [
        (empty, "The parameter text is required"),
        (length > MOST_TEXT, f"Param text must be at most {MOST_TEXT} characters long"),
        (text and asked.get("is_carousel_item"), "text is not allowed for carousel items"),
        (topic is not None and not (1 <= len(topic) <= 50 and not set(topic) & set(".&")), "Invalid topic_tag"),
        (not _are_spoilers(asked.get("text_entities"), text), "Invalid text_entities"),
        (asked.get("reply_control", "everyone") not in CONTROLS, "Param reply_control is invalid"),
        (len(asked.get("alt_text", "")) > MOST_ALT, "Param alt_text is too long"),
    ]


def _about_files(asked: Asked, kind: str) -> list[tuple[Any, str]]:
    children = [one for one in asked.get("children", "").split(",") if one]
    address = asked.get("image_url" if kind == "IMAGE" else "video_url", "")
    files = [name for name in ("image_url", "video_url", "alt_text") if name in asked]
    return [
        (kind in {"IMAGE", "VIDEO"} and not _is_public(address), f"The {kind.lower()}'s address cannot be used"),
        (kind in {"TEXT", "CAROUSEL"} and files, f"{files} is not allowed here"),
        (kind == "CAROUSEL" and not 2 <= len(children) <= 20, "A carousel has 2 to 20 children"),
        (kind != "CAROUSEL" and children, "children is for carousels"),
    ]


def _about_attached(asked: Asked) -> list[tuple[Any, str]]:
    poll, link = asked.get("poll_attachment"), asked.get("link_attachment")
    return [
        ((poll or link) and asked["media_type"] != "TEXT", "Attachments are for text posts"),
        (poll and link, "Only one attachment is allowed"),
        (poll and not _is_poll(poll), "Invalid poll_attachment"),
    ]


def _is_poll(written: str) -> bool:
    poll = json.loads(written)
    names = OPTIONS[: len(poll)]
    return 2 <= len(poll) <= 4 and set(poll) == set(names) and all(1 <= len(one) <= 25 for one in poll.values())


def _are_spoilers(written: str | None, text: str) -> bool:
    if written is None:
        return True
    entities = json.loads(written)
    ends = [one["offset"] + one["length"] for one in entities if one["entity_type"] == "SPOILER" and one["length"] > 0]
    return 1 <= len(entities) <= MOST_SPOILERS and len(ends) == len(entities) and max(ends) <= utf16_units(text)


def _is_public(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname)
