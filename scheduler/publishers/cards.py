"""What a linked page says of itself: title, description and picture, for platforms that want to be told.

Precedence and tags are those that platforms' own readers share: `og:` before `twitter:`
before `<title>` and `description`, the first of each, `property` or `name` alike
(ogp.me, as of 2026-11). The page is a stranger's word: it is never run, only read as far as
its head goes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from scheduler.http.guard import Fetched

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", ""})
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_WHERE_CHARSET_IS_SAID = 4096
_LONGEST_HEAD = 512_000
_TAG = re.compile(r"""<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<told>(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/"'>]++)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
_RAW = ("title", "script", "style", "noscript")
_CLOSING = {name: re.compile(rf"</{name}[^>]{{0,100}}>", re.IGNORECASE) for name in _RAW}
"""What stands between these is no tag, up to their own end."""
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
    head = _head(_text(page.body)[:_LONGEST_HEAD])
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


@dataclass(slots=True)
class _Head:
    """What a page's head says, the first of each."""

    said: dict[str, str] = field(default_factory=dict)
    base: str = ""

    def take(self, name: str, told: Mapping[str, str], inside: str) -> None:
        if name == "meta" and told.get("content", "").strip():
            for key in (told.get("property", ""), told.get("name", "")):
                self.said.setdefault(key.strip().lower(), told["content"])
        elif name == "title":
            self.said.setdefault("<title>", unescape(inside))
        elif name == "base":
            self.base = self.base or told.get("href", "")


def _head(text: str) -> _Head:
    """Reads tags up to the head's end, each character once: no page takes longer than its length."""
    head, at = _Head(), 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            at = _behind(text, "-->", at + 4)
            continue
        tag = _TAG.match(text, at)
        name = tag["name"].lower() if tag else ""
        if name == "body" or (tag and tag["end"] and name == "head"):
            break
        if tag is None:
            if text[at + 1 : at + 3].lstrip("/")[:1].isalpha():  # a tag that never ends: all that follows is inside it
                break
            at += 1
            continue
        at, inside = tag.end(), ""
        if name in _RAW and not tag["end"]:
            closing = _CLOSING[name].search(text, at)
            inside, at = text[at : closing.start() if closing else None], closing.end() if closing else len(text)
        if not tag["end"]:
            head.take(name, _attributes(tag["told"]), inside)
    return head


def _behind(text: str, sign: str, at: int) -> int:
    found = text.find(sign, at)
    return found + len(sign) if found >= 0 else len(text)


def _attributes(told: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(told):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


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
