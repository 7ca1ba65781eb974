"""`preview --html`: the page as a file, for a day, a week or a campaign."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Desk


def page(desk: Desk, *arguments: str) -> str:
    result = desk("preview", "--html", "-", *arguments)
    assert result.code == 0, result.err
    return result.out


def cards(html: str) -> list[str]:
    return re.findall(r'<article class="[^"]*" id="([^"]*)"', html)


def test_the_page_is_written_whole_and_its_size_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "day.html"

    result = desk("preview", "--day", str(desk.first), "--html", str(file))

    assert (result.code, result.out) == (0, "")
    assert re.search(r"day\.html is written: \d+ kB", result.err)
    html = file.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert html.rstrip().endswith("</html>")
    assert [one.name for one in tmp_path.glob(".day*")] == []


def test_an_older_page_is_replaced_and_a_folder_is_not(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "day.html"
    file.write_text("<!DOCTYPE html>yesterday", encoding="utf-8")

    assert desk("preview", "--html", str(file)).code == 0
    assert "yesterday" not in file.read_text(encoding="utf-8")

    refused = desk("preview", "--html", str(tmp_path))
    assert refused.code == 2
    assert "is a folder" in refused.err


def test_a_file_that_is_no_page_is_never_written_over(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "budget.yaml"
    file.write_text("what somebody wrote", encoding="utf-8")

    refused = desk("preview", "--html", str(file))

    assert refused.code == 2
    assert "budget.yaml is there already, and is no page" in refused.err
    assert file.read_text(encoding="utf-8") == "what somebody wrote"


def test_a_device_is_written_into_and_stays_a_device(desk: Desk, tmp_path: Path) -> None:
    sink = tmp_path / "sink"
    sink.symlink_to("/dev/null")

    assert desk("preview", "--html", str(sink)).code == 0
    assert sink.is_symlink()
    assert sink.is_char_device()


def test_where_nothing_can_be_written_that_is_said(desk: Desk, tmp_path: Path) -> None:
    refused = desk("preview", "--html", str(tmp_path / "nowhere" / "day.html"))

    assert refused.code == 2
    assert "cannot be written" in refused.err
    assert not (tmp_path / "nowhere").exists()


def test_a_dash_prints_the_page_and_nothing_else(desk: Desk) -> None:
    result = desk("preview", "--day", str(desk.first), "--html", "-")

    assert result.out.startswith("<!doctype html>")
    assert result.err == ""


def test_a_page_of_a_day_has_its_posts_and_no_others(desk: Desk) -> None:
    assert cards(page(desk, "--day", str(desk.first))) == [
        "week/opening/once/bluesky-main",
        "week/opening/once/mastodon-main",
    ]


def test_a_week_is_the_seven_days_that_begin_with_the_day(desk: Desk) -> None:
    html = page(desk, "--day", str(desk.first), "--week")

    assert len(cards(html)) == 6
    assert re.findall(r'<section class="day" id="([^"]*)"', html) == [
        str(desk.first + timedelta(days=more)) for more in range(7)
    ]


def test_a_campaign_is_all_of_its_days_that_have_posts(desk: Desk) -> None:
    html = page(desk, "--campaign", "week")

    assert "<h1>A week</h1>" in html
    assert len(cards(html)) == 6
    days = re.findall(r'<section class="day" id="([^"]*)"', html)
    assert days == [str(desk.first), str(desk.first + timedelta(days=1)), str(desk.last)]


def test_a_campaign_narrows_a_day(desk: Desk) -> None:
    other = desk.campaign.read_text(encoding="utf-8").replace("campaign: week", "campaign: other")
    desk.campaign.with_name("other.yaml").write_text(other, encoding="utf-8")

    html = page(desk, "--day", str(desk.first), "--campaign", "other")

    assert cards(html) == ["other/opening/once/bluesky-main", "other/opening/once/mastodon-main"]


def test_an_unknown_campaign_is_refused_with_the_known_ones(desk: Desk) -> None:
    refused = desk("preview", "--campaign", "weak")

    assert refused.code == 2
    assert "There are: week." in refused.err


@pytest.mark.parametrize("arguments", [("--week",), ("--campaign", "week")], ids=" ".join)
def test_the_terminal_shows_several_days_one_after_the_other(desk: Desk, arguments: tuple[str, ...]) -> None:
    days = () if "--campaign" in arguments else ("--day", str(desk.first))

    shown = desk("preview", *days, *arguments).out

    assert shown.index("The week begins.") < shown.index("Part one.") < shown.index("The week ends.")


def test_json_of_several_days_lists_them(desk: Desk) -> None:
    shown = desk("preview", "--campaign", "week", "--json").json

    assert shown["days"] == [str(desk.first), str(desk.first + timedelta(days=1)), str(desk.last)]
    assert len(shown["deliveries"]) == 6


def test_json_of_a_campaign_of_one_day_has_the_same_shape(desk: Desk) -> None:
    text = desk.campaign.read_text(encoding="utf-8").replace("campaign: week", "campaign: one")
    desk.campaign.with_name("one.yaml").write_text(text[: text.index("  - post: story")], encoding="utf-8")

    assert desk("preview", "--campaign", "one", "--json").json["days"] == [str(desk.first)]


def test_before_apply_the_page_names_the_plan_and_what_is_new(desk: Desk) -> None:
    html = page(desk, "--day", str(desk.first))
    plan = desk("plan", "--json").json["fingerprint"]

    assert f"drumbeat apply --plan {plan}" in html
    assert "2 new" in html
    assert "and 4 elsewhere" in html


def test_after_apply_the_page_says_that_queue_and_files_agree(applied: Desk) -> None:
    html = page(applied, "--day", str(applied.first))

    assert "2 in the queue" in html
    assert "just as the files say" in html


def test_a_changed_file_is_shown_both_ways(applied: Desk) -> None:
    applied.edit("The week begins.", "The week opens.")

    html = page(applied, "--day", str(applied.first))

    assert "Not applied: the files now have it otherwise" in html
    assert "<del>begins</del><ins>opens</ins>" in html
    assert "1 changed" in html or "2 changed" in html


def test_what_failed_stands_with_its_reason_and_the_command_that_settles_it(applied: Desk) -> None:
    with sqlite3.connect(applied.root / ".drumbeat" / "outbox.db") as queue:
        queue.execute(
            "UPDATE delivery SET state = 'failed', last_error = 'Too <long>.' WHERE name = ?",
            ("week/opening/once/mastodon-main",),
        )
    queue.close()

    html = page(applied, "--day", str(applied.first))

    assert "For you to settle: 1 post" in html
    assert html.count("It was refused and is not out. Too &lt;long&gt;.") == 2
    assert "drumbeat retry week/opening/once/mastodon-main --at WHEN" in html


def test_with_files_the_queue_is_left_out(applied: Desk) -> None:
    html = page(applied, "--day", str(applied.first), "--files")

    assert "not in the queue yet" in html
    assert "Against the queue" not in html


def test_a_stop_stands_on_the_page_with_the_way_back(applied: Desk) -> None:
    applied("stop", "--all", "--reason", "an earthquake")

    html = page(applied, "--day", str(applied.first))

    assert "Stopped: everything" in html
    assert "an earthquake" in html
    assert "drumbeat start --all" in html


def test_with_an_error_the_page_is_written_and_shows_it_and_the_call_fails(desk: Desk, tmp_path: Path) -> None:
    desk.edit("text: The week ends.", f"text: {'The week ends. ' * 40}")
    file = tmp_path / "day.html"

    result = desk("preview", "--day", str(desk.last), "--html", str(file))

    assert result.code == 2
    html = file.read_text(encoding="utf-8")
    assert "1 error" in html or "2 errors" in html
    assert "week/closing/once/mastodon-main" in cards(html)


def test_with_an_error_no_post_is_called_gone(applied: Desk, tmp_path: Path) -> None:
    applied.edit("text: The week ends.", "txt: The week ends.")
    file = tmp_path / "day.html"

    assert applied("preview", "--day", str(applied.first), "--html", str(file)).code == 2

    html = file.read_text(encoding="utf-8")
    assert "nothing of the files can be put into the queue" in html
    assert "2 in the queue" in html
    assert "gone" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_the_page_leaves_no_trace_in_the_workspace(desk: Desk) -> None:
    before = desk.files()
    page(desk, "--week")
    assert desk.files() == before


@pytest.mark.parametrize("pair", [("--html", "-", "--json"), ("--markdown", "--json"), ("--watch", "0", "--html", "-")])
def test_two_shapes_of_one_day_are_asked_for_one_after_the_other(desk: Desk, pair: tuple[str, ...]) -> None:
    refused = desk("preview", *pair)

    assert refused.code == 2
    assert "do not go together" in refused.err + refused.out
