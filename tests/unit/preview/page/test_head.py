"""What stands above the posts: numbers, clocks, and what would change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scheduler.model.content import Content
from scheduler.model.delivery import PlannedDelivery
from scheduler.model.lifecycle import State
from scheduler.planning.changes import Action, Change, ChangeSet, Conflict
from scheduler.planning.snapshot import Held
from scheduler.preview.page.sheet import Scope, Stopped, Version
from tests.unit.preview.page.conftest import DAY, NINE, campaign, page, view

OLD, NEW = Content("What nobody dared to print.", "en"), Content("What nobody would print.", "en")
PLAN = "0123456789abcdef"


def planned(post, content=NEW, *, due=NINE, account="mastodon-main"):
    return PlannedDelivery(
        campaign="week",
        post=post,
        slot="once",
        account=account,
        platform="mastodon",
        due=due,
        expires_at=due + timedelta(hours=2),
        timezone="Europe/Skopje",
        content=content,
    )


def held(post, *, due=NINE, state=State.SCHEDULED, content=OLD, account="mastodon-main"):
    name = f"week/{post}/once/{account}"
    return Held(name, name, "week", account, 1, state, due, content.hash, live=False, content=content)


def change(action, post, *, new=None, old=None):
    return Change(action, f"week/{post}/once/mastodon-main", new, old)


def changes(*found, conflicts=(), notes=None):
    return ChangeSet(found, (), conflicts, notes or {}, PLAN)


def section(found):
    return found.one("section", kind="against")


def test_what_is_new_moved_changed_and_gone_is_counted_and_listed():
    later = NINE + timedelta(hours=3)
    diff = changes(
        change(Action.CREATE, "new", new=planned("new")),
        change(Action.MOVE, "moved", new=planned("moved", OLD, due=later), old=held("moved")),
        change(Action.REWORD, "worded", new=planned("worded"), old=held("worded")),
        change(Action.CANCEL, "gone", old=held("gone")),
    )
    shown = [view(NEW, post="new"), view(OLD, post="moved"), view(OLD, post="worded")]

    found = section(page(shown, changes=diff))

    pills = [pill.text for pill in found.all(kind="pill")]
    assert pills == ["1 new", "1 moved", "1 changed", "1 gone"]
    assert found.one("p", kind="diff").text == "What nobody dared towould print."
    assert [node.text for node in found.one("p", kind="diff").all("del")] == ["dared to"]
    assert "09:00 Wed (UTC+2)" in found.text
    assert "12:00 Wed (UTC+2)" in found.text


def test_the_plan_is_named_with_the_command_that_takes_exactly_it():
    found = page([view(NEW)], changes=changes(change(Action.CREATE, "hello", new=planned("hello"))))

    assert f"drumbeat apply --plan {PLAN}" in found.text
    assert found.one("header").text.count(PLAN) == 1
    assert "fingerprint" not in found.text.lower()


def test_what_changes_beside_words_and_moments_is_told():
    live = replace(planned("hello", OLD), live=True)
    diff = changes(change(Action.REWORD, "hello", new=live, old=held("hello")))

    assert section(page([view(OLD)], changes=diff)).one("p", kind="detail").text == "goes out for real now"


def test_a_post_that_would_not_stay_as_it_is_says_so_on_its_card():
    diff = changes(change(Action.CANCEL, "hello", old=held("hello")), change(Action.CREATE, "new", new=planned("new")))
    found = page([view(OLD, state="scheduled"), view(NEW, post="new")], changes=diff)
    told = {one.attributes["id"]: [pill.text for pill in one.all(kind="pill")] for one in found.all("article")}

    assert told == {"week/hello/once/mastodon-main": ["gone"], "week/new/once/mastodon-main": []}


def test_on_a_page_of_several_days_a_change_has_its_date():
    days = (DAY, DAY + timedelta(days=1))
    diff = changes(change(Action.CREATE, "hello", new=planned("hello")))

    found = section(page([view(NEW)], changes=diff, days=days, scope=Scope.WEEK))

    assert "Wed 30 June 2027, 09:00 (UTC+2)" in found.text


def test_changes_of_other_days_are_a_number():
    far = NINE + timedelta(days=3)
    diff = changes(
        change(Action.CREATE, "hello", new=planned("hello")),
        change(Action.CREATE, "far", new=planned("far", due=far)),
        change(Action.CANCEL, "farther", old=held("farther", due=far)),
    )
    assert "and 2 elsewhere" in section(page([view(NEW)], changes=diff)).text


def test_a_thread_is_one_change():
    first = planned("hello")
    diff = changes(
        Change(Action.CREATE, first.name, first, None),
        Change(Action.CREATE, f"{first.name}.2", replace(first, part=2), None),
    )
    assert [pill.text for pill in section(page([view(NEW)], changes=diff)).all(kind="pill")] == ["1 new"]


def test_alike_changes_of_many_accounts_are_one_line():
    names = ("mastodon-main", "bluesky-main", "x-main")
    new = [planned("hello", account=name) for name in names]
    diff = changes(*(Change(Action.CREATE, one.name, one, None) for one in new))

    lines = list(section(page([view(NEW, name) for name in names], changes=diff)).all("li"))

    assert len(lines) == 1
    assert "bluesky-main, mastodon-main, x-main" in lines[0].text


def test_a_conflict_stands_with_its_choices():
    conflict = Conflict(
        "week/hello/once/mastodon-main", "It was sent otherwise.", ("drumbeat retract",), None, held("x")
    )
    found = section(page([view(OLD, state="sent")], changes=changes(conflicts=(conflict,))))

    assert "It was sent otherwise." in found.text
    assert "drumbeat retract" in [code.text for code in found.all("code")]


def test_what_is_kept_as_it_is_says_why():
    names = [f"week/{post}/once/mastodon-main" for post in ("one", "two", "far")]
    diff = changes(notes=dict.fromkeys(names, "its thread has begun"))

    found = section(page([view(OLD, post="one"), view(OLD, post="two")], changes=diff))

    assert [one.text for one in found.all(kind="f")] == [f"{names[0]}, {names[1]}: its thread has begun"]


def test_without_changes_the_page_says_that_queue_and_files_agree():
    assert "just as the files say" in section(page([view(OLD)], changes=changes())).text


def test_without_the_queue_nothing_is_said_of_it():
    assert list(page([view(OLD)], changes=None).all("section", kind="against")) == []


def test_what_is_out_already_is_listed_with_its_address():
    out = view(OLD, "bluesky-main", post="out", state="sent", urls=("https://bsky.app/1",))

    found = section(page([out, view(OLD)]))

    assert "Already out: 1 post" in found.text
    assert [link.attributes["href"] for link in found.all("a")] == [
        "#week/out/once/bluesky-main",
        "https://bsky.app/1",
    ]


def test_what_a_person_has_to_settle_stands_before_what_is_out():
    views = [view(OLD, name, state=state) for name, state in (("x-main", "uncertain"), ("letter", "failed"))]

    found = section(page([*views, view(OLD, state="sent")]))

    groups = [group.one("summary").text for group in found.all("details")]
    assert groups == ["For you to settle: 2 posts", "Already out: 1 post"]
    assert "on x-main: unknown: look" in found.text


def test_a_dry_run_is_never_called_sent():
    words = page([view(OLD, state="sent", dry_run=True)]).one("header").text
    assert "1 dry run, reached nobody" in words


def test_the_head_names_campaign_zone_and_moment_of_making():
    words = page([view(OLD)]).one("header").text

    for told in (
        "Wednesday 30 June 2027",
        "A week of saying no",
        "Europe/Skopje (UTC+2)",
        "Wed 30 June 2027, 09:00 (UTC+2)",
    ):
        assert told in words


def test_a_change_of_the_clocks_is_told_for_every_zone_of_the_day():
    spring = date(2027, 3, 28)
    words = page([view(OLD, due=datetime(2027, 3, 28, 9, tzinfo=UTC))], days=(spring,)).one("header").text

    assert "On Sunday 28 March 2027 the clocks go forward 1 h in Europe/Skopje." in words


def test_the_commit_is_named_and_whether_files_differ_from_it():
    clean = page([view(OLD)], version=Version("84782a4", "Write the <spotlights>")).one("header").text
    changed = page([view(OLD)], version=Version("84782a4", "Write", changed=True)).one("header").text

    assert "commit 84782a4" in clean
    assert "Write the <spotlights>" in clean
    assert "uncommitted" not in clean
    assert "with uncommitted changes" in changed


def test_how_to_stop_it_is_said_and_what_stands_stopped():
    stop = Stopped("everything", "mira", NINE, "an earthquake", "drumbeat start --all")
    words = page([view(OLD)], stops=(stop,)).one("header").text

    assert 'drumbeat stop --all --reason "why"' in words
    assert "Stopped: everything, by mira since Wed 30 June 2027, 09:00 (UTC+2): an earthquake" in words
    assert list(page([view(OLD)]).all(kind="b-stop")) == []


def test_what_goes_out_for_real_is_said_apart_from_dry_runs():
    found = page([view(OLD, "x-main"), view(OLD)])

    assert found.one("p", kind="b-live").text == "LIVE: 1 post goes out for real, on x-main"
    assert found.one("p", kind="b-dry").text == "mastodon-main is in DRY RUN: 1 post will reach nobody"


def test_posts_are_counted_by_platform_and_account():
    found = page([view(OLD, name) for name in ("bluesky-main", "auckland", "x-main")])
    bars = {
        bar.one("h2").text: [(line.one("span").text, line.one("b").text) for line in bar.all("li")]
        for bar in found.one("header").all(kind="bars")
    }
    assert bars["By platform"] == [("Bluesky", "2"), ("X", "1")]
    assert bars["By account"] == [("bluesky-main", "1"), ("auckland", "1"), ("x-main", "1")]


def test_a_campaigns_page_has_its_title_and_its_days():
    days = (DAY, DAY + timedelta(days=2))
    shown = [view(OLD), view(OLD, post="late", due=NINE + timedelta(days=2))]

    found = page(shown, scope=Scope.CAMPAIGN, campaign="week", days=days, campaigns=[campaign()])

    assert found.one("h1").text == "A week of saying no"
    assert "Wednesday 30 June 2027 to Friday 2 July 2027" in found.one("header").text
    assert [node.attributes["id"] for node in found.all("section", kind="day")] == ["2027-06-30", "2027-07-02"]


def test_a_week_names_its_first_and_last_day_and_its_empty_ones():
    days = tuple(DAY + timedelta(days=more) for more in range(7))
    found = page([view(OLD)], scope=Scope.WEEK, days=days)

    assert found.one("h1").text == "Wednesday 30 June 2027 to Tuesday 6 July 2027"
    assert [day.text.count("No posts on this day.") for day in found.all("section", kind="day")] == [0, *[1] * 6]


def test_a_day_without_posts_is_a_page_too():
    found = page([])

    assert "0 posts" in found.text
    assert "No posts on this day." in found.text
