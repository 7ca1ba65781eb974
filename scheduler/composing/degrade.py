"""What becomes of what a platform cannot show.

Nothing is dropped in silence: what a platform lacks is an error, unless the campaign says
`degrade:`. Then the warning becomes the first line, alternative texts the last, a poll a
list; language and visibility are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scheduler.composing.trouble import Trouble
from scheduler.finding import NOWHERE, Place, Severity
from scheduler.model.content import Content, Media, Poll
from scheduler.platforms import Feature, Platform

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Pieces:
    """All of a post but its text, rendered; `places` and `place` say where its keys and itself stand."""

    warning: str = ""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    link: str = ""
    language: str = ""
    visibility: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, key: str) -> Place:
        """Where `key` is written, or the post where it has no place of its own."""
        return self.places.get(key, self.place)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is written around the text of a part: lines before it and lines after it."""

    before: str = ""
    after: str = ""

    def around(self, text: str) -> str:
        """The whole text of the part."""
        return "\n\n".join(piece for piece in (self.before, text, self.after) if piece)


def adapt(pieces: Pieces, degrade: Iterable[str], platform: Platform) -> tuple[Pieces, Frame, list[Trouble]]:
    """The pieces as `platform` can show them, what of them goes into the text, and what it cannot do."""
    named = frozenset(degrade)
    lacking = _lacking(pieces, platform)
    troubles = [_unsupported(what, pieces, platform) for what in lacking if what not in named]
    moved = [what for what in lacking if what in named]
    after = [_listed(pieces.poll)] if "poll" in moved and pieces.poll else []
    after += [_described(pieces.media, platform)] if "alt" in moved else []
    frame = Frame(pieces.warning if "warning" in moved else "", "\n\n".join(after))
    return _without(pieces, moved, named, platform), frame, troubles


def _lacking(pieces: Pieces, platform: Platform) -> list[str]:
    has = platform.features
    lacks = {
        "warning": pieces.warning and Feature.WARNING not in has,
        "media": pieces.media and Feature.MEDIA not in has,
        "alt": Feature.MEDIA in has and bool(_described(pieces.media, platform)),
        "poll": pieces.poll and Feature.POLL not in has,
        "visibility": pieces.visibility not in {"", PUBLIC} and pieces.visibility not in platform.visibilities,
    }
    return [what for what, lacking in lacks.items() if lacking]


_WORDS = {
    "warning": "content warnings",
    "media": "pictures",
    "alt": "alternative text",
    "poll": "polls",
}
_BECOMES = {
    "warning": "it becomes the first line",
    "alt": "it becomes the last line",
    "poll": "it becomes a list",
    "visibility": "it is left out",
}


def _unsupported(what: str, pieces: Pieces, platform: Platform) -> Trouble:
    words = _WORDS.get(what, f"visibility `{pieces.visibility}`")
    words += " of videos" if what == "alt" and Feature.ALT in platform.features else ""
    mend = f"Add `degrade: [{what}]` ({_BECOMES[what]}), or" if what in _BECOMES else "Either"
    key = _key_of(what, pieces)
    return Trouble(
        f"unsupported-{what}",
        f"{platform.title} has no {words}.",
        f"{mend} leave `{what if what == 'alt' else key}` out for it with `for: {{{platform.name}: …}}`.",
        pieces.place_of(key),
        what,
    )


def _key_of(what: str, pieces: Pieces) -> str:
    """The key that the file has for it: pictures are a `card` or `media`."""
    if what not in {"alt", "media"}:
        return what
    return "card" if pieces.media and pieces.media[0].drawing else "media"


def unlinked(pieces: Pieces, text: str, platform: Platform) -> tuple[Trouble, ...]:
    """A note where `platform` makes no card of the link and the first part's text does not have it either."""
    if not pieces.link or Feature.LINK_CARD in platform.features or pieces.link in text:
        return ()
    message = f"{platform.title} shows no link cards, so nobody will see the link."
    return (
        Trouble(
            "link-not-shown", message, "Write `{{ link }}` in the text.", pieces.place_of("link"), "link", Severity.NOTE
        ),
    )


def _without(pieces: Pieces, moved: list[str], named: frozenset[str], platform: Platform) -> Pieces:
    untagged = "language" in named and Feature.LANGUAGE not in platform.features
    shown = pieces.visibility in platform.visibilities
    return replace(
        pieces,
        warning="" if "warning" in moved else pieces.warning,
        poll=None if "poll" in moved else pieces.poll,
        language="" if untagged else pieces.language,
        visibility=pieces.visibility if shown else "",
    )


def _listed(poll: Poll) -> str:
    return "\n".join(f"- {option}" for option in poll.options)


def _described(media: tuple[Media, ...], platform: Platform) -> str:
    """The alternative texts that the platform itself does not show."""
    return "\n".join(one.alt for one in media if one.alt and not platform.describes(one.file))


def contents(texts: list[str], pieces: Pieces) -> tuple[Content, ...]:
    """The parts: media, poll and link on the first, the warning on every one."""
    first = Content(
        text=texts[0],
        language=pieces.language,
        warning=pieces.warning,
        visibility=pieces.visibility,
        media=pieces.media,
        poll=pieces.poll,
        link=pieces.link,
    )
    return (first, *(replace(first, text=text, media=(), poll=None, link="") for text in texts[1:]))
