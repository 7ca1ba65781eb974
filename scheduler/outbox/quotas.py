"""How much of an account's quota is used up, and until when its line must wait.

Counted is what may have made a post for real: sent, and lost sight of. The next post waits
until the oldest of as many as the platform takes is out of the window, so the engine never
asks for more, however a plan was written and however often it was restarted.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.outbox.moments import from_us, to_us
from scheduler.platforms.base import Quota

Quotas = Callable[[str], tuple[Quota, ...]]
"""An account's name to what its platform takes of it."""


def no_quotas(account: str) -> tuple[Quota, ...]:  # noqa: ARG001 - whoever asks
    """Nothing is known of a quota."""
    return ()


_NTH_LATEST = text("""
    SELECT e.at FROM event e JOIN delivery d ON d.n = e.delivery
     WHERE e.account = :account AND e.at > :since AND e.event IN ('accept', 'lose_track') AND d.dry_run = 0
     ORDER BY e.at DESC LIMIT 1 OFFSET :before
""")


def free_at(connection: Connection, account: str, quotas: Iterable[Quota], at: datetime) -> datetime | None:
    """When the account may post again, where a post at `at` (not yet in the history) used up a quota; else None."""
    moments = [moment for quota in quotas if (moment := _free_at(connection, account, quota, at)) is not None]
    return max(moments, default=None)


def _free_at(connection: Connection, account: str, quota: Quota, at: datetime) -> datetime | None:
    window = timedelta(seconds=quota.seconds)
    if quota.posts == 1:
        return at + window
    asked = {"account": account, "since": to_us(at - window), "before": quota.posts - 2}
    oldest = connection.execute(_NTH_LATEST, asked).scalar()
    return None if oldest is None else from_us(oldest) + window
