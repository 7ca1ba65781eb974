"""Mastodon 4.3 to 4.6, and by its account's limits what speaks its API.

Sources, as of 2026-07 to 2026-09: docs.joinmastodon.org (statuses, instance), and the server's
own `StatusLengthValidator`, `Extractor`, `Tag::Naming`, `Account::MENTION_RE` and
`config/initializers/twitter_regex.rb`. Counted are grapheme clusters of the warning and of the
text, where a link with a scheme is 23 and a mention is `@name` without its server.
"""

import re
from functools import cache
from typing import Any

from scheduler.model.measure import Entities, Measure
from scheduler.platforms.base import VIDEOS, Draught, Feature, Platform, Quota
from scheduler.platforms.patterns import pattern
from scheduler.platforms.plain import Span, named
from scheduler.platforms.twitter.alphabet import LATIN_ACCENTS
from scheduler.platforms.twitter.links import Grammar, links
from scheduler.platforms.units import graphemes

_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}"
_ALPHA = r"\p{Alphabetic}"
_JOINER = r"_\u00B7\u30FB\u200c"
_JOINED = rf"[{_WORD}][{_WORD}{_JOINER}]*[{_ALPHA}{_JOINER}][{_WORD}{_JOINER}]*[{_WORD}]"
_HASHTAG = rf"(?<![^\s\x85])[#＃](?:{_JOINED}|[{_WORD}]*[{_ALPHA}][{_WORD}]*)"
_NAME = r"[a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*"
_MENTION = rf"(?<![=/{_WORD}])(@{_NAME})(?:@([{_WORD}]+(?:[.-]+[{_WORD}]+)*))?"
_ENDS_NO_MENTION = re.compile(rf"[@＠{LATIN_ACCENTS}]|://")
_SCHEME_BEHIND = re.compile(r"https?\Z")
_LONGEST_DOMAIN = 253

_PATH_CHAR = r"[^\s<>()?]"
_PARENS = rf"\((?:{_PATH_CHAR}+|{_PATH_CHAR}*\({_PATH_CHAR}+\){_PATH_CHAR}*)\)"
_PATH_END = rf"(?:[^\s()?!*\"'「」<>;:=,.$%\[\]~&|]|{_PARENS})"
_PATH = rf"(?:{_PATH_CHAR}*(?:{_PARENS}{_PATH_CHAR}*)*{_PATH_END}|{_PATH_CHAR}+/)"
_WIDE = r"\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF\U00010000-\U000EFFFD\uE000-\uF8FF"
_QUERY = rf"\?[a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_WIDE}]*[a-zA-Z0-9_&=#/\-{_WIDE}]"


@cache
def _grammar() -> Grammar:
    return Grammar(
        scheme=re.compile(r"(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://\Z", re.IGNORECASE),
        longest_scheme=len("gopher://"),
        tail=re.compile(rf"(?::[0-9]+)?(/{_PATH}*)?(?:{_QUERY})?"),
        bare=False,
    )


def _links(text: str) -> list[Span]:
    return links(text, _grammar()) if "://" in text else []


def _mentions(text: str, urls: list[Span]) -> list[Any]:
    if "@" not in text:
        return []
    return [
        match
        for match in pattern(_MENTION).finditer(text)
        if not _ENDS_NO_MENTION.match(text, match.end())
        and len(match.group(2) or "") <= _LONGEST_DOMAIN
        and not any(start < match.end() and match.start() < end for start, end in urls)
    ]


def _count(draught: Draught) -> tuple[Measure, ...]:
    limits = draught.limits
    counted = draught.warning + _rewritten(draught.text, limits.get("url", 23))
    return (Measure(graphemes(counted), limits.get("text", 0), "characters"),)


def _rewritten(text: str, link: int) -> str:
    """The text as the server counts it. Links in a warning are not rewritten, which is why only the text comes here."""
    urls = _links(text)
    changes = [(start, end, "x" * link) for start, end in urls]
    changes += [(*match.span(), match.group(1)) for match in _mentions(text, urls)]
    for start, end, shown in sorted(changes, reverse=True):
        text = text[:start] + shown + text[end:]
    return text


def _hashtags(text: str, urls: list[Span]) -> list[Span]:
    if "#" not in text and "＃" not in text:
        return []
    found = []
    for match in pattern(_HASHTAG).finditer(text):
        start, end = match.span()
        if text.startswith("://", end) and (scheme := _SCHEME_BEHIND.search(text, start + 2, end)):
            end = scheme.start()
        if not any(begin < end and start < stop for begin, stop in urls):
            found.append((start, end))
    return found


def _find(text: str) -> Entities:
    urls = _links(text)
    return Entities(
        urls=named(text, urls),
        mentions=named(text, [match.span() for match in _mentions(text, urls)]),
        hashtags=named(text, _hashtags(text, urls)),
    )


PLATFORM = Platform(
    name="mastodon",
    title="Mastodon",
    unit="characters",
    options=frozenset({"software"}),
    profiles=("{server}/@{name}",),
    count=_count,
    find=_find,
    limits={
        "text": 500,
        "url": 23,
        "media": 4,
        "media_bytes": 16_777_216,
        "media_pixels": 33_177_600,
        "video_bytes": 103_809_024,
        "alt": 1500,
        "poll_options": 4,
        "poll_option": 50,
        "poll_min": 300,
        "poll_max": 2_629_746,
    },
    # types that its relatives (GoToSocial, Pleroma, snac2) take as well; a GIF becomes a video, as of 2026-07
    media_types=("image/jpeg", "image/png", "image/gif", "image/webp", *VIDEOS),
    moving_types=("image/gif",),
    moving_alone=True,
    features=frozenset(Feature),
    visibilities=frozenset({"public", "unlisted", "followers"}),
    # 300 statuses in 3 hours, an account: the server's `RateLimiter`, as of 2026-07
    quotas=(Quota(300, 3 * 3600),),
)
