"""The files of a post, opened as they were approved.

What a person said yes to is a file's bytes, by their hash. A file that changed since is not
sent in its stead. Told to the platform is a name made of the hash: no local name leaks, and
servers that tell uploads apart by name alone (snac2 `mastoapi.c`, about 2024) mix nothing up.
"""

import hashlib
from pathlib import Path

from scheduler.errors import Rejected
from scheduler.http.bodies import FilePart
from scheduler.model.content import Media

FOLDER = "media"
_PIECE = 1 << 20
_NAMES = {"image/jpeg": "jpg", "image/svg+xml": "svg", "video/quicktime": "mov"}


def file_part(root: Path, media: Media, *, name: str = "file") -> FilePart:
    """The file as a form's part called `name`. Raises `Rejected` where it is gone or no longer what was approved."""
    path = root / FOLDER / media.file
    digest = _digest(path)
    if media.facts is not None and digest != media.facts.sha256:
        raise Rejected(
            f"media/{media.file} is no longer the file that was approved.", mend="Run `drumbeat apply`, then retry."
        )
    kind = media.facts.type if media.facts else "application/octet-stream"
    ending = _NAMES.get(kind) or kind.rpartition("/")[2] if media.facts else path.suffix.lstrip(".")
    return FilePart(name, path, kind, f"{digest[:32]}.{ending}")


def _digest(path: Path) -> str:
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                whole.update(piece)
    except OSError as trouble:
        raise Rejected(f"The file media/{path.name} cannot be read ({trouble.strerror}).") from None
    return whole.hexdigest()
