"""A post as an article on one's own site: its title, its text below, and the name that it is looked up by.

Sites want a title and posts have none, so the first line is the title; nothing is said twice
and nothing is left out. The name (slug) is part of the article's address: it is plain ASCII,
because themes and plugins rewrite anything else, and ends in digits of the post's key, so that
no two posts ever share one.
"""

import re
from hashlib import sha256

from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.publishers.html import clean
from scheduler.publishers.titles import shortened

TITLE = 120
"""The longest line, in characters, that is a title as it stands; of a longer one the beginning is."""

_WORDS = 60
_BLOCKS = re.compile(r"\n\s*\n")


def slug_of(draft: Draft) -> str:
    """The article's name on the site: the post's id and 12 digits of its key, `[a-z0-9-]` and at most 73 long."""
    post = [*draft.delivery.split("/"), "", ""][1]
    words = re.sub(r"[^a-z0-9]+", "-", post.lower())[:_WORDS].strip("-")
    return f"{words or 'post'}-{draft.idempotency_key[-12:]}"


def file_slug(draft: Draft, media: Media, digest: str) -> str:
    """The name of one of its files: another one as soon as the file or a word about it is another."""
    told = f"{digest}\n{media.alt}\n{media.credit}\n{media.decorative}"
    return f"{slug_of(draft)}-file-{sha256(told.encode()).hexdigest()[:8]}"


def divided(content: Content) -> tuple[str, str]:
    """The title and what stands below it. A first line that is too long for a title stands below, too, and whole."""
    text = clean(content.text).strip()
    first, _, rest = text.partition("\n")
    if len(first) <= TITLE:
        return first.strip() or _told(content), rest.strip("\n")
    return shortened(first, TITLE), text


def blocks_of(text: str) -> list[str]:
    """The paragraphs of a text, none of them empty."""
    return [block.strip("\n") for block in _BLOCKS.split(text) if block.strip()]


def _told(content: Content) -> str:
    """What a post without words is called: what its first picture shows."""
    return next((" ".join(clean(media.alt).split())[:TITLE] for media in content.media if media.alt), "…")
