"""The day as Markdown: nothing that a contributor wrote is formatted, followed or told to anybody by the host."""

import re
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.finding import warning
from scheduler.model.content import Content
from scheduler.preview.markdown import render_markdown
from scheduler.preview.view import view_of_planned

DAY = date(2027, 6, 30)
FENCE = re.compile(r"^(`{3,})(?:text)?$", re.MULTILINE)


def shown(days, planned, findings=(), **options):
    views = [view_of_planned([one], days.workspace.accounts[one.account]) for one in planned]
    return render_markdown(DAY, views, findings, workspace=days.workspace, **options)


def outside_fences(markdown: str) -> str:
    """What the host would format: everything but fenced and inline code."""
    kept, fence = [], ""
    for line in markdown.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif found := FENCE.match(line):
            fence = found.group(1)
        else:
            kept.append(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
    assert not fence, "a fence was left open"
    return "\n".join(kept)


def test_a_day_reads_as_on_the_terminal(days, golden):
    golden("markdown", shown(days, days.whole(), days.findings(), changes="11 to create"))


def test_each_text_stands_there_to_the_character(days):
    text = "One line.\n\n* not a list\n@everyone `code` <b>bold</b>"
    assert f"\n{text}\n" in shown(days, [days.one("post", "x-main", 9, Content(text, "en"))])


def test_nobody_mentioned_in_a_post_is_called_by_the_host(days):
    said = shown(days, [days.one("post", "x-main", 9, Content("Thanks @octocat", "en", warning="by @octocat"))])
    assert "@octocat" in said
    assert "@" not in outside_fences(said)


def test_a_text_cannot_leave_its_fence(days):
    said = shown(days, [days.one("post", "x-main", 9, Content("```\n@octocat <script>\n````", "en"))])
    assert "octocat" not in outside_fences(said)


def test_a_finding_that_quotes_a_post_is_not_obeyed(days):
    said = shown(days, [], [warning("all-caps", "On x-main: <img src=x> @octocat *shouts* [x](y)")])
    assert not re.search(r"[<@*]|\]\(", outside_fences(said).replace("**warning**", ""))


def test_a_waived_finding_names_its_reason(days):
    finding = replace(warning("all-caps", "shouts"), waived="the board agreed")
    assert "Waived: the board agreed" in shown(days, [], [finding])


def test_what_does_not_fit_is_counted_and_never_cut(days):
    planned = [days.one(f"post-{at}", "x-main", 9 + at / 60, Content("word " * 40, "en")) for at in range(60)]
    said = shown(days, planned, most=3_000)
    assert len(said) < 3_200
    whole = said.count("<details>")
    assert whole == said.count("</details>")
    assert f"**{60 - whole} posts more**: `drumbeat preview --day 2027-06-30`" in said


def test_a_day_without_posts_says_so(days):
    assert "No posts on this day." in shown(days, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="`<>@#*_[]()|\\ \nab&", max_size=60), st.text(alphabet="`<@ b\n", max_size=20))
def test_no_text_is_ever_obeyed(days, text, warned):
    said = outside_fences(shown(days, [days.one("post", "x-main", 9, Content(text, "en", warning=warned))]))
    assert not set("@`") & set(said)
    assert set(re.findall(r"<[^>]*>", said)) <= {"<details>", "</details>", "<summary>", "</summary>"}
