"""How much an account may post in a while, against what the plan asks of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from scheduler.checking.case import Remark, Whole
from scheduler.platforms import platform_named
from scheduler.platforms.base import Quota

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def exceeded(whole: Whole) -> Iterable[Remark]:
    """A remark for each account and quota that the plan goes beyond, with the moment at which it does."""
    moments: dict[str, list[datetime]] = defaultdict(list)
    for delivery in whole.plan.deliveries:
        moments[delivery.account].append(delivery.due)
    for name, dues in moments.items():
        platform = platform_named(whole.workspace.accounts[name].platform)
        for quota in platform.quotas:
            if over := first_over(sorted(dues), quota):
                yield Remark(
                    f"{name} is asked for more than {quota.posts:,} posts within {_span(quota.seconds)}, "
                    f"which is what {platform.title} takes: from {over:%Y-%m-%d %H:%M} UTC on posts would wait.",
                    mend="Spread them, or leave some out.",
                    place=whole.workspace.accounts[name].place,
                    path=f"accounts.{name}",
                )


def first_over(dues: Sequence[datetime], quota: Quota) -> datetime | None:
    """The moment of the first post that is one too many in any window of the quota; `dues` are in order."""
    window = timedelta(seconds=quota.seconds)
    return next((late for early, late in _pairs(dues, quota.posts) if late - early < window), None)


def _pairs(dues: Sequence[datetime], posts: int) -> Iterator[tuple[datetime, datetime]]:
    return zip(dues, dues[posts:], strict=False)


def _span(seconds: int) -> str:
    size, word = next((size, word) for size, word in _UNITS if not seconds % size)
    count = seconds // size
    return f"{count} {word}s" if count > 1 else f"a {word}" if word != "hour" else "an hour"
