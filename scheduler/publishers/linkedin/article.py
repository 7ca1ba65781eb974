"""The card of a post's link. LinkedIn reads no pages: what is not said here is not shown.

The page is a stranger's word, read by the guard. One that cannot be read still gets a card, with its
address for a title. Source: Microsoft Learn, Posts API, article content, as of 2026-01; how long its words
may be is stated nowhere that was found, so they are kept short.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.errors import NotSent
from scheduler.http.guard import Fetched
from scheduler.publishers.cards import bare_card, read_card
from scheduler.publishers.titles import shortened

PAGE_BYTES, PICTURE_BYTES = 3_000_000, 5_000_000
TITLE, DESCRIPTION = 200, 250
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}

Fetch = Callable[..., Fetched]


@dataclass(frozen=True, slots=True)
class Page:
    """What a card says: its article as plain JSON, and its picture's bytes and type (empty: none)."""

    article: dict[str, str]
    picture: bytes = field(default=b"", repr=False)
    kind: str = ""


def page_of(link: str, read: Fetch) -> Page:
    """The card of a link, its picture fetched but not uploaded. Never raises: a card is no reason not to post."""
    try:
        said = read_card(read(link, limit_bytes=PAGE_BYTES, accept="text/html,application/xhtml+xml"))
    except NotSent:
        said = bare_card(link)
    article = {"source": link, "title": shortened(said.title, TITLE)}
    if said.description:
        article["description"] = shortened(said.description, DESCRIPTION)
    picture, kind = _picture(said.picture, read) if said.picture else (b"", "")
    return Page(article, picture, kind)


def _picture(address: str, read: Fetch) -> tuple[bytes, str]:
    try:
        body = read(address, limit_bytes=PICTURE_BYTES, accept="image/jpeg,image/png,image/gif").body
    except NotSent:
        return b"", ""
    kind = next((kind for start, kind in _PICTURES.items() if body.startswith(start)), "")
    return (body, kind) if kind else (b"", "")
