"""What a post is to Slack: one message, its text written literally, its pictures as blocks.

`mrkdwn` is switched off, so that no sign in a text is markup, and the three signs that Slack
reads all the same are entities. Both ways of unfurling are always said, as their defaults
differ. Beside pictures the words stand in a block, and `text` is what notifications and screen
readers get. Sources: docs.slack.dev, chat.postMessage, blocks "image" and "rich text", as of 2026-08.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.errors import Rejected
from scheduler.model.content import Content, Media
from scheduler.platforms.base import below
from scheduler.platforms.plain import plain_links, spans
from scheduler.platforms.rules.slack import NAMED, escaped
from scheduler.publishers.html import clean

EVENT = "drumbeat_post"
_NO_WORDS = "Picture"
"""A picture's words may not be missing in a block; this is what a decorative one gets."""

_NAME = re.compile(r"<(?:@(?P<user>\w+)|#(?P<channel>\w+)|!subteam\^(?P<usergroup>\w+))")


def payload(content: Content, files: Sequence[str] = ()) -> dict[str, Any]:
    """The message as JSON, without its place; `files` are the ids of what was uploaded."""
    words = words_of(content)
    spoken = words or "\n".join(clean(one.alt) for one in content.media if one.alt) or _NO_WORDS
    made: dict[str, Any] = {
        "text": escaped(spoken),
        "mrkdwn": False,
        "unfurl_links": bool(content.link),
        "unfurl_media": bool(content.link),
    }
    if files:
        made["blocks"] = [*_said(words), *map(_picture, content.media, files)]
    return made


def refuse(content: Content) -> None:
    """Raises `Rejected` for what no message of Slack's holds; `check` has said so before."""
    if content.poll is not None or content.warning:
        raise Rejected("Slack has neither polls nor warnings.", mend="Write `degrade: [poll, warning]`.")


def words_of(content: Content) -> str:
    """The text with its link below it, where it has one that the text lacks."""
    return below(clean(content.text).strip(), content.link)


def metadata(key: str) -> dict[str, Any]:
    """What nobody sees and a look finds: our key ("Message metadata")."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _picture(media: Media, file: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": clean(media.alt) or _NO_WORDS}


def _said(words: str) -> Iterator[dict[str, Any]]:
    """The words as rich text: runs, links and names, none of it escaped or read as markup."""
    if not words:
        return
    found = sorted({*plain_links(words), *spans(NAMED, words)})
    elements, at = [], 0
    for start, end in found:
        if start >= at:
            elements += [*_run(words[at:start]), _named(words[start:end])]
            at = end
    elements += _run(words[at:])
    yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _run(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text else []


def _named(text: str) -> dict[str, Any]:
    found = _NAME.match(text)
    if found is None:
        return {"type": "link", "url": text}
    kind = str(found.lastgroup)
    return {"type": kind, f"{kind}_id": found[kind]}
