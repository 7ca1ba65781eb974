"""The files of a post: at LinkedIn before the moment, and waited for until it is done with them.

A post that names a file which is not done is refused, or taken and seen by nobody. An organization's token may
ask how a picture stands; a person's gets 403, and then a while is waited instead. Videos may be asked for by
both. What was uploaded is handed over by `NotReady` and comes back with the draft. Nothing says that an upload
is forgotten; here it is remembered for a day. Source: Microsoft Learn, Images and Videos API, as of 2026-09.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scheduler.clock import Clock
from scheduler.errors import NotReady, Rejected
from scheduler.model.content import Media
from scheduler.model.delivery import Draft
from scheduler.publishers.attachments import file_part
from scheduler.publishers.linkedin.answers import FILE, sort_told
from scheduler.publishers.linkedin.article import Page
from scheduler.publishers.linkedin.films import VIDEOS, sent
from scheduler.publishers.linkedin.way import Way
from scheduler.publishers.uploaded import Known, Uploaded

IMAGES = "/rest/images"
SETTLES = timedelta(seconds=10)
"""How long a picture is waited for of which nobody may ask how it stands. Not confirmed: how long is enough."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file at LinkedIn. `made` is a moment as ISO text, so that all of it is plain JSON."""

    urn: str
    made: str
    done: bool = False

    @property
    def at(self) -> datetime:
        """When it was uploaded."""
        return datetime.fromisoformat(self.made)

    @property
    def ends(self) -> datetime:
        """When it is no longer counted on."""
        return self.at + A_DAY


class Uploads:
    """The uploads of one account that no post has used yet."""

    def __init__(self, way: Way, root: Path, clock: Clock) -> None:
        self._way = way
        self._root = root
        self._clock = clock
        self._uploaded = Uploaded(Upload, clock)

    def of(self, draft: Draft, owner: str) -> list[str]:
        """The urns of a post's files, all done. Raises `NotReady` while one is not, `Rejected`, `Transient`."""
        media = draft.content.media
        known = [_known(draft, owner, str(at), _fact(one)) for at, one in enumerate(media)]
        self._uploaded.adopt(draft, known)
        for key, one in zip(known, media, strict=True):
            if self._uploaded.kept(key) is None:
                self._uploaded.keep(key, self._file(one, owner))
        return self._done(zip(known, (f"media/{one.file}" for one in media), strict=True))

    def thumbnail(self, draft: Draft, owner: str, page: Page) -> str:
        """The urn of a card's picture; empty where it has none, or LinkedIn takes it not. Raises as `of`."""
        key = _known(draft, owner, "card", draft.content.link)
        self._uploaded.adopt(draft, [key])
        try:
            if self._uploaded.kept(key) is None and page.picture:
                self._uploaded.keep(key, self._upload(self._picture(owner, page.picture, page.kind)))
            return self._done([(key, "the card's picture")])[0] if self._uploaded.kept(key) else ""
        except Rejected:
            return ""

    def _done(self, wanted: Iterable[tuple[Known, str]]) -> list[str]:
        every = list(wanted)
        try:
            return [self._ready(key, name) for key, name in every]
        except NotReady as caught:
            raise NotReady(caught.message, begun=self._uploaded.begun(key for key, _ in every)) from caught

    def _ready(self, known: Known, name: str) -> str:
        upload = self._uploaded.kept(known)
        if upload is None:
            raise NotReady(f"{name} was forgotten; it is uploaded again.")
        if not upload.done:
            self._wait_for(upload, name, blindly=":person:" in known[1] and ":video:" not in upload.urn)
            self._uploaded.keep(known, replace(upload, done=True))
        return upload.urn

    def _wait_for(self, upload: Upload, name: str, *, blindly: bool) -> None:
        """Raises `NotReady` while LinkedIn works on it. What would get 403 is not asked: each call counts for a day."""
        still = NotReady(f"LinkedIn still works on {name}.")
        state = None if blindly else self._state(upload)
        if state is None and self._clock.now() - upload.at < SETTLES:
            raise still
        if state == "PROCESSING_FAILED":
            raise Rejected(f"LinkedIn cannot use {name}.")
        if state not in {None, "AVAILABLE"}:
            raise still

    def _state(self, upload: Upload) -> str | None:
        """How LinkedIn says that it stands; None where the token may not ask."""
        kind = VIDEOS if ":video:" in upload.urn else IMAGES
        reply = self._way.read(f"{kind}/{quote(upload.urn, safe='')}", sort=sort_told, accept={403, 404})
        return None if reply.status in {403, 404} else str(reply.said().get("status"))

    # -- the wire ----------------------------------------------------------------------

    def _file(self, media: Media, owner: str) -> Upload:
        part = file_part(self._root, media)
        if part.content_type.startswith("video/"):
            return self._upload(sent(self._way, owner, part.path))
        return self._upload(self._picture(owner, part.path, part.content_type))

    def _picture(self, owner: str, what: Path | bytes, kind: str) -> str:
        asked = {"initializeUploadRequest": {"owner": owner}}
        begun = self._way.prepare("POST", f"{IMAGES}?action=initializeUpload", json=asked)
        value = begun.fields().get("value")
        said: Mapping[str, Any] = value if isinstance(value, dict) else {}
        urn, address = said.get("image"), said.get("uploadUrl")
        if not isinstance(urn, str) or not FILE.fullmatch(urn) or not isinstance(address, str):
            raise begun.garbled("it names no upload")
        self._way.put(address, what, kind, bearing=True)
        return urn

    def _upload(self, urn: str) -> Upload:
        return Upload(urn, self._clock.now().isoformat())


def _fact(media: Media) -> str:
    return f"{media.file} {media.facts.sha256 if media.facts else ''} {media.recipe or ''}"


def _known(draft: Draft, owner: str, at: str, what: str) -> Known:
    return (draft.idempotency_key, owner, at, what)
