"""A feed's two forms, made from one: JSON Feed is what is kept, Atom is drawn from it.

Everything here is pure. An entry's id comes from the post's key alone, so a repeat is the
same entry to every reader, for ever; a changed id would show it twice. Sources: RFC 4287
(Atom), RFC 4685 (threads in it), jsonfeed.org/version/1.1, as of 2026-11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.platforms import platform_named
from scheduler.publishers.html import anchor, clean, figure, paragraphs
from scheduler.publishers.titles import shortened

VERSION = "https://jsonfeed.org/version/1.1"
ATOM = "http://www.w3.org/2005/Atom"
THREADS = "http://purl.org/syndication/thread/1.0"
BUSY = timedelta(days=1)
MOST_OF_A_DAY = 500
_TITLE = 80

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself. `url` is where its folder is served, without a slash at its end."""

    url: str
    title: str
    home: str
    author: str
    language: str = ""


def entry_id(key: str) -> str:
    """The entry's permanent name (RFC 4122 URN), from the idempotency key and nothing else."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'drumbeat:{key}')}"


def entry(draft: Draft, channel: Channel, files: Mapping[str, str]) -> Entry:
    """One post as a JSON Feed entry. `files` gives for each media path the name of its copy in `media/`."""
    content = draft.content
    made: Entry = {
        "id": entry_id(draft.idempotency_key),
        "title": clean(content.warning),
        "summary": clean(content.warning),
        "external_url": content.link,
        "content_html": _html(content, channel, files),
        "content_text": clean(f"{content.warning}\n\n{content.text}" if content.warning else content.text),
        "date_published": _stamp(draft.created_at),
        "date_modified": _stamp(draft.created_at),
        "language": content.language,
        "tags": [tag.text.lstrip("#＃") for tag in platform_named("feed").entities(content.text).hashtags],
        "attachments": [_attachment(media, channel, files[media.file]) for media in content.media],
        "_drumbeat": _ours(draft),
    }
    return {name: value for name, value in made.items() if value or name == "content_html"}


def _ours(draft: Draft) -> dict[str, Any]:
    said = {
        "warning": clean(draft.content.warning),
        "in_reply_to": draft.parent.remote_id if draft.parent else "",
        "credits": [clean(media.credit) for media in draft.content.media if media.credit],
    }
    return {name: value for name, value in said.items() if value}


def _html(content: Content, channel: Channel, files: Mapping[str, str]) -> str:
    """The words, the pictures, the link; a warning comes first and folds away the rest where a reader can fold."""
    body = paragraphs(content.text, attributes='dir="auto"')
    body += "".join(figure(media, _media_url(channel, files[media.file])) for media in content.media)
    if content.link and content.link not in content.text:
        body += f"<p>{anchor(content.link)}</p>"
    if not content.warning:
        return body
    return f"<details><summary>{paragraphs(content.warning)[3:-4]}</summary>{body}</details>"


def _media_url(channel: Channel, name: str) -> str:
    return f"{channel.url}/media/{name}"


def _attachment(media: Media, channel: Channel, name: str) -> dict[str, Any]:
    facts = media.facts
    kind = facts.type if facts else "application/octet-stream"
    told: dict[str, Any] = {"url": _media_url(channel, name), "mime_type": kind}
    if media.alt:
        told["title"] = clean(media.alt)
    return told | ({"size_in_bytes": facts.bytes} if facts else {})


def _stamp(moment: datetime) -> str:
    """RFC 3339, in UTC, to the microsecond that was frozen."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def kept(entries: Sequence[Entry], most: int, *, always: str = "") -> list[Entry]:
    """Newest first: the `most` newest, on a busy day all of its last 24 hours (at most 500), and the entry `always`.

    Readers poll every few hours; an entry pushed out between two polls would never be seen.
    """
    ordered = sorted(entries, key=lambda one: str(one.get("date_published", "")), reverse=True)
    if not ordered:
        return []
    since = _stamp(datetime.fromisoformat(ordered[0]["date_published"]) - BUSY)
    return [
        one
        for place, one in enumerate(ordered)
        if place < most or one["id"] == always or (place < MOST_OF_A_DAY and str(one["date_published"]) >= since)
    ]


def document(channel: Channel, entries: Sequence[Entry], feed_id: str) -> dict[str, Any]:
    """The whole feed as JSON Feed 1.1. `_drumbeat` marks it as ours to rewrite."""
    said: dict[str, Any] = {
        "version": VERSION,
        "title": clean(channel.title),
        "home_page_url": channel.home,
        "feed_url": f"{channel.url}/feed.json",
        "authors": [{"name": clean(channel.author)}],
        "language": channel.language,
        "_drumbeat": {"id": feed_id},
        "items": list(entries),
    }
    return {name: value for name, value in said.items() if value or name == "items"}


def feed_id(channel: Channel) -> str:
    """A new feed's own permanent name; it is kept in the file, whatever address the feed moves to."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, channel.url)}"


def atom(feed: Mapping[str, Any], channel: Channel, *, updated: datetime) -> bytes:
    """The feed as Atom. `updated` is what an empty feed says; else it is the newest entry's."""
    entries: list[Entry] = feed["items"]
    root = ET.Element("feed", {"xmlns": ATOM, "xmlns:thr": THREADS})
    if channel.language:
        root.set("xml:lang", channel.language)
    _put(root, "id", feed["_drumbeat"]["id"])
    _put(root, "title", feed["title"])
    _put(root, "updated", max((one["date_modified"] for one in entries), default=_stamp(updated)))
    _put(_put(root, "author"), "name", feed["authors"][0]["name"])
    _put(root, "generator", "Drumbeat")
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{channel.url}/atom.xml"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": channel.home})
    for one in entries:
        root.append(_atom_entry(one))
    drawn: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{drawn}\n'.encode()


def _atom_entry(one: Entry) -> ET.Element:
    made = ET.Element("entry", {"xml:lang": one["language"]} if "language" in one else {})
    _put(made, "id", one["id"])
    _put(made, "title", one.get("title") or _title(one.get("content_text", "")))
    _put(made, "updated", one["date_modified"])
    _put(made, "published", one["date_published"])
    if "external_url" in one:
        ET.SubElement(made, "link", {"rel": "alternate", "href": one["external_url"]})
    if "summary" in one:
        _put(made, "summary", one["summary"])
    _atom_rest(made, one)
    _put(made, "content", one["content_html"]).set("type", "html")
    return made


def _atom_rest(made: ET.Element, one: Entry) -> None:
    """Hashtags, files, the entry above it in a thread, and whom to thank."""
    ours = one.get("_drumbeat", {})
    for tag in one.get("tags", ()):
        ET.SubElement(made, "category", {"term": tag})
    for file in one.get("attachments", ()):
        length = {"length": str(file["size_in_bytes"])} if "size_in_bytes" in file else {}
        ET.SubElement(made, "link", {"rel": "enclosure", "href": file["url"], "type": file["mime_type"], **length})
    if "in_reply_to" in ours:
        ET.SubElement(made, "thr:in-reply-to", {"ref": ours["in_reply_to"]})
    if "credits" in ours:
        _put(made, "rights", " · ".join(ours["credits"]))


def _title(text: str) -> str:
    """Atom wants a title of every entry: the first line, cut at a word."""
    return shortened(text.strip().partition("\n")[0], _TITLE)


def _put(parent: ET.Element, tag: str, text: str = "") -> ET.Element:
    made = ET.SubElement(parent, tag)
    made.text = text
    return made
