"""What an account may cost, against what the plan would cost, on platforms that charge for posts."""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from scheduler.checking.case import Remark, Whole
from scheduler.planning.costs import Cost, costs
from scheduler.platforms import platform_named
from scheduler.platforms.prices import money


def exceeded(whole: Whole) -> Iterable[Remark]:
    """A remark for each account whose posts, all that the files ask for, cost more than its `budget:`."""
    for cost in costs(whole.plan.deliveries):
        account = whole.workspace.accounts[cost.account]
        if written := account.settings.get("budget", ""):
            for what, mend in _over(cost, written, account.platform):
                yield Remark(what, mend=mend, place=account.place, path=f"accounts.{account.name}")


def _over(cost: Cost, written: str, platform: str) -> Iterator[tuple[str, str]]:
    budget = _thousandths(written)
    if budget is None:
        yield f"The budget of {cost.account} is no amount.", f"Write `budget: 5.00`, in {cost.currency}."
    elif cost.thousandths > budget:
        what = (
            f"{cost.account} would cost {money(cost.thousandths)} {cost.currency}, and its budget is {money(budget)}."
        )
        yield what, f"Raise `budget`, or leave posts out for it. {_links(cost, platform)}".strip()


def _links(cost: Cost, platform: str) -> str:
    prices = platform_named(platform).prices
    if not cost.of_links or prices is None:
        return ""
    return f"A post without its link costs {money(prices.link)} less: {money(cost.of_links)} in all."


def _thousandths(written: str) -> int | None:
    """An amount in thousandths; None where it is none."""
    try:
        amount = Decimal(written.strip()) * 1000
        return int(amount) if amount >= 0 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
