"""A post in WordPress' own blocks, so that people can go on with it in the site's editor.

Everything is escaped, square brackets too: WordPress would run `[gallery]` in a text as a
command. What it still does to a text when it shows it is its own: it sets quotation marks and
dashes, and makes pictures of emoticons. Sources: developer.wordpress.org/block-editor,
shortcodes and `wp_kses`, as of 2026-08; seen on WordPress 6.1.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from scheduler.model.content import Content, Media
from scheduler.publishers.articles import blocks_of
from scheduler.publishers.html import anchor, clean, inline


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of the post in the site's media library: its id there, and where it is served."""

    id: int
    url: str
    media: Media


def title_html(title: str) -> str:
    """A title, which WordPress takes for HTML."""
    return _disarmed(escape(clean(title), quote=False))


def blocks(text: str, content: Content, placed: Sequence[Placed]) -> str:
    """The article below its title: paragraphs, then files with what they show and whom to thank, then the link."""
    made = [_block("paragraph", {}, f"<p>{_disarmed(inline(block))}</p>") for block in blocks_of(text)]
    made += [_file(one) for one in placed]
    if content.link and content.link not in content.text:
        made.append(_block("paragraph", {}, f"<p>{_disarmed(anchor(content.link))}</p>"))
    return "\n\n".join(made)


def _file(one: Placed) -> str:
    media = one.media
    alt = _disarmed(escape(clean("" if media.decorative else media.alt)))
    credit = _disarmed(escape(clean(media.credit)))
    caption = f'<figcaption class="wp-element-caption">{credit}</figcaption>' if credit else ""
    where = escape(one.url)
    if media.is_video:
        film = f'<video controls src="{where}" aria-label="{alt}"></video>'
        return _block("video", {"id": one.id}, f'<figure class="wp-block-video">{film}{caption}</figure>')
    shown = f'<img src="{where}" alt="{alt}" class="wp-image-{one.id}"/>'
    return _block("image", {"id": one.id}, f'<figure class="wp-block-image">{shown}{caption}</figure>')


def _block(kind: str, said: dict[str, int], html: str) -> str:
    told = f" {json.dumps(said)}" if said else ""
    return f"<!-- wp:{kind}{told} -->\n{html}\n<!-- /wp:{kind} -->"


def _disarmed(html: str) -> str:
    return html.replace("[", "&#91;")
