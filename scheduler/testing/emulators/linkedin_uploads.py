"""Files of an emulated LinkedIn: an address each, pictures with the token, a video's pieces without it.

A file works for as many looks as `works_for` says before it is available; a person may ask that of videos
alone. What names another owner than its post, or is not available, is refused with the post.
"""

from dataclasses import dataclass, field
from typing import Any

from scheduler.testing.emulators.linkedin_rules import Refusal
from scheduler.testing.emulators.loopback import Answer, Request

PIECE = 4_194_304


@dataclass(slots=True)
class File:
    """One file: whose it is, its bytes as far as they came, and how it stands."""

    urn: str
    owner: str
    size: int = 0
    pieces: dict[int, bytes] = field(default_factory=dict)
    status: str = "WAITING_UPLOAD"
    looks: int = 0

    @property
    def bytes(self) -> bytes:
        """All of it."""
        return b"".join(self.pieces[at] for at in sorted(self.pieces))


@dataclass(slots=True)
class Files:
    """All uploads. `elsewhere` is a host that addresses are said to be on; `piece` the size of a video's pieces."""

    works_for: int = 0
    breaks: bool = False
    elsewhere: str = ""
    piece: int = PIECE
    known: dict[str, File] = field(default_factory=dict)
    _number: int = 0

    def begin(self, request: Request, kind: str, url: str) -> Answer:
        """`initializeUpload` of an image or a video."""
        said = request.json().get("initializeUploadRequest", {})
        if not str(said.get("owner", "")).startswith("urn:li:"):
            raise Refusal(400, "MISSING_REQUIRED_FIELD", "owner is required")
        self._number += 1
        urn = f"urn:li:{kind}:C5522AQ{self._number:08}"
        file = self.known[urn] = File(urn, said["owner"], int(said.get("fileSizeBytes", 0)))
        address = f"{self.elsewhere or url}/dms-uploads/sp/{self._number:08}/uploaded-{kind}/0"
        if kind == "image":
            return Answer(200, {"value": {"uploadUrl": f"{address}?ca=vector", "image": urn, "uploadUrlExpiresAt": 1}})
        return Answer(
            200, {"value": {"video": urn, "uploadToken": "", "uploadInstructions": self._told(file, address)}}
        )

    def _told(self, file: File, address: str) -> list[dict[str, Any]]:
        starts = range(0, file.size, self.piece)
        return [
            {"uploadUrl": f"{address}?part={at}", "firstByte": at, "lastByte": min(at + self.piece, file.size) - 1}
            for at in starts
        ]

    def take(self, request: Request) -> Answer:
        """Bytes at an address: a picture's with the token, a video's without."""
        number = request.segments[2]
        file = next(one for one in self.known.values() if one.urn.endswith(number))
        bearing = "authorization" in request.headers
        if bearing == (":video:" in file.urn):
            return Answer(401 if not bearing else 400, b"")
        at = int(request.query.get("part", "0"))
        file.pieces[at] = request.body
        if bearing:
            file.status = "PROCESSING"
        return Answer(201 if bearing else 200, b"", {"ETag": f"/ambry-video/signedId/{at}"} if not bearing else {})

    def finish(self, request: Request) -> Answer:
        """`finalizeUpload` of a video: every piece is named, and all of it is there."""
        said = request.json().get("finalizeUploadRequest", {})
        file = self.known.get(said.get("video", ""))
        if file is None:
            raise Refusal(404, "RESOURCE_NOT_FOUND", "no such video")
        named = [f"/ambry-video/signedId/{at}" for at in sorted(file.pieces)]
        if said.get("uploadedPartIds") != named or len(file.bytes) != file.size:
            raise Refusal(400, "VIDEO_UPLOAD_INCOMPLETE", "The parts do not make up the video")
        file.status = "PROCESSING"
        return Answer(200, b"")

    def look(self, urn: str) -> Answer:
        """How a file stands."""
        file = self.known.get(urn)
        if file is None:
            raise Refusal(404, "RESOURCE_NOT_FOUND", "no such file")
        self.work(file)
        return Answer(200, {"id": urn, "owner": file.owner, "status": file.status})

    def work(self, file: File) -> None:
        """Time passes for a file."""
        file.looks += 1
        if file.status == "PROCESSING" and file.looks > self.works_for:
            file.status = "PROCESSING_FAILED" if self.breaks else "AVAILABLE"

    def check(self, urn: str, author: str) -> None:
        """Raises `Refusal` where a post may not name a file."""
        file = self.known.get(urn)
        if file is None or file.owner != author:
            raise Refusal(400, "INVALID_URN_ID", f"{urn} is no file of {author}")
        if file.status == "PROCESSING":
            self.work(file)
        if file.status != "AVAILABLE":
            raise Refusal(400, "MEDIA_ASSET_WAITING_UPLOAD", f"Media asset {urn} is not available yet")
