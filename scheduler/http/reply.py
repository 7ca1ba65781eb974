"""A server's answer, and what each kind of it means.

The same status means one thing to the request that makes a post and another to one that
prepares or looks. What is sorted here is the rule for a platform of which nothing better is
known; an adapter that knows more is asked first.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any

from scheduler.errors import Ambiguous, AuthExpired, PublishError, RateLimited, Rejected, Transient
from scheduler.http.limits import after_milliseconds, after_seconds, retry_at
from scheduler.http.scrub import scrub, source_of


class Purpose(Enum):
    """What a request is for: making the post visible, making ready for it, or looking."""

    CREATE = "create"
    PREPARE = "prepare"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `headers` are found in any case; `body` is unpacked; `complete` is false where it broke off.

    `url` may hold secrets: it is for the adapter, never for a message. `source` is scheme and host.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    source: str
    purpose: Purpose
    now: datetime = field(repr=False)
    complete: bool = True
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises `Ambiguous` for a creating request and `Transient` else where it is none."""
        try:
            if self.complete:
                return json.loads(self.body)
        except (ValueError, RecursionError):
            pass
        raise self.garbled("its answer is not JSON")

    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; raises as `json` does where it is none."""
        body = self.json()
        if not isinstance(body, dict):
            raise self.garbled("its answer is not a JSON object")
        return body

    def said(self) -> dict[str, Any]:
        """The body's JSON object, or an empty one; never raises. For sorting errors by what their bodies say."""
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return body if isinstance(body, dict) else {}

    def garbled(self, why: str) -> PublishError:
        """The error for an answer that cannot be understood: the post may exist, if this was to make one."""
        kind = Ambiguous if self.purpose is Purpose.CREATE else Transient
        return kind(f"{self.source} answered {self.status}, but {why}.")

    def retry_at(self) -> datetime | None:
        """When to try again, by headers or body; None where nothing says it."""
        said = self.said()
        return (
            retry_at(self.headers, self.now)
            or after_milliseconds(said.get("retry_after_ms"), self.now)
            or after_seconds(said.get("retry_after"), self.now)
        )

    def sentence(self) -> str:
        """Who answered what, with the reason the platform gives, cleaned of secrets. Fit for people and logs."""
        reason = scrub(_reason(self.said()) or self._points_to(), self.secrets)
        return f"{self.source} answered {self.status}{_phrase(self.status)}" + (f": {reason}" if reason else ".")

    def _points_to(self) -> str:
        elsewhere = source_of(self.headers.get("location", "")) if 300 <= self.status < 400 else ""
        return f"it points to {elsewhere}" if "://" in elsewhere else ""


Sort = Callable[[Reply], PublishError | None]


def sorted_by_status(reply: Reply, *, auth: Collection[int] = frozenset({401})) -> PublishError | None:
    """What an answer means where the adapter says nothing: None for a good one. `auth`: a dead credential's."""
    if 200 <= reply.status < 300 and reply.complete:
        return None
    if reply.status in auth:
        return AuthExpired(reply.sentence())
    if reply.status == 429:
        return RateLimited(reply.sentence(), retry_at=reply.retry_at())
    if reply.status in {407, 425}:
        # the proxy kept it (RFC 9110 15.5.8), or the server will not act yet (RFC 8470 5.2)
        return Transient(reply.sentence())
    return SORTED[reply.purpose](reply)


def _created(reply: Reply) -> PublishError:
    # 408 is also what gateways say when the server behind them did not answer
    if 300 <= reply.status < 500 and reply.status != 408:
        return Rejected(reply.sentence())
    return Ambiguous(reply.sentence() if reply.complete else f"{reply.source} answered {reply.status}, then broke off.")


def _prepared(reply: Reply) -> PublishError:
    if 300 <= reply.status < 500 and reply.status != 408:
        return Rejected(reply.sentence())
    return _read(reply)


def _read(reply: Reply) -> PublishError:
    if reply.status == 503 and (moment := reply.retry_at()):
        return RateLimited(reply.sentence(), retry_at=moment)
    return Transient(reply.sentence())


SORTED: Mapping[Purpose, Callable[[Reply], PublishError]] = {
    Purpose.CREATE: _created,
    Purpose.PREPARE: _prepared,
    Purpose.READ: _read,
}


def _reason(said: Mapping[str, Any]) -> str:
    """The words of an error body: Mastodon's `error`, Bluesky's `error` and `message`, Matrix's `errcode`, and kin."""
    words: list[str] = []
    for name in ("errcode", "error", "error_description", "message", "detail", "title", "description"):
        value = said.get(name)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value and value not in words:
            words.append(value)
    return " · ".join(words[:2])


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
