"""`jitter`: each slot later by a share of it that is fixed for all time by the slot's identity.

Never so late that it reaches the next slot or the end of its civil day: where either is
nearer than the jitter, the share is taken of what there is. Order, uniqueness and day
therefore hold by construction, and adding an account or a record moves no other slot
that is further away than the jitter.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from scheduler.model.zones import zone as zone_named
from scheduler.planning.civil import SECOND, resolve
from scheduler.planning.slot import Slot, SlotList

DIGEST_BITS = 64


def rooms(slots: Sequence[Slot], jitter: timedelta) -> tuple[int, ...]:
    """How late each slot may become, in whole seconds; the same for every account."""
    ends = [*(slot.due for slot in slots[1:]), datetime.max.replace(tzinfo=UTC)]
    return tuple(
        min(jitter, _left_of_day(slot), end - slot.due) // SECOND for slot, end in zip(slots, ends, strict=False)
    )


def jittered(found: SlotList, *, identity: str, account: str) -> tuple[Slot, ...]:
    """The slots, each later by whole seconds, from 0 to just under its room; `identity` is `campaign/post`."""
    pairs = zip(found.slots, found.rooms, strict=True)
    return tuple(_later(slot, room, f"{identity}/{slot.id}/{account}") for slot, room in pairs)


def _left_of_day(slot: Slot) -> timedelta:
    midnight = datetime.combine(slot.local.date() + timedelta(days=1), time())
    return resolve(midnight, zone_named(slot.zone))[0] - slot.due


def _later(slot: Slot, room: int, identity: str) -> Slot:
    late = _share(identity) * room >> DIGEST_BITS
    if not late:
        return slot
    due = slot.due + timedelta(seconds=late)
    local = due.astimezone(slot.local.tzinfo)
    return Slot(slot.id, due, local, slot.zone, slot.nominal, slot.note, slot.record)


def _share(identity: str) -> int:
    """A number below 2**64, the same for the same identity on every machine."""
    return int.from_bytes(hashlib.sha256(f"jitter:{identity}".encode()).digest()[: DIGEST_BITS // 8])
