"""When a platform that says "too many" will listen again.

There are five ways to write it and no header that all use, so all are read and the result
is bounded: never in the past, never more than a day ahead. A reset written as a moment is
read against the server's own `Date`, so that a machine whose clock is wrong does not
knock too early. Pure: `now` is handed in.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
# a number this big is a moment (2001 and later), a smaller one is a wait
EPOCH_SECONDS = 1_000_000_000
EPOCH_MILLISECONDS = 100_000_000_000
RESETS = ("x-ratelimit-reset-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
# the IETF drafts' one header: `limit=100, remaining=0, reset=50` and `"default";r=0;t=50`
DRAFT = re.compile(r"(?:^|[,;\s])(?:reset|t)\s*=\s*(\d+)")


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The moment at which a refused request may be tried again, or None where no header says it.

    Reads `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3) and the reset headers: seconds to wait, a Unix
    moment in seconds (docs.bsky.app/docs/advanced-guides/rate-limits, as of 2026-11) or milliseconds, or an ISO 8601
    moment (docs.joinmastodon.org/api/rate-limits, as of 2026-11).
    """
    said = {name.lower(): value.strip() for name, value in headers.items()}
    server = _http_date(said.get("date", "")) or now
    for text in _candidates(said):
        moment = _moment(text, now, server)
        if moment is not None:
            return moment
    return None


def after_milliseconds(value: object, now: datetime) -> datetime | None:
    """The moment `value` milliseconds from now, or None where it is no number: Matrix's older `retry_after_ms`.

    spec.matrix.org, "Rate limiting", as of 2026-11.
    """
    return None if isinstance(value, bool) or not isinstance(value, int | float) else _later(value / 1000, now)


def after_seconds(value: object, now: datetime) -> datetime | None:
    """The moment `value` seconds from now, or None where it is no number: bodies that say `retry_after`."""
    return None if isinstance(value, bool) or not isinstance(value, int | float) else _later(float(value), now)


def _candidates(said: Mapping[str, str]) -> Iterator[str]:
    for name in ("retry-after", *RESETS):
        if name in said:
            yield said[name]
    if draft := DRAFT.search(said.get("ratelimit", "")):
        yield draft[1]


def _moment(text: str, now: datetime, server: datetime) -> datetime | None:
    number = _number(text)
    if number is None:
        stated = _http_date(text) or _iso(text)
        return None if stated is None else _later((stated - server).total_seconds(), now)
    if number >= EPOCH_MILLISECONDS:
        number /= 1000
    return _later(number - server.timestamp() if number >= EPOCH_SECONDS else number, now)


def _later(seconds: float, now: datetime) -> datetime | None:
    if not math.isfinite(seconds):
        return None
    return now + timedelta(seconds=min(max(seconds, 0.0), LONGEST.total_seconds()))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _http_date(text: str) -> datetime | None:
    try:
        return _aware(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
