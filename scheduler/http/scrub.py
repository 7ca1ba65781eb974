"""Takes secrets out of what a server says back.

Servers echo what they were sent: a token in an error text, a query in a page. What is told
on is cut to one short line without control characters, and every secret that went out with
the request is struck out, also as it looks percent-encoded or inside JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

HIDDEN = "[hidden]"
SHORTEST = 4
LONGEST = 200
# Headers that say nothing secret; every other one is taken for a secret.
HARMLESS = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-length", "content-type", "host", "user-agent"}
)
SECRET_FIELD = re.compile(r"pass|secret|token|key|jwt|code|assertion|credential|auth", re.IGNORECASE)


def secrets_of(url: str, headers: Mapping[str, Any], *bodies: object) -> set[str]:
    """What of a request must never be told: header values, userinfo, query, path, and fields named like secrets."""
    found = {part for text in _header_texts(headers) for part in (text, *text.split())}
    parts = urlsplit(url)
    found |= {parts.path, parts.query, parts.username or "", parts.password or ""}
    found |= {piece.partition("=")[2] for piece in parts.query.split("&")}
    found |= {segment for segment in parts.path.split("/") if len(segment) >= 12}
    for body in bodies:
        found |= set(_secret_fields(body))
    return {text for text in found | {unquote(text) for text in found} if len(text) >= SHORTEST}


def source_of(url: str) -> str:
    """A server as it may be shown: scheme and host, without userinfo, path or query."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the server"
    return f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else "the server"


def scrub(text: str, secrets: Iterable[str]) -> str:
    """`text` as one short printable line, every secret of it replaced by `[hidden]`."""
    for secret in sorted(secrets, key=len, reverse=True):
        for spelling in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
            text = text.replace(spelling, HIDDEN)
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _header_texts(headers: Mapping[str, Any]) -> Iterator[str]:
    for name, value in headers.items():
        if name.lower() not in HARMLESS:
            yield value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _secret_fields(body: object) -> Iterator[str]:
    if isinstance(body, Mapping):
        for name, value in body.items():
            if isinstance(value, str) and SECRET_FIELD.search(str(name)):
                yield value
            yield from _secret_fields(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from _secret_fields(value)
