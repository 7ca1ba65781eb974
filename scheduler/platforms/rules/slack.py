"""Slack. Source: docs.slack.dev, chat.postMessage and "Formatting message text", as of 2026-08.

The server cuts at 40,000 and says ok all the same, and may split before that; what it advises is 4,000,
and that is the limit here, counted as it is sent: three signs are written as entities. Names are mentioned
by id alone (`<@U…>`); hashtags are text.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import Draught, Feature, Platform
from scheduler.platforms.plain import finder, spans

NAMED = r"<(?:@[UW][A-Z0-9]+|\#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+)(?:\|[^>\n]*)?>"
"""People, channels and groups by their id; what would wake a whole channel (`<!here>`) is text."""


def escaped(text: str) -> str:
    """The text as it is sent: `&`, `<` and `>` as entities, names that are meant left as they are."""
    made, at = [], 0
    for start, end in spans(NAMED, text):
        made += [_entities(text[at:start]), text[start:end]]
        at = end
    return "".join([*made, _entities(text[at:])])


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _count(draught: Draught) -> tuple[Measure, ...]:
    return (Measure(len(escaped(draught.text)), draught.limits.get("text", 0), "characters"),)


PLATFORM = Platform(
    name="slack",
    title="Slack",
    unit="characters",
    options=frozenset({"channel", "webhook"}),
    count=_count,
    find=finder(
        mention=r"<(?:@[UW][A-Z0-9]+|\#C[A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^S[A-Z0-9]+)(?:\|[^>\n]*)?>"
    ),
    limits={"text": 4000, "media": 10, "alt": 2000},
    # an image block takes these; a video would have to be shared, which no one can look up ("Image block")
    media_types=("image/jpeg", "image/png", "image/gif"),
    moving_types=("image/gif",),
    link_below=True,
    # a webhook takes no files and names no message that could be taken down ("Incoming webhooks")
    ways={"webhook": frozenset({Feature.MEDIA, Feature.ALT, Feature.DELETE})},
    features=frozenset({Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.LINK_CARD, Feature.DELETE}),
)
