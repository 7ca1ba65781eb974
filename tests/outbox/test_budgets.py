"""Money is a limit too: what went out and the next post together never cost more than the budget."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.outbox.budgets import OVER_BUDGET, spent
from scheduler.planning.budgets import Budget, budget_of, budgets_of
from scheduler.planning.costs import price_of
from scheduler.platforms.rules.x import PRICES
from scheduler.testing.bench import fill, planned
from scheduler.testing.platform import Fate
from tests.outbox.conftest import NINE

LINKED = "Look https://example.org/"


def queue(world, *texts, account="main", live=True, parts=0, due=NINE):
    """Posts of an account on a platform that charges, a minute apart; with `parts` one thread of all texts."""
    made = []
    if parts:
        thread = planned("story", due, account=account, parts=len(texts), live=live)
        made = [replace(one, platform="x", content=Content(text)) for one, text in zip(thread, texts, strict=True)]
    for at, text in enumerate(() if parts else texts):
        [one] = planned(f"post-{at}-{account}", due + timedelta(seconds=at), account=account, live=live)
        made.append(replace(one, platform="x", content=Content(f"{text} {at}")))
    fill(world.outbox, made, at=world.clock.now())
    return [one.name for one in made]


def allow(world, thousandths, per="", **others):
    budgets = {"main": Budget(thousandths, "USD", per), **others}
    world.switchboard.budgets = lambda: budgets


def money_spent(world, account="main"):
    with world.outbox.read() as connection:
        return spent(connection, account)


def test_what_would_exceed_the_budget_waits_with_its_reason(world):
    allow(world, 30)
    names = queue(world, "one", "two", "three")

    events = world.at_nine(seconds=5)

    assert [world.state(name) for name in names] == [State.SENT, State.SENT, State.SCHEDULED]
    assert world.outbox.row(names[2]).last_error == (
        "It would exceed the budget of main, 0.030 USD: 0.030 went out, and this costs 0.015. "
        "Raise `budget:` in drumbeat.yaml, or cancel this."
    )
    assert [event.event for event in events].count(OVER_BUDGET) == 1
    assert money_spent(world) == 2 * PRICES.post


def test_it_is_told_once_however_often_it_is_asked_again(world):
    allow(world, 0)
    [name] = queue(world, "one")
    world.at_nine()
    for _ in range(5):
        world.clock.later(seconds=61)
        world.steps.dispatch()
    assert [event.event for event in world.outbox.events(name)] == ["create", OVER_BUDGET]
    assert world.platform.requests == 0


def test_a_clock_that_only_looks_at_the_lines_does_not_spin_on_it(world):
    allow(world, 0)
    queue(world, "one")
    world.at_nine()
    assert world.outbox.next_due() == world.clock.now() + timedelta(minutes=1)


def test_a_raised_budget_lets_it_go_within_a_minute(world):
    allow(world, 10)
    [name] = queue(world, "one")
    world.at_nine()
    allow(world, 15)

    world.at_nine(seconds=61)

    assert world.state(name) is State.SENT
    assert world.outbox.row(name).last_error == ""


def test_what_waits_too_long_for_money_is_missed_with_that_reason(world):
    allow(world, 0)
    [name] = queue(world, "one")
    world.at_nine()
    world.at_nine(hours=3)
    assert world.state(name) is State.MISSED
    assert "exceed the budget" in world.outbox.events(name)[-1].why


def test_a_cancelled_post_makes_way_for_a_cheaper_one(world):
    allow(world, 20)
    dear, cheap = queue(world, LINKED, "two")
    world.at_nine(seconds=2)
    world.outbox.cancel([dear], at=world.clock.now(), who="mira")
    world.at_nine(seconds=63)
    assert world.state(cheap) is State.SENT


def test_a_thread_that_would_stop_half_way_does_not_begin(world):
    allow(world, 2 * PRICES.post)
    names = queue(world, "one", "two", "three", parts=3)
    world.at_nine()
    assert {world.state(name) for name in names} == {State.SCHEDULED}
    assert "this costs 0.045" in world.outbox.row(names[0]).last_error


def test_a_thread_that_can_be_paid_goes_out_whole(world):
    allow(world, 3 * PRICES.post)
    names = queue(world, "one", "two", "three", parts=3)
    world.at_nine()
    assert {world.state(name) for name in names} == {State.SENT}


def test_what_may_have_gone_out_counts_until_it_is_proved_that_it_did_not(world):
    allow(world, 15)
    first, second = queue(world, "one", "two")
    world.platform.next(Fate.NEVER_ARRIVES)
    world.at_nine(seconds=2)
    assert (world.state(first), world.state(second)) == (State.UNCERTAIN, State.SCHEDULED)
    assert money_spent(world) == 15

    world.look(minutes=3)

    assert world.state(first) is State.SCHEDULED
    assert money_spent(world) == 0


def test_a_person_who_looked_gives_the_money_back_or_does_not(world):
    world.kind = "neither"
    first, _ = queue(world, "one", "two")
    world.platform.next(Fate.LOSES_THE_REPLY, Fate.LOSES_THE_REPLY)
    world.at_nine(seconds=2)
    assert money_spent(world) == 30
    world.outbox.resolve_not_sent(first, at=world.clock.now(), who="mira")
    assert money_spent(world) == 15
    world.outbox.retry([first], due=world.clock.now(), at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert money_spent(world) == 30


def test_what_surely_was_not_sent_costs_nothing(world):
    queue(world, "one", "two")
    world.platform.next(Fate.REJECTS)
    world.at_nine(seconds=2)
    assert money_spent(world) == 15


def test_a_post_that_was_taken_down_and_is_sent_again_is_paid_twice(world):
    [name] = queue(world, "one")
    world.at_nine()
    world.outbox.retract(name, at=world.clock.now(), who="mira")
    world.outbox.retry([name], due=world.clock.now(), at=world.clock.now(), who="mira")
    world.steps.dispatch()
    assert world.state(name) is State.SENT
    assert money_spent(world) == 2 * PRICES.post


def test_what_went_out_counts_at_the_price_that_was_paid(world):
    [name] = queue(world, "one")
    world.at_nine()
    with world.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET cost = 99")
    assert (world.state(name), money_spent(world)) == (State.SENT, 15)


def test_a_dry_run_costs_nothing_and_waits_for_no_money(world):
    allow(world, 0, second=Budget(0, "USD"))
    world.live = {"second"}
    names = queue(world, "one") + queue(world, "two", account="second", live=False)
    world.at_nine()
    assert {world.state(name) for name in names} == {State.SENT}
    assert money_spent(world) == money_spent(world, "second") == 0


def test_each_account_has_its_own_budget_and_most_have_none(world):
    allow(world, 0)
    names = queue(world, "one") + queue(world, "two", account="second")
    world.plan("three", account="third")
    world.at_nine()
    assert [world.state(name) for name in names] == [State.SCHEDULED, State.SENT]
    assert world.states() == {"scheduled": 1, "sent": 2}


def test_nothing_is_uploaded_for_what_cannot_be_paid(world):
    world.kind = "prepares"
    allow(world, 0)
    queue(world, "one")
    world.clock.jump(NINE - timedelta(minutes=4))
    events = world.steps.dispatch()
    assert [event.event for event in events] == [OVER_BUDGET]
    world.at_nine()
    assert world.platform.requests == 0
    assert world.states() == {"scheduled": 1}


def test_a_new_month_brings_new_money(world):
    last = datetime(2027, 6, 30, 23, 59, 30, tzinfo=UTC)
    allow(world, 15, "month")
    names = queue(world, "one", "two", due=last)

    world.clock.jump(last + timedelta(seconds=10))
    world.steps.dispatch()
    assert [world.state(name) for name in names] == [State.SENT, State.SCHEDULED]
    world.clock.later(seconds=61)
    world.steps.dispatch()

    assert [world.state(name) for name in names] == [State.SENT, State.SENT]


def test_the_money_spent_survives_a_restart(world):
    allow(world, 15)
    queue(world, "one", "two")
    world.at_nine(seconds=2)
    world.steps.begin()
    world.at_nine(minutes=2)
    assert world.states() == {"sent": 1, "scheduled": 1}


@pytest.mark.parametrize(
    ("per", "since"),
    [
        ("", datetime(1970, 1, 1, tzinfo=UTC)),
        ("day", datetime(2027, 6, 30, 22, tzinfo=UTC)),
        ("week", datetime(2027, 6, 27, 22, tzinfo=UTC)),
        ("month", datetime(2027, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_period_is_the_calendars_in_the_accounts_own_zone(per, since):
    budget = Budget(1, "USD", per, "Europe/Skopje")
    assert budget.since(datetime(2027, 7, 1, 5, tzinfo=UTC)) == since


@pytest.mark.parametrize(("written", "told"), [("5", "5.000 USD"), ("0.5 a month", "0.500 USD a month")])
def test_a_budget_is_read_as_it_is_written(written, told):
    account = Account("main", "x", "UTC", settings={"budget": written})
    assert budget_of(account).told() == told


def test_a_budget_that_means_nothing_lets_nothing_out(world):
    account = Account("main", "x", "UTC", settings={"budget": "five a fortnight"})
    world.switchboard.budgets = lambda: budgets_of([account])
    [name] = queue(world, "one")
    world.at_nine()
    assert "is no amount" in world.outbox.row(name).last_error


def test_where_nothing_is_charged_there_is_no_budget_to_keep():
    assert budgets_of([Account("main", "mastodon", "UTC", settings={"budget": "0"})]) == {}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_goes_wrong_the_platform_never_shows_more_than_the_budget_pays(world, seed):
    chance = random.Random(seed)
    most = chance.choice([215, 400, 800])
    allow(world, most)
    texts = [chance.choice(["Words", "Words", LINKED]) for _ in range(14)]
    names = queue(world, *texts)
    world.platform.next(*chance.choices([fate for fate in Fate if fate is not Fate.EXPIRES], k=40))

    world.clock.jump(NINE)
    for _ in range(60):
        world.steps.dispatch()
        world.clock.later(seconds=chance.choice([1, 20, 61, 200]))
        world.steps.reconcile()
        shown = sum(price_of(Content(text), "x") for text in world.platform.texts)
        assert shown <= money_spent(world) <= most

    assert len({post.key for post in world.platform.posts}) == len(world.platform.posts)
    assert any(world.state(name) is State.SENT for name in names)
