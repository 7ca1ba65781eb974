"""The post's record, from the draft and what was prepared; the same bytes each time.

Pure. Uploads, resolved mentions and the card's words come from `Prepared`; the creation
time and the thread's references from the draft, which the queue froze. The form is that of
the lexicon app.bsky.feed.post (github.com/bluesky-social/atproto, as of 2026-11).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from scheduler.model.delivery import Draft, Prepared
from scheduler.publishers.bluesky.facets import facets
from scheduler.publishers.bluesky.names import POST

LABELS = frozenset({"sexual", "nudity", "porn", "graphic-media", "!no-unauthenticated"})
"""What an account may say of its own posts. Labels hide pictures, not words."""

Reference = Mapping[str, str]


def record(
    draft: Draft, prepared: Prepared, *, reply: Mapping[str, Reference] | None = None, labels: Sequence[str] = ()
) -> dict[str, Any]:
    """The record. `reply` has `root` and `parent`, each with `uri` and `cid`."""
    content = draft.content
    made: dict[str, Any] = {"$type": POST, "text": content.text, "createdAt": moment(draft.created_at)}
    optional: dict[str, Any] = {
        "langs": [content.language] if content.language else None,
        "facets": facets(content.text, prepared.values.get("mentions", {})),
        "embed": embed(prepared.values),
        "reply": reply,
        "labels": _labels(labels),
    }
    return made | {name: value for name, value in optional.items() if value}


def embed(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The one thing below the text: pictures, a video or a link card. They exclude each other."""
    if values.get("video"):
        return {"$type": "app.bsky.embed.video", **values["video"]}
    if values.get("images"):
        return {"$type": "app.bsky.embed.images", "images": list(values["images"])}
    if values.get("card"):
        return {"$type": "app.bsky.embed.external", "external": dict(values["card"])}
    return None


def _labels(labels: Sequence[str]) -> dict[str, Any] | None:
    values = [{"val": label} for label in labels]
    return {"$type": "com.atproto.label.defs#selfLabels", "values": values} if values else None


def moment(when: datetime) -> str:
    """An aware instant as records write it, to the millisecond."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z"
