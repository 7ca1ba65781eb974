"""What a reader that other people wrote (feedparser) makes of our Atom file: every word where it belongs."""

from dataclasses import replace
from html.parser import HTMLParser

import feedparser
import pytest

from scheduler.model.content import Content
from scheduler.testing.contract import draft
from tests.contract.test_feed import feed, picture, send


@pytest.fixture
def read(tmp_path):
    def read():
        found = feedparser.parse((tmp_path / "public" / "feed" / "atom.xml").read_bytes())
        assert not found.bozo, found.get("bozo_exception")
        return found

    return read


class Words(HTMLParser):
    """What a browser shows of an entry."""

    def __init__(self, html):
        super().__init__()
        self.said = ""
        self.feed(html)
        self.said = self.said.strip()

    def handle_data(self, data):
        self.said += data

    def handle_starttag(self, tag, attrs):
        self.said += "\n" if tag == "br" else ""

    def handle_endtag(self, tag):
        self.said += "\n\n" if tag == "p" else ""


@pytest.mark.parametrize(
    "text",
    [
        "Кажи не 👩‍👩‍👧‍👦 1 < 2 & 3 > 2 <b>не</b> ]]> &amp;",
        "Прва линија\nвтора линија\n\nнов став",
        "שלום עולם #קול",
    ],
)
def test_a_text_is_read_as_it_was_written(tmp_path, read, text):
    receipt = send(feed(tmp_path), draft(text))
    [entry] = read().entries
    assert entry.id == receipt.remote_id
    assert Words(entry.content[0].value).said == text


def test_a_feed_says_whose_it_is_and_the_newest_comes_first(tmp_path, read):
    publisher = feed(tmp_path)
    older = draft("one", key="a" * 32)
    send(publisher, older)
    send(publisher, replace(draft("two", key="b" * 32), created_at=older.created_at.replace(hour=9)))
    found = read()
    assert (found.version, found.feed.title, found.feed.author) == ("atom10", "Say no", "Say no")
    assert [link.href for link in found.feed.links if link.rel == "self"] == ["https://example.org/feed/atom.xml"]
    assert [entry.title for entry in found.entries] == ["two", "one"]
    assert found.entries[0].published_parsed > found.entries[1].published_parsed


def test_language_hashtags_link_and_warning_are_read(tmp_path, read):
    content = Content(
        "Тешко. #СегаКажувам", language="mk", warning="Насилство", link="https://example.org/time-is-now?a=1&b=2"
    )
    send(feed(tmp_path), replace(draft(), content=content))
    [entry] = read().entries
    assert (entry.title, entry.summary) == ("Насилство", "Насилство")
    assert entry.link == "https://example.org/time-is-now?a=1&b=2"
    assert [tag.term for tag in entry.tags] == ["СегаКажувам"]
    assert entry.content[0].language == "mk"


def test_a_picture_is_read_with_its_words_and_whom_to_thank(tmp_path, read):
    media = picture(tmp_path)
    send(feed(tmp_path), replace(draft(), content=Content("Слика", media=(media,))))
    [entry] = read().entries
    [file] = entry.enclosures
    assert (file.type, file.length) == ("image/png", "9")
    assert file.href.startswith("https://example.org/feed/media/")
    assert 'alt="Women &amp; men with a' in entry.content[0].value
    assert entry.rights == "Photo: M. <P>"


def test_a_threads_parts_are_read_as_answers(tmp_path, read):
    publisher = feed(tmp_path)
    first = send(publisher, draft("one", key="a" * 32))
    send(publisher, draft("two", key="b" * 32, parent=first))
    answers = {entry.title: entry.get("thr_in-reply-to") for entry in read().entries}
    assert answers["one"] is None
    assert answers["two"]["ref"] == first.remote_id


def test_an_entry_that_was_taken_out_is_gone_for_readers(tmp_path, read):
    publisher = feed(tmp_path)
    receipt = send(publisher, draft())
    publisher.delete(receipt)
    assert read().entries == []
