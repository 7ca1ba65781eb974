"""What an account may cost, against what the plan would cost, on platforms that charge for posts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from scheduler.checking.case import Remark, Whole
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.zones import zone
from scheduler.planning.budgets import SETTING, Budget, budget_of
from scheduler.planning.costs import Cost, costs
from scheduler.platforms import platform_named
from scheduler.platforms.prices import money


def exceeded(whole: Whole) -> Iterable[Remark]:
    """A remark for each account whose posts cost more than its `budget:`, in a period of it or all in all."""
    posts: dict[str, list[PlannedDelivery]] = defaultdict(list)
    for delivery in whole.plan.deliveries:
        if SETTING in whole.workspace.accounts[delivery.account].settings:
            posts[delivery.account].append(delivery)
    for name, planned in sorted(posts.items()):
        account = whole.workspace.accounts[name]
        try:
            budget = budget_of(account)
        except ValueError:
            told = _no_amount(name, account.platform)
        else:
            told = list(_over(planned, budget)) if budget else []
        for what, mend in told:
            yield Remark(what, mend=mend, place=account.place, path=f"accounts.{name}")


def dear_links(whole: Whole) -> Iterable[Remark]:
    """A remark for each live account that pays for links what it would not pay for words alone."""
    live = [delivery for delivery in whole.plan.deliveries if delivery.live]
    for cost in costs(live):
        account = whole.workspace.accounts[cost.account]
        prices = platform_named(account.platform).prices
        if cost.of_links and prices:
            each = f"{money(prices.link)} {cost.currency} more for a post with a link"
            posts = "1 post has one" if cost.linked == 1 else f"{cost.linked:,} posts have one"
            yield Remark(
                f"{cost.account} pays {each}: {posts}, which is {money(cost.of_links)} in all.",
                mend="Leave it out where words or a picture will do, and in a thread name it in one part alone: in a "
                "reply it costs the same. Names like foo.py or example.org count as links too.",
                place=account.place,
                path=f"accounts.{account.name}",
            )


def _no_amount(name: str, platform: str) -> list[tuple[str, str]]:
    prices = platform_named(platform).prices
    currency = f", in {prices.currency}" if prices else ""
    return [(f"The budget of {name} is no amount.", f"Write `budget: 5.00` or `budget: 5.00 a month`{currency}.")]


def _over(planned: Sequence[PlannedDelivery], budget: Budget) -> Iterator[tuple[str, str]]:
    periods: dict[datetime, list[PlannedDelivery]] = defaultdict(list)
    for delivery in planned:
        periods[budget.since(delivery.due)].append(delivery)
    for since, within in sorted(periods.items()):
        for cost in costs(within):
            if cost.thousandths > budget.thousandths:
                first = since.astimezone(zone(budget.timezone)).date()
                when = f" in the {budget.per} from {first} on" if budget.per else ""
                would = f"{cost.account} would cost {money(cost.thousandths)} {cost.currency}{when}"
                mend = f"Raise `budget`, or leave posts out for it. {_links(cost, within[0].platform)}".strip()
                yield f"{would}, and its budget is {money(budget.thousandths)}.", mend


def _links(cost: Cost, platform: str) -> str:
    prices = platform_named(platform).prices
    if not cost.of_links or prices is None:
        return ""
    return f"A post without its link costs {money(prices.link)} less: {money(cost.of_links)} in all."
