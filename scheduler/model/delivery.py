"""Deliveries: a post, in one slot, on one account, and in a thread one part of it.

The name is the identity, `campaign/post/slot/account` with `.2`, `.3` behind it for the
later parts of a thread. It never depends on a text, a time or a file's path.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from scheduler.finding import NOWHERE, Place
from scheduler.model.content import Content


def delivery_name(*, campaign: str, post: str, slot: str, account: str, part: int = 1) -> str:
    """`campaign/post/slot/account`, with `.n` behind it from a thread's second part on."""
    whole = f"{campaign}/{post}/{slot}/{account}"
    return whole if part == 1 else f"{whole}.{part}"


def idempotency_key(*, workspace: str, delivery: str, generation: int) -> str:
    """32 hex digits: the same for every try of one slot, whatever the text, until a person's `retry`."""
    identity = f"drumbeat:1:{workspace}:{delivery}:{generation}"
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """One part that the files ask for. Instants are aware UTC; `timezone` is the slot's, an IANA name.

    `thread` is the first part's name (its own, where there is one part only); `part` counts from 1.
    """

    campaign: str
    post: str
    slot: str
    account: str
    platform: str
    due: datetime
    expires_at: datetime
    timezone: str
    content: Content
    part: int = 1
    live: bool = False
    tags: tuple[str, ...] = ()
    record: str = ""
    place: Place = NOWHERE

    @property
    def name(self) -> str:
        """The delivery's identity."""
        return delivery_name(
            campaign=self.campaign, post=self.post, slot=self.slot, account=self.account, part=self.part
        )

    @property
    def thread(self) -> str:
        """The name of the thread's first part."""
        return delivery_name(campaign=self.campaign, post=self.post, slot=self.slot, account=self.account)


class Strength(StrEnum):
    """How much a receipt proves."""

    PROVEN = "proven"
    ACCEPTED = "accepted"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's proof: its id for the post, and the address a person can open (empty: none)."""

    remote_id: str
    url: str = ""
    strength: Strength = Strength.PROVEN
    dry_run: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a publisher gets.

    `created_at` is frozen with the first attempt of which anything may have arrived: a repeat has the same bytes.
    `begun` is for `prepare` alone: what an earlier one handed over with `NotReady`. `following` is what comes behind it
    in its thread, for whoever is shown a thread whole.
    """

    delivery: str
    account: str
    platform: str
    content: Content
    idempotency_key: str
    due: datetime
    created_at: datetime
    root: Receipt | None = None
    parent: Receipt | None = None
    begun: Mapping[str, Any] = field(default_factory=dict)
    following: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What had to exist before the post could: remote ids of uploads, containers, look-ups. Plain JSON.

    `good_until` (aware) is when the platform forgets it, and it must be made again; None: not as long as we know.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    good_until: datetime | None = None
