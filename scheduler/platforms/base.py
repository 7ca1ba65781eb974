"""What a platform is to everything above: limits as data, counting and entities as code.

A platform is known long before its publisher is: a post can be checked and previewed for
any of them. Everything here is pure, and nothing here ever raises on a text, whatever it
holds. Limits that differ for one account come from the account and override by key.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from string import Formatter
from types import MappingProxyType

from scheduler.model.measure import Entities, Measure
from scheduler.platforms.prices import Prices

NOTHING: Mapping[str, int] = MappingProxyType({})
PUBLIC = frozenset({"public"})
MOVING = ("image/gif", "image/webp", "image/png", "image/avif")
"""What moves in a browser."""

VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
_FILMS = (".mp4", ".m4v", ".mov", ".webm")


class Feature(StrEnum):
    """What a platform has of its own. The values are the words of `degrade:` where there is one.

    `LINK_CARD`: a link is shown as a card, from a field of its own or, where the platform has none
    (X, Mastodon, Slack, Matrix, Nostr, e-mail), from the link in the text or below it.
    """

    THREAD = "thread"
    MEDIA = "media"
    ALT = "alt"
    WARNING = "warning"
    POLL = "poll"
    LANGUAGE = "language"
    VISIBILITY = "visibility"
    LINK_CARD = "link_card"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Draught:
    """One text as it is counted: `warning` is shown before it, `media` is how many pictures go with it."""

    text: str
    warning: str
    media: int
    limits: Mapping[str, int]


def anything_goes(text: str) -> bool:  # noqa: ARG001  the platform looks at the length alone
    """For platforms that refuse no text for what it holds."""
    return True


def no_entities(text: str) -> Entities:  # noqa: ARG001  nothing is looked for
    """For platforms that make nothing of a text."""
    return Entities()


def below(text: str, link: str) -> str:
    """The text with the link below it, where there is one and the text has it not already."""
    return f"{text.strip()}\n\n{link}".strip() if link and link not in text else text


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `posts` creating requests of one account within any `seconds`."""

    posts: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Platform:
    """The rules of one platform. In `limits` 0, or a missing key, means that none is known.

    Keys of `limits`: `text` (in `unit`), `bytes` (UTF-8), `url` (what any link counts), `caption` (text beside
    media), `media` and `media_min` (files a post), `alt`, `poll_options`, `poll_option`, `poll_min` and `poll_max`
    (seconds), `poll_question` and `poll_text` (what stands before the question; both UTF-16 units), `hashtags`,
    `cashtags`, `mentions`, `links`, `languages`. Of a picture: `media_bytes`, `media_pixels` (all of them),
    `media_width`, `media_height`, `media_sides` (width and height added up), `ratio_min` and `ratio_max` (width by
    height, in thousandths); `moving_bytes` where one that moves may have others; `video_bytes`, `video_seconds`,
    `video_seconds_min`. `media_types` are MIME types in order of preference, empty: any; `moving_types` those which
    move there; `card_size` is the best width and height of a picture drawn for it.
    """

    name: str
    title: str
    unit: str
    count: Callable[[Draught], tuple[Measure, ...]]
    find: Callable[[str], Entities] = no_entities
    accepts: Callable[[str], bool] = anything_goes
    limits: Mapping[str, int] = field(default_factory=dict)
    features: frozenset[Feature] = frozenset()
    visibilities: frozenset[str] = PUBLIC
    quotas: tuple[Quota, ...] = ()
    media_types: tuple[str, ...] = ()
    moving_types: tuple[str, ...] = MOVING
    moving_alone: bool = False
    """Whether a video, or a picture that moves, has nothing beside it."""
    card_size: tuple[int, int] = (1600, 900)
    one_embed: bool = False
    """Whether a post shows pictures or a link card, never both."""
    lonely_types: tuple[str, ...] = ()
    """Types of what moves that have nothing beside them, where others may."""
    describes_videos: bool = True
    """Whether a video has an alternative text, where pictures have one."""
    one_shape: bool = False
    """Whether all files of a post are cropped to the shape of the first one."""
    fetches_media: bool = False
    """Whether the platform fetches a post's files itself, from a public address that `media:` gives them."""
    media_server: str = ""
    """The account's setting that names a server for its pictures, where the platform itself takes none."""
    link_below: bool = False
    """Whether a post's `link` is sent as the text's last paragraph where the text lacks it, and so counts."""
    poll_alone: frozenset[str] = frozenset()
    """What of a post cannot stand beside a poll: `media`, `warning`; and `multiple`, where a poll takes one answer."""
    poll_spans: tuple[int, ...] = ()
    """For how long a poll may be open, in seconds, where only certain lengths are taken; empty: any."""
    prices: Prices | None = None
    """What it charges for requests; None: nothing, as far as we know."""
    by_hand: bool = False
    """Whether a person posts there, to whom a post is only handed."""
    ways: Mapping[str, frozenset[Feature]] = field(default_factory=dict)
    """Weaker ways in, by the name of their secret or setting (`webhook`), and what an account lacks that uses one."""

    options: frozenset[str] | None = None
    """Settings and secrets that an account has here beside those that every account has; None: nobody knows."""
    switches: frozenset[str] = frozenset()
    """Those of them that say yes or no."""
    profiles: tuple[str, ...] = ()
    """Where people see an account's posts, as forms with `{name}` and the account's settings: the first that fits."""

    def profile(self, known: Mapping[str, str]) -> str:
        """The address of the account of which this is known; empty where none is."""
        for form in self.profiles:
            if all(known.get(key) for _, key, _, _ in Formatter().parse(form) if key):
                return form.format_map(known)
        return ""

    def measure(
        self, text: str, *, warning: str = "", limits: Mapping[str, int] = NOTHING, media: int = 0, link: str = ""
    ) -> tuple[Measure, ...]:
        """Every length this platform looks at, the fullest first; `limits` override the platform's by key."""
        text = below(text, link) if self.link_below else text
        effective = {**self.limits, **limits} if limits else self.limits
        measures = self.count(Draught(text, warning, media, effective))
        return measures if len(measures) == 1 else tuple(sorted(measures, key=_fullness, reverse=True))

    def entities(self, text: str) -> Entities:
        """What this platform would make of `text`; offsets are code points of the text as given."""
        return self.find(text)

    def way(self, options: Container[str]) -> str:
        """Which of the weaker ways an account with these secrets and settings comes by; empty for the usual one."""
        return next((way for way in self.ways if way in options), "") if self.ways else ""

    def by(self, way: str) -> "Platform":
        """The platform as it is to an account that comes by `way`."""
        if not way:
            return self
        features = self.features - self.ways[way]
        return replace(
            self,
            title=f"{self.title} by {'an' if way[0] in 'aeiou' else 'a'} {way}",
            features=features,
            visibilities=self.visibilities if Feature.VISIBILITY in features else PUBLIC,
        )

    def describes(self, file: str) -> bool:
        """Whether the platform shows an alternative text of a file of this name."""
        return Feature.ALT in self.features and (self.describes_videos or not file.lower().endswith(_FILMS))

    def has(self, feature: Feature) -> bool:
        """Whether the platform has `feature` of its own."""
        return feature in self.features


def _fullness(measure: Measure) -> float:
    return measure.fullness
