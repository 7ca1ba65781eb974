"""The files of Mastodon's posts: uploaded before the moment, looked at until the server is done with them.

Each is uploaded once, though it may take many looks, and across restarts: what is on the
server already is handed over by `NotReady`, and comes back with the draft. An account may
upload 30 files in 30 minutes.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scheduler.errors import NotReady, PublishError, Rejected
from scheduler.http.reply import Reply
from scheduler.http.session import HttpSession
from scheduler.model.content import Media
from scheduler.model.delivery import Draft
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import Surroundings

UPLOAD_TIMEOUT = 120.0
UPLOADS_KEPT = timedelta(hours=20)
"""An upload that no post uses is swept away after a day (`media_attachments_vacuum.rb`, 2026)."""

Known = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on the server, by its id there, since `at`; not `ready` while the server works on it."""

    id: str
    at: datetime
    ready: bool


def kept_until(uploads: Sequence[Upload]) -> datetime | None:
    """When the first of them may be gone; None where there are none."""
    return min((upload.at + UPLOADS_KEPT for upload in uploads), default=None)


class Uploads:
    """The uploads of one account that no post has used yet."""

    def __init__(self, http: HttpSession, surroundings: Surroundings) -> None:
        self._http = http
        self._root = surroundings.root
        self._clock = surroundings.clock
        self._made: dict[Known, Upload] = {}
        self._lock = threading.Lock()

    def of(self, draft: Draft) -> list[Upload]:
        """All files of a post, ready to be used, uploaded where they were not. Raises `NotReady`, `Rejected`."""
        media = draft.content.media
        known = [_known(draft, number) for number in range(len(media))]
        self._adopt(draft, known)
        try:
            return [self._ready(key, one) for key, one in zip(known, media, strict=True)]
        except NotReady as caught:
            raise NotReady(caught.message, begun=self._begun(known)) from caught

    def _ready(self, known: Known, media: Media) -> Upload:
        upload = self._kept(known) or self._upload(media)
        self._keep(known, upload)
        if not upload.ready:
            upload = self._looked_at(upload, media) or self._lost(known)
            self._keep(known, upload)
        return upload

    def _kept(self, known: Known) -> Upload | None:
        """An upload made before and not swept away since."""
        oldest = self._clock.now() - UPLOADS_KEPT
        with self._lock:
            self._made = {key: upload for key, upload in self._made.items() if upload.at > oldest}
            return self._made.get(known)

    def _keep(self, known: Known, upload: Upload) -> None:
        with self._lock:
            self._made[known] = upload

    def _lost(self, known: Known) -> Upload:
        with self._lock:
            self._made.pop(known, None)
        raise NotReady("The server has lost an upload; it is made again.")

    def _begun(self, known: Sequence[Known]) -> dict[str, Any]:
        """What is on the server already, as it is stored; keyed by everything that makes an upload the right one."""
        found = [(key, upload) for key in known if (upload := self._kept(key))]
        return {"uploads": [[*key, upload.id, upload.at.isoformat(), upload.ready] for key, upload in found]}

    def _adopt(self, draft: Draft, known: Sequence[Known]) -> None:
        """Takes over what another process, or this one before, had uploaded for the same post."""
        for *key, name, at, ready in draft.begun.get("uploads", ()):
            if tuple(key) in known:
                with self._lock:
                    self._made.setdefault(tuple(key), Upload(name, datetime.fromisoformat(at), ready))

    def _upload(self, media: Media) -> Upload:
        part = file_part(self._root, media)
        described = [("description", media.alt)] if media.alt else []
        at = self._clock.now()
        reply = self._http.prepare("POST", "/api/v2/media", parts=(described, [part]), timeout_seconds=UPLOAD_TIMEOUT)
        return Upload(_id(reply), at, ready=reply.status != 202)

    def _looked_at(self, upload: Upload, media: Media) -> Upload | None:
        """200: ready. 206: still being worked on. 422: will never be (docs.joinmastodon.org/methods/media)."""

        def sort(reply: Reply) -> PublishError | None:
            refused = f"The server cannot use {media.shown}: {reply.sentence()}"
            return Rejected(refused) if reply.status == 422 else None

        reply = self._http.find(f"/api/v1/media/{quote(upload.id, safe='')}", sort=sort)
        if reply is not None and reply.status == 206:
            raise NotReady(f"The server still works on {media.shown}.")
        return replace(upload, ready=True) if reply is not None else None


def _known(draft: Draft, number: int) -> Known:
    media = draft.content.media[number]
    made = f"{media.facts.sha256 if media.facts else ''} {media.recipe or ''}"
    return (draft.idempotency_key, str(number), media.file, made, media.alt)


def _id(reply: Reply) -> str:
    found = reply.fields().get("id")
    if not isinstance(found, str | int) or isinstance(found, bool) or not str(found):
        raise reply.garbled("it names no upload")
    return str(found)
