"""What a post needs before it exists: pictures, a video, a card's words and its thumbnail.

Everything here may be done again: the same bytes give the same blob, and what no post uses
is dropped by the server. A file that is not the one that was reviewed is refused.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scheduler.errors import NotSent, Rejected
from scheduler.http.guard import Fetched, fetch
from scheduler.http.reply import Reply
from scheduler.model.content import Content, Media
from scheduler.publishers.attachments import file_part
from scheduler.publishers.cards import Card, bare_card, read_card

THUMBNAIL_BYTES = 1_000_000
"""Lexicon app.bsky.embed.external, as of 2026-11."""
PAGE_BYTES = 3_000_000
VIDEO = "video/mp4"
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}

Fetch = Callable[..., Fetched]
Upload = Callable[[Path | bytes, str], Reply]
"""A file or bytes, and their type, to the server's answer."""


def uploaded(content: Content, root: Path, upload: Upload, read: Fetch = fetch) -> dict[str, Any]:
    """What `Prepared` holds for the content's media or link; `root` is the workspace's folder. Raises `NotSent`."""
    if content.media:
        return _media(content.media, root, upload)
    return {"card": _card(content.link, upload, read)} if content.link else {}


def _media(media: tuple[Media, ...], root: Path, upload: Upload) -> dict[str, Any]:
    if any(_type(one) == VIDEO for one in media):
        if len(media) > 1:
            raise Rejected("Bluesky shows one video, or up to four pictures, not both.")
        return {"video": _shown(media[0], "video", root, upload)}
    return {"images": [_shown(one, "image", root, upload) for one in media]}


def _shown(one: Media, name: str, root: Path, upload: Upload) -> dict[str, Any]:
    shown: dict[str, Any] = {name: blob(upload(file_part(root, one).path, _type(one))), "alt": one.alt}
    if one.facts and one.facts.width and one.facts.height:
        shown["aspectRatio"] = {"width": one.facts.width, "height": one.facts.height}
    return shown


def _type(one: Media) -> str:
    return one.facts.type if one.facts else "application/octet-stream"


def blob(reply: Reply) -> dict[str, Any]:
    """The blob as the record wants it: word for word as the server gave it."""
    given = reply.fields().get("blob")
    if not isinstance(given, dict) or not isinstance(given.get("ref"), dict):
        raise reply.garbled("it names no upload")
    return given


def _card(link: str, upload: Upload, read: Fetch) -> dict[str, Any]:
    """The card. A page that cannot be read still gets one, with its address for a title and no picture."""
    said = _said(link, read)
    card: dict[str, Any] = {"uri": link, "title": said.title, "description": said.description}
    thumbnail = _thumbnail(said.picture, upload, read) if said.picture else None
    return card | ({"thumb": thumbnail} if thumbnail else {})


def _said(link: str, read: Fetch) -> Card:
    try:
        return read_card(read(link, limit_bytes=PAGE_BYTES, accept="text/html,application/xhtml+xml"))
    except NotSent:
        return bare_card(link)


def _thumbnail(address: str, upload: Upload, read: Fetch) -> dict[str, Any] | None:
    """The thumbnail's blob; None where there is no picture that Bluesky takes. Only a dead session ends the post."""
    try:
        picture = read(address, limit_bytes=THUMBNAIL_BYTES, accept="image/jpeg,image/png").body
    except NotSent:
        return None
    kind = next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), "")
    try:
        return blob(upload(picture, kind)) if kind else None
    except Rejected:
        return None
