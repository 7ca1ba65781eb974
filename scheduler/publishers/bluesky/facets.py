"""Facets: what makes a link, a mention or a hashtag more than dead text.

The server parses nothing and apps draw only what is said here, in bytes of UTF-8, never in
characters (docs.bsky.app/docs/advanced-guides/post-richtext, as of 2026-11). What is found
is what the preview shows as linked: both ask the platform's rules.
"""

from collections.abc import Mapping
from typing import Any

from scheduler.model.measure import Entity
from scheduler.platforms.rules.bluesky import PLATFORM, byte_span

_KIND = "app.bsky.richtext.facet"


def mentioned(text: str) -> tuple[str, ...]:
    """The handles that a text mentions, in small letters without the sign, each once."""
    return tuple(dict.fromkeys(map(_handle, PLATFORM.entities(text).mentions)))


def facets(text: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text, in order. `people`: handle to DID; who is not in it stays plain text."""
    found = PLATFORM.entities(text)
    spans = [_facet(text, one, "link", {"uri": _address(one.text)}) for one in found.urls]
    spans += [
        _facet(text, one, "mention", {"did": people[_handle(one)]}) for one in found.mentions if _handle(one) in people
    ]
    spans += [_facet(text, one, "tag", {"tag": one.text[1:]}) for one in found.hashtags]
    return sorted(spans, key=lambda facet: int(facet["index"]["byteStart"]))


def _facet(text: str, entity: Entity, kind: str, said: Mapping[str, str]) -> dict[str, Any]:
    start, end = byte_span(text, entity)
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": f"{_KIND}#{kind}", **said}]}


def _handle(entity: Entity) -> str:
    return entity.text.removeprefix("@").lower()


def _address(shown: str) -> str:
    return shown if "://" in shown else f"https://{shown}"
