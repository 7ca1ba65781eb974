"""What a post is in a Matrix room: one `m.room.message` event, made without asking anyone.

Mentions are disarmed (`m.mentions` is empty, so nobody is notified by what a text happens to
hold), and HTML is escaped whole. Source: spec.matrix.org, client-server API, modules
"instant messaging", "mentions", "threading" and "spoilers", as of 2026-07-21.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft, Receipt
from scheduler.publishers.html import clean, inline, paragraphs

KEY = "org.drumbeat.key"
"""A field of ours in every event: it finds the post from any device, long after transaction ids are forgotten."""

MOST_BYTES = 60_000
"""Of an event's 65,536 bytes, what is left beside the servers' own fields (spec, "Size limits", as of 2026-07-21)."""

_KINDS = {"image": "m.image", "video": "m.video", "audio": "m.audio"}


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What the media store holds for a post: the picture's address and name, and the hidden text's address."""

    media: str = ""
    filename: str = ""
    hidden: str = ""


def event(draft: Draft, uploaded: Uploaded) -> dict[str, Any]:
    """The event's content. Equal drafts and uploads give equal bytes."""
    content = draft.content
    made: dict[str, Any] = _words(content, uploaded)
    if content.media:
        made |= _file(content.media[0], content, uploaded)
    root, parent = _name(draft.root), _name(draft.parent)
    if root and parent:
        made["m.relates_to"] = _thread(root, parent)
    whole = {**made, "m.mentions": {}, KEY: draft.idempotency_key}
    if size(whole) > MOST_BYTES and not content.warning:
        # clients make links of plain text by themselves; only the paragraphs' look is lost
        whole = {name: value for name, value in whole.items() if name not in {"format", "formatted_body"}}
    return whole


def size(content: Mapping[str, Any]) -> int:
    """The bytes of an event's content as canonical JSON."""
    return len(json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())


def _words(content: Content, uploaded: Uploaded) -> dict[str, Any]:
    """Plain and formatted. Behind a warning the plain form holds no word of the text, only where it is to be had."""
    text = shown_text(content)
    if content.warning:
        reason = clean(content.warning)
        body = f"[{reason}]({uploaded.hidden})" if uploaded.hidden else reason
        formatted = f'<span data-mx-spoiler="{escape(reason)}">{inline(text)}</span>'
    else:
        body, formatted = text, paragraphs(text)
    return {"msgtype": "m.text", "body": body, "format": "org.matrix.custom.html", "formatted_body": formatted}


def shown_text(content: Content) -> str:
    """The text with the link, where the text has it not already, and for a wordless picture what it shows."""
    text = clean(content.text)
    if content.link and content.link not in text:
        text = f"{text}\n\n{content.link}".strip()
    if not text and content.media:
        text = clean(content.media[0].alt)
    return text


def _file(media: Media, content: Content, uploaded: Uploaded) -> dict[str, Any]:
    """One file, whose caption is the text (`body` beside `filename`, spec 1.10).

    Behind a warning a picture goes as a plain file: no client opens that by itself.
    """
    facts = media.facts
    kind = facts.type if facts else "application/octet-stream"
    about: dict[str, Any] = {"mimetype": kind}
    if facts:
        about["size"] = facts.bytes
        if facts.width:
            about |= {"w": facts.width, "h": facts.height}
    sort = "m.file" if content.warning else _KINDS.get(kind.partition("/")[0], "m.file")
    return {"msgtype": sort, "url": uploaded.media, "filename": uploaded.filename, "info": about}


def _name(receipt: Receipt | None) -> str:
    """The event that a receipt names; a person may have given its matrix.to address instead."""
    if receipt is None or receipt.remote_id.startswith("$"):
        return receipt.remote_id if receipt else ""
    name = unquote(receipt.remote_id.partition("?")[0].rpartition("/")[2])
    return name if name.startswith("$") else ""


def _thread(root: str, parent: str) -> dict[str, Any]:
    """Always the thread's root, as threads do not nest; the one before it for clients that know no threads."""
    return {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": parent},
    }


def permalink(room: str, name: str) -> str:
    """The address that leads a person to the event (spec, "matrix.to navigation")."""
    return f"https://matrix.to/#/{quote(room, safe='!:')}/{quote(name, safe='$:')}"
