"""What a post is to Telegram's Bot API: one method, its fields, and the files that go with it.

Texts go as they are, with entities beside them and never with markup: nothing has to be escaped
and nothing can fail to be parsed. Offsets are UTF-16 units of the text as sent, which is why it
is trimmed here, before the server does it. Source: core.telegram.org/bots/api, version 10.1 of
2026-06-11, as read in 2026-08.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.http.bodies import FilePart
from scheduler.http.session import Asked
from scheduler.model.content import Content, Poll
from scheduler.model.delivery import Draft
from scheduler.platforms.base import below
from scheduler.platforms.questions import divided
from scheduler.platforms.units import utf16_units
from scheduler.publishers.html import clean

QUESTION = 300


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: the method's name, its fields as plain JSON, and files."""

    method: str
    fields: Mapping[str, Any]
    files: Sequence[FilePart] = ()

    def body(self) -> Asked:
        """How it goes out: JSON, or a form whose structured fields are JSON ("Making requests")."""
        if not self.files:
            return {"json": dict(self.fields)}
        said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in self.fields.items()}
        return {"parts": (said, list(self.files))}


@dataclass(frozen=True, slots=True)
class Words:
    """A text and what is to be made of parts of it."""

    text: str
    entities: Sequence[Mapping[str, Any]] = field(default=())


def words_of(content: Content) -> Words:
    """The text with the link below it; behind a warning all of that is hidden until it is tapped."""
    warning, shown = clean(content.warning).strip(), below(clean(content.text).strip(), content.link)
    if not warning or not shown:
        return Words(warning or shown)
    head = utf16_units(warning)
    return Words(
        f"{warning}\n\n{shown}",
        (
            {"type": "bold", "offset": 0, "length": head},
            {"type": "spoiler", "offset": head + 2, "length": utf16_units(shown)},
        ),
    )


def asking(draft: Draft, files: Sequence[FilePart], fields: Mapping[str, Any]) -> Asking:
    """The one request that makes the post; `fields` are the fields of every method (chat, silence, topic, reply)."""
    content = draft.content
    if content.poll is not None:
        return Asking("sendPoll", {**fields, **_poll(content, content.poll)})
    if len(files) > 1:
        return _album(content, files, fields)
    if files:
        kind = kind_of(files[0].content_type)
        said = {**fields, **_caption(content), **_hidden(content)}
        return Asking(f"send{kind.capitalize()}", {**said, kind: "attach://file0"}, files)
    words = words_of(content)
    entities = {"entities": list(words.entities)} if words.entities else {}
    preview = {"link_preview_options": {"url": content.link}} if content.link else {}
    return Asking("sendMessage", {**fields, "text": words.text, **entities, **preview})


def kind_of(mime: str) -> str:
    """What Telegram calls a file of that type; a GIF is an animation, whether it moves or not."""
    if mime.startswith("video/"):
        return "video"
    return "animation" if mime == "image/gif" else "photo"


def _album(content: Content, files: Sequence[FilePart], fields: Mapping[str, Any]) -> Asking:
    """Several files as one group; the words stand below it when they are the first one's ("sendMediaGroup")."""
    entries = [
        {"type": kind_of(part.content_type), "media": f"attach://file{at}", **_hidden(content)}
        for at, part in enumerate(files)
    ]
    entries[0] |= _caption(content)
    return Asking("sendMediaGroup", {**fields, "media": entries}, files)


def _caption(content: Content) -> dict[str, Any]:
    words = words_of(content)
    if not words.text:
        return {}
    return {"caption": words.text} | ({"caption_entities": list(words.entities)} if words.entities else {})


def _hidden(content: Content) -> dict[str, Any]:
    return {"has_spoiler": True} if content.warning else {}


def _poll(content: Content, poll: Poll) -> dict[str, Any]:
    """A poll's question is the text, or its last paragraph, and what stands before that its description."""
    before, question = divided(clean(content.text), QUESTION)
    before = below(before, content.link)
    return {
        "question": question,
        "options": [{"text": option} for option in poll.options],
        "is_anonymous": True,  # channels take no other ones (not confirmed), and nobody asked for names
        "allows_multiple_answers": poll.multiple,
        "open_period": poll.open_for,
        **({"description": before} if before else {}),
    }
