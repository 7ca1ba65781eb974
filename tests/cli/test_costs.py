"""`plan` says what posts will cost on a platform that charges, and nothing of it elsewhere."""

from scheduler.outbox.outbox import open_outbox
from tests.cli.conftest import Desk


def test_a_plan_says_what_an_account_on_x_will_cost(desk: Desk) -> None:
    path = desk.root / "drumbeat.yaml"
    assert desk("plan", "--json").json["costs"] == []
    path.write_text(path.read_text().replace("{platform: bluesky,", "{platform: x,"))

    told = desk("plan", "--json").json["costs"]
    shown = desk("plan").out

    assert [(one["account"], one["posts"], one["amount"], one["live"]) for one in told] == [
        ("bluesky-main", 4, "0.060", False)
    ]
    assert "bluesky-main costs 0.060 USD, once it is live: 4 posts" in shown


def test_a_plan_says_what_is_left_of_a_budget_and_that_posts_will_wait(desk: Desk) -> None:
    path = desk.root / "drumbeat.yaml"
    path.write_text(path.read_text().replace("{platform: bluesky,", "{platform: x, live: true, budget: 0.061,"))
    assert desk("plan", "--json").json["budgets"] == [], "nothing is in the queue yet"
    assert desk("apply", "--yes", "--force").code == 0
    assert "bluesky-main has spent 0.000 of 0.061 USD, and 0.060 more is planned." in desk("plan").out

    with open_outbox(desk.root / ".drumbeat" / "outbox.db") as outbox, outbox.write() as connection:
        row = "SELECT n, generation, account, 1, 15 FROM delivery WHERE account = 'bluesky-main' LIMIT 1"
        connection.exec_driver_sql(f"INSERT INTO spent (delivery, generation, account, at, amount) {row}")

    told = "bluesky-main has spent 0.015 of 0.061 USD, and 0.060 more is planned: 0.014 too much, so posts will wait."
    assert told in desk("plan").out
    assert desk("plan", "--json").json["budgets"][0]["planned"] == "0.060"
