"""Texts that are not in the language that they are tagged with, as far as letters show it.

A screen reader chooses its voice, and a platform its readers, by that tag. Only scripts are
compared: a Macedonian text in Latin letters is told, a Spanish one tagged as French is not. Languages
that are written in two scripts are left alone.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scheduler.checking.case import Remark, Whole
from scheduler.checking.places import listed
from scheduler.checking.rules.passages import TAG, without_links
from scheduler.checking.rules.translations import gaps
from scheduler.finding import Place
from scheduler.model.campaign import Campaign, Post
from scheduler.platforms.patterns import pattern

_LATIN = (
    *("ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "id", "is"),
    *("it", "lt", "lv", "mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tl", "tr", "vi"),
)
_WRITTEN_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Latin": _LATIN,
        "Cyrillic": ("be", "bg", "mk", "ru", "uk"),
        "Greek": ("el",),
        "Arabic": ("ar", "fa", "ur"),
        "Hebrew": ("he", "yi"),
        "Devanagari": ("hi", "mr", "ne"),
        "Bengali": ("bn",),
        "Tamil": ("ta",),
        "Thai": ("th",),
        "Georgian": ("ka",),
        "Armenian": ("hy",),
        "Ethiopic": ("am", "ti"),
        "Hangul": ("ko",),
    }
)
_SCRIPTS: Mapping[str, str] = MappingProxyType({code: name for name, codes in _WRITTEN_IN.items() for code in codes})
_Key = tuple[str, str, str]
_FEWEST = 20
"""Letters from which on a text is more than a name or two."""
_SHARE = 0.1
_NAMES = rf"{TAG}|(?<!\w)@[\w.@-]+"


def unlike(whole: Whole) -> Iterator[Remark]:
    """A text that is tagged with a language which is not written in its letters."""
    found: dict[_Key, dict[str, None]] = {}
    sound: dict[tuple[str, str], bool] = {}
    for delivery in whole.plan.deliveries:
        text = delivery.content.language, delivery.content.text
        if text not in sound:
            sound[text] = is_written_in(text[1], text[0])
        if not sound[text]:
            found.setdefault((delivery.campaign, delivery.post, text[0]), {})[delivery.account] = None
    told = _told_already(whole) if found else frozenset()
    posts = {(campaign.id, post.id): (campaign, post) for campaign in whole.campaigns for post in campaign.posts}
    for (campaign, name, language), accounts in found.items():
        if (campaign, name, language) not in told and (campaign, name) in posts:
            yield _remark(*posts[campaign, name], language, list(accounts))


def _told_already(whole: Whole) -> frozenset[_Key]:
    """What `language-missing` says of a text: it need not be said twice."""
    return frozenset((gap.campaign.id, gap.post.id, gap.language) for gap in gaps(whole) if "the text" in gap.parts)


def is_written_in(text: str, language: str) -> bool:
    """Whether the letters of `text` may be those of `language`; names, tags and links do not count."""
    code, *subtags = language.split("-")
    script = _SCRIPTS.get(code.casefold())
    if script is None or any(len(tag) == 4 and tag.isalpha() for tag in subtags):
        return True
    letters = pattern(r"\p{L}").findall(pattern(_NAMES).sub(" ", without_links(text)))
    if len(letters) < _FEWEST:
        return True
    return len(pattern(rf"\p{{{script}}}").findall("".join(letters))) >= _SHARE * len(letters)


def _remark(campaign: Campaign, post: Post, language: str, accounts: list[str]) -> Remark:
    path, place = _where(post, language)
    return Remark(
        f"On {listed(accounts)}: the text is tagged as {language}, which is not written in such letters.",
        f"Write it in {language}, or name the language that it is in under `languages`.",
        file=campaign.file,
        place=place,
        path=path,
    )


def _where(post: Post, language: str) -> tuple[str, Place]:
    for way in (f"for.{language}.text", f"for.{language}.template", "text", "template"):
        if way in post.places:
            return f"posts.{post.id}.{way}", post.places[way]
    return f"posts.{post.id}", post.place
