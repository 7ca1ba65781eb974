"""What X turns into a link, with a scheme and without.

A link is found round a dot that stands before a known top-level domain; nothing else is
looked at, which is what makes counting fast: most texts hold no such dot at all. From the
dot outwards the result is that of the authors' single regular expression, leftmost match
first, each search going on where the last match ended, found or refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.platforms.twitter.alphabet import (
    AT_SIGNS,
    CYRILLIC,
    FORBIDDEN,
    HASH_SIGNS,
    LATIN_ACCENTS,
    NOT_IN_LABEL,
)
from scheduler.platforms.twitter.tlds import ASCII_TLDS, LONGEST_WIDE, WIDE_TLDS

Span = tuple[int, int]

LONGEST_LABEL = 63
LONGEST_LINK = 4096
LONGEST_SLUG = 40

_LABEL = f"[^{NOT_IN_LABEL}]"
_INNER = rf"(?:{_LABEL}|[_-])"
_NOT_BEFORE = f"[A-Za-z0-9{AT_SIGNS}${HASH_SIGNS}{FORBIDDEN}]"

_DOT = re.compile(r"\.(?=[^\W\d_])")
_REGION = re.compile(rf"(?:{_LABEL}|[_.-])+")
_CHAIN = re.compile(rf"(?:{_LABEL}{_INNER}*+(?<![_-])\.)++")
_ASCII_CHAIN = re.compile(rf"(?:[-a-zA-Z0-9{LATIN_ACCENTS}]++\.)++")
_ASCII_DOMAIN = re.compile(rf"[-.a-zA-Z0-9{LATIN_ACCENTS}]+")
_START = re.compile(rf"(?<!{_NOT_BEFORE}){_LABEL}")
_LETTERS = re.compile(r"[a-zA-Z]+")
_PUNYCODE = re.compile(r"[xX][nN]--[-0-9a-zA-Z]+")
_AFTER_TLD = re.compile(r"[0-9a-zA-Z@+-]")
_EXCLUDED = re.compile(_NOT_BEFORE)
_GLUED = "-_./"

_PATH_CHAR = rf"[a-zA-Z{CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN_ACCENTS}]"
_PARENS = rf"\((?:{_PATH_CHAR}+|(?:{_PATH_CHAR}*\({_PATH_CHAR}+\){_PATH_CHAR}*))\)"
_PATH_END = rf"(?:[+\-a-zA-Z{CYRILLIC}0-9=_#/{LATIN_ACCENTS}]|{_PARENS})"
_PATH = rf"(?:{_PATH_CHAR}*(?:{_PARENS}{_PATH_CHAR}*)*{_PATH_END}|@{_PATH_CHAR}+/)"
_QUERY = r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-zA-Z0-9\-_&=#/]"
_SHORTENED = re.compile(rf"[hH][tT][tT][pP][sS]?://[tT]\.[cC][oO]/([a-zA-Z0-9]+)(?:{_QUERY})?")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What differs between X and those who took over its rules.

    `scheme` ends where a domain begins; `tail` matches what may follow a domain, its first group
    being the path; `bare` says whether a domain without a scheme is a link. `common`, where it is
    given, matches the links that most people write, at a word's beginning, their top-level domain
    being its first group; it only saves time.
    """

    scheme: re.Pattern[str]
    longest_scheme: int
    tail: re.Pattern[str]
    bare: bool
    common: re.Pattern[str] | None = None

    def without_short_cut(self) -> "Grammar":
        """The same grammar, looking at everything the long way: for tests, which compare the two."""
        return replace(self, common=None)


X = Grammar(
    scheme=re.compile(r"[hH][tT][tT][pP][sS]?://\Z"),
    longest_scheme=len("https://"),
    tail=re.compile(rf"(?::[0-9]+)?(/{_PATH}*)?(?:{_QUERY})?"),
    bare=True,
    common=re.compile(
        rf"(?:https?://)?(?!t\.co\b)(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+([a-z]+)(?=[/ \n]|\Z)(?:/{_PATH}*)?(?:{_QUERY})?"
    ),
)


