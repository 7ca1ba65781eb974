"""A campaign as its file says it: every template still a template, every time still civil.

`Sources` holds what `for:` may override; a post has its own and one for each key of `for`.
None means "not said here", so that each key is taken from the most specific that has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from scheduler.finding import NOWHERE, Place
from scheduler.model.checks import CheckSetting, Waiver
from scheduler.model.schedule import Schedule, Window

Value = str | int | float | bool | None | tuple["Value", ...] | Mapping[str, "Value"]
"""What a `vars` entry, a record's field or a CSV cell may be."""

EMPTY: Mapping[str, Value] = MappingProxyType({})
ACCOUNT_ZONE = "account"
CARD = "card:"
"""Stands before the name of a card wherever it could be taken for a post's template or a file below `media/`."""
DEFAULT_LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text as written in a campaign file, and where it stands."""

    text: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """A template's name below `templates/posts/`, without its language, and where it is named."""

    name: str
    place: Place = NOWHERE


def variants(name: str, language: str) -> tuple[str, ...]:
    """The names of a template's own files for a language (BCP 47), the nearest first: `a.pt-br.j2`, `a.pt.j2`."""
    stem, dot, ending = name.rpartition(".")
    tags = dict.fromkeys(tag for tag in (language, language.partition("-")[0]) if tag)
    return tuple(f"{stem}.{tag}.{ending}" if dot else f"{name}.{tag}" for tag in tags)


@dataclass(frozen=True, slots=True)
class MediaSource:
    """A picture or video of a post: path below `media/`, alternative text and credit, all templates."""

    file: Source
    alt: Source | None = None
    credit: Source | None = None
    decorative: bool = False


@dataclass(frozen=True, slots=True)
class CardSource:
    """A card drawn for the post: an SVG template below `templates/cards/`, with words for those who do not see it."""

    template: TemplateRef
    alt: Source | None = None
    credit: Source | None = None
    decorative: bool = False


@dataclass(frozen=True, slots=True)
class PollSource:
    """A poll: its options (templates) and how long it is open."""

    options: tuple[Source, ...]
    open_for: timedelta
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """What a post is made of. None: not said here."""

    wording: Source | TemplateRef | None = None
    media: tuple[MediaSource, ...] | None = None
    card: CardSource | None = None
    warning: Source | None = None
    poll: PollSource | None = None
    link: Source | None = None
    split: bool | None = None
    visibility: str | None = None
    degrade: frozenset[str] | None = None
    hashtags: tuple[str, ...] | None = None
    vars: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row of data behind a post; `values` holds `key` too."""

    key: str
    values: Mapping[str, Value]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a campaign. Its `timezone` is an IANA name, `account`, or None for the campaign's.

    `places` finds a key's place in the file (`every`, `media.0.alt`) for findings.
    """

    id: str
    schedule: Schedule
    sources: Sources
    overrides: Mapping[str, Sources] = field(default_factory=dict)
    records: tuple[Record, ...] | None = None
    timezone: str | None = None
    accounts: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    late: timedelta | None = None
    tags: tuple[str, ...] = ()
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One file of `campaigns/`. `sources` holds only what posts may repeat: hashtags, vars, visibility, degrade."""

    id: str
    title: str
    timezone: str
    window: Window
    accounts: tuple[str, ...]
    languages: tuple[str, ...]
    posts: tuple[Post, ...]
    late: timedelta = DEFAULT_LATE
    sources: Sources = field(default_factory=Sources)
    utm: Mapping[str, Source] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    file: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)
    checks: Mapping[str, CheckSetting] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
