"""One part of a post as a template draws it: its text, and all that goes with the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from scheduler.model.content import Content, Media, Poll
from scheduler.model.measure import Measure
from scheduler.preview.describe import length_words, medium
from scheduler.preview.fitted import fitted_words
from scheduler.preview.page.looks import Look
from scheduler.preview.page.sheet import picture_key
from scheduler.preview.page.texts import marked, plain
from scheduler.preview.view import DeliveryView, PartView
from scheduler.preview.words import duration, state_words


@dataclass(frozen=True, slots=True)
class MediaFace:
    """A picture: `style` is the class that shows it (empty: it cannot be shown here)."""

    style: str
    kind: str
    file: str
    size: str
    alt: str
    decorative: bool
    credit: str
    fitted: str

    @property
    def missing(self) -> bool:
        """Whether nobody wrote what is to be seen."""
        return not self.alt and not self.decorative


@dataclass(frozen=True, slots=True)
class LengthFace:
    """A length: percent of the ring, its words, and whether it is too long or nearly so."""

    percent: int
    words: str
    unit: str
    tone: str


@dataclass(frozen=True, slots=True)
class PollFace:
    """A poll: its options, how long it is open, and whether several may be chosen."""

    options: tuple[Markup, ...]
    open_for: str
    multiple: bool


@dataclass(frozen=True, slots=True)
class LinkFace:
    """A link, as far as it is known without asking the network.

    `carded` where the platform shows a card of it; `hidden` where neither card nor text shows it.
    """

    url: str
    host: str
    path: str
    carded: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class PartFace:
    """One part of a thread, or the whole post."""

    number: int
    state: str
    language: str
    subject: Markup
    html: Markup
    warning: Markup
    media: tuple[MediaFace, ...]
    poll: PollFace | None
    link: LinkFace | None
    lengths: tuple[LengthFace, ...]
    url: str


def part_faces(view: DeliveryView, look: Look, styles: Mapping[str, str]) -> tuple[PartFace, ...]:
    """The parts of a post in order; `styles` are the pictures' classes by `picture_key`."""
    differ = len({(part.state, part.strength) for part in view.parts}) > 1
    return tuple(
        _part(at, part, look, styles, _state(view, part) if differ else "") for at, part in enumerate(view.parts, 1)
    )


def _state(view: DeliveryView, part: PartView) -> str:
    return state_words(part.state, dry_run=view.dry_run, platform=view.platform, strength=part.strength)


def _part(number: int, part: PartView, look: Look, styles: Mapping[str, str], state: str) -> PartFace:
    content = part.content
    return PartFace(
        number=number,
        state=state,
        language=content.language,
        subject=plain(_subject(content)) if look.body == "letter" else Markup(""),
        html=marked(content.text, part.entities),
        warning=plain(content.warning),
        media=tuple(_media(media, styles) for media in content.media),
        poll=_poll(content.poll),
        link=_link(content, look),
        lengths=lengths(part),
        url=part.remote_url if part.remote_url.startswith(("http://", "https://")) else "",
    )


def _media(media: Media, styles: Mapping[str, str]) -> MediaFace:
    return MediaFace(
        style=styles.get(picture_key(media), ""),
        kind=medium(media),
        file=media.file,
        size=_size(media),
        alt=media.alt,
        decorative=media.decorative,
        credit=media.credit,
        fitted=fitted_words(media),
    )


def lengths(part: PartView) -> tuple[LengthFace, ...]:
    """Every length the platform looks at, the fullest first."""
    return tuple(_length(measure) for measure in part.measures)


def _length(measure: Measure) -> LengthFace:
    tone = "over" if not measure.fits else "near" if measure.fullness > 0.9 else "fits"
    percent = min(100, round(measure.fullness * 100))
    return LengthFace(percent, length_words(measure), measure.unit if measure.limit else "", tone)


def _size(media: Media) -> str:
    """The pixels that go out."""
    seen = media.recipe or media.facts
    return f"{seen.width} x {seen.height}" if seen and seen.width else ""


def _poll(poll: Poll | None) -> PollFace | None:
    if poll is None:
        return None
    return PollFace(tuple(plain(option) for option in poll.options), duration(poll.open_for), poll.multiple)


def _link(content: Content, look: Look) -> LinkFace | None:
    url = content.link
    if not url.startswith(("http://", "https://")):
        return None
    carded = look.both or not content.media
    hidden = not carded and url not in content.text
    try:
        pieces = urlsplit(url)
    except ValueError:
        return LinkFace(url, url, "", carded, hidden)
    return LinkFace(url, pieces.netloc, pieces.path if pieces.path != "/" else "", carded, hidden)


def _subject(content: Content) -> str:
    """What a letter is about: its warning, else its first line."""
    lines = (content.warning or content.text).splitlines()
    return next((line.strip() for line in lines if line.strip()), "")