def links(text: str, grammar: Grammar = X) -> list[Span]:
    """Start and end, in code points, of every link in `text`, in order; they never overlap."""
    found: list[Span] = []
    done = seen = 0
    for dot in _DOT.finditer(text):
        at = dot.start()
        if at < done or at < seen or _after_domain(text, at + 1) < 0:
            continue
        if grammar.common:
            done = _take_known(text, at, done, found, grammar.common)
        if at >= done:
            region = _region_round(text, at, done)
            done = _search_region(text, region, done, found, grammar)
            seen = max(done, region[1])
    return found


def _take_known(text: str, at: int, done: int, found: list[Span], common: re.Pattern[str]) -> int:
    """Take the link at the beginning of the word round `at`, if it is of the usual kind; answers where to go on."""
    word = max(text.rfind(" ", done, at), text.rfind("\n", done, at)) + 1
    link = common.match(text, word) if at - word < LONGEST_LABEL and (word or not done) else None
    if link is None or link.end() - word > LONGEST_LABEL or link.group(1) not in ASCII_TLDS:
        return done
    found.append(link.span())
    return link.end()


def _region_round(text: str, at: int, done: int) -> Span:
    blank = max(text.rfind(" ", done, at), text.rfind("\n", done, at))
    for region in _REGION.finditer(text, max(done, blank + 1)):
        if region.end() > at:
            return region.span()
    return at, at + 1


def _search_region(text: str, region: Span, done: int, found: list[Span], grammar: Grammar) -> int:
    """Take what links start in `region`, none before `done`; answers where the last match ended."""
    first, end = region
    domains = _Domains(text, region)
    while done < end:
        for start in _starts(text, max(first, done), end):
            domain_end = domains.end_from(start) if start > done or not start else -1
            if domain_end > 0:
                scheme = _scheme_before(text, start, done, grammar)
                done = _take(text, (scheme, start, domain_end), found, grammar)
                break
        else:
            break
    return done


class _Domains:
    """Where the longest domain from any place in a region ends, its labels being looked at once.

    From every place in one label the labels that follow are the same; only that label's own
    underscores, which its last but one part may not have, depend on where it is entered.
    """

    __slots__ = ("_chain_end", "_first", "_last", "_last_end", "_stop", "_text")

    def __init__(self, text: str, region: Span) -> None:
        self._text = text
        self._first, self._stop = region
        self._chain_end = self._last = self._last_end = -1

    def end_from(self, start: int) -> int:
        """The end of the longest domain from `start`; -1 where there is none."""
        text = self._text
        dot = text.find(".", start, self._stop)
        if dot < 0 or text[dot - 1] in "-_":
            return -1
        if dot >= self._chain_end:
            self._look_along(dot)
        if self._last > dot:
            return self._last_end
        return _after_domain(text, dot + 1) if text.find("_", start, dot) < 0 else -1

    def _look_along(self, dot: int) -> None:
        """Find the last label behind `dot` that a top-level domain follows, as far as labels are well made."""
        labels = _CHAIN.match(self._text, dot + 1, self._stop)
        self._chain_end = labels.end() if labels else dot + 1
        self._last, self._last_end = _last_domain(self._text, dot + 1, self._chain_end)


def _starts(text: str, first: int, end: int) -> Iterator[int]:
    """Where a domain may start, best first.

    At the very beginning of a text, where nothing stands before, the authors' expression
    prefers to read a first character that is no letter, digit or sign as what stands before.
    """
    if first == 0 and _START.match(text, 1, end):
        yield 1
    for match in _START.finditer(text, first, end):
        yield match.start()


def _last_domain(text: str, start: int, stop: int) -> Span:
    """The last dot between `start` and `stop` that makes a domain with a top-level domain, and where that ends."""
    while stop > start:
        dot = stop - 1
        label = max(text.rfind(".", start, dot) + 1, start)
        if text.find("_", label, dot) < 0 and (after := _after_domain(text, stop)) > 0:
            return dot, after
        stop = label
    return -1, -1


