"""What posts to come will cost: of platforms that charge, with the day on which the prices were read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.model.content import Content, Media
from scheduler.model.delivery import PlannedDelivery
from scheduler.planning.costs import costs
from scheduler.platforms.rules.x import PRICES
from scheduler.testing.bench import planned

NINE = datetime(2027, 6, 30, 7, tzinfo=UTC)
LINK = "https://example.org/"


def on(platform: str, content: Content, *, account: str = "main", due: datetime = NINE) -> PlannedDelivery:
    [delivery] = planned("opening", due, account=account)
    return replace(delivery, platform=platform, content=content)


def test_a_free_platform_costs_nothing() -> None:
    assert costs([on("mastodon", Content(f"Look {LINK}"))], since=NINE) == ()


def test_links_below_the_text_and_bare_domains_cost_and_so_do_descriptions() -> None:
    pictures = (Media("a.png", "Women march"), Media("b.png", decorative=True))
    contents = (Content("Look"), Content("Look", link=LINK), Content("See readme.md"), Content("See", media=pictures))
    [cost] = costs([on("x", one) for one in contents], since=NINE)
    assert (cost.posts, cost.linked, cost.described) == (4, 2, 1)
    assert cost.thousandths == 2 * PRICES.post + 2 * PRICES.linked + PRICES.described
    assert cost.of_links == 2 * (PRICES.linked - PRICES.post)


def test_each_account_pays_for_itself_and_what_is_past_is_paid() -> None:
    one, other = on("x", Content("Look")), on("x", Content("Look"), account="another")
    past = on("x", Content("Look"), due=NINE - timedelta(seconds=1))
    assert [(cost.account, cost.posts) for cost in costs([one, past, other], since=NINE)] == [
        ("another", 1),
        ("main", 1),
    ]


def test_it_is_told_with_its_day_and_whether_it_is_live() -> None:
    dry = replace(on("x", Content(f"Look {LINK}")), live=False)
    [cost] = costs([dry], since=NINE)
    assert cost.told() == (
        "main costs 0.200 USD, 0.185 of it for links, once it is live:"
        " 1 post, 1 with a link, 0 alternative texts at the prices of 2026-08-22."
    )
    assert (cost.as_json()["amount"], cost.as_json()["prices_of"]) == ("0.200", "2026-08-22")
