"""What LinkedIn's answers mean, where the common rules would be wrong.

A 422 for a duplicate names the post that LinkedIn has: the best evidence there is for a person's account, and
no proof that it is ours. Missing rights, a road that the app has not, a version that ended: all pause the
account, for no post is to blame. 429 tells no end: quotas begin anew at midnight UTC. After a create, 409 and
5xx may have posted. Two shapes of errors are about, an older (`serviceErrorCode`) and a newer (`code`,
`errorDetails`). Sources: Microsoft Learn, errors and rate limits, as of 2026-09; Arisamiga/Linkedin-RSS
issue 5, Composio issue 2710 for duplicates. Not confirmed on LinkedIn itself by us.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from scheduler.errors import (
    Ambiguous,
    AuthExpired,
    Duplicate,
    NotReady,
    PublishError,
    RateLimited,
    Rejected,
    Transient,
)
from scheduler.http.reply import Purpose, Reply
from scheduler.http.scrub import scrub

POST = re.compile(r"urn:li:(?:share|ugcPost):\d+")
FILE = re.compile(r"urn:li:(?:image|video):[A-Za-z0-9_-]+")
_IN_A_NAME = re.compile(r"-(share|ugcPost)-(\d{12,})")
_PORTAL = "https://www.linkedin.com/developers/apps"
_WAITING = "MEDIA_ASSET_WAITING_UPLOAD"
_DUPLICATE = "DUPLICATE_POST"
_VERSIONS = frozenset({"VERSION_MISSING", "NONEXISTENT_VERSION"})


class Over(AuthExpired):
    """LinkedIn does not take this token. Nothing was made; one that was granted with another may be renewed."""


def sort(reply: Reply) -> PublishError | None:
    """The error that an answer stands for; None leaves it to the common rules."""
    if 400 <= reply.status < 500 and reply.status not in _PLAIN and not reply.said():
        return reply.garbled("that is not LinkedIn's own answer")  # some gateway's page: who knows what is behind it
    if reply.status in _SORTED:
        return _SORTED[reply.status](reply)
    if reply.status >= 500 and reply.purpose is Purpose.CREATE:
        return Ambiguous(told(reply))
    return None


def sort_told(reply: Reply) -> PublishError | None:
    """As `sort`, for a look or a deletion whose 403 or 404 says what is to be known: the caller accepts them."""
    return None if reply.status in {403, 404} else sort(reply)


def sort_upload(reply: Reply) -> PublishError | None:
    """As `sort`, for bytes that are put where LinkedIn said: an address that ended is no fault of the file."""
    if reply.status == 401:
        return Over(told(reply))
    if reply.status in {400, 403, 404, 409, 410}:
        return Transient(told(reply))
    return None


def told(reply: Reply) -> str:
    """Who answered what, in LinkedIn's own words, cleaned of secrets, and the number that its support asks for."""
    words = scrub(" · ".join(list(dict.fromkeys(_words(reply.said())))[:2]), reply.secrets)
    asked = _header(reply, "x-li-uuid")
    number = f" (x-li-uuid {scrub(asked, reply.secrets)})" if asked and len(asked) <= 64 else ""
    said = f"{reply.source} answered {reply.status}: {words}" if words else reply.sentence()
    return f"{said.rstrip('.')}{number}."


def codes(said: Mapping[str, Any]) -> frozenset[str]:
    """Every code of an error body, the outer one and those of single fields."""
    found = [said.get("code"), said.get("serviceErrorCode"), *(one.get("code") for one in _inputs(said))]
    return frozenset(str(one) for one in found if one)


def post_named(text: str) -> str:
    """The first post whose urn stands in a text; empty where none does."""
    found = POST.search(text)
    return found.group() if found else ""


def post_at(address: str) -> str:
    """The urn of the post behind an id or an address as LinkedIn's pages give it; empty where it does not say.

    Not confirmed: that a number behind `-share-` in an address is the post's own. One behind `-activity-` is not.
    """
    text = unquote(address)
    found = _IN_A_NAME.search(text)
    return post_named(text) or (f"urn:li:{found[1]}:{found[2]}" if found else "")


def midnight(now: datetime) -> datetime:
    """The next midnight of UTC, when LinkedIn's quotas begin anew (Microsoft Learn, rate limits, as of 2026-09)."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)


def _bad(reply: Reply) -> PublishError | None:
    """400 and 422: of the version, of a file that is not done yet, of something posted already, or of the post."""
    found, words = codes(reply.said()), told(reply)
    if found & _VERSIONS:
        return _ended(reply)
    if reply.purpose is Purpose.READ:
        return Transient(words)
    if _WAITING in found:
        return NotReady(words)
    if reply.purpose is Purpose.CREATE and (_DUPLICATE in found or "is a duplicate of" in words.lower()):
        return _known(reply, words)
    return Rejected(words)


def _known(reply: Reply, words: str) -> Duplicate:
    urn = post_named(" ".join(_words(reply.said())))
    where = f" It names https://www.linkedin.com/feed/update/{urn}/." if urn else ""
    return Duplicate(f"{words}{where}", remote_id=urn)


def _unauthorized(reply: Reply) -> PublishError:
    return Over(told(reply), mend="Log in again, or make a new token; `drumbeat accounts resume` then.")


def _forbidden(reply: Reply) -> PublishError:
    if reply.purpose is Purpose.READ:
        return Transient(told(reply))
    mend = f"See the app's products and the token's scopes at {_PORTAL}, and the person's role on the page."
    return AuthExpired(told(reply), mend=mend)


def _not_there(reply: Reply) -> PublishError:
    """404 may hide a 403: to an app without the product, the road does not exist."""
    return Transient(told(reply)) if reply.purpose is Purpose.READ else _forbidden(reply)


def _conflict(reply: Reply) -> PublishError:
    return Ambiguous(told(reply)) if reply.purpose is Purpose.CREATE else Transient(told(reply))


def _ended(reply: Reply) -> PublishError:
    mend = "In drumbeat.yaml, write a newer month as `version:` of the account; then `drumbeat accounts resume`."
    return AuthExpired(f"LinkedIn no longer speaks this version of its API: {told(reply)}", mend=mend)


def _limited(reply: Reply) -> PublishError:
    return RateLimited(told(reply), retry_at=reply.retry_at() or midnight(reply.now))


_PLAIN = frozenset({401, 404, 426, 429})
"""What needs no body to be understood."""

_SORTED = {
    400: _bad,
    401: _unauthorized,
    403: _forbidden,
    404: _not_there,
    409: _conflict,
    422: _bad,
    426: _ended,
    429: _limited,
}


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    """An error's own sentence, and those about single fields."""
    for one in (said, *_inputs(said)):
        words = next((str(one[name]) for name in ("message", "description", "code") if one.get(name)), "")
        if words:
            yield words


def _inputs(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    details = said.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, Mapping) else None
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, Mapping):
            yield one


def _header(reply: Reply, name: str) -> str:
    return next((value.strip() for known, value in reply.headers.items() if known.lower() == name), "")
