"""The files of a post, opened as they were approved.

What a person said yes to lies frozen in the store, and that is what is sent, whatever became
of the file since. Only posts queued by an older version have no copy there: for them the file
itself is sent if it still is the one approved. Told to the platform is a name made of the hash:
no local name leaks, and servers that tell uploads apart by name alone (snac2 `mastoapi.c`, about
2024) mix nothing up.
"""

import hashlib
from pathlib import Path

from scheduler.errors import Rejected
from scheduler.http.bodies import FilePart
from scheduler.model.content import Media
from scheduler.model.media import STORE, ending_of, stored_name

FOLDER = "media"
_PIECE = 1 << 20
_AGAIN = "Run `drumbeat apply`, then retry."


def file_part(root: Path, media: Media, *, name: str = "file") -> FilePart:
    """The file as a form's part called `name`. Raises `Rejected` where it is gone or not what was approved."""
    if media.recipe is not None:
        raise Rejected(f"What was made of {media.shown} is no longer in the store.", mend=_AGAIN)
    path, digest = _approved(root, media)
    kind = media.facts.type if media.facts else "application/octet-stream"
    ending = ending_of(kind) if media.facts else path.suffix.lstrip(".")
    return FilePart(name, path, kind, f"{digest[:32]}.{ending}")


def _approved(root: Path, media: Media) -> tuple[Path, str]:
    """The frozen copy, else the file itself, and its hash: the first of them that is what was approved."""
    own = root / FOLDER / media.file
    if media.facts is None:
        return own, _digest(own)
    frozen = root.joinpath(*STORE, stored_name(media.facts))
    for path in (frozen, own) if frozen.is_file() else (own,):
        if (digest := _digest(path)) == media.facts.sha256:
            return path, digest
    raise Rejected(f"{media.shown} is no longer the file that was approved.", mend=_AGAIN)


def _digest(path: Path) -> str:
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                whole.update(piece)
    except OSError as trouble:
        raise Rejected(f"media/{path.name} cannot be read: {trouble.strerror}.") from None
    return whole.hexdigest()
