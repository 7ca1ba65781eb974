"""Rules of what must never be published: tokens, keys and passwords in a text.

Only forms that nothing else has. A finding says which kind it is and never repeats the secret:
findings are printed in logs that others read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from scheduler.checking.case import Case, Hit
from scheduler.checking.passages import passages

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
"""Bits a character; words of a language have less in so few letters, or no digit."""


def in_text(case: Case) -> Iterator[Hit]:
    """Something in a text that opens an account to whoever reads it."""
    content = case.delivery.content
    for passage in passages(content):
        if kind := secret_in(passage.text):
            yield Hit(f"{kind} stands in {passage.name}", _MEND, passage.key)
    if content.link and (kind := secret_in(content.link)):
        yield Hit(f"{kind} stands in the link", _MEND, "link")


_MEND = "Take it out and make it void: whoever has seen this file may have it."


def secret_in(text: str) -> str:
    """Which kind of secret `text` holds; empty where it holds none."""
    found = next((kind for kind, form in _FORMS if form.search(text)), "")
    if found:
        return found
    return "a password or token" if any(_is_random(named) for named in _NAMED.findall(text)) else ""


def _is_random(value: str) -> bool:
    """Whether a value has digits and letters in no order that a word has."""
    if not (re.search(r"\d", value) and re.search("[A-Za-z]", value)):
        return False
    size = len(value)
    return -sum(count / size * log2(count / size) for count in Counter(value).values()) >= _ENTROPY
