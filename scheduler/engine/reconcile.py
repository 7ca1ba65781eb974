"""Finding out what became of a post that got lost.

Look first; "not there" is believed only after a settling time. Where looking cannot tell,
a repeat is sent only while it surely makes no second post. Else the next look comes later
and later, and in the end the question is left to a person. Nothing is ever guessed.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.clock import Clock
from scheduler.engine.observing import observe_at, observed
from scheduler.engine.publishing import NO_PUBLISHER, can_find_out, can_verify, settling, storable
from scheduler.engine.switchboard import Switchboard
from scheduler.errors import legible
from scheduler.model.lifecycle import Event
from scheduler.outbox.claiming import Claimed
from scheduler.outbox.upkeep import Look
from scheduler.publishers.base import Absent, Capabilities, Found, Publisher, Unknown, Verdict

LONGEST = timedelta(hours=1)
MOST_LOOKS = 12


def look_one(claimed: Claimed, switchboard: Switchboard, clock: Clock) -> Look:
    """Looks for one unknown, or again at what was only accepted. Raises nothing that a publisher can cause."""
    try:
        publisher = switchboard.publisher(claimed.draft.account, dry=claimed.dry)
    except Exception as caught:  # noqa: BLE001  # without a publisher nobody can look
        return _again(claimed, clock.now(), legible(f"Nobody can look: {caught}"), NO_PUBLISHER)
    verdict = _verdict(replace(claimed, draft=switchboard.draft(claimed.draft)), publisher)
    if claimed.sent:
        return observed(claimed, clock.now(), verdict, settling(publisher.capabilities))
    return _decided(claimed, clock.now(), verdict, publisher.capabilities)


def _verdict(claimed: Claimed, publisher: Publisher) -> Verdict:
    if not can_verify(publisher.capabilities):
        return Unknown("This platform does not let us look.")
    try:
        found = publisher.verify(claimed.draft, claimed.prepared, claimed.first_attempt_at or claimed.draft.due)
    except Exception as caught:  # noqa: BLE001  # a look that fails tells nothing
        return Unknown(legible(str(caught)) or type(caught).__name__)
    if isinstance(found, Found):
        return Found(storable(found.receipt))
    return found if isinstance(found, Absent) else Unknown(legible(str(getattr(found, "reason", found))))


def _decided(claimed: Claimed, now: datetime, verdict: Verdict, capabilities: Capabilities) -> Look:
    wait = settling(capabilities)
    settled_at = (claimed.lost_at or now) + wait
    if isinstance(verdict, Found):
        observe = observe_at(verdict.receipt, now, wait, can_look=True)
        return Look(claimed, now, Event.ACCEPT, "Found on the platform.", receipt=verdict.receipt, look_at=observe)
    if now < settled_at and can_find_out(capabilities):
        why = "Not there yet." if isinstance(verdict, Absent) else verdict.reason
        return Look(claimed, now, None, why, look_at=settled_at)
    if isinstance(verdict, Absent):
        return Look(claimed, now, Event.POSTPONE, "Looked: it is not there.")
    if now <= claimed.expires_at and capabilities.repeat_is_safe(claimed.first_attempt_at, now):
        return Look(claimed, now, None, "Sending it again cannot double it.", look_at=now + wait, repeat=True)
    return _unanswered(claimed, now, verdict, capabilities, wait)


def _unanswered(claimed: Claimed, now: datetime, verdict: Unknown, capabilities: Capabilities, wait: timedelta) -> Look:
    if not can_verify(capabilities) or claimed.looks + 1 >= MOST_LOOKS:
        return Look(claimed, now, None, verdict.reason)
    return _again(claimed, now, verdict.reason, wait)


def _again(claimed: Claimed, now: datetime, why: str, wait: timedelta) -> Look:
    return Look(claimed, now, None, why, look_at=now + min(LONGEST, wait * 2 ** min(claimed.looks, 10)))
