"""What accounts with a budget have spent of it, in the period that runs now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.model.account import Account
from scheduler.outbox.outbox import Outbox
from scheduler.planning.budgets import Budget, budgets_of
from scheduler.platforms.prices import money


@dataclass(frozen=True, slots=True)
class Spending:
    """One account's budget, and what went out of it, in thousandths; what may have gone out counts."""

    account: str
    budget: Budget
    spent: int

    def told(self) -> str:
        """It as a sentence."""
        return f"{self.account} has spent {money(self.spent)} of {self.budget.told()}."

    def as_json(self) -> dict[str, Any]:
        """As `status --json` lists it."""
        return {
            "account": self.account,
            "spent": money(self.spent),
            "budget": money(self.budget.thousandths),
            "per": self.budget.per or None,
            "currency": self.budget.currency,
        }


def spending(outbox: Outbox, accounts: Iterable[Account], *, now: datetime) -> tuple[Spending, ...]:
    """What accounts with a budget have spent, in the order of the files."""
    budgets = {name: one for name, one in budgets_of(accounts).items() if one.currency}
    return tuple(Spending(name, one, outbox.spent(name, since=one.since(now))) for name, one in budgets.items())
