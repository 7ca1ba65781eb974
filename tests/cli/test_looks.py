"""`check`, `plan` and `preview` look and never touch."""

from datetime import timedelta

from tests.cli.conftest import Desk


def test_a_sound_workspace_checks_clean(desk: Desk) -> None:
    result = desk("check", "--strict")

    assert result.code == 0
    assert "nothing to mend" in result.out


def test_check_counts_posts_in_files_and_on_accounts(desk: Desk) -> None:
    found = desk("check", "--json").json

    assert found == {"findings": [], "posts": 3, "deliveries": 6, "media": []}


def test_check_names_every_mistake_at_once_with_its_place(desk: Desk) -> None:
    desk.edit("accounts: [feeds]", "accounts: [feds]")
    desk.edit("text: The week ends.", "txt: The week ends.")

    result = desk("check", "--json")

    assert result.code == 2
    places = {(finding["rule"], finding["file"], finding["line"]) for finding in result.json["findings"]}
    assert ("unknown-key", "campaigns/week.yaml", 20) in places
    assert ("unknown-account", "campaigns/week.yaml", 4) in places


def test_a_warning_ends_strict_checks_with_3_and_others_with_0(desk: Desk) -> None:
    desk.edit("The week begins. {{ hashtags }}", "The week begins.{{ hashtags }}")

    assert desk("check").code == 0
    assert desk("check", "--strict").code == 3


def test_with_an_error_nothing_is_planned_previewed_or_applied(desk: Desk) -> None:
    desk.edit("09:00", "25:00")

    for command in (("plan",), ("preview",), ("apply", "--yes")):
        result = desk(*command)
        assert result.code == 2
        assert "campaigns/week.yaml:9" in result.err
    assert ".drumbeat" not in desk.files()


def test_looking_leaves_no_trace_not_even_a_folder(desk: Desk) -> None:
    before = desk.files()

    for command in ("check", "plan", "preview", "status"):
        desk(command)

    assert desk.files() == before


def test_plan_lists_each_thread_once_and_counts_like_apply(desk: Desk) -> None:
    planned = desk("plan", "--json").json

    assert [change["action"] for change in planned["changes"]] == ["create"] * 6
    thread = next(entry for entry in planned["deliveries"] if entry["delivery"] == "week/story/once/bluesky-main")
    assert [part["delivery"] for part in thread["parts"]] == [
        "week/story/once/bluesky-main",
        "week/story/once/bluesky-main.2",
    ]
    assert thread["state"] == "planned"
    assert desk("apply", "--yes", "--json").json["created"] == 8


def test_plan_says_by_exit_code_whether_something_would_change(desk: Desk) -> None:
    assert desk("plan", "--exit-code").code == 3
    desk("apply", "--yes")
    assert desk("plan", "--exit-code").code == 0


def test_plan_speaks_only_of_the_campaigns_named(desk: Desk) -> None:
    assert desk("plan", "week").code == 0
    result = desk("plan", "wek")
    assert result.code == 2
    assert "week" in result.err


def test_preview_shows_the_next_day_that_has_posts_and_says_so(desk: Desk) -> None:
    result = desk("preview")

    assert result.code == 0
    assert "No posts today" in result.err
    assert "The week begins. #TimeIsNow" in result.out
    assert "mastodon" in result.out
    assert "27/500" in result.out


def test_preview_json_has_the_day_its_posts_and_their_counts(desk: Desk) -> None:
    shown = desk("preview", "--day", str(desk.first), "--json").json

    assert shown["day"] == str(desk.first)
    assert shown["timezone"] == "Europe/Skopje"
    [bluesky, mastodon] = shown["deliveries"]
    assert bluesky["account"] == "bluesky-main"
    assert mastodon["parts"][0] | {} == mastodon["parts"][0]
    assert (mastodon["parts"][0]["length"], mastodon["parts"][0]["limit"]) == (27, 500)
    assert mastodon["local"].startswith(f"{desk.first}T09:00:00")


def test_at_stands_in_for_now(desk: Desk) -> None:
    after = desk.last + timedelta(days=1)

    assert desk("check", "--at", f"{after}T00:00", "--json").json["deliveries"] == 0


def test_a_moment_that_is_none_is_told_and_how_to_write_one(desk: Desk) -> None:
    result = desk("check", "--at", "soon")

    assert result.code == 2
    assert "2027-06-30T09:00" in result.err


def test_what_the_queue_has_is_shown_and_a_difference_to_the_files_warned_of(applied: Desk) -> None:
    applied.edit("The week begins.", "The week starts.")

    shown = applied("preview", "--day", str(applied.first), "--json").json
    of_files = applied("preview", "--day", str(applied.first), "--json", "--files").json

    assert {part["text"] for entry in shown["deliveries"] for part in entry["parts"]} == {"The week begins. #TimeIsNow"}
    assert all(entry["applied_differs"] for entry in shown["deliveries"])
    assert [finding["rule"] for finding in shown["findings"]] == ["not-applied"] * 2
    assert {part["text"] for entry in of_files["deliveries"] for part in entry["parts"]} == {
        "The week starts. #TimeIsNow"
    }
