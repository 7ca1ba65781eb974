"""A budget is kept before anything is paid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.checking.case import Remark, Whole
from scheduler.checking.rules.budgets import dear_links, exceeded
from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content
from scheduler.planning.plan import Plan
from scheduler.testing.bench import planned

NINE = datetime(2027, 6, 30, 7, tzinfo=UTC)


def whole(budget: str, *texts: str, platform: str = "x", live: bool = True, days: int = 0) -> Whole:
    [delivery] = planned("opening", NINE, live=live)
    dues = [NINE + timedelta(days=days * at) for at in range(len(texts))]
    deliveries = tuple(
        replace(delivery, platform=platform, content=Content(text), due=due)
        for text, due in zip(texts, dues, strict=True)
    )
    account = Account("main", platform, "Europe/Skopje", settings={"budget": budget} if budget else {}, live=live)
    workspace = Workspace("equality-now", "UTC", accounts={"main": account})
    return Whole(Plan(deliveries), workspace, (), {})


def remarks(budget: str, *texts: str, platform: str = "x", days: int = 0) -> list[Remark]:
    return list(exceeded(whole(budget, *texts, platform=platform, days=days)))


@pytest.mark.parametrize("budget", ["0.030", ".03", "1", "5.00", ""])
def test_what_fits_is_fine(budget: str) -> None:
    assert remarks(budget, "one", "two") == []


def test_what_does_not_fit_is_told_with_what_its_links_cost() -> None:
    [remark] = remarks("0.21", "one", "two https://example.org/")
    assert remark.what == "main would cost 0.215 USD, and its budget is 0.210."
    assert "without its link costs 0.185 less: 0.185 in all" in remark.mend


def test_without_links_nothing_is_said_of_them() -> None:
    [remark] = remarks("0.02", "one", "two")
    assert "link" not in remark.mend


@pytest.mark.parametrize("budget", ["five", "-1", "NaN", "Infinity", "5 USD", "5 a fortnight"])
def test_what_is_no_amount_is_told(budget: str) -> None:
    [remark] = remarks(budget, "one")
    assert "no amount" in remark.what


def test_where_nothing_is_charged_a_budget_is_kept_anyway() -> None:
    assert remarks("0", "one", platform="mastodon") == []


def test_a_budget_of_a_period_is_held_by_each_period_of_its_own() -> None:
    assert remarks("0.020 a day", "one", "two", days=1) == []
    [remark] = remarks("0.020 a month", "one", "two", "three", days=1)
    assert remark.what == "main would cost 0.030 USD in the month from 2027-07-01 on, and its budget is 0.020."


def test_what_links_cost_is_said_once_an_account_and_changes_nothing() -> None:
    [remark] = dear_links(whole("", "one https://example.org/", "two foo.py", "three"))
    assert remark.what == "main pays 0.185 USD more for a post with a link: 2 posts have one, which is 0.370 in all."
    assert "in a reply it costs the same" in remark.mend


@pytest.mark.parametrize(
    "quiet",
    [
        whole("", "one https://example.org/", live=False),
        whole("", "one https://example.org/", platform="mastodon"),
        whole("", "one"),
    ],
)
def test_nothing_is_said_where_nothing_is_paid_for_links(quiet: Whole) -> None:
    assert list(dear_links(quiet)) == []
