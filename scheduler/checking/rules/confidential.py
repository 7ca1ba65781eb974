"""Rules of what must never be published: tokens, keys and passwords in a text.

Only forms that nothing else has. A finding says which kind it is and never repeats the secret:
findings are printed in logs that others read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import log2

from scheduler.checking.case import Case, Hit, Remark, Whole
from scheduler.checking.rules.files import template_file
from scheduler.checking.rules.passages import passages
from scheduler.finding import Place
from scheduler.model.campaign import Sources

_BEGIN, _END = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"
_KINDS: tuple[tuple[str, str], ...] = (
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    ("a key of Amazon Web Services", rf"{_BEGIN}(?:AKIA|ASIA)[A-Z0-9]{{16}}{_END}"),
    ("a token of GitHub", rf"{_BEGIN}(?:gh[pousr]_[A-Za-z0-9]{{36,}}|github_pat_\w{{40,}}){_END}"),
    ("a token of GitLab", rf"{_BEGIN}glpat-[\w-]{{20,}}{_END}"),
    ("a token of Slack", rf"{_BEGIN}xox[abeoprs]-[A-Za-z0-9-]{{10,}}{_END}"),
    ("a key of Google", rf"{_BEGIN}AIza[\w-]{{35}}{_END}"),
    ("a key of Stripe", rf"{_BEGIN}(?:sk|rk)_live_[A-Za-z0-9]{{16,}}{_END}"),
    ("a token of Telegram", rf"{_BEGIN}(?:bot)?\d{{8,10}}:[\w-]{{35}}{_END}"),
    ("a Nostr private key", rf"{_BEGIN}nsec1[02-9ac-hj-np-z]{{58}}{_END}"),
    ("a token of Meta", rf"{_BEGIN}EAA[A-Za-z0-9]{{60,}}{_END}"),
    ("a signed token", rf"{_BEGIN}eyJ[\w-]{{10,}}\.eyJ[\w-]{{10,}}\.[\w-]{{10,}}{_END}"),
    (
        "a webhook's address",
        r"https://(?:discord(?:app)?\.com/api/webhooks/\d+/|hooks\.slack\.com/services/T)[\w/-]{20,}",
    ),
    ("a password in an address", r"[a-z][a-z0-9+.-]{1,20}://[^\s/@:]{1,100}:[^\s/@]{1,100}@[\w.-]"),
)
_FORMS = tuple((kind, re.compile(form)) for kind, form in _KINDS)
_NAMED = re.compile(
    r"(?:token|secret|password|passwd|api[_-]?key|access[_-]?key|client[_-]?secret)[\"']?\s{0,3}[=:]\s{0,3}[\"']?"
    r"([A-Za-z0-9+/_.~-]{12,200})",
    re.IGNORECASE,
)
_ENTROPY = 3.2
"""Bits a character; words of a language have less in so few letters."""
_TURNS = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
_FEWEST_TURNS = 3
"""How often letters and digits take turns in what no person made up."""


_MEND = "Take it out and make it void: whoever has seen this file may have it."


def in_text(case: Case) -> Iterator[Hit]:
    """Something in a text that opens an account to whoever reads it."""
    content = case.delivery.content
    for passage in passages(content):
        if found := secret_in(passage.text):
            yield Hit(f"{found.kind} stands in {passage.name}", _MEND, passage.key)
    if content.link and (found := secret_in(content.link)):
        yield Hit(f"{found.kind} stands in the link", _MEND, "link")


def in_sources(whole: Whole) -> Iterator[Remark]:
    """A secret in a template, a variable or a record that no post shows: others read the files themselves."""
    hidden = [(found, remark) for text, remark in _sources(whole) if (found := secret_in(text))]
    shown = {passage.text for one in whole.plan.deliveries for passage in passages(one.content)} if hidden else ()
    for found, remark in hidden:
        if not any(found.value in text for text in shown):
            yield replace(remark, what=f"{found.kind[0].upper()}{found.kind[1:]} stands in {remark.what}.", mend=_MEND)


def _sources(whole: Whole) -> Iterator[tuple[str, Remark]]:
    """Each text that a writer wrote beside the posts' own, and a remark that says what it is and where it stands."""
    for name, text in whole.templates.items():
        yield text, Remark("this template", file=template_file(name))
    for campaign in whole.campaigns:
        yield from _variables(campaign.sources, campaign.file, campaign.place)
        for post in campaign.posts:
            for one in (post.sources, *post.overrides.values()):
                yield from _variables(one, campaign.file, post.place)
            for record in post.records or ():
                for key, value in record.values.items():
                    yield f"{key}={value}", Remark(f"`{key}` of {record.key}", file=campaign.file, place=record.place)


def _variables(sources: Sources, file: str, place: Place) -> Iterator[tuple[str, Remark]]:
    for key, value in (sources.vars or {}).items():
        yield f"{key}={value}", Remark(f"the variable `{key}`", file=file, place=place)


@dataclass(frozen=True, slots=True)
class Secret:
    """What kind of secret it is, and itself, which is never shown."""

    kind: str
    value: str = field(repr=False)


def secret_in(text: str) -> Secret | None:
    """The first secret that `text` holds."""
    for kind, form in _FORMS:
        if found := form.search(text):
            return Secret(kind, found.group())
    named = next((value for value in _NAMED.findall(text) if _is_random(value)), None)
    return Secret("a password or token", named) if named else None


def _is_random(value: str) -> bool:
    """Whether a value has digits and letters in no order that a word has: WomensDay2027 is one that people say."""
    if len(_TURNS.findall(value)) < _FEWEST_TURNS:
        return False
    size = len(value)
    return -sum(count / size * log2(count / size) for count in Counter(value).values()) >= _ENTROPY
