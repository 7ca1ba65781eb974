"""Bluesky: graphemes and UTF-8 bytes, both; entities as the official app detects them.

Sources: bluesky-social/atproto, lexicon `app.bsky.feed.post` and `packages/api/src/rich-text`, as of 2026-08-20.
The server parses nothing: what is found here becomes a facet at byte offsets, or stays dead text.
"""

from scheduler.model.measure import Entities, Entity, Measure
from scheduler.platforms.base import Draught, Feature, Platform, Quota
from scheduler.platforms.patterns import pattern
from scheduler.platforms.plain import Span, apart, named
from scheduler.platforms.twitter.tlds import ASCII_TLDS, WIDE_TLDS
from scheduler.platforms.units import graphemes, utf8_bytes, utf16_units

_BEFORE = r"(?:^|(?<=[\s(]))"
_LINK = rf"{_BEFORE}(?:https?://\S+|(?P<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)\S*)"
_MENTION = rf"{_BEFORE}@([a-zA-Z0-9.-]+)\b"
_CUT = r"\s\u00AD\u2060\u200A\u200B\u200C\u200D\u20E2"
_HASHTAG = rf"(?:^|(?<=\s))[#＃]((?!\uFE0F)[^{_CUT}]*[^0-9\p{{P}}{_CUT}]+[^{_CUT}]*)"
_PUNCTUATION_BEHIND = r"\p{P}+$"
_LONGEST_TAG = 64


def byte_span(text: str, entity: Entity) -> Span:
    """Where a facet begins and ends, in bytes of the whole text's UTF-8; the end is the first byte behind it."""
    start = utf8_bytes(text[: entity.start])
    return start, start + utf8_bytes(text[entity.start : entity.end])


def _count(draught: Draught) -> tuple[Measure, ...]:
    return (
        Measure(graphemes(draught.text), draught.limits.get("text", 0), "graphemes"),
        Measure(utf8_bytes(draught.text), draught.limits.get("bytes", 0), "bytes"),
    )


def _find(text: str) -> Entities:
    urls = _links(text)
    tags = _hashtags(text) if "#" in text or "＃" in text else []
    return Entities(
        urls=named(text, urls),
        mentions=named(text, apart(_mentions(text), urls)),
        hashtags=named(text, apart(tags, urls)),
    )


def _links(text: str) -> list[Span]:
    if "." not in text and "://" not in text:
        return []
    found = []
    for match in pattern(_LINK).finditer(text):
        domain = match.group("domain")
        if domain is None or _is_domain(domain):
            found.append(_without_punctuation(text, match.span()))
    return found


def _without_punctuation(text: str, span: Span) -> Span:
    """One sign of punctuation behind a link is cut, then one bracket that it does not open."""
    start, end = span
    if text[end - 1] in ".,;:!?":
        end -= 1
    if text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    return start, end


def _mentions(text: str) -> list[Span]:
    if "@" not in text:
        return []
    found = pattern(_MENTION).finditer(text)
    return [match.span() for match in found if _is_domain(match.group(1)) or match.group(1).endswith(".test")]


def _hashtags(text: str) -> list[Span]:
    found = []
    for match in pattern(_HASHTAG).finditer(text):
        start, end = match.span()
        behind = pattern(_PUNCTUATION_BEHIND).search(text, start + 1, end)
        end = behind.start() if behind else end
        if 0 < utf16_units(text[start + 1 : end]) <= _LONGEST_TAG:
            found.append((start, end))
    return found


def _is_domain(name: str) -> bool:
    before, dot, last = name.rpartition(".")
    return bool(dot and before) and (last.lower() in ASCII_TLDS or last.lower() in WIDE_TLDS)


PLATFORM = Platform(
    name="bluesky",
    title="Bluesky",
    unit="graphemes",
    options=frozenset({"appview", "label", "password", "replies"}),
    profiles=("https://bsky.app/profile/{name}",),
    count=_count,
    find=_find,
    # a picture's bytes: lexicon `app.bsky.embed.images`, 2,000,000 since 2026 (before, and on older servers,
    # 1,000,000: `accounts inspect` finds that); a video's: `app.bsky.embed.video`, as of 2026-08-20
    limits={
        "text": 300,
        "bytes": 3000,
        "media": 4,
        "media_bytes": 2_000_000,
        "video_bytes": 300_000_000,
        "languages": 3,
        "hashtag": 64,
    },
    media_types=("image/jpeg", "image/png", "video/mp4"),
    moving_types=(),
    moving_alone=True,
    features=frozenset(
        {Feature.THREAD, Feature.MEDIA, Feature.ALT, Feature.LANGUAGE, Feature.LINK_CARD, Feature.DELETE}
    ),
    # 5,000 points an hour and 35,000 a day (docs.bsky.app, rate limits, as of 2026-08): `putRecord` costs 2 of them
    # (atproto, pds/src/api/com/atproto/repo/putRecord.ts, 0.4.217), for the post and for who may reply
    quotas=(Quota(1_250, 3600), Quota(8_750, 86_400)),
    one_embed=True,
)
