"""What a platform is asked to show, frozen, and its hash.

Equal content has an equal hash, whoever computed it and whenever: it is what a plan is
compared by, and what a person's yes is bound to.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.model.campaign import CARD
from scheduler.model.media import MediaFacts, Recipe


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video: path below `media/` with `/`; `facts` once the file was looked at.

    `recipe` is what is made of it for this platform (None: it goes out as it is). `drawing` is the SVG of a card,
    whose `file` begins with `card:`; it is drawn at `apply` and not kept.
    """

    file: str
    alt: str = ""
    credit: str = ""
    decorative: bool = False
    facts: MediaFacts | None = None
    recipe: Recipe | None = None
    drawing: str = field(default="", compare=False, repr=False)

    @property
    def is_video(self) -> bool:
        """Whether it is a film, as far as it was looked at."""
        return self.facts is not None and self.facts.is_video

    @property
    def shown(self) -> str:
        """What a person calls it; a card has no path of its own."""
        return f"the card {self.file.removeprefix(CARD)}" if self.file.startswith(CARD) else f"media/{self.file}"


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll: its options, and how many seconds it stays open."""

    options: tuple[str, ...]
    open_for: int
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Text is Unicode NFC; `warning` empty means none; `language` a BCP 47 tag, empty for untagged."""

    text: str
    language: str = ""
    warning: str = ""
    visibility: str = ""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    link: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over everything shown, the media files' own hashes included."""
        return hash_of(body_of(self))


def body_of(content: Content) -> str:
    """The content as one line of JSON, always the same for the same content: what is stored, and what is hashed."""
    return json.dumps(as_json(content), sort_keys=True, ensure_ascii=False)


def hash_of(body: str) -> str:
    """The hash of a content that is stored as `body`."""
    return hashlib.sha256(body.encode()).hexdigest()


def as_json(content: Content) -> dict[str, Any]:
    """The content as plain JSON, as it is stored; `from_json` reads it back."""
    return {
        "text": content.text,
        "language": content.language,
        "warning": content.warning,
        "visibility": content.visibility,
        "media": [_media_json(media) for media in content.media],
        "poll": _poll_json(content.poll),
        "link": content.link,
    }


def _media_json(media: Media) -> dict[str, Any]:
    facts = media.facts
    stored = {
        "file": media.file,
        "alt": media.alt,
        "credit": media.credit,
        "decorative": media.decorative,
        "facts": facts.as_json() if facts else None,
    }
    return stored | ({"recipe": media.recipe.as_json()} if media.recipe else {})


def _poll_json(poll: Poll | None) -> dict[str, Any] | None:
    return (
        poll if poll is None else {"options": list(poll.options), "open_for": poll.open_for, "multiple": poll.multiple}
    )


def from_json(stored: Mapping[str, Any]) -> Content:
    """The content that `as_json` wrote."""
    poll = stored["poll"]
    return Content(
        text=stored["text"],
        language=stored["language"],
        warning=stored["warning"],
        visibility=stored["visibility"],
        media=tuple(_media(entry) for entry in stored["media"]),
        poll=Poll(tuple(poll["options"]), poll["open_for"], poll["multiple"]) if poll else None,
        link=stored["link"],
    )


def _media(stored: Mapping[str, Any]) -> Media:
    facts, recipe = stored["facts"], stored.get("recipe")
    return Media(
        file=stored["file"],
        alt=stored["alt"],
        credit=stored["credit"],
        decorative=stored["decorative"],
        facts=MediaFacts(**facts) if facts else None,
        recipe=Recipe(**recipe) if recipe else None,
    )
