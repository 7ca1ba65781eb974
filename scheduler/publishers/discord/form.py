"""What a post is to Discord: one message, and the form that carries its files.

Nobody is notified by what a text happens to hold: `allowed_mentions` is always sent and always
empty, as its defaults are not (bots: users, roles and everyone; webhooks: users). Sources:
discord/discord-api-docs, resources message, webhook and poll, API v10, as of 2026-08-06.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from scheduler.http.bodies import FilePart
from scheduler.http.session import Asked
from scheduler.model.content import Content, Poll
from scheduler.platforms.base import below
from scheduler.platforms.questions import divided
from scheduler.platforms.rules.discord import written
from scheduler.publishers.html import clean

QUESTION = 300
SILENT = 4096
_HOUR = 3600


def payload(content: Content, files: Sequence[FilePart], *, silent: bool = False) -> dict[str, Any]:
    """The message as JSON; equal contents give equal messages."""
    made: dict[str, Any] = {"allowed_mentions": {"parse": []}}
    if words := words_of(content):
        made["content"] = words
    if content.poll is not None:
        made["poll"] = _poll(content.poll, question_of(content))
    if silent:
        made["flags"] = SILENT
    if files:
        made["attachments"] = [
            {"id": at, "filename": part.filename, **_about(content, at)} for at, part in enumerate(files)
        ]
    return made


def words_of(content: Content) -> str:
    """What stands in the message's `content`: the text with its link, of a poll's what comes before the question."""
    text = clean(content.text).strip()
    if content.poll is not None:
        text, _ = divided(text, QUESTION)
    return written(below(text, content.link), clean(content.warning))


def question_of(content: Content) -> str:
    """What a poll asks; empty where there is none. No markdown is read there."""
    return divided(clean(content.text), QUESTION)[1] if content.poll is not None else ""


def nonce_of(key: str) -> str:
    """A nonce of 20 characters for our key: Discord takes 25 at most ("Create Message")."""
    return base64.urlsafe_b64encode(sha256(key.encode()).digest()[:15]).decode()


def body(made: Mapping[str, Any], files: Sequence[FilePart]) -> Asked:
    """JSON, or a form of it and the files ("Uploading Files")."""
    if not files:
        return {"json": dict(made)}
    return {"parts": ({"payload_json": json.dumps(made, ensure_ascii=False)}, list(files))}


def _about(content: Content, at: int) -> dict[str, Any]:
    alt = clean(content.media[at].alt)
    return ({"description": alt} if alt else {}) | ({"is_spoiler": True} if content.warning else {})


def _poll(poll: Poll, question: str) -> dict[str, Any]:
    """Discord counts whole hours: one that was begun counts."""
    return {
        "question": {"text": question},
        "answers": [{"poll_media": {"text": option}} for option in poll.options],
        "duration": -(-poll.open_for // _HOUR),
        "allow_multiselect": poll.multiple,
        "layout_type": 1,
    }
