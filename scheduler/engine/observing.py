"""Finding out whether what a platform only accepted came to be seen, later and later, for about two days.

A look that finds the post makes its receipt proven. A second look that proves it absent ends the
looking, and a person is told: an editor or a filter may have taken it. What cannot be told stays
accepted, and is shown as that.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.model.delivery import Receipt, Strength
from scheduler.outbox.claiming import Claimed
from scheduler.outbox.upkeep import Look
from scheduler.publishers.base import Absent, Found, Verdict

LONGEST = timedelta(days=1)
MOST_LOOKS = 12
SURELY = 2
"""The first look at which absent is believed: right after a moderator's yes it may not be shown yet."""


def observe_at(receipt: Receipt, at: datetime, wait: timedelta, *, can_look: bool) -> datetime | None:
    """When to look at what was sent at `at`; None where its receipt needs no look, or where none can help."""
    weak = receipt.strength is Strength.ACCEPTED and not receipt.dry_run
    return at + wait if weak and can_look else None


def observed(claimed: Claimed, now: datetime, verdict: Verdict, wait: timedelta) -> Look:
    """What a look at an accepted post means."""
    looks = claimed.looks + 1
    longer = min(LONGEST, wait * 2 ** min(looks, MOST_LOOKS))
    again = now + longer if looks < MOST_LOOKS else None
    look = Look(claimed, now, None, look_at=again)
    if isinstance(verdict, Found):
        proven = verdict.receipt.strength is Strength.PROVEN
        why = "Found on the platform." if proven else "Still only accepted."
        return replace(look, why=why, receipt=verdict.receipt, look_at=None if proven else again)
    if isinstance(verdict, Absent):
        why = "The platform accepted it, and does not show it: look at it there, it may have been refused since."
        surely = looks >= SURELY
        return replace(look, why=why, look_at=None if surely else again, gone=surely)
    return replace(look, why=verdict.reason)
