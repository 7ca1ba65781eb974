"""What the composer is asked for, and what it answers: one brief a post, slot and account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.finding import Finding
from scheduler.model.account import Account, Workspace
from scheduler.model.campaign import Campaign, Post, Record, Sources, Value
from scheduler.model.content import Content


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything one text depends on. `due` is an aware UTC moment, `zone` the slot's IANA name.

    `sources` is already resolved for the account: what `for:` overrides is in place.
    """

    workspace: Workspace
    campaign: Campaign
    post: Post
    account: Account
    language: str
    slot: str
    due: datetime
    zone: str
    sources: Sources
    record: Record | None
    hashtags: tuple[str, ...]
    vars: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts of one delivery in order, and what was found on the way; no parts where it failed."""

    parts: tuple[Content, ...]
    findings: tuple[Finding, ...] = ()


Compose = Callable[[Sequence[Brief]], Sequence[Composed]]
"""Composes briefs, in order; how (in this process or in a limited one) is the caller's choice."""
