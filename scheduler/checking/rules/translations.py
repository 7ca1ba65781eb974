"""What a post says that it is written in, and is not: texts, descriptions and columns missing in a language.

A language counts once an account reads the post in it. What an account, a group, a platform or
the language has of its own under `for` is taken to be right; so is a template that asks for
the language itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.checking.case import Remark, Whole
from scheduler.checking.places import listed
from scheduler.model.account import Account
from scheduler.model.campaign import CARD, Campaign, Post, Record, Source, Sources, TemplateRef, variants
from scheduler.planning.audience import Cascade, accounts_of, language_for, languages_of

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NO_WORDS = re.compile(r"https?://\S+|[#@]\w+")
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
_BORROWED = re.compile(r"\b(?:record|vars)\b")
_Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What of a post is not written in `language`, and which accounts would get it in the first one."""

    campaign: Campaign
    post: Post
    language: str
    parts: tuple[str, ...]
    accounts: tuple[str, ...]


def gaps(whole: Whole) -> Iterator[Gap]:
    """Every gap of every post, in the order of the files."""
    for campaign in whole.campaigns:
        for post in campaign.posts:
            for language, readers in _readers(whole, campaign, post).items():
                yield from _gaps(whole, campaign, post, language, readers)


def missing(whole: Whole) -> Iterator[Remark]:
    """What a post is not written in although it says so, and for whom: texts, descriptions, columns of records."""
    for gap in gaps(whole):
        yield _told(gap)
    for campaign in whole.campaigns:
        for post in campaign.posts:
            for language in _readers(whole, campaign, post) if post.records else ():
                yield from _records(post, language, languages_of(post, campaign)[0])


def _readers(whole: Whole, campaign: Campaign, post: Post) -> dict[str, list[Account]]:
    """Who reads the post in each language but its first."""
    others: dict[str, list[Account]] = {language: [] for language in languages_of(post, campaign)[1:]}
    for account in accounts_of(post, campaign, whole.workspace) if others else ():
        if (language := language_for(post, campaign, account)) in others:
            others[language].append(account)
    return {language: readers for language, readers in others.items() if readers}


def _gaps(whole: Whole, campaign: Campaign, post: Post, language: str, readers: Sequence[Account]) -> Iterator[Gap]:
    groups: dict[_Parts, list[str]] = {}
    cascade, known = Cascade(post, campaign), dict[int, _Parts]()
    for account in readers:
        own = cascade.sources_for(account, whole.workspace.groups_of(account.name), language)
        if id(own) not in known:  # the cascade keeps what it gave
            known[id(own)] = tuple(_unwritten(own, post.sources, language, whole.templates))
        if parts := known[id(own)]:
            groups.setdefault(parts, []).append(account.name)
    for parts, accounts in groups.items():
        yield Gap(campaign, post, language, parts, tuple(accounts))


def _told(gap: Gap) -> Remark:
    post, language, first = gap.post, gap.language, languages_of(gap.post, gap.campaign)[0]
    key = "languages" if "languages" in post.places else "post"
    what, verb, it = listed(gap.parts).capitalize(), *(("is", "it") if len(gap.parts) == 1 else ("are", "them"))
    return Remark(
        f"{what} {verb} not written in {language}: {listed(gap.accounts)} would get {it} in {first}, but tagged as"
        f" {language}.",
        f"Write {it} under `for: {language}:`{_template(post.sources, language)}, or take {language} out of"
        " `languages`.",
        place=post.places.get(key, post.place),
        path=f"posts.{post.id}.languages",
    )


def _template(sources: Sources, language: str) -> str:
    """The file that would be its own template, where it has one."""
    wording = sources.wording
    return f", its text as {variants(wording.name, language)[0]}" if isinstance(wording, TemplateRef) else ""


def _unwritten(own: Sources, post: Sources, language: str, templates: Mapping[str, str]) -> Iterator[str]:
    """What is the post's own, in words, and says the same in every language."""
    varied = own.vars != post.vars and bool(post.vars)
    for name, given, shared, sources in _worded(own, post):
        if given is shared and any(_has_words(one, language, templates, varied=varied) for one in sources):
            yield name


def _worded(own: Sources, post: Sources) -> Iterator[tuple[str, object, object, Sequence[Source | TemplateRef | None]]]:
    """Everything with words: its name, what it is here, what it is in the post for all, and the templates of it."""
    card, poll = own.card, own.poll
    alts = [one.alt for one in own.media or () if not one.decorative]
    yield "the text", own.wording, post.wording, [own.wording]
    yield "the warning", own.warning, post.warning, [own.warning]
    yield "the alternative text", own.media, post.media, alts
    if card:
        drawn = TemplateRef(f"{CARD}{card.template.name}")
        yield "the card", card, post.card, [drawn, None if card.decorative else card.alt]
    yield "the poll", poll, post.poll, poll.options if poll else ()


def _has_words(
    source: Source | TemplateRef | None, language: str, templates: Mapping[str, str], *, varied: bool
) -> bool:
    """Whether a template has words of one language; `varied`: its variables are the language's own."""
    if source is None:
        return False
    if isinstance(source, TemplateRef) and any(name in templates for name in variants(source.name, language)):
        return False
    text = templates.get(source.name, "") if isinstance(source, TemplateRef) else source.text
    if isinstance(source, TemplateRef) and source.name.startswith(CARD):
        text = _MARKUP.sub(" ", text)
    code = " ".join(_CODE.findall(text))
    if "language" in code or (varied and "vars" in code):
        return False
    literal = any(map(str.isalpha, _NO_WORDS.sub("", _CODE.sub("", text))))
    return literal or bool(_BORROWED.search(code))


def _records(post: Post, language: str, first: str) -> Iterator[Remark]:
    for record in post.records or ():
        for name, beside in _empty(record, language, first):
            yield Remark(
                f"{name} of {record.key} is empty, and {beside} is not.",
                f"Write it in {language}.",
                place=record.place if record.place.file else post.place,
                path=f"posts.{post.id}.records",
            )


def _empty(record: Record, language: str, first: str) -> Iterator[tuple[str, str]]:
    """A column of `language` without words whose fellow in the first language has some."""
    for name, value in record.values.items():
        stem = name.removesuffix(language)
        if value not in ("", None) or stem == name or (stem and not stem.endswith("_")):
            continue
        for fellow in (f"{stem}{first}", stem.removesuffix("_")):
            if fellow and record.values.get(fellow) not in ("", None):
                yield name, fellow
                break
