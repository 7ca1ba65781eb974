"""What an account may spend: `budget: 5.00`, all in all, or `5.00 a month`, `a week`, `a day`.

A period is the calendar's, in the account's own zone: a month's budget begins anew on the first.
Only posts and their alternative texts count, as in `costs`. What means nothing is no budget of
endless money but none at all: nothing that costs goes out until it is mended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from scheduler.model.account import Account
from scheduler.model.zones import zone
from scheduler.platforms import platform_named
from scheduler.platforms.prices import money

SETTING = "budget"
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a budget without a period counts."""

_PERIODS = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class Budget:
    """`thousandths` of `currency` for each `per` (`day`, `week`, `month`; empty: all in all) of `timezone`."""

    thousandths: int
    currency: str
    per: str = ""
    timezone: str = "UTC"

    def since(self, at: datetime) -> datetime:
        """When the period began in which `at` (aware) falls."""
        here = at.astimezone(zone(self.timezone)).date()
        first = {
            "day": here,
            "week": here - timedelta(days=here.weekday()),
            "month": here.replace(day=1),
        }.get(self.per)
        return EVER if first is None else self._midnight(first)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), zone(self.timezone)).astimezone(UTC)

    def told(self) -> str:
        """The budget in a few words."""
        return f"{money(self.thousandths)} {self.currency}{f' a {self.per}' if self.per else ''}"


def budget_of(account: Account) -> Budget | None:
    """The account's budget; None where it has none, or where its platform charges nothing.

    Raises `ValueError` for one that means nothing.
    """
    prices, written = platform_named(account.platform).prices, account.settings.get(SETTING, "")
    if prices is None or not written:
        return None
    amount, _, period = written.strip().partition(" a ")
    if period and period.strip() not in _PERIODS:
        raise ValueError(written)
    return Budget(_thousandths(amount), prices.currency, period.strip(), account.timezone)


def budgets_of(accounts: Iterable[Account]) -> Mapping[str, Budget]:
    """The budget of each account that has one; where it means nothing, nothing may be spent."""
    found: dict[str, Budget] = {}
    for account in accounts:
        try:
            budget = budget_of(account)
        except ValueError:
            budget = Budget(0, "", timezone=account.timezone)
        if budget is not None:
            found[account.name] = budget
    return found


def _thousandths(written: str) -> int:
    """An amount in thousandths. Raises `ValueError` where it is none."""
    try:
        thousandths = int(Decimal(written.strip()) * 1000)
    except (InvalidOperation, OverflowError) as caught:
        raise ValueError(written) from caught
    if thousandths < 0:
        raise ValueError(written)
    return thousandths
