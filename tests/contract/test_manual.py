"""Posting by hand: the page that a person gets holds what was approved, to the character and to the byte."""

import re
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from scheduler.errors import HandedOver, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media, Poll
from scheduler.model.delivery import Prepared, Receipt
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Surroundings
from scheduler.publishers.installed import publisher_for
from scheduler.publishers.manual import Manual
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.platform import Fate

BOX = re.compile(r"<h3>([^<]*)</h3><pre[^>]*>\n(.*?)</pre>", re.DOTALL)
WHERE = "TikTok, account @say_no"


def manual(root, **settings):
    account = Account("clips", "manual", "Europe/Skopje", settings={"where": WHERE} | settings)
    return Manual.connect(account, Surroundings(root, FixedClock(DUE), str))


def pages(root, folder=".drumbeat/by-hand"):
    return [one.read_text(encoding="utf-8") for one in sorted((root / folder).glob("*.html"))]


def boxes(page):
    return [(name, unescape(text)) for name, text in BOX.findall(page)]


def hand_over(publisher, post):
    with pytest.raises(HandedOver) as caught:
        publisher.publish(post, publisher.prepare(post))
    return caught.value.message


def picture(root, body=b"\xff\xd8\xff the very bytes", name="ana.jpg", **said):
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / name).write_bytes(body)
    facts = MediaFacts(name, sha256(body).hexdigest(), "image/jpeg", len(body), 800, 600)
    return Media(name, facts=facts, **said)


class TestManual(PublisherContract):
    """Nothing but a folder; the only trouble there is, is that it cannot be written."""

    def bench(self, folder: Path) -> Bench:
        def script(fate):
            if fate is Fate.REFUSES:
                (folder / "to-post").write_text("in the way")
            return fate is Fate.REFUSES

        def visible():
            return [text for page in pages(folder, "to-post") for name, text in boxes(page) if name == "Text"]

        folder.mkdir(parents=True, exist_ok=True)
        return Bench(manual(folder, folder="to-post"), visible=visible, script=script)


def test_it_is_installed_as_any_other(tmp_path):
    account = Account("clips", "manual", "UTC")
    assert isinstance(publisher_for(account, Surroundings(tmp_path, FixedClock(DUE), str)), Manual)


@pytest.mark.parametrize(
    "text",
    [
        "One.\n\nTwo  spaces,\ttab",
        "\nbegins with a line end",
        '<script>alert(1)</script> & "quotes"',
        "Скопје \U0001f469\U0001f3fd\u200d\U0001f680 \u200f\u05e9\u05dc\u05d5\u05dd",
    ],
)
def test_the_box_holds_the_text_to_the_character(tmp_path, text):
    hand_over(manual(tmp_path), draft(text))
    assert boxes(pages(tmp_path)[0])[0] == ("Text", text)


def test_everything_that_a_post_has_stands_on_the_page_each_in_a_box_of_its_own(tmp_path):
    ana = picture(tmp_path, alt='Ana reads; "loud"', credit="A. Person")
    content = Content(
        "Watch this.",
        language="mk",
        warning="It speaks of violence",
        visibility="public",
        media=(ana,),
        link="https://day.example/a?b=1&c=2",
        poll=Poll(("Yes", "No"), 3600),
    )
    told = hand_over(manual(tmp_path), replace(draft(), content=content))
    (page,) = pages(tmp_path)
    assert boxes(page)[:6] == [
        ("Warning, to stand before it", "It speaks of violence"),
        ("Text", "Watch this."),
        ("Link", "https://day.example/a?b=1&c=2"),
        ("Alternative text", 'Ana reads; "loud"'),
        ("Answer 1", "Yes"),
        ("Answer 2", "No"),
    ]
    for words in (WHERE, "Credit: A. Person", "Wednesday, 2027-06-30 09:00", "Language: mk", 'lang="mk"'):
        assert words in page
    assert ("It is out", "drumbeat done time-is-now/opening/once/main --url URL") in boxes(page)
    assert told.startswith(f"It waits for a person ({WHERE}): .drumbeat/by-hand/")
    assert "Watch" not in told


def test_a_picture_lies_beside_the_page_with_the_very_bytes_that_were_approved(tmp_path):
    ana = picture(tmp_path, alt="Ana")
    hand_over(manual(tmp_path), replace(draft(), content=Content("x", media=(ana,))))
    (page,) = pages(tmp_path)
    name = re.search(r'<img src="([^"]+)"', page)[1]
    assert (tmp_path / ".drumbeat" / "by-hand" / name).read_bytes() == b"\xff\xd8\xff the very bytes"
    assert name.endswith(".1.1.jpg")


def test_a_picture_that_is_no_longer_the_approved_one_is_given_to_nobody(tmp_path):
    ana = picture(tmp_path, alt="Ana")
    (tmp_path / "media" / "ana.jpg").write_bytes(b"another")
    with pytest.raises(Rejected, match="no longer the file that was approved"):
        manual(tmp_path).publish(replace(draft(), content=Content("x", media=(ana,))), Prepared())
    assert pages(tmp_path) == []


def test_a_link_that_the_text_holds_already_stands_in_no_second_box(tmp_path):
    hand_over(manual(tmp_path), replace(draft(), content=Content("See https://a.example", link="https://a.example")))
    assert [name for name, _ in boxes(pages(tmp_path)[0])].count("Link") == 0


def test_a_reply_says_what_it_answers_to(tmp_path):
    hand_over(manual(tmp_path), draft(parent=Receipt("1", "https://clips.example/1")))
    assert '<a href="https://clips.example/1">' in pages(tmp_path)[0]


def test_a_repeat_writes_the_same_bytes(tmp_path):
    hand_over(manual(tmp_path), draft())
    first = pages(tmp_path)
    hand_over(manual(tmp_path), draft())
    assert pages(tmp_path) == first


def test_nothing_on_the_page_comes_from_elsewhere(tmp_path):
    hand_over(manual(tmp_path), draft("https://a.example <img src=https://b.example>"))
    (page,) = pages(tmp_path)
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="https?:', page)


@pytest.mark.parametrize("folder", [".", "media", "media/x", "campaigns", ".git/x", ".drumbeat", "templates"])
def test_the_workspaces_own_folders_are_not_written_into(tmp_path, folder):
    with pytest.raises(UsageError, match="cannot keep its pages"):
        manual(tmp_path, folder=folder)


def test_the_pages_may_lie_outside_the_workspace_by_their_whole_path(tmp_path):
    (tmp_path / "w").mkdir()
    told = hand_over(manual(tmp_path / "w", folder=str(tmp_path / "synced")), draft())
    assert len(pages(tmp_path, "synced")) == 1
    assert str(tmp_path / "synced") in told


def test_nobody_else_may_look_into_the_workspaces_own_folder(tmp_path):
    hand_over(manual(tmp_path), draft())
    assert (tmp_path / ".drumbeat").stat().st_mode & 0o777 == 0o700


def test_a_disk_that_is_full_gave_nobody_anything(tmp_path):
    (tmp_path / ".drumbeat").write_text("in the way")
    with pytest.raises(Transient, match="cannot be written"):
        manual(tmp_path).publish(draft(), Prepared())
