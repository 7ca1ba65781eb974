"""What accounts with a budget have spent of it, in the period that runs now, and what is planned in it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.model.account import Account
from scheduler.model.delivery import PlannedDelivery
from scheduler.outbox.outbox import Outbox
from scheduler.planning.budgets import Budget, budgets_of
from scheduler.planning.costs import price_of
from scheduler.platforms.prices import money


@dataclass(frozen=True, slots=True)
class Spending:
    """One account's budget, and what went out of it, in thousandths; what may have gone out counts.

    `planned` is what live posts will cost that are due in the same period.
    """

    account: str
    budget: Budget
    spent: int
    planned: int = 0

    def told(self) -> str:
        """It as a sentence."""
        planned = f", and {money(self.planned)} more is planned" if self.planned else ""
        over = self.spent + self.planned - self.budget.thousandths
        too_much = f": {money(over)} too much, so posts will wait" if self.planned and over > 0 else ""
        return f"{self.account} has spent {money(self.spent)} of {self.budget.told()}{planned}{too_much}."

    def as_json(self) -> dict[str, Any]:
        """As `status --json` lists it."""
        return {
            "account": self.account,
            "spent": money(self.spent),
            "planned": money(self.planned),
            "budget": money(self.budget.thousandths),
            "per": self.budget.per or None,
            "currency": self.budget.currency,
        }


def spending(outbox: Outbox, accounts: Iterable[Account], *, now: datetime) -> tuple[Spending, ...]:
    """What accounts with a budget have spent, in the order of the files."""
    budgets = {name: one for name, one in budgets_of(accounts).items() if one.currency}
    return tuple(Spending(name, one, outbox.spent(name, since=one.since(now))) for name, one in budgets.items())


def with_planned(
    found: Iterable[Spending], deliveries: Iterable[PlannedDelivery], *, now: datetime
) -> tuple[Spending, ...]:
    """The same with what of `deliveries` is still to come in the period that runs now."""
    planned = [one for one in deliveries if one.live and one.due >= now]

    def costs(spending: Spending) -> int:
        since = spending.budget.since(now)
        own = (one for one in planned if one.account == spending.account and spending.budget.since(one.due) == since)
        return sum(price_of(one.content, one.platform) for one in own)

    return tuple(replace(one, planned=costs(one)) for one in found)
