"""One try, from a claim to how it ended.

A try has three ends: sent, surely not sent, unknown. What the publisher raises decides,
and whatever is not proved to be "not sent" counts as unknown: nothing that happens after
a send may make it look unsent.
"""

import json
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.clock import Clock
from scheduler.engine.backoff import Random, delay, try_again_at
from scheduler.engine.observing import observe_at
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import (
    AuthExpired,
    Bug,
    Forgotten,
    HandedOver,
    MayExist,
    NotReady,
    NotSent,
    RateLimited,
    Rejected,
    SchedulerError,
    legible,
    told,
)
from scheduler.model.delivery import Receipt
from scheduler.model.lifecycle import Event
from scheduler.outbox.claiming import Claimed
from scheduler.outbox.notes import Key
from scheduler.outbox.settling import Settlement
from scheduler.publishers.base import Capabilities, Operation, Publisher, VerifyQuality

NOT_READY = timedelta(seconds=5)
NO_PUBLISHER = timedelta(minutes=1)
SETTLING_TIMEOUTS = 2
_TRACE_CHARACTERS = 8000


def _untold(_: Key) -> None:
    pass


def publish_one(
    claimed: Claimed, switchboard: Switchboard, clock: Clock, random: Random, *, asked: Callable[[Key], None] = _untold
) -> Settlement:
    """Makes the one try that was claimed, and says how it ended. Raises nothing that a publisher can cause.

    `asked` is told of it just before anything can leave.
    """
    try:
        publisher = switchboard.publisher(claimed.draft.account, dry=claimed.dry)
    except Exception as caught:  # noqa: BLE001  # a stranger's code, before anything was sent
        return _without_publisher(claimed, clock.now(), caught)
    if _unprepared(claimed, publisher):
        return not_sent(claimed, clock.now(), NotReady("It was not prepared yet."), random)
    try:
        draft = switchboard.draft(claimed.draft)
        asked((claimed.n, claimed.lease))
        receipt = publisher.publish(draft, claimed.prepared)
    except NotSent as caught:
        if isinstance(caught, AuthExpired):
            switchboard.forget(claimed.draft.account)
        return _not_this_time(claimed, clock.now(), caught, publisher, random)
    except BaseException as caught:  # noqa: BLE001  # whatever it is, `sys.exit` included, the post may exist
        return lost_track(claimed, clock.now(), caught, publisher)
    return _sent(claimed, clock.now(), receipt, publisher)


def _unprepared(claimed: Claimed, publisher: Publisher) -> bool:
    """Whether it was claimed while its publisher could not be asked what it needs, as before a new log-in."""
    prepares = Operation.PREPARE in publisher.capabilities.operations
    return prepares and not (claimed.ready or claimed.dry or claimed.repeat)


def _ended(claimed: Claimed, event: Event, at: datetime, why: str = "") -> Settlement:
    return Settlement(
        n=claimed.n,
        lease=claimed.lease,
        event=event,
        at=at,
        delivery=claimed.draft.delivery,
        account=claimed.draft.account,
        attempt=claimed.attempt,
        due=claimed.draft.due,
        why=why,
        dry_run=claimed.dry,
    )


def _sent(claimed: Claimed, at: datetime, receipt: Receipt, publisher: Publisher) -> Settlement:
    if not isinstance(receipt, Receipt) or not receipt.remote_id:
        return lost_track(claimed, at, MayExist("The platform answered without an id."), publisher)
    kept = storable(replace(receipt, dry_run=claimed.dry))
    return replace(_ended(claimed, Event.ACCEPT, at), receipt=kept, look_at=look_again_at(kept, at, publisher))


def look_again_at(receipt: Receipt, at: datetime, publisher: Publisher) -> datetime | None:
    """When to look at what was accepted at `at`; None where its receipt needs no look, or where none can help."""
    return observe_at(receipt, at, settling(publisher.capabilities), can_look=can_verify(publisher.capabilities))


