"""`apply` and what a person decides afterwards."""

from tests.cli.conftest import Desk


def test_without_a_yes_nothing_is_written(desk: Desk) -> None:
    result = desk("apply")

    assert result.code == 4
    assert "Nothing was written" in result.err
    assert ".drumbeat" not in desk.files()


def test_apply_says_what_it_needs_to_leave(desk: Desk) -> None:
    result = desk("apply", "--yes")

    assert result.code == 0
    assert "bluesky-main and mastodon-main are in DRY RUN: 6 posts will reach nobody" in result.out
    assert (
        "These 6 posts leave only while `drumbeat daemon` runs on a computer that is awake (none is now)." in result.out
    )


def test_applying_twice_changes_nothing(applied: Desk) -> None:
    assert applied("apply", "--yes", "--json").json == {
        "fingerprint": applied("plan", "--json").json["fingerprint"],
        "created": 0,
        "moved": 0,
        "reworded": 0,
        "cancelled": 0,
        "kept": 8,
        "conflicts": 0,
    }


def test_only_what_was_reviewed_is_applied(desk: Desk) -> None:
    reviewed = desk("plan", "--json").json["fingerprint"]
    desk.edit("The week begins.", "The week starts.")

    refused = desk("apply", "--yes", "--plan", reviewed)

    assert refused.code == 4
    assert "not the plan that was reviewed" in refused.err
    assert desk("apply", "--yes", "--plan", desk("plan", "--json").json["fingerprint"]).code == 0


def test_moves_and_rewordings_are_told_apart(applied: Desk) -> None:
    applied.edit("09:00", "10:30")
    applied.edit("The week ends.", "The week is over.")

    changes = {change["delivery"]: change for change in applied("plan", "--json").json["changes"]}

    moved = changes["week/opening/once/bluesky-main"]
    assert moved["action"] == "move"
    assert moved["was"]["due"] < moved["due"]
    reworded = changes["week/closing/once/bluesky-main"]
    assert reworded["action"] == "reword"
    assert reworded["was"]["parts"][0]["text"] == "The week ends."


def test_emptying_the_queue_wants_a_second_yes(applied: Desk) -> None:
    applied.campaign.unlink()
    (applied.root / "campaigns" / "other.yaml").write_text(
        applied_campaign_without_posts_of_before(applied), encoding="utf-8"
    )

    refused = applied("apply", "--yes")

    assert refused.code == 4
    assert "would be cancelled" in refused.err
    assert applied("apply", "--yes", "--force", "--json").json["cancelled"] == 8


def applied_campaign_without_posts_of_before(desk: Desk) -> str:
    return (
        f"campaign: other\ntitle: Other\nwindow: {{from: {desk.first}, to: {desk.last}}}\naccounts: [bluesky-main]\n"
        f"languages: [en]\nposts:\n  - post: alone\n    at: {desk.last} 12:00\n    text: Alone.\n"
    )


def test_status_is_ill_while_posts_wait_and_nobody_sends_them(desk: Desk) -> None:
    assert desk("status").code == 0
    desk("apply", "--yes")

    found = desk("status", "--json")

    assert found.code == 1
    assert found.json["healthy"] is False
    assert found.json["states"] == {"scheduled": 8}
    assert found.json["next"]["delivery"].startswith("week/opening/once/")
    assert found.json["daemon"] == {"alive": False, "last_tick": None}
    assert found.json["unapplied"] == 0
    assert found.json["needs_a_person"] == []


def test_what_a_person_cancels_stays_out_whatever_the_files_say(applied: Desk) -> None:
    assert applied("cancel", "opening").code == 4
    assert applied("cancel", "opening", "--yes", "--why", "bad day").code == 0

    assert applied("plan", "--json").json["changes"] == []
    shown = applied("show", "opening/once/bluesky", "--json").json
    assert shown["state"] == "cancelled"
    assert shown["events"][-1]["why"] == "bad day"


def test_what_was_cancelled_comes_back_by_retry(applied: Desk) -> None:
    applied("cancel", "story/once/mastodon-main", "--yes")

    again = applied("retry", "story/once/mastodon-main", "--at", f"{applied.last}T20:00", "--yes")

    assert again.code == 0
    shown = applied("show", "story/once/mastodon", "--json").json
    assert [part["state"] for part in shown["parts"]] == ["scheduled", "scheduled"]
    assert shown["local"].startswith(f"{applied.last}T20:00:00")


def test_show_takes_any_part_of_a_name_that_is_clear(applied: Desk) -> None:
    shown = applied("show", "closing/once/blue", "--json").json

    assert shown["delivery"] == "week/closing/once/bluesky-main"
    assert shown["attempts"] == []
    assert shown["events"][0] | {"at": ""} == {
        "at": "",
        "event": "create",
        "from": None,
        "to": "scheduled",
        "who": "person",
        "why": shown["events"][0]["why"],
        "delivery": "week/closing/once/bluesky-main",
    }


def test_an_unclear_name_is_told_with_what_it_could_be(applied: Desk) -> None:
    result = applied("show", "closing")

    assert result.code == 2
    assert "week/closing/once/mastodon-main" in result.err


def test_only_an_unknown_can_be_resolved(applied: Desk) -> None:
    refused = applied("resolve", "closing/once/bluesky-main", "--not-sent", "--yes")

    assert refused.code == 1
    assert applied("resolve", "closing/once/bluesky-main").code == 2


def test_failures_are_told_in_json_where_json_was_asked_for(applied: Desk) -> None:
    refused = applied("apply", "--json")

    assert refused.code == 0
    applied.edit("The week ends.", "It ends.")
    refused = applied("apply", "--json")
    assert refused.code == 4
    assert refused.json["error"].startswith("This wants a yes")


def test_what_comes_back_without_a_moment_keeps_its_own_where_that_is_ahead(applied: Desk) -> None:
    before = applied("show", "opening/once/bluesky", "--json").json["due"]
    applied("cancel", "opening/once/bluesky", "--yes")

    assert applied("retry", "opening/once/bluesky", "--yes").code == 0

    assert applied("show", "opening/once/bluesky", "--json").json["due"] == before
