"""Whatever a text holds, it arrives as it was written and does nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.parser import BytesParser
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model.content import Content
from scheduler.publishers.email.form import Letterhead, mail
from scheduler.publishers.feed import format as feed_format
from scheduler.publishers.html import clean, paragraphs
from scheduler.publishers.matrix.event import MOST_BYTES, Uploaded, event, size
from scheduler.publishers.nostr.event import Signer, event_id, from_bech32, post, to_bech32
from scheduler.testing.contract import draft

NOW = datetime(2027, 6, 30, 7, 0, tzinfo=UTC)
CHANNEL = feed_format.Channel("https://example.org/feed", "Say no", "https://example.org/", "Say no", "mk")
LIST = Letterhead(Address("Say no", "news", "example.org"), Address("", "list", "example.org"))
SNIPPETS = st.sampled_from(
    [
        "<script>",
        "</p>",
        "&amp;",
        "]]>",
        "https://example.org/a?b=1&c='\"",
        "\r\n.\r\n",
        "\n.\n",
        "@room",
        "#Сега",
        "\u202e",
        "a\n\n\nb",
    ]
)
TEXTS = st.lists(st.one_of(st.text(max_size=40), SNIPPETS), max_size=8).map("".join)
ALLOWED = {"p", "br", "a", "details", "summary"}


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.links, self.text = set(), [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name == "href"]
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data):
        self.text += data


def seen(html):
    parser = Seen()
    parser.feed(html)
    parser.close()
    return parser


@given(TEXTS)
def test_html_shows_the_letters_that_were_written_and_no_tag_of_theirs(text):
    found = seen(paragraphs(text))
    assert found.tags <= ALLOWED
    assert all(link.startswith(("http://", "https://")) for link in found.links)
    assert "".join(found.text.split()) == "".join(clean(text).split())


@given(TEXTS, TEXTS)
def test_a_feed_stays_well_formed_and_one_entry_one_entry(text, warning):
    one = feed_format.entry(replace(draft(), content=Content(text, warning=warning)), CHANNEL, {})
    feed = feed_format.document(CHANNEL, [one], "urn:uuid:x")
    root = ET.fromstring(feed_format.atom(feed, CHANNEL, updated=NOW))  # noqa: S314
    (entry,) = root.findall("{http://www.w3.org/2005/Atom}entry")
    html = entry.findtext("{http://www.w3.org/2005/Atom}content") or ""
    assert seen(html).tags <= ALLOWED
    assert clean(text).split() == one.get("content_text", "").split()[len(clean(warning).split()) :]


@settings(max_examples=60)
@given(TEXTS)
def test_a_mails_plain_part_comes_back_letter_by_letter(text):
    whole = mail(replace(draft(), content=Content(text)), LIST, {})
    assert whole.isascii()
    assert max(map(len, whole.split(b"\r\n"))) <= 998
    assert b"\n" not in whole.replace(b"\r\n", b"")
    read = BytesParser(policy=policy.default).parsebytes(whole)
    assert not read.defects
    assert set(read.keys()) <= {
        "Message-ID", "Content-Language", "Auto-Submitted", "Precedence", "X-Drumbeat-Post",
        "From", "To", "Date", "Subject", "MIME-Version", "Content-Type",
    }  # fmt: skip
    plain = read.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert plain.strip("\n") == clean(text).strip("\n")
    assert seen(read.get_body(("html",)).get_content()).tags <= ALLOWED | {"html", "head", "meta", "title", "body"}


@given(TEXTS, st.sampled_from(["", "loud"]))
def test_a_room_is_told_no_more_than_the_text_and_wakes_nobody(text, warning):
    made = event(replace(draft(), content=Content(text, warning=warning)), Uploaded(hidden="mxc://a/b"))
    assert made["m.mentions"] == {}
    assert size(made) <= MOST_BYTES
    assert seen(made["formatted_body"]).tags <= ALLOWED | {"span"}
    assert made["body"] == ("[loud](mxc://a/b)" if warning else clean(text))


@given(TEXTS)
def test_a_notes_id_is_a_function_of_the_draft(text):
    signer = Signer("ab" * 32, lambda digest: digest * 2)
    one = post(replace(draft(), content=Content(text)), signer, {}, "wss://relay.example")
    again = post(replace(draft(), content=Content(text)), signer, {}, "wss://relay.example")
    other = post(replace(draft(key="f" * 32), content=Content(text)), signer, {}, "wss://relay.example")
    assert one == again
    assert one["id"] != other["id"]
    assert one["id"] == event_id(one["pubkey"], one["created_at"], one["kind"], one["tags"], one["content"])


@given(st.binary(max_size=80), st.sampled_from(["npub", "note", "nprofile"]))
def test_bech32_comes_back_and_tells_a_wrong_letter(content, prefix):
    written = to_bech32(prefix, content)
    assert from_bech32(written) == (prefix, content)
    assert from_bech32(written.upper()) == (prefix, content)
    wrong = written[:-1] + ("q" if written[-1] != "q" else "p")
    try:
        from_bech32(wrong)
    except ValueError:
        return
    raise AssertionError(wrong)
