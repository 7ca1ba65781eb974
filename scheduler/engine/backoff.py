"""How long to wait before another try: exponentially longer, with full jitter.

Full jitter spreads a crowd that failed together over the whole wait
(aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter, as of 2026-11). The
random source is injected. A wait never reaches past the last moment at which a post may
still leave.
"""

from datetime import datetime, timedelta
from typing import Protocol

BASE_SECONDS = 2.0
CEILING_SECONDS = 300.0
FLOOR_SECONDS = 0.5
LAST_CHANCE = timedelta(seconds=1)


class Random(Protocol):
    """Where the jitter comes from."""

    def uniform(self, a: float, b: float) -> float:
        """A number from `a` to `b`."""
        ...


def delay(tries: int, random: Random, *, base: float = BASE_SECONDS, ceiling: float = CEILING_SECONDS) -> timedelta:
    """The wait after the `tries`-th failed try, from half a second up to five minutes."""
    longest = min(ceiling, base * 2.0 ** min(max(tries, 1) - 1, 20))
    return timedelta(seconds=max(FLOOR_SECONDS, random.uniform(0.0, longest)))


def try_again_at(now: datetime, tries: int, expires_at: datetime, random: Random) -> datetime:
    """When to try again: after a delay, but with one last chance a second before `expires_at`."""
    wanted = now + delay(tries, random)
    last = expires_at - LAST_CHANCE
    return min(wanted, last) if last > now + timedelta(seconds=FLOOR_SECONDS) else wanted
