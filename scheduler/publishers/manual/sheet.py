"""The page that a person posts from: one HTML file, its pictures beside it, nothing of a network.

A text stands in a box that one click selects whole, without any script; where scripts run, the same
click copies it. What is copied is the approved text, to the character. The policy lets nothing run or
load but this page's own script, style and pictures, whatever a text says. It knows no clock: the same
post is the same page.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from scheduler.model.content import Content, Media
from scheduler.publishers.html import anchor, clean

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.2rem; margin-top: 2rem } h3 { margin: 1rem 0 .25rem }
h3 { font-size: 1rem }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: .75rem; cursor: copy;
  border: 2px solid #767676; border-radius: .4rem; user-select: all; -webkit-user-select: all }
pre:focus-visible { outline: 3px solid #1a6fd6; outline-offset: 2px }
pre.command { font-family: ui-monospace, monospace }
pre.copied { border-color: #1b7f3b }
html { background: #fff; color: #1a1c20 } a { color: #0b57d0 } a, code { overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { html { background: #16181c; color: #eceef2 } a { color: #9ecbff } }
pre.copied::after { content: "Copied"; float: right; margin-left: 1rem; font-weight: bold; user-select: none }
figure { margin: 1rem 0 } img, video { max-width: 100%; max-height: 24rem; border: 1px solid #767676 }
figcaption p { margin: .25rem 0 }
.grave { border-left: .4rem solid #b3261e; padding-left: .75rem }
"""
SCRIPT = """
document.querySelectorAll("pre").forEach(function (box) {
  function select() {
    var range = document.createRange(); range.selectNodeContents(box);
    var now = getSelection(); now.removeAllRanges(); now.addRange(range);
  }
  function done() { box.classList.add("copied"); setTimeout(function () { box.classList.remove("copied") }, 2000) }
  function old() { select(); if (document.execCommand("copy")) { done() } }
  function copy() {
    select();
    if (navigator.clipboard) { navigator.clipboard.writeText(box.textContent).then(done, old) } else { old() }
  }
  box.addEventListener("click", copy);
  box.addEventListener("keydown", function (event) { if (event.key === "Enter") { copy() } });
});
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a thread, with the file names of its pictures as they lie beside the page."""

    content: Content
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on a page. `due` is on the account's own clock; `below` is the link that it answers to."""

    delivery: str
    account: str
    where: str
    due: datetime
    parts: Sequence[Part]
    below: str = ""


def page(sheet: Sheet) -> bytes:
    """The page of a post."""
    number = len(sheet.parts)
    due = f"{sheet.due:%A, %Y-%m-%d %H:%M} ({_said(str(sheet.due.tzinfo))})"
    head = [
        f"<h1>Post this by hand: {_said(sheet.where or sheet.account)}</h1>",
        f"<p>Due {due}, account {_said(sheet.account)}.</p>",
        "<p>One click selects the whole of a box; where scripts run, it copies it too.</p>",
        f"<p>It goes below {anchor(sheet.below)}, as a reply.</p>" if sheet.below else "",
        f"<p>A thread of {number} parts: post each as a reply to the one before.</p>" if number > 1 else "",
    ]
    shown = [_part(part, place, number) for place, part in enumerate(sheet.parts, 1)]
    return _whole(f"By hand: {sheet.delivery}", [*head, *shown, *_end(sheet)])


def closed(delivery: str, said: str, *, url: str = "") -> bytes:
    """The page that stands there once nobody should post from it any more; nothing of the text is on it."""
    words = [
        f"<h1>{_said(said)}</h1>",
        f"<p>{_said(delivery)}</p>",
        f"<p>{anchor(url)}</p>" if url else "",
    ]
    return _whole(f"By hand: {delivery}", words)


def _part(part: Part, place: int, number: int) -> str:
    content = part.content
    title = f"Part {place} of {number}" if number > 1 else "The post"
    rest = (("Warning, to stand before it", content.warning), ("Text", content.text), ("Link", _link(content)))
    boxes = [_box(name, text, content.language) for name, text in rest if text]
    files = [_picture(media, file, content.language) for media, file in zip(content.media, part.files, strict=True)]
    return f"<section><h2>{title}</h2>{''.join([*boxes, *files, *_poll(content), *_notes(content)])}</section>"


def _link(content: Content) -> str:
    return "" if content.link in content.text else content.link


def _box(name: str, text: str, language: str = "", *, kind: str = "") -> str:
    # HTML drops a line end right behind <pre>: ours goes, and the text's own stays
    lang = f' lang="{escape(language)}"' if language else ""
    look = f' class="{kind}"' if kind else ""
    return f'<h3>{_said(name)}</h3><pre{look}{lang} dir="auto" tabindex="0">\n{_said(text)}</pre>'


def _picture(media: Media, file: str, language: str) -> str:
    where = escape(file)
    alt = escape(clean(media.alt))
    shown = f'<video controls src="{where}"></video>' if media.is_video else f'<img src="{where}" alt="{alt}">'
    words = _box("Alternative text", media.alt, language) if media.alt else ""
    empty = "<p>It says nothing that the text does not say: no alternative text.</p>" if media.decorative else ""
    credit = f"<p>Credit: {_said(media.credit)}</p>" if media.credit else ""
    save = f'<p>The file: <a href="{where}" download>{where}</a></p>'
    return f"<figure>{shown}<figcaption>{save}{words}{empty}{credit}</figcaption></figure>"


def _poll(content: Content) -> list[str]:
    poll = content.poll
    if poll is None:
        return []
    kind = "several answers" if poll.multiple else "one answer"
    hours = f"{poll.open_for / 3600:g} hours"
    return [
        f"<h3>A poll, {kind}, open for {hours}</h3>",
        *(_box(f"Answer {place}", option, content.language) for place, option in enumerate(poll.options, 1)),
    ]


def _notes(content: Content) -> list[str]:
    said = (("Language", content.language), ("Who may see it", content.visibility))
    return [f"<p>{name}: {_said(text)}</p>" for name, text in said if text]


def _end(sheet: Sheet) -> Iterable[str]:
    yield '<section class="grave"><h2>When it is out</h2>'
    yield "<p>Copy the link of what you posted, of a thread that of its first part, and run this with it. "
    yield "Until then Drumbeat counts it as not sent, and waits for you.</p>"
    yield _box("It is out", f"drumbeat done {sheet.delivery} --url URL", kind="command")
    yield _box("It is out, and has no link", f"drumbeat done {sheet.delivery} --no-url", kind="command")
    yield _box("It will not be posted", f"drumbeat resolve {sheet.delivery} --not-sent", kind="command")
    yield "</section>"


def _whole(title: str, body: Iterable[str]) -> bytes:
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src 'self' file:",
            "media-src 'self' file:",
            f"style-src {_hash(STYLE)}",
            f"script-src {_hash(SCRIPT)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{_said(title)}</title><style>{STYLE}</style></head>"
    )
    return f"{head}<body><main>{''.join(body)}</main><script>{SCRIPT}</script></body></html>\n".encode()


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _said(text: str) -> str:
    return escape(clean(text))
