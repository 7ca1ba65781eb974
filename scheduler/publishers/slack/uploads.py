"""Putting a picture on Slack where nobody sees it yet, to stand in a message later.

Three steps: an address for the bytes, the bytes, and the end of the upload, which names no
channel and so shows nothing. The bytes go to the address that Slack names, and only if that is
Slack's own. Source: docs.slack.dev, files.getUploadURLExternal and .completeUploadExternal, 2026-08.
"""

from urllib.parse import urlsplit

from scheduler.errors import Rejected
from scheduler.http.session import HttpSession
from scheduler.model.content import Media
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import Surroundings
from scheduler.publishers.html import clean
from scheduler.publishers.servers import Server

UPLOAD_TIMEOUT = 120.0
_OWN = ".slack.com"


def upload(http: HttpSession, media: Media, surroundings: Surroundings, server: Server) -> str:
    """The id of the file, uploaded with its alternative text and shared with nobody. Raises `NotSent` only."""
    part = file_part(surroundings.root, media)
    asked = {"filename": part.filename, "length": str(part.path.stat().st_size), "alt_txt": clean(media.alt)}
    said = http.prepare("POST", "/files.getUploadURLExternal", form=asked)
    address, file = str(said.fields().get("upload_url", "")), str(said.fields().get("file_id", ""))
    parts = urlsplit(address)
    if not file or not _is_slacks(parts.hostname or "", parts.scheme, server):
        raise Rejected(f"{http.source} named no address of its own for the upload.")
    store = HttpSession(
        f"{parts.scheme}://{parts.netloc}",
        clock=surroundings.clock,
        route=surroundings.route,
        timeout_seconds=UPLOAD_TIMEOUT,
        allow_private=server.own_network,
        secrets=(address, parts.path),
    )
    where = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        store.prepare("POST", where, file=part.path, content_type=part.content_type)
    finally:
        store.close()
    http.prepare("POST", "/files.completeUploadExternal", json={"files": [{"id": file, "title": part.filename}]})
    return file


def _is_slacks(host: str, scheme: str, server: Server) -> bool:
    own = urlsplit(server.url)
    return (scheme == "https" and host.endswith(_OWN)) or (scheme == own.scheme and host == own.hostname)
