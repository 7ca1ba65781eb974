"""The files of an emulated X: uploaded whole or in pieces, worked on for a while, and forgotten after a day.

A still picture may come in one request; what moves has to come in pieces, all of them and in
order of number, and is then looked at until it is done. Sources as in `x_rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scheduler.clock import Clock
from scheduler.testing.emulators.loopback import Answer, Request
from scheduler.testing.emulators.x_rules import Refusal

KEPT = timedelta(days=1)
MOST_BYTES = {"tweet_image": 5_000_000, "tweet_gif": 15_000_000, "tweet_video": 512_000_000}
MOST_PIECE = 5_000_000
MOST_ALT = 1000
_INVALID = "One or more parameters to your request was invalid."


@dataclass(slots=True)
class File:
    """One upload. `total` is the size that was announced, `looks` how often it is asked for before it is done."""

    category: str
    at: datetime
    total: int = 0
    pieces: dict[int, bytes] = field(default_factory=dict)
    whole: bool = False
    looks: int = 0
    broken: bool = False
    alt: str = ""

    @property
    def bytes(self) -> bytes:
        """All that was sent, in order."""
        return b"".join(self.pieces[number] for number in sorted(self.pieces))


@dataclass(slots=True)
class Files:
    """All uploads. `works_for` is how many looks what moves takes until it is done, `breaks`: it never will be."""

    clock: Clock
    works_for: int = 0
    breaks: bool = False
    known: dict[str, File] = field(default_factory=dict)
    described: int = 0

    def missing(self, name: str) -> bool:
        """Whether a post may not name this upload: unknown, unfinished, or forgotten."""
        file = self.known.get(name)
        done = file is not None and file.whole and not file.looks and not file.broken
        return not done or file is None or self.clock.now() - file.at >= KEPT

    def answer(self, request: Request) -> Answer:
        """What is said to a request below `/2/media`."""
        match (request.method, *request.segments[2:]):
            case ("POST", "upload"):
                return self._one_shot(request)
            case ("POST", "upload", "initialize"):
                return self._initialize(request.json())
            case ("POST", "upload", name, "append"):
                return self._append(self._open(name), request)
            case ("POST", "upload", name, "finalize"):
                return self._finalize(name, self._open(name))
            case ("GET", "upload"):
                return self._status(request.query)
            case ("POST", "metadata"):
                return self._describe(request.json())
        raise Refusal(404, "Not Found")

    def _one_shot(self, request: Request) -> Answer:
        form = request.form()
        category = form["media_category"].body.decode() if "media_category" in form else ""
        media = form.get("media")
        if category != "tweet_image" or media is None or not media.type.startswith("image/"):
            raise Refusal(400, _INVALID)
        name, file = self._new(category, len(media.body))
        file.pieces[0], file.whole = media.body, True
        return Answer(200, {"data": {**_told(name), "size": len(media.body)}})

    def _initialize(self, said: Mapping[str, Any]) -> Answer:
        category, total = str(said.get("media_category")), said.get("total_bytes")
        if category not in MOST_BYTES or not isinstance(total, int) or "/" not in str(said.get("media_type")):
            raise Refusal(400, _INVALID)
        return Answer(200, {"data": _told(self._new(category, total)[0])})

    def _new(self, category: str, size: int) -> tuple[str, File]:
        if not 0 < size <= MOST_BYTES[category]:
            raise Refusal(400, "The media is too large.")
        name = str(1_900_000_000_000_000_001 + len(self.known))
        self.known[name] = File(category, self.clock.now(), size)
        return name, self.known[name]

    def _open(self, name: str) -> File:
        file = self.known.get(name)
        if file is None or file.whole:
            raise Refusal(400, "The media id is invalid.")
        return file

    def _append(self, file: File, request: Request) -> Answer:
        form = request.form()
        number = form["segment_index"].body.decode() if "segment_index" in form else ""
        piece = form["media"].body if "media" in form else b""
        if not number.isdecimal() or int(number) > 999 or not 0 < len(piece) <= MOST_PIECE:
            raise Refusal(400, _INVALID)
        file.pieces[int(number)] = piece
        return Answer(200, {"data": {"expires_at": int((file.at + KEPT).timestamp())}})

    def _finalize(self, name: str, file: File) -> Answer:
        if sorted(file.pieces) != list(range(len(file.pieces))) or len(file.bytes) != file.total:
            raise Refusal(400, "Segments do not add up to provided total file size.")
        file.whole, file.looks, file.broken = True, self.works_for, self.breaks
        works = self.works_for or self.breaks
        more = {"processing_info": {"state": "pending", "check_after_secs": 2}} if works else {}
        return Answer(200, {"data": {**_told(name), "size": file.total, **more}})

    def _status(self, query: Mapping[str, str]) -> Answer:
        name = query.get("media_id", "")
        file = self.known.get(name)
        if query.get("command") != "STATUS" or file is None:
            raise Refusal(400, _INVALID)
        file.looks = max(0, file.looks - 1)
        working: dict[str, Any] = {"state": "succeeded", "progress_percent": 100}
        if file.looks:
            working = {"state": "in_progress", "check_after_secs": 2, "progress_percent": 10}
        elif file.broken:
            working = {"state": "failed", "error": {"code": 1, "name": "InvalidMedia", "message": "Unsupported video."}}
        return Answer(200, {"data": {**_told(name), "processing_info": working}})

    def _describe(self, said: Mapping[str, Any]) -> Answer:
        file = self.known.get(str(said.get("id")))
        text = said.get("metadata", {}).get("alt_text", {}).get("text", "")
        if file is None or not 0 < len(text) <= MOST_ALT:
            raise Refusal(400, _INVALID)
        file.alt = text
        self.described += 1
        return Answer(200, {"data": {"id": said["id"], "associated_metadata": {"alt_text": {"text": text}}}})


def _told(name: str) -> dict[str, Any]:
    return {"id": name, "media_key": f"3_{name}", "expires_after_secs": int(KEPT.total_seconds())}
