"""Posts that a person posts by hand, as that person meets them: a page, a notice, and `done`."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.app import App
from scheduler.clock import FixedClock
from scheduler.daemon.watch import watching
from scheduler.engine.steps import Steps
from scheduler.engine.switchboard import Switchboard
from scheduler.operations.handing import handed_notice
from scheduler.outbox.outbox import open_outbox
from scheduler.publishers.dryrun import DryRun
from scheduler.testing.platform import NEITHER, FakePlatform, FakePublisher, Fate
from tests.cli.conftest import Desk
from tests.cli.test_daemon import await_that, running
from tests.cli.test_notify import Receiver, receiver, watched  # noqa: F401
from tests.cli.test_withdraw import CAMPAIGN

CLIP = "week/opening/once/our-clips"
STORY = "week/story/once/our-clips"
LINK = "https://clips.example/@rights/1"
WHERE = "TikTok, account @rights"


@pytest.fixture
def clips(desk: Desk) -> Desk:
    path = desk.root / "drumbeat.yaml"
    account = f'accounts:\n  our-clips: {{platform: manual, where: "{WHERE}", language: en, live: true}}\n'
    path.write_text(
        path.read_text().replace("accounts:\n", account).replace("[mastodon-main, blue", "[our-clips, blue")
    )
    assert desk("apply", "--yes", "--force").code == 0
    return desk


def hand_over(desk: Desk, hours: float = 8) -> None:
    """What is due by then goes to the person, as a daemon would do it."""
    clock = FixedClock(datetime.combine(desk.first, datetime.min.time(), UTC) + timedelta(hours=hours))
    app = App.open(workspace=desk.root)
    with open_outbox(desk.root / ".drumbeat" / "outbox.db") as outbox:
        Steps(outbox, app.switchboard(desk.root, live=lambda: {"our-clips"}), clock).dispatch()


def pages(desk: Desk) -> list[str]:
    return [one.read_text(encoding="utf-8") for one in sorted((desk.root / ".drumbeat" / "by-hand").glob("*.html"))]


def test_it_waits_for_a_person_and_says_so_everywhere(clips: Desk) -> None:
    hand_over(clips)
    status = clips("status")
    assert "1 waiting for a person" in status.out
    assert f"drumbeat done {CLIP} --url URL" in status.out
    assert "Nobody has said yet that it is out." in status.out
    found = clips("status", "--json").json
    assert (found["by_hand"], found["states"]["uncertain"], found["states"]["sent"]) == (1, 1, 1)
    shown = clips("show", CLIP)
    assert f"handed to a person, by engine: It waits for a person ({WHERE})" in shown.out
    assert "our-clips (by hand)" in shown.out
    html = clips("preview", "--html", str(clips.root / "day.html"), "--day", str(clips.first))
    assert html.code == 0, html.err
    assert "waiting for a person" in (clips.root / "day.html").read_text(encoding="utf-8")


def test_a_persons_word_makes_it_sent_and_closes_its_page(clips: Desk) -> None:
    hand_over(clips)
    (page,) = pages(clips)
    assert "The week begins." in page
    done = clips("done", CLIP, "--url", LINK)
    assert (done.code, done.out) == (0, f"{CLIP} is sent, as you say: {LINK}.\n")
    assert clips("show", CLIP, "--json").json["parts"][0]["remote_url"] == LINK
    (page,) = pages(clips)
    assert "The week begins." not in page
    assert f'<a href="{LINK}">' in page
    again = clips("done", CLIP, "--url", LINK)
    assert again.code == 1
    assert "they are sent" in again.err


def test_a_thread_is_done_whole_by_one_word(clips: Desk) -> None:
    hand_over(clips, 35)
    page = next(page for page in pages(clips) if "Part one." in page)
    assert "Part two." in page
    done = clips("done", "story", "--url", LINK, "--json")
    assert done.json == {"changed": [{"delivery": STORY, "state": "sent"}, {"delivery": f"{STORY}.2", "state": "sent"}]}


def test_what_has_no_link_can_be_done_all_the_same(clips: Desk) -> None:
    hand_over(clips)
    assert clips("done", CLIP, "--no-url").code == 0
    assert clips("show", CLIP, "--json").json["state"] == "sent"


@pytest.mark.parametrize(
    "said",
    [
        (),
        ("--url", LINK, "--no-url"),
        ("--url", "clips.example/1"),
        ("--url", "javascript:alert(1)"),
        ("--url", "https://"),
    ],
)
def test_a_word_without_a_link_or_with_a_wrong_one_is_refused(clips: Desk, said: tuple[str, ...]) -> None:
    hand_over(clips)
    assert clips("done", CLIP, *said).code == 2
    assert clips("show", CLIP, "--json").json["state"] == "uncertain"


def test_what_waits_in_the_queue_is_not_done_yet(clips: Desk) -> None:
    refused = clips("done", CLIP, "--url", LINK)
    assert refused.code == 1
    assert "they are in the queue" in refused.err


def test_what_drumbeat_posts_itself_is_settled_by_resolve_and_not_by_done(applied: Desk) -> None:
    name = "week/opening/once/bluesky-main"
    clock = FixedClock(datetime.combine(applied.first, datetime.min.time(), UTC) + timedelta(hours=8))
    platform = FakePlatform(clock.now)
    platform.next(Fate.LOSES_THE_REPLY, Fate.LOSES_THE_REPLY)
    with open_outbox(applied.root / ".drumbeat" / "outbox.db") as outbox:
        with outbox.write() as connection:
            connection.exec_driver_sql("UPDATE delivery SET live = 1")
        here = {"bluesky-main", "mastodon-main"}
        dry = DryRun(applied.root / "dry", clock)
        board = Switchboard(lambda _: FakePublisher(platform, NEITHER), dry=dry, live=lambda: here)
        Steps(outbox, board, clock).dispatch()
    refused = applied("done", name, "--url", LINK)
    assert refused.code == 1
    assert f"drumbeat resolve {name} --sent URL" in refused.err


def test_resolve_takes_the_same_word(clips: Desk) -> None:
    hand_over(clips)
    assert clips("resolve", CLIP, "--sent", LINK, "--yes").code == 0
    assert clips("show", CLIP, "--json").json["state"] == "sent"
    assert "The week begins." not in pages(clips)[0]


def test_what_nobody_posts_is_not_sent_and_can_be_handed_over_anew(clips: Desk) -> None:
    hand_over(clips)
    assert clips("resolve", CLIP, "--not-sent", "--yes").code == 0
    assert "This is not to be posted." in pages(clips)[0]
    assert clips("retry", CLIP, "--at", f"{clips.first}T12:00", "--yes").code == 0
    hand_over(clips, 11)
    assert sorted("The week begins." in page for page in pages(clips)) == [False, True]


def test_a_text_that_changes_in_the_files_meanwhile_is_a_conflict_with_the_person_named(clips: Desk) -> None:
    hand_over(clips)
    clips.edit("The week begins.", "The week has begun.")
    (conflict,) = [one for one in clips("plan", "--json").json["conflicts"] if one["delivery"] == CLIP]
    assert "is with a person, who may have posted it" in str(conflict)
    assert conflict["choices"][0].startswith(f"drumbeat done {CLIP} --url URL")


def test_a_post_that_is_out_is_taken_down_by_the_person_with_its_link(clips: Desk) -> None:
    hand_over(clips)
    clips("done", CLIP, "--url", LINK)
    left = clips("retract", CLIP, "--yes")
    assert left.code == 1
    assert LINK in left.out
    assert "A person posted it by hand, and must remove it." in left.out
    assert clips("retract", CLIP, "--by-hand", "--yes").code == 0


def test_the_notice_holds_text_link_and_pictures_and_a_short_one_holds_none(clips: Desk) -> None:
    hand_over(clips, 35)
    account = App.open(workspace=clips.root).workspace.accounts["our-clips"]
    with open_outbox(clips.root / ".drumbeat" / "outbox.db") as outbox:
        notice = handed_notice(outbox, STORY, account, clips.root)
        assert handed_notice(outbox, f"{STORY}.2", account, clips.root) is None
        short = handed_notice(outbox, STORY, replace(account, settings={"notice": "short"}), clips.root)
    assert notice
    assert short
    assert notice.title == f"Drumbeat · rights: post this by hand, {WHERE}"
    assert notice.body.startswith("1 of 2:\nPart one.\n\n2 of 2:\nPart two.\n\nThe page: ")
    assert f"drumbeat done {STORY} --url URL" in notice.body
    assert "Part one." not in short.body
    assert Path(re.search(r"The page: (.*)", short.body)[1]).exists()


def test_what_was_handed_over_right_before_a_crash_is_told_again_as_the_same_post(
    clips: Desk,
    receiver: Receiver,  # noqa: F811
) -> None:
    watched(clips, receiver)
    hand_over(clips)
    app = App.open(workspace=clips.root)
    died = datetime.combine(clips.first, datetime.min.time(), UTC) + timedelta(hours=8, seconds=30)
    with open_outbox(clips.root / ".drumbeat" / "outbox.db") as outbox:
        for at in (died, died + timedelta(hours=1)):
            with watching(app, outbox, print, died_at=at):
                pass
    told = [notice["title"] for notice in receiver.notices if "by hand" in notice["title"]]
    assert told == [f"Drumbeat · rights: post this by hand, {WHERE} (told again after a crash: the same post)"]


def test_what_is_withdrawn_is_taken_off_the_page(clips: Desk) -> None:
    path = clips.campaign.with_name("voices.yaml")
    path.write_text(CAMPAIGN.format(first=clips.first, last=clips.last), encoding="utf-8")
    assert clips("apply", "--yes", "--force").code == 0
    hand_over(clips)
    assert sum("Ana Vasileva speaks." in page for page in pages(clips)) == 1
    clips("withdraw", "ana", "--yes")
    assert not any("Ana Vasileva" in page for page in pages(clips))
    assert sum("This was withdrawn. Do not post it" in page for page in pages(clips)) == 1
    assert sum("The week begins." in page for page in pages(clips)) == 1


def test_a_daemon_tells_the_person_at_the_moment(clips: Desk, receiver: Receiver) -> None:  # noqa: F811
    watched(clips, receiver)
    due = (datetime.now(UTC) + timedelta(seconds=4)).replace(microsecond=0)
    clips.campaign.with_name("now.yaml").write_text(
        f"campaign: now\ntitle: Now\nwindow: {{from: {due.date() - timedelta(days=1)}, "
        f"to: {due.date() + timedelta(days=1)}}}\naccounts: [our-clips]\nlanguages: [en]\nposts:\n"
        f"  - post: alone\n    at: {due:%Y-%m-%dT%H:%M:%SZ}\n    text: It is time.\n",
        encoding="utf-8",
    )
    applied = clips("apply", "--yes", "--force")
    assert applied.code == 0, applied.err
    with running(clips.root) as daemon:
        await_that(lambda: bool(receiver.notices), daemon.log)
        daemon.says("handed to a person, not sent yet now/alone/once/our-clips")
    (notice,) = receiver.notices
    assert notice["title"].endswith(f"post this by hand, {WHERE}")
    assert notice["message"].startswith("It is time.")