def _after_domain(text: str, start: int) -> int:
    """Where the top-level domain that begins at `start` ends; -1 where there is none."""
    letters = _LETTERS.match(text, start)
    if letters is None:
        return _after_wide_domain(text, start)
    after = letters.end()
    if letters.group().lower() in ASCII_TLDS and not _AFTER_TLD.match(text, after):
        return after
    if after < len(text) and text[after] >= "\x80":
        return _after_wide_domain(text, start)
    punycode = _PUNYCODE.match(text, start)
    return punycode.end() if punycode else -1


def _after_wide_domain(text: str, start: int) -> int:
    for after in range(min(len(text), start + LONGEST_WIDE), start, -1):
        if text[start:after].lower() in WIDE_TLDS and not _AFTER_TLD.match(text, after):
            return after
    return -1


def _take(text: str, match: tuple[int, int, int], found: list[Span], grammar: Grammar) -> int:
    """Add the link whose scheme and domain are given, if it is one after all; answers where the match ended."""
    scheme, start, domain_end = match
    tail = grammar.tail.match(text, domain_end)
    end = tail.end() if tail else domain_end
    if scheme < start:
        if _fits(text, match, end):
            _take_with_scheme(text, scheme, end, found)
    elif grammar.bare and (start == 0 or text[start - 1] not in _GLUED) and _fits(text, match, end):
        _take_bare(text, (start, domain_end), end if tail and tail.group(1) else 0, found)
    return end


def _scheme_before(text: str, start: int, done: int, grammar: Grammar) -> int:
    """Where the scheme before a domain begins; `start` where there is none that may begin a link."""
    if not text.endswith("://", 0, start):
        return start
    scheme = grammar.scheme.search(text, max(start - grammar.longest_scheme, 0), start)
    while scheme and (begin := scheme.start()):
        if begin > done and not _EXCLUDED.match(text, begin - 1):
            return begin
        scheme = grammar.scheme.search(text, begin + 1, start)
    return scheme.start() if scheme else start


def _take_with_scheme(text: str, start: int, end: int, found: list[Span]) -> None:
    shortened = _SHORTENED.match(text, start, end)
    if shortened is None:
        found.append((start, end))
    elif len(shortened.group(1)) <= LONGEST_SLUG:
        found.append(shortened.span())


def _take_bare(text: str, domain: Span, end_with_path: int, found: list[Span]) -> None:
    """Without a scheme only what is ASCII (or accented Latin) in the domain is a link."""
    start, domain_end = domain
    if _ASCII_DOMAIN.fullmatch(text, start, domain_end):
        parts = [domain]
    else:
        parts = list(_ascii_domains(text, start, domain_end))
    if parts and end_with_path:
        parts[-1] = (parts[-1][0], end_with_path)
    found.extend(parts)


def _ascii_domains(text: str, start: int, end: int) -> Iterator[Span]:
    while (chain := _ASCII_CHAIN.search(text, start, end)) is not None:
        begin = chain.start()
        after = _last_domain(text, begin, chain.end())[1]
        if after > 0:
            yield begin, after
        start = max(after, begin + 1)


def _fits(text: str, match: tuple[int, int, int], end: int) -> bool:
    """Whether every label fits the domain name system once encoded, and the whole link 4,096 characters."""
    scheme, start, domain_end = match
    domain = text[start:domain_end]
    if end - start < LONGEST_LABEL and domain.isascii():
        return True
    labels = [_encoded(label) for label in domain.split(".")]
    grown = sum(map(len, labels)) + len(labels) - 1 - len(domain)
    prefix = 2 * (start - scheme) or len("https://")
    return max(map(len, labels)) <= LONGEST_LABEL and prefix + end - start + grown <= LONGEST_LINK


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode", "replace").decode("ascii")
