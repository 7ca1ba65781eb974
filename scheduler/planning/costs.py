"""What the posts of a plan will cost, account by account, where a platform charges for them.

Only the posts themselves and the descriptions of their pictures: what looking for a lost post
costs depends on what gets lost. Pure; the prices are data with a day, and that day is told along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.platforms import Platform, platform_named
from scheduler.platforms.base import below
from scheduler.platforms.prices import Prices, money


@dataclass(frozen=True, slots=True)
class Cost:
    """One account's posts to come: `thousandths` of `currency` at the prices of `as_of`, `of_links` for links alone."""

    account: str
    live: bool
    currency: str
    as_of: date
    posts: int = 0
    linked: int = 0
    described: int = 0
    thousandths: int = 0
    of_links: int = 0

    def told(self) -> str:
        """The cost as a sentence."""
        descriptions = _many(self.described, "alternative text")
        parts = (_many(self.posts, "post"), f"{self.linked} with a link", descriptions)
        links = f", {money(self.of_links)} of it for links" if self.of_links else ""
        when = "" if self.live else ", once it is live"
        what = f"{money(self.thousandths)} {self.currency}{links}"
        return f"{self.account} costs {what}{when}: {', '.join(parts)} at the prices of {self.as_of}."

    def as_json(self) -> dict[str, Any]:
        """The cost as `plan --json` lists it."""
        return {
            "account": self.account,
            "live": self.live,
            "amount": money(self.thousandths),
            "of_links": money(self.of_links),
            "currency": self.currency,
            "prices_of": self.as_of.isoformat(),
            "posts": self.posts,
            "with_link": self.linked,
            "alternative_texts": self.described,
        }


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def costs(deliveries: Iterable[PlannedDelivery], *, since: datetime | None = None) -> tuple[Cost, ...]:
    """What the posts due at `since` (aware) or later cost, by account, in order of name; free ones are left out."""
    found: dict[str, Cost] = {}
    for delivery in deliveries:
        platform = platform_named(delivery.platform)
        if platform.prices is not None and (since is None or delivery.due >= since):
            empty = Cost(delivery.account, delivery.live, platform.prices.currency, platform.prices.as_of)
            before = found.get(delivery.account, empty)
            found[delivery.account] = _with(before, delivery.content, platform, platform.prices)
    return tuple(found[name] for name in sorted(found))


def price_of(content: Content, platform: str) -> int:
    """What a post with this content costs on a platform, in thousandths; 0 where nothing is charged."""
    rules = platform_named(platform)
    if rules.prices is None:
        return 0
    linked, described = _charged(content, rules)
    return rules.prices.of(links=int(linked), described=described)


def _charged(content: Content, platform: Platform) -> tuple[bool, int]:
    """Whether it has a link, and how many alternative texts."""
    linked = bool(platform.entities(below(content.text, content.link)).urls)
    return linked, sum(bool(one.alt) for one in content.media)


def _with(cost: Cost, content: Content, platform: Platform, prices: Prices) -> Cost:
    linked, described = _charged(content, platform)
    return replace(
        cost,
        posts=cost.posts + 1,
        linked=cost.linked + linked,
        described=cost.described + described,
        thousandths=cost.thousandths + prices.of(links=int(linked), described=described),
        of_links=cost.of_links + prices.link * linked,
    )
