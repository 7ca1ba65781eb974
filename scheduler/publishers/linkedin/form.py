"""What a post is to LinkedIn's Posts API: one JSON, of which the words alone are little text.

A post's content is a video, pictures, a link's card or a poll, one of them. Source: Microsoft Learn, Posts API,
multi-image and polls, as of 2026-01 to 2026-09.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.model.content import Content, Poll
from scheduler.platforms.questions import divided
from scheduler.platforms.rules.linkedin import PLATFORM
from scheduler.publishers.html import clean
from scheduler.publishers.linkedin.little import escaped

VISIBLE = {"": "PUBLIC", "public": "PUBLIC", "followers": "CONNECTIONS"}
"""Who may see it, by the words of a campaign file. On LinkedIn, one's own circle are one's connections."""

LASTS = dict(zip(PLATFORM.poll_spans, ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"), strict=True))


def words_of(content: Content) -> tuple[str, str]:
    """The text above, as it is read, and a poll's question (empty without a poll)."""
    text = clean(content.text).replace("\r\n", "\n").strip()
    return divided(text, PLATFORM.limits["poll_question"]) if content.poll else (text, "")


def body_of(
    content: Content, author: str, media: Sequence[str], article: Mapping[str, Any], *, reshared: bool
) -> dict[str, Any]:
    """The post. `media` are the urns of its files, `article` its card (empty: none)."""
    text, question = words_of(content)
    said: dict[str, Any] = {
        "author": author,
        "commentary": escaped(text),
        "visibility": VISIBLE[content.visibility],
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": not reshared,
    }
    shown = _shown(content, question, media, article)
    return {**said, "content": shown} if shown else said


def _shown(content: Content, question: str, media: Sequence[str], article: Mapping[str, Any]) -> dict[str, Any]:
    if content.poll is not None:
        return {"poll": _poll(content.poll, question)}
    files = [_file(urn, one.alt) for urn, one in zip(media, content.media, strict=True)]
    if len(files) > 1:
        return {"multiImage": {"images": files}}
    if files:
        return {"media": files[0]}
    return {"article": dict(article)} if article else {}


def _file(urn: str, alt: str) -> dict[str, str]:
    """A picture with its alternative text. Videos have none (Videos API, as of 2026-09)."""
    return {"id": urn, "altText": alt} if alt and ":video:" not in urn else {"id": urn}


def _poll(poll: Poll, question: str) -> dict[str, Any]:
    options = [{"text": option} for option in poll.options]
    return {"question": question, "options": options, "settings": {"duration": LASTS[poll.open_for]}}
