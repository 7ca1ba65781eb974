"""LinkedIn's "little text": what a post's words are on the wire, and how to read them back.

Fifteen signs are reserved. Left bare, LinkedIn answers 201 and cuts the post at the first of them (linkedctl
issue 194, crossposter 1.1.5, Pipedream issue 17353, Composio issue 2710). So a text is cut into what it
holds: mentions and hashtags go as LinkedIn's own elements, everything else is escaped. Within links, where
reports of escaping conflict (brightbean-studio PR 121, soleur PR 5140), the signs are percent-encoded instead,
which needs no escape and leads to the same page; a `#` there can only be escaped. Lengths are counted before
all this. Pure. Source: Microsoft Learn, "little text format", as of 2026-05. Not confirmed: links, names.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from scheduler.model.measure import Entity
from scheduler.platforms.rules.linkedin import PLATFORM

RESERVED = "\\|{}@[]()<>#*_~"
_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_IN_LINKS = re.compile(r"[\\|{}@\[\]()<>*_~]")
_MENTION = re.compile(r"@\[(?P<name>.*)\]\((?P<urn>.*)\)\Z", re.DOTALL)
_READ = re.compile(
    r"\{hashtag\|\\?[#＃]\|(?P<tag>(?:\\.|[^}\\])*+)\}"
    r"|@\[(?P<name>(?:\\.|[^\]\\])*+)\]\((?P<urn>urn:[^()\s]*+)\)"
    r"|\\(?P<sign>.)",
    re.DOTALL,
)
_ENCODED = re.compile("|".join(f"%{ord(sign):02X}" for sign in RESERVED if sign != "#"), re.IGNORECASE)


def escaped(text: str) -> str:
    """A text as `commentary` wants it: mentions and hashtags as elements, links whole, the rest without meaning."""
    made, at = [], 0
    for entity, write in _elements(text):
        made += [_without_meaning(text[at : entity.start]), write(entity.text)]
        at = entity.end
    return "".join([*made, _without_meaning(text[at:])])


def plain(commentary: str) -> str:
    """A `commentary` as it was written: elements as people type them, escapes undone."""
    return _READ.sub(_as_typed, commentary)


def comparable(text: str) -> str:
    """What of a text stays the same on the way there and back: no wide #, no outer blanks, links decoded."""
    whole = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("＃", "#").strip()
    return _ENCODED.sub(lambda found: unquote(found.group()), whole)


def _elements(text: str) -> Iterator[tuple[Entity, Callable[[str], str]]]:
    """What is not plain text, in order, and how each is written."""
    found = PLATFORM.entities(text)
    kinds = ((found.urls, _link), (found.mentions, _mention), (found.hashtags, _hashtag))
    every = [(entity, write) for entities, write in kinds for entity in entities]
    return iter(sorted(every, key=lambda one: one[0].start))


def _without_meaning(text: str) -> str:
    return _RESERVED.sub(lambda sign: f"\\{sign.group()}", text)


def _link(text: str) -> str:
    return _IN_LINKS.sub(lambda sign: f"%{ord(sign.group()):02X}", text).replace("#", "\\#")


def _mention(text: str) -> str:
    """`@[Name](urn)`; the name must be the entity's own to the letter, or LinkedIn makes text of it."""
    found = _MENTION.match(text)
    return f"@[{_without_meaning(found['name'])}]({found['urn']})" if found else _without_meaning(text)


def _hashtag(text: str) -> str:
    """As LinkedIn gives it back, and most clients send it; the page's example has the # bare."""
    return f"{{hashtag|\\#|{_without_meaning(text[1:])}}}"


def _as_typed(found: re.Match[str]) -> str:
    if found["sign"] is not None:
        return found["sign"]
    if found["tag"] is not None:
        return f"#{plain(found['tag'])}"
    return f"@[{plain(found['name'])}]({found['urn']})"
