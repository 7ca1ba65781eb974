"""What an emulated Instagram takes as a container, by Meta's content publishing guide: pure.

A field that is not documented is a mistake of ours and refused as such. What a file is, the emulator can tell by its
address' ending alone. Source: content publishing, as of 2026-03; error codes, as of 2026-06, where that 36000 to
36004 go with their subcodes is not confirmed; the words of 9004/2207052 as postiz-app PR 1900 quotes them.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scheduler.platforms.rules.instagram import PLATFORM
from scheduler.testing.emulators.graph import Refusal, refused, wrong
from scheduler.testing.emulators.loopback import Answer

FIELDS = frozenset(
    {"media_type", "image_url", "video_url", "caption", "alt_text", "is_carousel_item", "children", "share_to_feed"}
    | {"cover_url", "thumb_offset", "audio_name", "user_tags", "location_id", "collaborators", "upload_type"}
)
PHOTOS, FILMS = (".jpg", ".jpeg"), (".mp4", ".mov")
MOST = {"caption": 2200, "hashtags": 30, "mentions": 20, "alt_text": 1000, "children": 10}

UNFETCHED = refused(
    9004,
    "Only photo or video can be accepted as media type.",
    subcode=2207052,
    words="The media could not be fetched from this URI.",
)
NOT_READY = refused(9007, "Media ID is not available", subcode=2207027, words="The media is not ready for publishing.")
BLOCKED = refused(4, "Application request limit reached", subcode=2207051, status=403, words="Action is blocked")
USED_UP = refused(
    9, "Application does not have the capability to make this API call.", subcode=2207042, status=403, words="Too many"
)
RESTRICTED = refused(25, "User access is restricted", subcode=2207050, status=403)

Asked = Mapping[str, str]


def checked(asked: Asked) -> None:
    """Raises `Refusal` for what is no container."""
    if strange := set(asked) - FIELDS:
        raise wrong(f"Unknown parameters: {sorted(strange)}")
    kind = asked.get("media_type", "IMAGE")
    if kind not in {"IMAGE", "VIDEO", "REELS", "CAROUSEL"}:
        raise Refusal(refused(100, "Unknown media type", subcode=2207023))
    _check_caption(asked)
    if kind == "CAROUSEL":
        _check_carousel(asked)
    else:
        _check_file(asked, kind)


def children_of(asked: Asked) -> list[str]:
    """The ids of a carousel's parts."""
    return [one for one in asked.get("children", "").split(",") if one]


def _check_caption(asked: Asked) -> None:
    caption = asked.get("caption", "")
    if len(caption) > MOST["caption"]:
        raise Refusal(_bad(36004, 2207010, "The caption was too long"))
    found = PLATFORM.entities(caption)
    if len(found.hashtags) > MOST["hashtags"] or len(found.mentions) > MOST["mentions"]:
        raise wrong("Too many hashtags or mentions")
    if caption and asked.get("is_carousel_item"):
        raise wrong("caption is not allowed on carousel items")


def _check_carousel(asked: Asked) -> None:
    if not 2 <= len(children_of(asked)) <= MOST["children"]:
        raise Refusal(refused(100, "The carousel's number of children is invalid", subcode=2207028))
    if files := [name for name in ("image_url", "video_url", "alt_text") if name in asked]:
        raise wrong(f"{files} is not allowed on a carousel")


def _check_file(asked: Asked, kind: str) -> None:
    field = "image_url" if kind == "IMAGE" else "video_url"
    address = asked.get(field, "")
    if len([name for name in ("image_url", "video_url") if name in asked]) != 1 or not address:
        raise wrong(f"The parameter {field} is required")
    if kind == "IMAGE":
        _check_picture(asked, address)
    else:
        _check_film(asked, kind, address)
    if urlsplit(address).scheme != "https":
        raise Refusal(UNFETCHED)


def _check_picture(asked: Asked, address: str) -> None:
    if not address.lower().endswith(PHOTOS):
        raise Refusal(_bad(36001, 2207005, "The image format is not supported: JPEG"))
    if len(asked.get("alt_text", "")) > MOST["alt_text"]:
        raise wrong("Param alt_text must be at most 1000 characters long")


def _check_film(asked: Asked, kind: str, address: str) -> None:
    if not address.lower().endswith(FILMS):
        raise Refusal(_bad(352, 2207026, "The video format is not supported: MOV or MP4"))
    if "alt_text" in asked:
        raise wrong("alt_text is for images")
    if (kind == "VIDEO") != (asked.get("is_carousel_item") == "true"):
        raise wrong("VIDEO is for carousel items, REELS for a video by itself")


def _bad(code: int, subcode: int, words: str) -> Answer:
    return refused(code, words, subcode=subcode, words=words)


def told_children(asked: Asked, ids: list[str]) -> dict[str, Any]:
    """A carousel's parts as a post shows them."""
    return {"data": [{"id": one} for one in ids]} if children_of(asked) else {}
