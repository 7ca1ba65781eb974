"""The files of X's posts: uploaded before the moment, described, and looked at until X is done with them.

A still picture goes in one request; what moves goes in pieces, and X then works on it. An id is
good for about a day, and a description is charged for, so what was done is handed over by
`NotReady` and comes back with the draft. Uploading shows nothing to anybody. Sources: docs.x.com,
media upload v2 (initialize, append, finalize), as of 2026-08; v1.1 was switched off in 2025. Not
confirmed: how big a piece may be; 1 MiB is what others send.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler.clock import Clock
from scheduler.errors import NotReady, Rejected
from scheduler.http.bodies import FilePart, piece_form
from scheduler.http.reply import Reply
from scheduler.model.content import Media
from scheduler.model.delivery import Draft
from scheduler.publishers.attachments import file_part
from scheduler.publishers.uploaded import Known, Uploaded
from scheduler.publishers.x.way import Way

UPLOAD = "/2/media/upload"
DESCRIBE = "/2/media/metadata"
PIECE = 1 << 20
TIMEOUT = 120.0
A_DAY = 86_400
SAFELY = 5 / 6
"""Of the time that X says it keeps an upload."""

_WAITING = frozenset({"pending", "in_progress"})


@dataclass(frozen=True, slots=True)
class Upload:
    """One file at X. `wait_until` and `good_until` are moments as ISO texts, so that all of it is plain JSON."""

    id: str
    key: str
    good_until: str
    wait_until: str = ""
    described: bool = False

    @property
    def ends(self) -> datetime:
        """When X may have forgotten it."""
        return datetime.fromisoformat(self.good_until)


class Uploads:
    """The uploads of one account that no post has used yet."""

    def __init__(self, way: Way, root: Path, clock: Clock) -> None:
        self._way = way
        self._root = root
        self._clock = clock
        self._uploaded = Uploaded(Upload, clock)

    def of(self, draft: Draft) -> list[Upload]:
        """All files of a post, ready to be used. Raises `NotReady` while X works on one, `Rejected`, `Transient`."""
        media = draft.content.media
        known = [_known(draft, at) for at in range(len(media))]
        self._uploaded.adopt(draft, known)
        for key, one in zip(known, media, strict=True):
            if self._uploaded.kept(key) is None:
                self._uploaded.keep(key, self._sent(one))
        try:
            return [self._ready(key, one) for key, one in zip(known, media, strict=True)]
        except NotReady as caught:
            raise NotReady(caught.message, begun=self._uploaded.begun(known)) from caught

    def _ready(self, known: Known, media: Media) -> Upload:
        upload = self._uploaded.kept(known)
        if upload is None:
            raise NotReady(f"X has forgotten {media.shown}; it is uploaded again.")
        if upload.wait_until:
            upload = self._uploaded.keep(known, self._looked_at(known, upload, media))
        if media.alt and not upload.described:
            self._describe(upload, media.alt)
            upload = self._uploaded.keep(known, replace(upload, described=True))
        return upload

    # -- the wire ----------------------------------------------------------------------

    def _sent(self, media: Media) -> Upload:
        part = file_part(self._root, media, name="media")
        kind = media.facts.type if media.facts else part.content_type
        if kind.startswith("image/") and kind != "image/gif":
            fields = [("media_category", "tweet_image")]
            return self._upload(self._way.prepare("POST", UPLOAD, parts=(fields, [part]), timeout_seconds=TIMEOUT))
        return self._in_pieces(part, kind)

    def _in_pieces(self, part: FilePart, kind: str) -> Upload:
        category = "tweet_gif" if kind == "image/gif" else "tweet_video"
        told = {"media_type": kind, "total_bytes": part.path.stat().st_size, "media_category": category}
        begun = self._upload(self._way.prepare("POST", f"{UPLOAD}/initialize", json=told))
        for number, piece in enumerate(_pieces(part.path)):
            kind_of_body, body = piece_form({"segment_index": str(number)}, "media", piece)
            path = f"{UPLOAD}/{begun.id}/append"
            self._way.prepare("POST", path, content=body, content_type=kind_of_body, timeout_seconds=TIMEOUT)
        return self._upload(self._way.prepare("POST", f"{UPLOAD}/{begun.id}/finalize"))

    def _upload(self, reply: Reply) -> Upload:
        said = _said(reply)
        if not isinstance(said.get("id"), str) or not said["id"]:
            raise reply.garbled("it names no upload")
        kept = said.get("expires_after_secs")
        seconds = kept if isinstance(kept, int) and 0 < kept < A_DAY else A_DAY
        good_until = (self._clock.now() + timedelta(seconds=seconds * SAFELY)).isoformat()
        return Upload(said["id"], str(said.get("media_key") or ""), good_until, self._wait(said))

    def _wait(self, said: dict[str, Any]) -> str:
        """When to look again, where X still works on it; empty where it is done."""
        working = said.get("processing_info")
        if not isinstance(working, dict) or working.get("state") not in _WAITING:
            return ""
        after = working.get("check_after_secs")
        return (self._clock.now() + timedelta(seconds=after if isinstance(after, int) else 1)).isoformat()

    def _looked_at(self, known: Known, upload: Upload, media: Media) -> Upload:
        still = NotReady(f"X still works on {media.shown}.")
        if self._clock.now() < datetime.fromisoformat(upload.wait_until):
            raise still
        said = _said(self._way.read(UPLOAD, params={"command": "STATUS", "media_id": upload.id}))
        working = said.get("processing_info")
        if isinstance(working, dict) and working.get("state") == "failed":
            why = working.get("error")
            words = str(why.get("message", "")) if isinstance(why, dict) else ""
            raise Rejected(f"X cannot use {media.shown}. {words}".strip())
        if wait := self._wait(said):
            self._uploaded.keep(known, replace(upload, wait_until=wait))
            raise still
        return replace(upload, wait_until="")

    def _describe(self, upload: Upload, alt: str) -> None:
        told = {"id": upload.id, "metadata": {"alt_text": {"text": alt}}}
        self._way.prepare("POST", DESCRIBE, json=told)


def _said(reply: Reply) -> dict[str, Any]:
    said = reply.fields().get("data")
    return said if isinstance(said, dict) else {}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _known(draft: Draft, at: int) -> Known:
    media = draft.content.media[at]
    made = f"{media.facts.sha256 if media.facts else ''} {media.recipe or ''}"
    return (draft.idempotency_key, str(at), media.file, made, media.alt)
