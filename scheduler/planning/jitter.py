"""`jitter`: each slot later by a share of it that is fixed for all time by the slot's identity.

Never so late that it reaches the next slot or the end of its civil day: where either is
nearer than the jitter, the share is taken of what there is. Order, uniqueness and day
therefore hold by construction, and adding an account or a record moves no other slot
that is further away than the jitter.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from scheduler.model.zones import zone as zone_named
from scheduler.planning.civil import SECOND, resolve
from scheduler.planning.slot import Slot

DIGEST_BITS = 64


def jittered(slots: Sequence[Slot], jitter: timedelta, *, identity: str, account: str) -> tuple[Slot, ...]:
    """The slots, each later by whole seconds, from 0 to just under `jitter`; `identity` is `campaign/post`."""
    following = [slot.due for slot in slots[1:]]
    return tuple(
        _later(
            slot,
            min([jitter, _left_of_day(slot), *_until(slot, following[n : n + 1])]),
            f"{identity}/{slot.id}/{account}",
        )
        for n, slot in enumerate(slots)
    )


def _until(slot: Slot, following: Sequence[datetime]) -> list[timedelta]:
    return [due - slot.due for due in following]


def _left_of_day(slot: Slot) -> timedelta:
    midnight = datetime.combine(slot.local.date() + timedelta(days=1), time())
    return resolve(midnight, zone_named(slot.zone))[0] - slot.due


def _later(slot: Slot, span: timedelta, identity: str) -> Slot:
    late = SECOND * (_share(identity) * (span // SECOND) >> DIGEST_BITS)
    if not late:
        return slot
    due = slot.due + late
    return replace(slot, due=due, local=due.astimezone(slot.local.tzinfo))


def _share(identity: str) -> int:
    """A number below 2**64, the same for the same identity on every machine."""
    return int.from_bytes(hashlib.sha256(f"jitter:{identity}".encode()).digest()[: DIGEST_BITS // 8])
