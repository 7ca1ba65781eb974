"""A video on its way to LinkedIn: in the pieces, and to the addresses, that LinkedIn names.

Each piece goes without our token, and is told apart by the `ETag` that it gets; the whole is then put together.
Nothing of it is visible. Source: Microsoft Learn, Videos API, as of 2026-09. A known client sends all of them
to the first address, with the token (gitroomhq/postiz-app, 2026-08): that is not what the page says.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scheduler.http.reply import Reply
from scheduler.publishers.linkedin.answers import FILE
from scheduler.publishers.linkedin.way import Way

VIDEOS = "/rest/videos"
KIND = "application/octet-stream"


def sent(way: Way, owner: str, path: Path) -> str:
    """Uploads a video for `owner` and gives its urn. Raises what `Way.prepare` does."""
    asked = {"owner": owner, "fileSizeBytes": path.stat().st_size, "uploadCaptions": False, "uploadThumbnail": False}
    begun = way.prepare("POST", f"{VIDEOS}?action=initializeUpload", json={"initializeUploadRequest": asked})
    value = begun.fields().get("value")
    said: Mapping[str, Any] = value if isinstance(value, dict) else {}
    urn, pieces = said.get("video"), said.get("uploadInstructions")
    if not isinstance(urn, str) or not FILE.fullmatch(urn) or not isinstance(pieces, list) or not pieces:
        raise begun.garbled("it names no upload")
    parts = [_piece(way, path, one, begun) for one in pieces]
    _put_together(way, urn, str(said.get("uploadToken") or ""), parts)
    return urn


def _piece(way: Way, path: Path, told: Any, begun: Reply) -> str:  # noqa: ANN401  # whatever LinkedIn said
    try:
        first, last, address = int(told["firstByte"]), int(told["lastByte"]), str(told["uploadUrl"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise begun.garbled("it does not say what to send where") from None
    if not 0 <= first <= last:
        raise begun.garbled("it does not say what to send where")
    with path.open("rb") as file:
        file.seek(first)
        reply = way.put(address, file.read(last - first + 1), KIND, bearing=False)
    tag = next((value for name, value in reply.headers.items() if name.lower() == "etag"), "")
    if not tag:
        raise reply.garbled("it names no piece")
    return tag


def _put_together(way: Way, urn: str, token: str, parts: Sequence[str]) -> None:
    asked = {"video": urn, "uploadToken": token, "uploadedPartIds": list(parts)}
    way.prepare("POST", f"{VIDEOS}?action=finalizeUpload", json={"finalizeUploadRequest": asked})
