"""`status` says what keeps an account waiting, how sure it is of what was sent, and which credential ends too soon."""

import json
from datetime import UTC, datetime, timedelta

from scheduler.model.delivery import Receipt, Strength
from scheduler.outbox import lanes
from scheduler.outbox.outbox import open_outbox
from tests.cli.conftest import Desk


def went_out(desk: Desk, post: str, strength: Strength) -> str:
    """One post that was really sent, by a person's word at first."""
    with open_outbox(desk.root / ".drumbeat" / "outbox.db") as outbox, outbox.write() as connection:
        [name] = outbox.find(f"week/{post}/once/bluesky-main")[:1]
        receipt = Receipt("1", "https://bsky.app/1", strength)
        for change in (
            "state = 'sending', lease = 'x', first_attempt_at = 1",
            f"state = 'sent', lease = NULL, receipt = '{_json(receipt)}'",
        ):
            connection.exec_driver_sql(f"UPDATE delivery SET {change} WHERE name = '{name}'")
    return name


def _json(receipt: Receipt) -> str:
    from scheduler.outbox.rows import receipt_json

    return receipt_json(receipt) or ""


def test_status_says_how_sure_it_is_of_what_was_sent(applied: Desk) -> None:
    went_out(applied, "opening", Strength.PROVEN)
    assert "1 sent (proven)" in applied("status").out
    went_out(applied, "closing", Strength.ACCEPTED)

    assert "2 sent (1 proven; 1 accepted, may still be refused)" in applied("status").out
    assert applied("status", "--json").json["sent"] == {"proven": 1, "accepted": 1}


def test_show_and_previews_say_how_sure_it_is(applied: Desk) -> None:
    name = went_out(applied, "opening", Strength.SAID)

    assert "sent (said by a person)" in applied("show", name).out
    assert applied("show", name, "--json").json["parts"][0]["strength"] == "said"
    assert "sent (said by a person)" in applied("preview", "--day", str(applied.first)).out
    page = applied.root / "day.html"
    applied("preview", "--day", str(applied.first), "--html", str(page))
    assert "sent (said by a person)" in page.read_text()


def test_what_a_dry_run_took_has_no_strength(applied: Desk) -> None:
    assert applied("status", "--json").json["sent"] == {}


def test_status_names_a_paused_account_with_the_reason_and_the_way_on(applied: Desk) -> None:
    with open_outbox(applied.root / ".drumbeat" / "outbox.db") as outbox:
        outbox.pause("bluesky-main", at=datetime.now(UTC), who="engine", why="X wants credit: none is left.")

    told = applied("status")
    assert "bluesky-main is paused: X wants credit: none is left. Then run: drumbeat accounts resume bluesky-main" in (
        told.out
    )
    [wait] = applied("status", "--json").json["waiting"]
    assert (wait["account"], wait["paused"], wait["until"]) == ("bluesky-main", True, None)


def test_status_says_why_and_until_when_a_line_waits(applied: Desk) -> None:
    def block(account: str, until: datetime, why: str) -> None:
        with open_outbox(applied.root / ".drumbeat" / "outbox.db") as outbox, outbox.write() as connection:
            lanes.block(connection, account, until, why)
            lanes.renew(connection, [account])

    block("bluesky-main", datetime.now(UTC) + timedelta(hours=3), "Too many posts.")
    block("mastodon-main", datetime.now(UTC) + timedelta(seconds=50), "It would exceed the budget of mastodon-main.")

    told = applied("status").out
    assert "bluesky-main waits until " in told
    assert ": Too many posts." in told
    assert "mastodon-main waits: It would exceed the budget of mastodon-main." in told


def test_status_foretells_without_a_network_that_a_credential_ends_too_soon(desk: Desk) -> None:
    path = desk.root / "drumbeat.yaml"
    path.write_text(path.read_text().replace("{platform: bluesky,", "{platform: bluesky, live: true,"))
    ends = datetime.combine(desk.last, datetime.min.time(), UTC)
    (desk.root / ".drumbeat").mkdir(mode=0o700)
    (desk.root / ".drumbeat" / "ends.json").write_text(json.dumps({"bluesky-main": ends.isoformat()}))

    told = desk("status").out

    assert f"bluesky-main's credential ends {desk.last} 00:00 UTC, its last post is due {desk.last}" in told
    assert desk("status", "--json").json["ending"][0]["account"] == "bluesky-main"


def test_status_says_what_was_spent_of_a_budget(desk: Desk) -> None:
    path = desk.root / "drumbeat.yaml"
    text = path.read_text().replace("{platform: bluesky,", "{platform: x, live: true, budget: 5.00 a month,")
    path.write_text(text)
    assert desk("apply", "--yes", "--force").code == 0
    went_out(desk, "opening", Strength.PROVEN)

    assert "bluesky-main has spent 0.000 of 5.000 USD a month." in desk("status").out, "long ago: another month"
    with open_outbox(desk.root / ".drumbeat" / "outbox.db") as outbox, outbox.write() as connection:
        connection.exec_driver_sql("UPDATE spent SET at = ?", (int(datetime.now(UTC).timestamp() * 1_000_000),))
    [told] = desk("status", "--json").json["budgets"]
    assert (told["account"], told["spent"], told["budget"]) == ("bluesky-main", "0.015", "5.000")
    assert (told["per"], told["currency"]) == ("month", "USD")
