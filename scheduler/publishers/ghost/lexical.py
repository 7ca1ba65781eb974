"""A post as Ghost's editor keeps it: a Lexical document, so that people can go on with it there.

Texts are told as texts and links as links; nothing is HTML and nothing has to be escaped, and
nothing gets lost, as it may where Ghost converts HTML (`source=html`). Source: the nodes of
TryGhost/Koenig and the example in docs.ghost.org/admin-api, as of 2026-08; seen on Ghost 5.130.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from scheduler.model.content import Content, Media
from scheduler.platforms.plain import plain_links
from scheduler.publishers.articles import blocks_of
from scheduler.publishers.html import clean, figure

Node = dict[str, Any]

_BLOCK: Node = {"version": 1, "format": "", "indent": 0, "direction": None}


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of the post on the site, and the address at which it is served."""

    url: str
    media: Media


def document(text: str, content: Content, placed: Sequence[Placed]) -> str:
    """The article below its title: paragraphs, then files, then the link where the text lacks it."""
    children = [_paragraph(list(_runs(block))) for block in blocks_of(clean(text))]
    children += [_film(one) if one.media.is_video else _picture(one) for one in placed]
    if content.link and content.link not in content.text:
        children.append(_paragraph([_link(clean(content.link))]))
    # Ghost 5.130 refuses a document without a paragraph (Lexical error 38)
    return json.dumps(
        {"root": {**_BLOCK, "type": "root", "children": children or [_paragraph([])]}}, ensure_ascii=False
    )


def _runs(block: str) -> Iterator[Node]:
    """The lines of a paragraph, each as runs of text and links."""
    for number, line in enumerate(block.split("\n")):
        if number:
            yield {"type": "linebreak", "version": 1}
        at = 0
        for start, end in plain_links(line):
            yield from _words(line[at:start])
            yield _link(line[start:end])
            at = end
        yield from _words(line[at:])


def _words(text: str) -> Iterator[Node]:
    if text:
        yield _text(text)


def _text(text: str) -> Node:
    return {
        "type": "extended-text",
        "version": 1,
        "text": text,
        "format": 0,
        "mode": "normal",
        "style": "",
        "detail": 0,
    }


def _link(url: str) -> Node:
    return {**_BLOCK, "type": "link", "url": url, "rel": None, "target": None, "title": None, "children": [_text(url)]}


def _paragraph(children: list[Node]) -> Node:
    return {**_BLOCK, "type": "paragraph", "children": children}


def _picture(one: Placed) -> Node:
    media = one.media
    size = {"width": media.facts.width, "height": media.facts.height} if media.facts else {}
    return {
        "type": "image",
        "version": 1,
        "src": one.url,
        "title": "",
        "alt": "" if media.decorative else clean(media.alt),
        "caption": escape(clean(media.credit), quote=False),
        "cardWidth": "regular",
        "href": "",
        **size,
    }


def _film(one: Placed) -> Node:
    """As HTML: Ghost's own card for films wants a still picture of each."""
    return {"type": "html", "version": 1, "html": figure(one.media, one.url)}
