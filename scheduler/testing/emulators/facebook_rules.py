"""What a Page makes of a post, and what it refuses: pure functions, on which its emulator stands.

A mentioned Page comes back by its name, links stand behind Facebook's doorman, photos stand in an
album. Fields are asked for with fields of theirs in braces. Written from Meta's pages as of 2026-04
and from the code of others; nothing here was seen live.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from scheduler.platforms.plain import plain_links
from scheduler.testing.emulators.graph import wrong

MOST_BYTES = 4_000_000
TAKES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
_MENTION = re.compile(r"@\[([0-9]+)\]")
_NAME = re.compile(r"[.\w]+")


@dataclass(slots=True)
class Photo:
    """One photo. `post` is empty while nobody sees it."""

    id: str
    body: bytes
    alt: str
    type: str
    post: str = ""


@dataclass(slots=True)
class Film:
    """One video, uploaded in pieces. `post` is empty while nobody sees it."""

    id: str
    session: str
    size: int
    body: bytes = b""
    post: str = ""


@dataclass(slots=True)
class PagePost:
    """One post of the Page; `said` are the fields that it was made with."""

    id: str
    text: str
    at: datetime
    link: str = ""
    photos: tuple[str, ...] = ()
    video: str = ""
    published: bool = True
    said: Mapping[str, Any] = field(default_factory=dict)

    def same(self, text: str, link: str, photos: tuple[str, ...]) -> bool:
        """Whether another post would show the same."""
        return (self.text, self.link, self.photos) == (text, link, photos)


def as_read(post: PagePost, names: Mapping[str, str]) -> dict[str, Any]:
    """A post as it is read back, all fields of it. `names` are those of Pages that may be mentioned, by id."""
    page, _, number = post.id.partition("_")
    mentioned = [one for one in _MENTION.findall(post.text) if one in names]
    text = _MENTION.sub(lambda match: names.get(match[1], match[0]), post.text).strip()
    whole: dict[str, Any] = {
        "id": post.id,
        "created_time": post.at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "permalink_url": f"https://www.facebook.com/{page}/posts/{number}",
        "reactions": {"data": [], "summary": {"total_count": 0}},
        "comments": {"data": [], "summary": {"total_count": 0}},
    }
    whole |= {"message": text} if text else {}
    whole |= (
        {"message_tags": [{"id": one, "name": names[one], "type": "page"} for one in mentioned]} if mentioned else {}
    )
    attached = list(_attached(post))
    return whole | ({"attachments": {"data": attached}} if attached else {})


def _attached(post: PagePost) -> Iterator[dict[str, Any]]:
    if post.video:
        yield {
            "media_type": "video",
            "target": {"id": post.video},
            "url": f"https://www.facebook.com/videos/{post.video}",
        }
        return
    shown = [{"media_type": "photo", "target": {"id": one}, "url": _of_photo(one)} for one in post.photos]
    if len(shown) > 1:
        album = {"id": f"9{post.id.partition('_')[2]}"}
        yield {"media_type": "album", "target": album, "subattachments": {"data": shown}}
        return
    yield from shown
    first = next(iter(plain_links(post.text)), None)
    link = post.link or (post.text[slice(*first)] if first else "")
    if link and not post.photos:
        doorman = f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0emulated"
        yield {"media_type": "link", "url": doorman, "unshimmed_url": link, "target": {"url": doorman}}


def _of_photo(photo: str) -> str:
    return f"https://www.facebook.com/photo.php?fbid={photo}"


def is_facebooks(link: str) -> bool:
    """Whether a link leads to Facebook itself."""
    host = (urlsplit(link).hostname or "").lower()
    return host == "facebook.com" or host.endswith(".facebook.com")


def asked_for(fields: str) -> dict[str, str]:
    """The names in `a,b{c,d{e}}.limit(0),f`, each with what stands in its braces. Raises `Refusal` for a bad one."""
    found: dict[str, str] = {}
    at = 0
    while at < len(fields):
        name = _NAME.match(fields, at)
        if not name:
            raise wrong("Syntax error in the fields")
        at, inner = _braces(fields, _parentheses(fields, name.end()))
        at = _modifiers(fields, at)
        found[name[0].partition(".")[0]] = inner
        if at < len(fields) and fields[at] != ",":
            raise wrong(f'Syntax error "Expected end of string instead of "{fields[at]}"."')
        at += 1
    return found


def _modifiers(fields: str, at: int) -> int:
    while at < len(fields) and fields[at] == ".":
        name = _NAME.match(fields, at)
        at = _parentheses(fields, name.end() if name else at + 1)
    return at


def _parentheses(fields: str, at: int) -> int:
    return fields.index(")", at) + 1 if at < len(fields) and fields[at] == "(" else at


def _braces(fields: str, at: int) -> tuple[int, str]:
    """Where the braces that open at `at` end, and what is in them; nothing where none open."""
    if at >= len(fields) or fields[at] != "{":
        return at, ""
    depth = 0
    for end in range(at, len(fields)):
        depth += {"{": 1, "}": -1}.get(fields[end], 0)
        if not depth:
            return end + 1, fields[at + 1 : end]
    raise wrong("Syntax error in the fields")


def picked(entry: Mapping[str, Any], fields: str, *, known: frozenset[str]) -> dict[str, Any]:
    """What a look at `fields` gives: the id always, and no field that the entry lacks. Unknown names are refused."""
    names = asked_for(fields) if fields else {}
    if strange := [name for name in names if name not in known]:
        raise wrong(f"Tried accessing nonexisting field ({strange[0]})")
    wanted = {"id": "", **names}
    return {name: _within(entry[name], inner) for name, inner in wanted.items() if entry.get(name) is not None}


def _within(value: Any, fields: str) -> Any:  # noqa: ANN401  # whatever a field holds
    """A value, or of objects in it what is asked for; edges hold their entries in `data`."""
    if not fields:
        return value
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return {**value, "data": [_within(one, fields) for one in value["data"]]}
    names = asked_for(fields)
    return {name: _within(value[name], inner) for name, inner in names.items() if name in value}
