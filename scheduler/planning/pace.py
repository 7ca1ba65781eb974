"""How long a busy moment takes, by arithmetic: a pool of workers, one post at a time on each account.

An estimate for people, never a rule for the engine: 1,000 posts due at once, 100 workers
and answers after 200 ms make 2 s until the last has left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from scheduler.finding import Finding, note
from scheduler.model.delivery import PlannedDelivery

ANSWER_SECONDS = 0.2
POOL = 400
HOST_CAP = 16
"""At most so many requests are on their way to one server at once, so that it does not limit our address."""
WORTH_SAYING = 2.0
"""Seconds after which the last post of a moment counts as late enough to say so."""
SAID = 3


@dataclass(frozen=True, slots=True)
class Rush:
    """What is due at one instant (UTC): parts, the accounts they are on, and the seconds until the last has left.

    `host` is the server whose cap decides that; empty where none does.
    """

    due: datetime
    posts: int
    accounts: int
    seconds: float
    host: str = ""


def how_long(
    deliveries: Iterable[PlannedDelivery],
    *,
    answer: float = ANSWER_SECONDS,
    pool: int = POOL,
    hosts: Mapping[str, str] | None = None,
    host_cap: int = 0,
) -> tuple[Rush, ...]:
    """Each moment's rush, the longest first.

    `answer` is in seconds. `hosts` names each account's server; not more than `host_cap` posts are on their way to
    one of them at once (0: no cap).
    """
    moments: dict[datetime, Counter[str]] = {}
    for delivery in deliveries:
        moments.setdefault(delivery.due, Counter())[delivery.account] += 1
    rushes = [_rush(due, lanes, answer, pool, _busiest(lanes, hosts or {}, host_cap)) for due, lanes in moments.items()]
    return tuple(sorted(rushes, key=lambda rush: (-rush.seconds, rush.due)))


def _rush(due: datetime, lanes: Counter[str], answer: float, pool: int, busiest: tuple[str, int]) -> Rush:
    """How often an answer is waited for, one after the other, in the fullest line there is."""
    workers = min(pool, len(lanes))
    fullest = max(*lanes.values(), ceil(lanes.total() / workers))
    host, rounds = busiest
    return Rush(due, lanes.total(), len(lanes), max(fullest, rounds) * answer, host if rounds > fullest else "")


def _busiest(lanes: Counter[str], hosts: Mapping[str, str], host_cap: int) -> tuple[str, int]:
    """The server with the longest line before its cap, and how many rounds that makes."""
    servers: Counter[str] = Counter()
    for account, posts in lanes.items():
        if account in hosts:
            servers[hosts[account]] += posts
    if not host_cap or not servers:
        return "", 0
    [(host, posts)] = servers.most_common(1)
    return host, ceil(posts / host_cap)


def pace_notes(deliveries: Sequence[PlannedDelivery], hosts: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """A note for each of the longest moments in which the last post leaves noticeably after the first."""
    together = Counter(delivery.due for delivery in deliveries)
    crowded = (delivery for delivery in deliveries if together[delivery.due] * ANSWER_SECONDS >= WORTH_SAYING)
    long = [rush for rush in how_long(crowded, hosts=hosts, host_cap=HOST_CAP) if rush.seconds >= WORTH_SAYING]
    return tuple(note("rush", _sentence(rush)) for rush in long[:SAID])


def _sentence(rush: Rush) -> str:
    where = "one account" if rush.accounts == 1 else f"{rush.accounts:,} accounts"
    moment = f"{rush.due:%Y-%m-%d %H:%M} UTC"
    last = f"the last leaves about {rush.seconds:.0f} s later"
    why = f", since {rush.host} gets at most {HOST_CAP} at once" if rush.host else ""
    return f"{rush.posts:,} posts on {where} are due at {moment}: {last}{why}."
