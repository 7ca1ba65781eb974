"""The feed's files: one entry a post, replaced whole, and never a stranger's file."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scheduler.errors import Ambiguous, Rejected, Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Prepared
from scheduler.model.media import MediaFacts
from scheduler.publishers.base import Absent, Found, Surroundings, Unknown
from scheduler.publishers.feed import Feed
from scheduler.publishers.installed import publisher_for
from scheduler.testing.clocks import FixedClock
from scheduler.testing.contract import DUE, Bench, PublisherContract, draft
from scheduler.testing.platform import Fate
from tests.contract.conftest import send

ATOM = "{http://www.w3.org/2005/Atom}"
SETTINGS = {"url": "https://example.org/feed/", "title": "Say no"}


def feed(root, **settings):
    account = Account("site", "feed", "UTC", language="mk", settings=SETTINGS | settings)
    return Feed.connect(account, Surroundings(root, FixedClock(DUE), str))


def told(root):
    path = root / "public" / "feed" / "feed.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"items": []}


def drawn(root):
    return ET.parse(root / "public" / "feed" / "atom.xml").getroot()  # noqa: S314  # our own file


class TestFeed(PublisherContract):
    """Nothing but a folder; the only trouble there is, is that it cannot be written."""

    def bench(self, folder: Path) -> Bench:
        def script(fate):
            if fate is Fate.REFUSES:
                (folder / "public").write_text("in the way")
            return fate is Fate.REFUSES

        def visible():
            return (
                [one["content_text"] for one in reversed(told(folder)["items"])] if (folder / "public").is_dir() else []
            )

        folder.mkdir(parents=True, exist_ok=True)
        return Bench(feed(folder), visible, script)


def picture(root, content=b"a picture"):
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / "march.png").write_bytes(content)
    facts = MediaFacts("march.png", sha256(b"a picture").hexdigest(), "image/png", 9, 40, 30)
    return Media("march.png", alt='Women & men with a "sign"', credit="Photo: M. <P>", facts=facts)


def test_an_entry_says_all_that_the_post_has(tmp_path):
    content = Content(
        "Кажи не.\nNo & <never>. #СегаКажувам https://example.org/a",
        language="mk",
        warning="violence",
        media=(picture(tmp_path),),
        link="https://example.org/b",
    )
    send(feed(tmp_path), replace(draft(), content=content))
    (one,) = told(tmp_path)["items"]
    assert one["language"] == "mk"
    assert one["summary"] == "violence"
    assert one["tags"] == ["СегаКажувам"]
    assert one["external_url"] == "https://example.org/b"
    assert one["content_text"].startswith("violence\n\nКажи не.")
    html = one["content_html"]
    assert html.startswith("<details><summary>violence</summary><p")
    assert "No &amp; &lt;never&gt;." in html
    assert '<a href="https://example.org/a">' in html
    assert 'alt="Women &amp; men with a &quot;sign&quot;" width="40" height="30"' in html
    assert "Photo: M. &lt;P&gt;" in html
    (attached,) = one["attachments"]
    copy = tmp_path / "public" / "feed" / "media" / attached["url"].rpartition("/")[2]
    assert copy.read_bytes() == b"a picture"


def test_atom_says_the_same(tmp_path):
    publisher = feed(tmp_path, home="https://example.org/", author="The chapter")
    first = send(publisher, draft("One & only <b>. #TimeIsNow", key="a" * 32))
    content = Content("Two", warning="loud", link="https://example.org/b", media=(picture(tmp_path),))
    send(publisher, replace(draft(key="b" * 32, parent=first), content=content))
    root = drawn(tmp_path)
    two, one = root.findall(f"{ATOM}entry")
    assert root.find(f"{ATOM}title").text == "Say no"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "The chapter"
    assert root.find(f"{ATOM}updated").text == "2027-06-30T07:00:00Z"
    assert one.find(f"{ATOM}id").text == first.remote_id
    assert one.find(f"{ATOM}title").text == "One & only <b>. #TimeIsNow"
    assert one.find(f"{ATOM}category").get("term") == "TimeIsNow"
    assert one.find(f"{ATOM}content").text == '<p dir="auto">One &amp; only &lt;b&gt;. #TimeIsNow</p>'
    assert two.find(f"{ATOM}summary").text == "loud"
    assert {link.get("rel") for link in two.findall(f"{ATOM}link")} == {"alternate", "enclosure"}
    assert two.find("{http://purl.org/syndication/thread/1.0}in-reply-to").get("ref") == first.remote_id
    assert one.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_an_entrys_id_never_changes(tmp_path):
    """Readers know an entry by it: were it ever made in another way, every old post would show twice."""
    receipt = send(feed(tmp_path), draft())
    assert receipt.remote_id == "urn:uuid:0b7cec1f-87c2-5fb6-8b21-60c0b2104893"
    assert receipt.url == "https://example.org/feed/atom.xml"


def test_a_repeat_leaves_the_same_bytes(tmp_path):
    publisher = feed(tmp_path)
    send(publisher, draft())
    folder = tmp_path / "public" / "feed"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    send(feed(tmp_path), draft())
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert set(before) == {"feed.json", "atom.xml"}


def days_later(number, days):
    return replace(draft(f"post {number}", key=f"{number:032x}"), created_at=DUE + timedelta(days=days))


def test_the_oldest_entries_make_room(tmp_path):
    publisher = feed(tmp_path, entries="3")
    for number in range(5):
        send(publisher, days_later(number, number * 2))
    assert [one["content_text"] for one in told(tmp_path)["items"]] == ["post 4", "post 3", "post 2"]


def test_a_busy_day_pushes_nothing_out_before_readers_came_by(tmp_path):
    publisher = feed(tmp_path, entries="3")
    for number in range(6):
        send(publisher, days_later(number, number / 10))
    assert len(told(tmp_path)["items"]) == 6


def test_a_late_repeat_of_an_old_post_still_stands_in_the_feed(tmp_path):
    publisher = feed(tmp_path, entries="2")
    for number in range(1, 4):
        send(publisher, days_later(number, number * 2))
    send(publisher, days_later(9, 0))
    assert isinstance(publisher.verify(days_later(9, 0), Prepared(), DUE), Found)


def test_a_crash_between_the_two_files_is_put_right_by_a_repeat(tmp_path, monkeypatch):
    publisher = feed(tmp_path)
    send(publisher, draft("before", key="a" * 32))
    real, calls = Path.replace, []

    def dies(self, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(Ambiguous):
        send(publisher, draft())
    monkeypatch.undo()
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    send(publisher, draft())
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Found)
    assert len(drawn(tmp_path).findall(f"{ATOM}entry")) == 2


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    publisher = feed(tmp_path)
    send(publisher, draft("before", key="a" * 32))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Transient, match="No space left"):
        send(publisher, draft())
    monkeypatch.undo()
    assert publisher.verify(draft(), Prepared(), DUE) == Absent()
    assert isinstance(publisher.verify(draft(key="a" * 32), Prepared(), DUE), Found)


@pytest.mark.parametrize("written", [b"{}", b"not json", b'{"_drumbeat": {"id": "x"}, "items": [{"id": "y"}]}', b"[]"])
def test_a_strangers_feed_is_left_alone(tmp_path, written):
    file = tmp_path / "public" / "feed" / "feed.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(written)
    publisher = feed(tmp_path)
    with pytest.raises(Transient, match="left alone"):
        send(publisher, draft())
    assert isinstance(publisher.verify(draft(), Prepared(), DUE), Unknown)
    assert file.read_bytes() == written


def test_a_strangers_atom_alone_is_left_alone_too(tmp_path):
    file = tmp_path / "public" / "feed" / "atom.xml"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"<feed/>")
    with pytest.raises(Transient):
        send(feed(tmp_path), draft())
    assert file.read_bytes() == b"<feed/>"


def test_a_picture_that_was_changed_after_the_yes_is_not_published(tmp_path):
    content = Content("x", media=(picture(tmp_path, b"another picture"),))
    with pytest.raises(Rejected, match="no longer the file"):
        feed(tmp_path).prepare(replace(draft(), content=content))
    (tmp_path / "media" / "march.png").unlink()
    with pytest.raises(Rejected, match="cannot be read"):
        feed(tmp_path).prepare(replace(draft(), content=content))


def test_deleting_takes_the_picture_along_unless_another_post_shows_it(tmp_path):
    publisher = feed(tmp_path)
    content = Content("x", media=(picture(tmp_path),))
    one = send(publisher, replace(draft(key="a" * 32), content=content))
    two = send(publisher, replace(draft(key="b" * 32), content=content))
    files = tmp_path / "public" / "feed" / "media"
    publisher.delete(one)
    assert len(list(files.iterdir())) == 1
    publisher.delete(two)
    assert list(files.iterdir()) == []
    assert drawn(tmp_path).findall(f"{ATOM}entry") == []


def test_control_characters_never_break_the_file(tmp_path):
    send(feed(tmp_path), draft("a\x00\x0b\x1b[31mb ]]> \ufffe ok"))
    entry = drawn(tmp_path).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}content").text == '<p dir="auto">a[31mb ]]&gt;  ok</p>'


@pytest.mark.parametrize("path", ["..", "../elsewhere", "/elsewhere", ".", "", ".git/feed", "media", ".drumbeat/x"])
def test_a_feed_stays_in_a_folder_of_its_own(tmp_path, path):
    with pytest.raises(UsageError, match="cannot keep its feed"):
        feed(tmp_path, path=path)


def test_settings_that_make_no_feed_are_said(tmp_path):
    with pytest.raises(UsageError, match="no `url`"):
        feed(tmp_path, url="example.org/feed")
    with pytest.raises(UsageError, match="whole number"):
        feed(tmp_path, entries="many")


def test_many_writers_lose_no_entry(tmp_path):
    import threading

    def write(number):
        send(feed(tmp_path), draft(f"post {number}", key=f"{number:032x}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told(tmp_path)["items"]) == 12


def test_who_cannot_have_the_lock_has_written_nothing(tmp_path, monkeypatch):
    from scheduler.publishers import disk

    monkeypatch.setattr(disk, "_PATIENCE_STEPS", 2)
    publisher = feed(tmp_path)
    with disk.locked(publisher._lock), pytest.raises(Transient, match="Another program"):
        send(publisher, draft())
    assert told(tmp_path)["items"] == []


def test_a_film_is_shown_with_its_words(tmp_path):
    film = picture(tmp_path)
    film = replace(film, facts=replace(film.facts, type="video/mp4"))
    send(feed(tmp_path), replace(draft(), content=Content("x", media=(film,))))
    assert '<video controls src="https://example.org/feed/media/' in told(tmp_path)["items"][0]["content_html"]


def test_it_is_found_by_the_platform_that_an_account_names(tmp_path):
    account = Account("site", "feed", "UTC", settings=SETTINGS)
    found = publisher_for(account, Surroundings(tmp_path, FixedClock(datetime(2027, 1, 1, tzinfo=UTC)), str))
    assert found.inspect().handle == "https://example.org/feed/atom.xml"


def test_a_web_server_may_read_it_whatever_the_umask_is(tmp_path):
    before = os.umask(0o077)
    try:
        send(feed(tmp_path), replace(draft(), content=Content("Look", media=(picture(tmp_path),))))
    finally:
        os.umask(before)

    made = [tmp_path / "public", *(tmp_path / "public").rglob("[!.]*")]
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in made} == {(True, 0o755), (False, 0o644)}
