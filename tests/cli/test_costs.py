"""`plan` says what posts will cost on a platform that charges, and nothing of it elsewhere."""

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
