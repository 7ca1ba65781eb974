"""A post's plain text as HTML: escaped whole, links made links, lines kept.

Feeds, rooms and mails show HTML. A text is never trusted to be any: what a contributor
wrote comes out as the characters that were written, and nothing but `http` and `https`
ever becomes a link.
"""

import re
from html import escape

from scheduler.model.content import Media
from scheduler.platforms.plain import plain_links

# legal nowhere in XML 1.0 (w3.org/TR/xml, section 2.2), invisible everywhere
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what no XML document may hold: control characters, half surrogates."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def inline(text: str) -> str:
    """One run of text: escaped, links made links, line ends as `<br>`."""
    text = clean(text)
    made: list[str] = []
    at = 0
    for start, end in plain_links(text):
        made += [_escaped(text[at:start]), anchor(text[start:end])]
        at = end
    return "".join([*made, _escaped(text[at:])])


def anchor(url: str, shown: str = "") -> str:
    """A link; `url` begins with `http://` or `https://`, else it is shown as text only."""
    words = _escaped(shown or url)
    safe = url.lower().startswith(("http://", "https://"))
    return f'<a href="{escape(clean(url))}">{words}</a>' if safe else words


def paragraphs(text: str, *, attributes: str = "") -> str:
    """The text in `<p>`, a new one behind each empty line; `attributes` go into every `<p>` as they are."""
    opened = f"<p {attributes}>" if attributes else "<p>"
    blocks = re.split(r"\n\s*\n", clean(text).strip("\n"))
    return "".join(f"{opened}{inline(block)}</p>" for block in blocks if block.strip())


def figure(media: Media, source: str) -> str:
    """A picture or film with its words for those who do not see it, and whom to thank for it."""
    facts = media.facts
    credit = f"<figcaption>{_escaped(media.credit)}</figcaption>" if media.credit else ""
    where = escape(source)
    alt = escape(clean("" if media.decorative else media.alt))
    if media.is_video:
        return f'<figure><video controls src="{where}" aria-label="{alt}"></video>{credit}</figure>'
    size = f' width="{facts.width}" height="{facts.height}"' if facts and facts.width else ""
    return f'<figure><img src="{where}" alt="{alt}"{size}>{credit}</figure>'


def _escaped(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")
