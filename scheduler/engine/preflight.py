"""What must exist before the post: made ahead of its moment, while the post is still scheduled.

At the second only the creating request leaves. A crash here is never uncertain: preparing
is harmless and can be done again, so every trouble in it means "not sent".
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.engine.backoff import Random, delay, try_again_at
from scheduler.engine.publishing import NOT_READY
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import AuthExpired, NotReady, RateLimited, Rejected, SchedulerError, told
from scheduler.model.delivery import Prepared
from scheduler.outbox.claiming import HALF_MADE, Claimed
from scheduler.outbox.upkeep import Preparation

LEAD = timedelta(minutes=5)
"""How long before its due moment a post is prepared."""
LEAST_GOOD = timedelta(minutes=1)
"""What was just prepared counts as good for so long, whatever is said of it: else it would be made again for ever."""
BEFORE_IT_ENDS = timedelta(seconds=30)
"""How long before a platform forgets what was prepared it is made again, where the post's moment is later still."""


def prepare_one(claimed: Claimed, switchboard: Switchboard, clock: Clock, random: Random) -> Preparation:
    """Prepares one delivery, and says how that ended. Raises nothing that a publisher can cause."""
    try:
        publisher = switchboard.publisher(claimed.draft.account, dry=False)
        draft = replace(claimed.draft, begun=_begun(claimed.prepared))
        prepared = publisher.prepare(switchboard.draft(draft))
        json.dumps(dict(prepared.values))  # what cannot be kept is a trouble of its publisher, not of the queue
        return _prepared(claimed, clock.now(), prepared)
    except SchedulerError as caught:
        return _trouble(claimed, switchboard, clock, caught, random)
    except Exception as caught:  # noqa: BLE001  # nothing can have been posted
        return _later(Preparation(claimed, clock.now(), why=told(caught)), random)


def _begun(prepared: Prepared) -> Mapping[str, Any]:
    return prepared.values if prepared.good_until == HALF_MADE else {}


def _prepared(claimed: Claimed, at: datetime, prepared: Prepared) -> Preparation:
    """What the platform forgets before the moment is made once more shortly before that, and well before the moment."""
    if prepared.good_until is None:
        return Preparation(claimed, at, prepared=prepared)
    good_until = max(prepared.good_until, at + LEAST_GOOD)
    ended = Preparation(claimed, at, prepared=replace(prepared, good_until=good_until))
    return ended if good_until > claimed.draft.due else replace(ended, not_before=good_until - BEFORE_IT_ENDS)


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
        begun = Prepared(caught.begun, good_until=HALF_MADE) if caught.begun else None
        return replace(ended, not_before=ended.at + NOT_READY, prepared=begun)
    return _later(ended, random)


def _later(ended: Preparation, random: Random) -> Preparation:
    claimed = ended.claimed
    wait = try_again_at(ended.at, _tries(claimed.draft.due, ended.at), claimed.expires_at, random)
    return replace(ended, not_before=wait)


def _tries(due: datetime, now: datetime) -> int:
    """Up to eight seconds before the moment, then up to as long as the post is late: nobody knocks for an hour."""
    overdue = max(8, int((now - due).total_seconds()))
    return overdue.bit_length() - 1  # the wait doubles with each of these, from two seconds
