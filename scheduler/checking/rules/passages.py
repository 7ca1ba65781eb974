"""The texts of a post that people read, each by the key of the campaign file that it came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scheduler.model.content import Content
from scheduler.platforms.plain import plain_links

TAG = r"(?<![\w&/#])[#＃]\w+"


@dataclass(frozen=True, slots=True)
class Passage:
    """One text. `key` finds its place (`media.0.alt`), `name` is what a person calls it ("the text")."""

    key: str
    name: str
    text: str


def passages(content: Content) -> Iterator[Passage]:
    """Every text of `content` that is not empty: its text, warning, alternative texts and poll options."""
    if content.text:
        yield Passage("text", "the text", content.text)
    if content.warning:
        yield Passage("warning", "the warning", content.warning)
    for at, media in enumerate(content.media):
        if media.alt:
            yield Passage(f"media.{at}.alt", f"the alternative text of {media.shown}", media.alt)
    for option in content.poll.options if content.poll else ():
        yield Passage("poll", "a poll's option", option)


@lru_cache(maxsize=256)
def without_links(text: str) -> str:
    """The text, of the same length, each link with a scheme blanked out; many rules ask for one text in turn."""
    for start, end in plain_links(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text
