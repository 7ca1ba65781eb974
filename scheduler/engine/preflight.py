"""What must exist before the post: made ahead of its moment, while the post is still scheduled.

At the second only the creating request leaves. A crash here is never uncertain: preparing
is harmless and can be done again, so every trouble in it means "not sent".
"""

from dataclasses import replace
from datetime import timedelta

from scheduler.clock import Clock
from scheduler.engine.backoff import Random, delay, try_again_at
from scheduler.engine.publishing import NOT_READY
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import AuthExpired, NotReady, RateLimited, Rejected, SchedulerError
from scheduler.outbox.claiming import Claimed
from scheduler.outbox.upkeep import Preparation

LEAD = timedelta(minutes=5)
"""How long before its due moment a post is prepared."""


def prepare_one(claimed: Claimed, switchboard: Switchboard, clock: Clock, random: Random) -> Preparation:
    """Prepares one delivery, and says how that ended. Raises nothing that a publisher can cause."""
    try:
        publisher = switchboard.publisher(claimed.draft.account, dry=False)
        prepared = publisher.prepare(claimed.draft)
    except SchedulerError as caught:
        return _trouble(claimed, switchboard, clock, caught, random)
    except Exception as caught:  # noqa: BLE001  # nothing can have been posted
        why = f"{type(caught).__name__}: {caught}"
        return _later(Preparation(claimed, clock.now(), why=why), random)
    return Preparation(claimed, clock.now(), prepared=prepared)


def _trouble(
    claimed: Claimed, switchboard: Switchboard, clock: Clock, caught: SchedulerError, random: Random
) -> Preparation:
    ended = Preparation(claimed, clock.now(), why=caught.message)
    if isinstance(caught, Rejected):
        return replace(ended, refused=True)
    if isinstance(caught, AuthExpired):
        switchboard.forget(claimed.draft.account)
        return replace(ended, paused=caught.message)
    if isinstance(caught, RateLimited):
        return replace(ended, blocked_until=caught.retry_at or ended.at + delay(1, random, base=30.0))
    if isinstance(caught, NotReady):
        return replace(ended, not_before=ended.at + NOT_READY)
    return _later(ended, random)


def _later(ended: Preparation, random: Random) -> Preparation:
    return replace(ended, not_before=try_again_at(ended.at, 3, ended.claimed.expires_at, random))
