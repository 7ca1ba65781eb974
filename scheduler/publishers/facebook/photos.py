"""The photos of a Page's posts: uploaded before the moment, described, and shown to nobody.

`published=false` uploads a photo that no one sees until a post names it. Its id is then known
before the post is made, which makes it the witness by which a lost post is found. What was
uploaded is remembered, so that a second preparation leaves no second copy. Not asked for is
`temporary`, with which photos are said to vanish after a day. Sources: Graph API, Page photos, as
of 2026-04; `alt_text_custom` is in the reference of Photo, and was not tried by us.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.clock import Clock
from scheduler.model.content import Media
from scheduler.model.delivery import Draft
from scheduler.publishers.attachments import file_part
from scheduler.publishers.meta.graph import Graph

TIMEOUT = 120.0
REMEMBERED = timedelta(days=2)

Known = tuple[str, ...]


class Photos:
    """The photos of one account that were uploaded by this process, by what they were uploaded for."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._made: dict[Known, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def of(self, draft: Draft, graph: Graph, page: str) -> list[str]:
        """The ids of all photos of a post, each uploaded if need be. Raises what `Graph.prepare` does."""
        self._forget()
        return [self._one(_known(draft, at), media, graph, page) for at, media in enumerate(draft.content.media)]

    def _one(self, known: Known, media: Media, graph: Graph, page: str) -> str:
        with self._lock:
            made = self._made.get(known)
        if made:
            return made[0]
        photo = self._uploaded(media, graph, page)
        with self._lock:
            self._made[known] = photo, self._clock.now()
        return photo

    def _uploaded(self, media: Media, graph: Graph, page: str) -> str:
        part = file_part(self._root, media, name="source")
        fields: Sequence[tuple[str, str]] = [("published", "false")]
        if media.alt:
            fields = [*fields, ("alt_text_custom", media.alt)]
        reply = graph.prepare("POST", f"/{page}/photos", parts=(fields, [part]), timeout_seconds=TIMEOUT)
        photo = str(reply.fields().get("id", ""))
        if not photo.isdecimal():
            raise reply.garbled("it names no photo")
        return photo

    def _forget(self) -> None:
        oldest = self._clock.now() - REMEMBERED
        with self._lock:
            self._made = {known: made for known, made in self._made.items() if made[1] > oldest}


def _known(draft: Draft, at: int) -> Known:
    media = draft.content.media[at]
    made = f"{media.facts.sha256 if media.facts else ''} {media.recipe or ''}"
    return (draft.idempotency_key, str(at), media.file, made, media.alt)
