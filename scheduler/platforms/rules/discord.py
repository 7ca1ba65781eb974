"""Discord. Source: docs.discord.com, message, webhook and poll resources, as of 2026-08.

Code points are counted, by the staff's word (discord-api-docs#1315), after blanks at both ends
are cut. Discord reads markdown; a post's text is words, so what would be markup is sent behind a
backslash, and counts so. Names are mentioned by id alone (`<@id>`); hashtags are text.
"""

from scheduler.model.measure import Measure
from scheduler.platforms.base import VIDEOS, Draught, Feature, Platform, Quota
from scheduler.platforms.patterns import pattern
from scheduler.platforms.plain import finder, plain_links, spans

_KEPT = r"<(?:@[!&]?[0-9]+|\#[0-9]+|a?:[A-Za-z0-9_]+:[0-9]+|t:-?[0-9]+(?::[A-Za-z])?)>"
"""Mentions, emoji of the server, and moments in everybody's own zone: what only Discord's own signs can say."""

_LINE = r"(?m)^([ \t]*)(#{1,3} |-# |>)"

_MARKS = r"[\\*_`~|]|\]\(|(?m:^)[ \t]*(?:#{1,3} |-# |>)"
"""Whatever may be markup: most texts hold none of it."""


def escaped(text: str, *, hiding: bool = False) -> str:
    """The text with a backslash before whatever would be markup; `hiding`: it will stand between spoiler signs.

    Signs that only mean something in pairs stay alone where they are alone. Links are never touched.
    """
    if not pattern(_MARKS).search(text):
        return text
    signs = "\\" + "".join(sign for sign in "*_`" if text.count(sign) > 1)
    signs += "".join(sign for sign in "~|" if sign * 2 in text or (hiding and sign in text))
    kept = sorted({*plain_links(text), *spans(_KEPT, text)})
    made, at = [], 0
    for start, end in kept:
        if start >= at:
            made += [_escaped(text[at:start], signs, first=at == 0), text[start:end]]
            at = end
    return "".join([*made, _escaped(text[at:], signs, first=at == 0)])


def _escaped(run: str, signs: str, *, first: bool) -> str:
    run = "".join(f"\\{letter}" if letter in signs else letter for letter in run)
    run = run.replace("](", "\\](")
    # behind a link the run begins in the middle of a line
    made: str = pattern(_LINE).sub(lambda m: m[0] if not first and m.start() == 0 else f"{m[1]}\\{m[2]}", run)
    return made


def written(text: str, warning: str = "") -> str:
    """A text as it is sent; behind a warning it is hidden until it is opened."""
    body = escaped(text.strip(), hiding=bool(warning))
    if not warning or not body:
        return body or escaped(warning.strip())
    # the blank keeps a link at the end from swallowing the sign
    return f"{escaped(warning.strip())}\n||{body} ||"


def _count(draught: Draught) -> tuple[Measure, ...]:
    shown = written(draught.text, draught.warning)
    return (Measure(len(shown), draught.limits.get("text", 0), "characters"),)


PLATFORM = Platform(
    name="discord",
    title="Discord",
    unit="characters",
    options=frozenset({"channel", "silent", "thread", "webhook"}),
    switches=frozenset({"silent"}),
    count=_count,
    find=finder(mention=r"<@[!&]?[0-9]+>|<\#[0-9]+>"),
    limits={
        "text": 2000,
        "media": 10,
        "media_bytes": 10_485_760,
        "video_bytes": 10_485_760,
        "alt": 1024,
        "poll_options": 10,
        "poll_option": 55,
        "poll_min": 3600,
        "poll_max": 2_764_800,
        "poll_question": 300,
    },
    media_types=("image/jpeg", "image/png", "image/webp", "image/gif", *VIDEOS),
    moving_types=("image/gif", "image/webp"),
    # a poll's question cannot be hidden; whether files may stand beside a poll is not confirmed
    poll_alone=frozenset({"media", "warning"}),
    link_below=True,
    # thirty a minute in a channel, which no header tells: discord-api-docs#367, as of 2026-08
    quotas=(Quota(30, 60),),
    features=frozenset(
        {
            Feature.THREAD,
            Feature.MEDIA,
            Feature.ALT,
            Feature.WARNING,
            Feature.POLL,
            Feature.LINK_CARD,
            Feature.DELETE,
        }
    ),
)