def storable(receipt: Receipt) -> Receipt:
    """The receipt as it can be kept: it proves that the post exists, whatever else a publisher put beside it."""
    try:
        extra = json.loads(legible(json.dumps(dict(receipt.extra), ensure_ascii=False)))
    except (TypeError, ValueError):
        extra = {}
    return replace(receipt, remote_id=legible(str(receipt.remote_id)), url=legible(str(receipt.url or "")), extra=extra)


def _not_this_time(claimed: Claimed, at: datetime, caught: NotSent, publisher: Publisher, random: Random) -> Settlement:
    """This try made nothing. Where an earlier one may have, it is as unknown as before."""
    ended = not_sent(claimed, at, caught, random)
    if not claimed.repeat:
        return ended
    unknown = lost_track(claimed, at, MayExist(f"An earlier try may have made it; now: {caught.message}"), publisher)
    return replace(unknown, blocked_until=ended.blocked_until, paused=ended.paused)


def not_sent(claimed: Claimed, at: datetime, caught: NotSent, random: Random) -> Settlement:
    """Surely not sent: back in line for later, or failed for good."""
    if isinstance(caught, AuthExpired):
        return _paused(claimed, at, caught)
    if isinstance(caught, Rejected):
        return replace(_ended(claimed, Event.REFUSE, at, caught.message))
    postponed = _ended(claimed, Event.POSTPONE, at, caught.message)
    if isinstance(caught, RateLimited):
        return replace(postponed, blocked_until=caught.retry_at or at + delay(claimed.attempt, random, base=30.0))
    if isinstance(caught, NotReady):
        return replace(postponed, not_before=at + NOT_READY)
    postponed = replace(postponed, forgotten=isinstance(caught, Forgotten))
    return replace(postponed, not_before=try_again_at(at, claimed.attempt, claimed.expires_at, random))


def _without_publisher(claimed: Claimed, at: datetime, caught: Exception) -> Settlement:
    known = caught if isinstance(caught, SchedulerError) else AuthExpired(f"Its publisher cannot be used: {caught}")
    if claimed.repeat:
        unknown = _ended(claimed, Event.LOSE_TRACK, at, known.message)
        return replace(unknown, look_at=at + NO_PUBLISHER, paused=known.message)
    return _paused(claimed, at, known)


def _paused(claimed: Claimed, at: datetime, caught: SchedulerError) -> Settlement:
    return replace(_ended(claimed, Event.POSTPONE, at, caught.message), paused=caught.message)


def lost_track(claimed: Claimed, at: datetime, caught: BaseException, publisher: Publisher) -> Settlement:
    """The post may exist: to be looked for once it would have settled, where looking or repeating can help."""
    if isinstance(caught, HandedOver):
        return _ended(claimed, Event.HAND_OVER, at, caught.message)
    known = isinstance(caught, MayExist)
    trace = "" if known else legible("".join(traceback.format_exception(caught))[-_TRACE_CHARACTERS:])
    capabilities = publisher.capabilities
    look_at = at + settling(capabilities) if can_find_out(capabilities) else None
    return replace(_ended(claimed, Event.LOSE_TRACK, at, told(caught)), error=trace, look_at=look_at)


def settling(capabilities: Capabilities) -> timedelta:
    """How long after a try "not there" is not yet believed: twice the request's deadline."""
    return timedelta(seconds=SETTLING_TIMEOUTS * capabilities.timeout)


def can_verify(capabilities: Capabilities) -> bool:
    """Whether looking can tell."""
    return Operation.VERIFY in capabilities.operations and capabilities.verify is not VerifyQuality.NONE


def can_find_out(capabilities: Capabilities) -> bool:
    """Whether anything but a person can settle an unknown: a look, or a repeat that makes no second post."""
    return can_verify(capabilities) or capabilities.repeats_safely


def broken(caught: BaseException) -> Bug:
    """A bug of ours that a worker met."""
    return caught if isinstance(caught, Bug) else Bug(told(caught))
