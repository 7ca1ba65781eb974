"""Rules of links: do they lead where everybody may go.

Nothing is fetched: what is wrong is seen in the address itself. A host with a public ending is
never doubted for its name alone but where the name is that of a site's back door.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit

from scheduler.checking.case import Case, Hit
from scheduler.model.content import Content
from scheduler.platforms.plain import plain_links
from scheduler.platforms.prices import money

_FILE = re.compile(r"(?<!\w)file://\S+", re.IGNORECASE)
_LOCAL = re.compile(r"(?<![\w.@/-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+(?:/\S*)?|/\S*)", re.IGNORECASE)
_ENDINGS = frozenset(
    ("local", "localhost", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "test", "invalid")
)
"""Names that lead nowhere outside: RFC 6761, RFC 6762, ICANN's `internal` (2024), and what companies use inside."""
_BACK_DOORS = frozenset(
    ("admin", "staging", "stage", "preprod", "uat", "intranet", "preview", "edit", "cpanel", "webmail")
)
_PATHS = re.compile(r"/(?:wp-admin|wp-login\.php|administrator|admin)(?:/|\Z)|\A/(?:user|users)/login\Z", re.IGNORECASE)
_PREVIEWS = frozenset(
    ("preview", "elementor-preview", "fl_builder", "preview_id", "preview_nonce", "_wpnonce", "customize_theme")
)
_SENTENCE = 4
_EDITORS = re.compile(r"(?:docs\.google\.com/forms|canva\.com/design)/\S*/edit/?\Z", re.IGNORECASE)
"""A form's or a design's own editor, which is easily copied in the place of what it makes."""
_UNMEANT = re.compile(
    r"[\w-]+\.(?:py|sh|zip|mov)|(?i:readme|changelog|license|contributing|notes|index|main|lib)\.(?:md|rs|pl)"
    r"|\w+[a-z]\.[A-Z][a-z]+"
)
"""Names of files whose endings are countries' too, and the end of a sentence with the next one right behind it."""


def internal(case: Case) -> Iterator[Hit]:
    """A link to this computer, a private network, an editor's or a preview page, or a file."""
    content = case.delivery.content
    for key, link in _links(content):
        if why := closed(link):
            yield Hit(f"{link} {why}", "Put the address that everybody can open.", key)


def first(case: Case) -> Iterator[Hit]:
    """A link before the first word: who listens hears the address before what it is for."""
    text = case.delivery.content.text
    links = plain_links(text) if case.delivery.part == 1 and "://" in text else []
    if links and not text[: links[0][0]].strip() and _says_more(text[links[0][1] :]):
        yield Hit("the text begins with a link", "Say first what it leads to, and put it last.", "text")


def unmeant(case: Case) -> Iterator[Hit]:
    """What the platform makes a link of and the writer did not: a file's name, a full stop without a blank."""
    for word in dict.fromkeys(url.text for url in case.entities.urls):
        if _UNMEANT.fullmatch(word):
            prices = case.platform.prices
            dear = f", and charges {money(prices.link)} {prices.currency} more for it" if prices else ""
            mend = "If no link is meant, put a blank behind the full stop, or leave out the file's ending."
            yield Hit(f"{case.platform.title} makes a link of {word}{dear}", mend, "text")


def _says_more(text: str) -> bool:
    """Whether a sentence follows, not only hashtags and names."""
    return len([word for word in text.split() if word[0].isalpha()]) >= _SENTENCE


def _links(content: Content) -> Iterator[tuple[str, str]]:
    text = content.text
    found = [text[start:end] for start, end in plain_links(text)]
    found += _FILE.findall(text) + _LOCAL.findall(text)
    yield from (("text", link) for link in dict.fromkeys(found))
    if content.link and content.link not in found:
        yield "link", content.link


def closed(link: str) -> str:
    """Why `link` is not for everybody, as the end of a sentence; empty where nothing is wrong."""
    parts = _split(link)
    if parts is None:
        return "is no address that can be opened"
    if parts.scheme == "file":
        return "is a file on somebody's computer"
    host = (parts.hostname or "").rstrip(".")
    return _closed_host(host) or _closed_page(host, parts)


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link if "://" in link else f"http://{link}")
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def _closed_host(host: str) -> str:
    try:
        return "" if ip_address(host).is_global else "is on a private network"
    except ValueError:
        pass
    labels = host.split(".")
    if labels[-1] in _ENDINGS or not host:
        return "leads nowhere outside a private network"
    if len(labels) == 1:
        return "has no ending such as .org"
    return "is a page for editors" if len(labels) > 2 and labels[0] in _BACK_DOORS else ""


def _closed_page(host: str, parts: SplitResult) -> str:
    if _PATHS.search(parts.path):
        return "is a page for editors"
    if any(name.casefold() in _PREVIEWS and value.casefold() != "false" for name, value in _query(parts)):
        return "is a preview that only editors see"
    return "opens the editor" if _EDITORS.search(host + parts.path) else ""


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []
