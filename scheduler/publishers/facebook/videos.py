"""The video of a Page's post: uploaded in pieces before the moment, and shown to nobody until it is finished.

Facebook says from where to where the next piece goes, and is asked for one until there is none. The
last phase, `finish`, makes the video visible: that is the one creating request, and the video's id is
known before it. Facebook works on a video after that, for minutes, so its post is only accepted, and
found later by the video in it. An upload is used within twelve hours; how long one lasts is not told.
Sources: Graph API, Page videos, phases start, transfer and finish, as of 2026-04; today's guide tells
of uploads by the app in their stead. Not confirmed: that a new app may still use the phases.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.clock import Clock
from scheduler.errors import Rejected
from scheduler.http.bodies import FilePart, piece_form
from scheduler.http.reply import Reply
from scheduler.model.delivery import Draft
from scheduler.publishers.attachments import file_part
from scheduler.publishers.meta.graph import Graph, form

OFFICIAL = "https://graph-video.facebook.com"
TIMEOUT = 120.0
GOOD_FOR = timedelta(hours=12)
MOST_PIECE = 64 << 20
"""A piece is held in memory; one that Facebook wants bigger is sent in part, and the rest asked for again."""

Known = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Video:
    """One uploaded video, and the session by which it is finished."""

    id: str
    session: str
    ends: datetime

    def written(self) -> dict[str, str]:
        """As it is kept beside the post."""
        return {"id": self.id, "session": self.session}


class Videos:
    """The videos of one account that were uploaded by this process and may still be finished."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._made: dict[Known, Video] = {}
        self._lock = threading.Lock()

    def of(self, draft: Draft, graph: Graph, page: str) -> Video:
        """The one video of a post, uploaded if need be. Raises what `Graph.prepare` does."""
        known = _known(draft)
        now = self._clock.now()
        with self._lock:
            self._made = {key: made for key, made in self._made.items() if made.ends > now}
            found = self._made.get(known)
        if found is None:
            found = self._uploaded(file_part(self._root, draft.content.media[0]), graph, page)
            with self._lock:
                self._made[known] = found
        return found

    def _uploaded(self, part: FilePart, graph: Graph, page: str) -> Video:
        size = part.path.stat().st_size
        path = f"/{page}/videos"
        reply = graph.prepare("POST", path, form=form({"upload_phase": "start", "file_size": size}))
        said = reply.fields()
        video, session = str(said.get("video_id", "")), str(said.get("upload_session_id", ""))
        if not (video.isdecimal() and session):
            raise reply.garbled("it names no video")
        start, end = _offsets(reply)
        while start < end:
            kind, body = _transfer(part.path, session, start, min(end, start + MOST_PIECE, size))
            reply = graph.prepare("POST", path, content=body, content_type=kind, timeout_seconds=TIMEOUT)
            before, (start, end) = start, _offsets(reply)
            if start <= before:
                raise reply.garbled("it took no piece of the video")
        return Video(video, session, self._clock.now() + GOOD_FOR)


def finishing(session: str, text: str) -> dict[str, str]:
    """The form of the request that makes a video's post visible."""
    said = {"upload_phase": "finish", "upload_session_id": session, "description": text, "published": True}
    return form(said)


def _offsets(reply: Reply) -> tuple[int, int]:
    """From where to where the next piece goes; equal where there is none."""
    said = reply.fields()
    try:
        return int(said["start_offset"]), int(said["end_offset"])
    except (KeyError, TypeError, ValueError):
        raise reply.garbled("it does not say which piece is next") from None


def _transfer(path: Path, session: str, start: int, end: int) -> tuple[str, bytes]:
    """The form of one piece of a file: its content type, and its bytes. Raises `Rejected` where the file is gone."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            piece = file.read(end - start)
    except OSError as trouble:
        raise Rejected(f"The file {path.name} cannot be read ({trouble.strerror}).") from None
    said = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(start)}
    return piece_form(said, "video_file_chunk", piece)


def _known(draft: Draft) -> Known:
    facts = draft.content.media[0].facts
    return draft.idempotency_key, facts.sha256 if facts else draft.content.media[0].file
