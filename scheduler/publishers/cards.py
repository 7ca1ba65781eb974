"""What a linked page says of itself: title, description and picture, for platforms that want to be told.

Precedence and tags are those that platforms' own readers share: `og:` before `twitter:`
before `<title>` and `description`, the first of each, `property` or `name` alike
(ogp.me, as of 2026-11). The page is a stranger's word: it is never run, only read as far as
its head goes.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from scheduler.http.guard import Fetched

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", ""})
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_WHERE_CHARSET_IS_SAID = 4096
_TITLES = ("og:title", "twitter:title", "<title>")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


@dataclass(frozen=True, slots=True)
class Card:
    """A card's words, on one line each, and its picture's absolute address (empty: none)."""

    title: str
    description: str = ""
    picture: str = ""


def read_card(page: Fetched) -> Card:
    """The card of a page; what it does not say is empty, and the title then comes from its address."""
    if page.type not in PAGE_TYPES:
        return bare_card(page.url)
    head = _Head()
    head.feed(_text(page.body))
    base = _joined(page.url, head.base) if head.base else page.url
    return Card(
        title=_first(head.said, _TITLES)[:300] or bare_card(page.url).title,
        description=_first(head.said, _DESCRIPTIONS)[:1000],
        picture=_joined(base, _first(head.said, _PICTURES)),
    )


def bare_card(url: str) -> Card:
    """A card for a page that could not be read: its host and path are the title."""
    parts = urlsplit(url)
    shown = (parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/")
    return Card(title=shown[:300] or url[:300])


class _Head(HTMLParser):
    """Collects what a page's head says, the first of each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.base = ""
        self._title: list[str] | None = None
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._over:
            return
        told = {name: value or "" for name, value in reversed(attrs)}
        if tag == "body":
            self._over = True
        elif tag == "meta":
            self._meta(told)
        elif tag == "title" and "<title>" not in self.said:
            self._title = []
        elif tag == "base":
            self.base = self.base or told.get("href", "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "title":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._title is not None:
            self.said["<title>"] = "".join(self._title)
            self._title = None
        self._over = self._over or tag == "head"

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)

    def _meta(self, told: dict[str, str]) -> None:
        for name in (told.get("property", ""), told.get("name", "")):
            if told.get("content", "").strip():
                self.said.setdefault(name.strip().lower(), told["content"])


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        if line := " ".join("".join(char if char.isprintable() else " " for char in said.get(name, "")).split()):
            return line
    return ""


def _joined(base: str, address: str) -> str:
    try:
        whole = urljoin(base, address) if address else ""
        return whole if urlsplit(whole).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _text(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    stated = _CHARSET.search(body[:_WHERE_CHARSET_IS_SAID])
    try:
        return body.decode(stated[1].decode() if stated else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
