"""Finding links, mentions and hashtags on platforms that keep simpler rules than X, each by its own expressions.

What overlaps a link belongs to the link. The expressions are compiled when first asked
for: counting, which nearly every command does, needs none of them.
"""

from collections.abc import Callable, Iterable

from scheduler.model.measure import Entities, Entity
from scheduler.platforms.patterns import pattern

Span = tuple[int, int]

LINK = r"(?<![\p{L}\p{N}_])https?://[^\s<>\"«»„“”]+"
_TAG_SIGN = r"\p{L}\p{M}\p{Nd}_\u200c\u00b7"
HASHTAG = rf"(?<![{_TAG_SIGN}&/#])[#＃](?=[{_TAG_SIGN}]*\p{{L}})[{_TAG_SIGN}]++(?!#)"
AT_NAME = r"(?<![\p{L}\p{N}_@/.])@[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?"

_TRAILING = ".,;:!?'…*_~"


def spans(expression: str, text: str, group: int = 0) -> list[Span]:
    """Start and end of every match, in code points."""
    return [match.span(group) for match in pattern(expression).finditer(text)]


def trimmed(text: str, span: Span) -> Span:
    """A link without the punctuation behind it, nor a bracket that it does not open itself."""
    start, end = span
    while end > start:
        last = text[end - 1]
        unopened = last == ")" and text.count(")", start, end) > text.count("(", start, end)
        if last not in _TRAILING and not unopened:
            break
        end -= 1
    return start, end


def plain_links(text: str) -> list[Span]:
    """Links with `http://` or `https://`, punctuation behind them left out."""
    if "://" not in text:
        return []
    found = (trimmed(text, span) for span in spans(LINK, text))
    return [(start, end) for start, end in found if not text.endswith("//", start, end)]


def named(text: str, found: Iterable[Span]) -> tuple[Entity, ...]:
    """Spans as entities."""
    return tuple(Entity(text[start:end], start, end) for start, end in found)


def apart(found: Iterable[Span], links: Iterable[Span]) -> list[Span]:
    """Those of `found` that touch no link."""
    taken = list(links)
    return [(start, end) for start, end in found if not any(begin < end and start < stop for begin, stop in taken)]


def finder(*, mention: str = "", hashtag: str = "", links: bool = True) -> Callable[[str], Entities]:
    """How a platform finds entities: links with a scheme if any, and an expression each for the rest."""

    def find(text: str) -> Entities:
        urls = plain_links(text) if links else []
        return Entities(
            urls=named(text, urls),
            mentions=named(text, apart(spans(mention, text), urls)) if mention else (),
            hashtags=named(text, apart(spans(hashtag, text), urls)) if hashtag else (),
        )

    return find
