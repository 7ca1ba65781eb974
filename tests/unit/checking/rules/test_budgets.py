"""A budget is kept before anything is paid."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.checking.case import Remark, Whole
from scheduler.checking.rules.budgets import exceeded
from scheduler.model.account import Account, Workspace
from scheduler.model.content import Content
from scheduler.planning.plan import Plan
from scheduler.testing.bench import planned

NINE = datetime(2027, 6, 30, 7, tzinfo=UTC)


def remarks(budget: str, *texts: str, platform: str = "x") -> list[Remark]:
    [delivery] = planned("opening", NINE)
    deliveries = tuple(replace(delivery, platform=platform, content=Content(text)) for text in texts)
    account = Account("main", platform, "UTC", settings={"budget": budget} if budget else {})
    workspace = Workspace("equality-now", "UTC", accounts={"main": account})
    return list(exceeded(Whole(Plan(deliveries), workspace, (), {})))


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


@pytest.mark.parametrize("budget", ["five", "-1", "NaN", "Infinity", "5 USD"])
def test_what_is_no_amount_is_told(budget: str) -> None:
    [remark] = remarks(budget, "one")
    assert "no amount" in remark.what


def test_where_nothing_is_charged_a_budget_is_kept_anyway() -> None:
    assert remarks("0", "one", platform="mastodon") == []
