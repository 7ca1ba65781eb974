"""What X's answers mean, where the common rules would be wrong.

A refusal for duplicate content names no post and may come for the very request whose answer got
lost: it means "look". Used-up credit, dead keys and keys that may only read pause the account,
for the post is not to blame. A limit has up to three counters, and the latest reset of those
that are at zero is the one that counts. Sources: docs.x.com, as of 2026-08-22; akrherz/iembot
issue 163 (2026-02), tryethernal/ethernal issue 1314 (2026-05), node-twitter-api-v2 issues 366,
469, 495 and 553. Not confirmed on X itself by us: the words of refusals.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from scheduler.errors import AuthExpired, Duplicate, NotReady, PublishError, RateLimited, Rejected, Transient
from scheduler.http.limits import retry_at
from scheduler.http.reply import Purpose, Reply, Sort
from scheduler.http.scrub import scrub
from scheduler.publishers.their_clock import lead_of

COUNTERS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
"""Where a daily limit shows only by a counter that is not at zero: nothing says when it ends."""

SKEWED = timedelta(minutes=2)
_CONSOLE = "https://console.x.com"
_APP = frozenset(
    {
        "client-forbidden",
        "client-not-enrolled",
        "oauth1-permissions",
        "oauth2-scopes",
        "unsupported-authentication",
        "user-suspended",
    }
)
"""Problems of the app or the account, by the last part of `type`, and none of the post's."""

_DUPLICATE = ("duplicate content", "is a duplicate")
_UNSEEN = ("deleted or not visible", "not visible to you")
ONLY_READS = (
    f"The keys may only read. Set Read and write for the app ({_CONSOLE}), then make new tokens: old ones stay."
)


class Over(AuthExpired):
    """X does not take this credential. Nothing was made; a token of OAuth 2.0 may be renewed."""


def sort(reply: Reply) -> PublishError | None:
    """The error that an answer stands for; None leaves it to the common rules."""
    if 400 <= reply.status < 500 and reply.status not in _PLAIN and not reply.said():
        return reply.garbled("that is not X's own answer")  # some gateway's page: who knows what is behind it
    if reply.status in _SORTED:
        return _SORTED[reply.status](reply)
    if reply.status == 400 or (reply.purpose is Purpose.CREATE and reply.status in {404, 413}):
        return Rejected(told(reply)) if reply.purpose is not Purpose.READ else Transient(told(reply))
    return None


def proving(reply: Reply) -> PublishError | None:
    """As `sort`, for the look at the account before a post: not being allowed to look is no reason not to post."""
    return None if reply.status in {403, 429} else sort(reply)


def creating(*, parent_is_young: bool) -> Sort:
    """As `sort`, for a post. X may refuse a reply to a post made moments ago: it is not visible yet."""

    def sort_created(reply: Reply) -> PublishError | None:
        words = told(reply)
        if reply.status == 403 and parent_is_young and any(sign in words for sign in _UNSEEN):
            return NotReady(f"The post that this one replies to is not to be seen yet: {words}")
        return sort(reply)

    return sort_created


def told(reply: Reply) -> str:
    """Who answered what, with X's own words, cleaned of secrets."""
    words = scrub(" · ".join(list(dict.fromkeys(_words(reply.said())))[:3]), reply.secrets)
    return f"{reply.source} answered {reply.status}: {words}" if words else reply.sentence()


def problem(said: Mapping[str, Any]) -> str:
    """The last part of a problem's `type`: its host is one of two, and does not matter."""
    return str(said.get("type", "")).rpartition("/")[2]


def reads_only(reply: Reply) -> bool:
    """Whether an answer says that the keys may only read (`x-access-level`, node-twitter-api-v2 issue 469)."""
    return _lower(reply).get("x-access-level", "") == "read"


def opens_again(reply: Reply) -> datetime:
    """When a limit ends: the latest reset of the counters at zero.

    A refusal while all counters that are told have room is a daily limit that is not told: an hour from now.
    """
    said = _lower(reply)
    moments = [
        moment for one in COUNTERS if said.get(f"{one}-remaining") == "0" and (moment := _reset(said, one, reply))
    ]
    if moments:
        return max(moments)
    return reply.retry_at() or reply.now + QUARTER if "x-rate-limit-remaining" not in said else reply.now + HOUR


def _reset(said: Mapping[str, str], counter: str, reply: Reply) -> datetime | None:
    written = {"x-rate-limit-reset": said.get(f"{counter}-reset", ""), "date": said.get("date", "")}
    return retry_at(written, reply.now)


def _unauthorized(reply: Reply) -> PublishError:
    off = abs(lead_of(reply) or timedelta())
    clock = f" This computer's clock is {int(off.total_seconds() // 60)} minutes off." if off >= SKEWED else ""
    return Over(f"{told(reply)}{clock}", mend=f"See the app's keys and tokens at {_CONSOLE}.")


def _unpaid(reply: Reply) -> PublishError:
    return AuthExpired(
        f"X wants credit: {told(reply)} Buy some at {_CONSOLE}, or raise the spending limit there.",
        mend="Then `drumbeat accounts resume`.",
    )


def _forbidden(reply: Reply) -> PublishError:
    words = told(reply)
    if reply.purpose is Purpose.READ:
        return Transient(words)
    if reply.purpose is Purpose.CREATE and any(sign in words.lower() for sign in _DUPLICATE):
        return Duplicate(words)
    if reads_only(reply):
        return AuthExpired(f"{words} {ONLY_READS}")
    return AuthExpired(words) if problem(reply.said()) in _APP else Rejected(words)


def _limited(reply: Reply) -> PublishError:
    said = reply.said()
    if problem(said) == "usage-capped" and str(said.get("period", "")).lower() == "monthly":
        return AuthExpired(f"The app's requests of this month are used up: {told(reply)}")
    return RateLimited(told(reply), retry_at=opens_again(reply))


_PLAIN = frozenset({401, 404, 429})
"""What needs no body to be understood."""

_SORTED = {401: _unauthorized, 402: _unpaid, 403: _forbidden, 429: _limited}


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    """A problem's own sentence, and those of the errors within it."""
    errors = said.get("errors")
    for one in [said, *(errors if isinstance(errors, list) else ())]:
        if isinstance(one, Mapping):
            yield next((str(one[name]) for name in ("detail", "message", "title") if one.get(name)), "")


def _lower(reply: Reply) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in reply.headers.items()}
