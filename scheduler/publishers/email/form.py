"""A post as a mail, the same bytes at every try: plain text, HTML, the pictures inside it.

Nothing in it is drawn by lot: id, date and boundaries come from the post. Headers that must
not be re-folded by anyone (addresses in List-Unsubscribe, ids) are written by hand. Sources:
RFC 5322, 2046, 2387 (structure), 3834 (Auto-Submitted), 2369 and 8058 (unsubscribing), as of 2026-11.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from scheduler.errors import Rejected
from scheduler.model.content import Content, Media
from scheduler.model.delivery import Draft
from scheduler.publishers.html import anchor, clean, figure, paragraphs
from scheduler.publishers.titles import shortened

# 7bit: nothing is asked of any server on the way
_POLICY = SMTP.clone(cte_type="7bit")
_SUBJECT = 78
_MAIL_ID = re.compile(r"<[\x21-\x7e]+>")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every mail of an account says of itself. `unsubscribe`: `https:` and `mailto:` addresses, in order."""

    sender: Address
    to: Address
    reply_to: Address | None = None
    list_id: str = ""
    unsubscribe: tuple[str, ...] = ()
    one_click: bool = False


def mail_id(key: str, domain: str) -> str:
    """The Message-ID: the same at every try of a post, so that a second copy can be recognised."""
    return f"<{key}.drumbeat@{domain}>"


def mail(draft: Draft, letterhead: Letterhead, files: Mapping[str, Path]) -> bytes:
    """The whole mail, lines ended by CRLF. `files` gives each media path its file. Raises `Rejected` without one."""
    content = draft.content
    made = EmailMessage(policy=_POLICY)
    made["From"], made["To"] = letterhead.sender, letterhead.to
    if letterhead.reply_to:
        made["Reply-To"] = letterhead.reply_to
    made["Date"] = draft.created_at
    made["Subject"] = subject(content)
    made.set_content(plain(content), charset="utf-8")
    made.add_alternative(_page(content), subtype="html", charset="utf-8")
    _with_files(made, content.media, files)
    for number, part in enumerate(part for part in made.walk() if part.is_multipart()):
        part.set_boundary(f"drumbeat-{draft.idempotency_key}-{number}")
    return _by_hand(draft, letterhead) + made.as_bytes()


def subject(content: Content) -> str:
    """The warning, where there is one; else the first line, cut at a word."""
    line = next((line.strip() for line in clean(content.warning or content.text).splitlines() if line.strip()), "")
    line = line or next((clean(media.alt) for media in content.media if media.alt), "…")
    return shortened(line, _SUBJECT)


def plain(content: Content) -> str:
    """For who reads no HTML: warning, text, link, and in brackets what each picture shows."""
    pieces = [content.warning, content.text]
    if content.link and content.link not in content.text:
        pieces.append(content.link)
    pieces += [f"[{' · '.join(filter(None, (media.alt, media.credit)))}]" for media in content.media if _told(media)]
    return clean("\n\n".join(piece for piece in pieces if piece))


def _told(media: Media) -> str:
    return "" if media.decorative else media.alt or media.credit


def _page(content: Content) -> str:
    """The HTML part: a document of its own, in the text's language and direction."""
    auto = 'dir="auto"'
    body = paragraphs(content.warning, attributes=f'{auto} style="font-weight:bold"') if content.warning else ""
    body += paragraphs(content.text, attributes=auto)
    if content.link and content.link not in content.text:
        body += f"<p>{anchor(content.link)}</p>"
    body += "".join(figure(media, f"cid:{_cid(number)}") for number, media in _pictures(content.media))
    language = f' lang="{escape(content.language)}"' if content.language else ""
    title = escape(subject(content))
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f"<!DOCTYPE html><html{language}>{head}<body>{body}</body></html>"


def _pictures(media: tuple[Media, ...]) -> list[tuple[int, Media]]:
    return [(number, one) for number, one in enumerate(media) if _kind(one)[0] == "image"]


def _kind(media: Media) -> tuple[str, str]:
    kind, _, sort = (media.facts.type if media.facts else "application/octet-stream").partition("/")
    return kind, sort or "octet-stream"


def _cid(number: int) -> str:
    return f"picture{number}@drumbeat.invalid"


def _with_files(made: EmailMessage, media: tuple[Media, ...], files: Mapping[str, Path]) -> None:
    """Pictures beside the HTML that shows them (multipart/related), anything else as an attachment."""
    shown = made.get_body(("html",))
    for number, one in enumerate(media):
        kind, sort = _kind(one)
        name = f"{number + 1}.{files[one.file].suffix.lstrip('.') or 'bin'}"
        content = _bytes(files[one.file], one)
        if kind == "image" and isinstance(shown, EmailMessage):
            shown.add_related(content, kind, sort, cid=f"<{_cid(number)}>", filename=name, disposition="inline")
        else:
            made.add_attachment(content, kind, sort, filename=name)


def _bytes(path: Path, media: Media) -> bytes:
    try:
        return path.read_bytes()
    except OSError as caught:
        raise Rejected(f"{media.shown} cannot be read: {caught.strerror}.") from None


def _by_hand(draft: Draft, letterhead: Letterhead) -> bytes:
    """Headers as they are meant to arrive, one line each: the mail library would fold or encode long addresses."""
    domain = letterhead.sender.domain
    above = [one.remote_id for one in (draft.root, draft.parent) if one and _MAIL_ID.fullmatch(one.remote_id)]
    headers = {
        "Message-ID": mail_id(draft.idempotency_key, domain),
        "In-Reply-To": above[-1] if above else "",
        "References": "\r\n ".join(dict.fromkeys(above)),
        "Content-Language": draft.content.language,
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "List-Id": f"<{letterhead.list_id}>" if letterhead.list_id else "",
        "List-Unsubscribe": ",\r\n ".join(f"<{address}>" for address in letterhead.unsubscribe),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if letterhead.one_click else "",
        "X-Drumbeat-Post": draft.idempotency_key,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value).encode("ascii")
