"""The bytes that go out for a picture or video of a post: as frozen, or as they would be made now.

A preview shows exactly these. Nothing is written here: what was frozen at `apply` is read,
anything else is made in memory from the file that was looked at, and from no other.
"""

import hashlib
from pathlib import Path

from scheduler.errors import MediaError
from scheduler.media.shaping import Unshapable, shaped
from scheduler.media.store import frozen
from scheduler.model.campaign import CARD
from scheduler.model.content import Media
from scheduler.model.media import MediaFacts, Recipe

FOLDER = "media"
PNG = "image/png"
_PIECE = 1 << 20


def made_bytes(root: Path, media: Media) -> bytes:
    """Exactly what goes out for `media` of the workspace in `root`. Raises `MediaError`."""
    if media.facts is None:
        raise MediaError(f"{media.shown} was not looked at.", mend="Run `drumbeat check`.")
    path = frozen(root, media)
    try:
        return path.read_bytes() if path else made(root, media, media.facts, media.recipe)
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble


def small_bytes(root: Path, media: Media, most: int) -> bytes:
    """What goes out, for showing it small: what is still to be made is made at most `most` pixels wide and high.

    Large photos take a fraction of the time and memory so. Raises `MediaError`.
    """
    recipe, facts = media.recipe, media.facts
    if recipe is None or facts is None or facts.animated or media.file.startswith(CARD) or frozen(root, media):
        return made_bytes(root, media)
    factor = min(1.0, most / max(recipe.width, recipe.height))
    size = (max(1, round(recipe.width * factor)), max(1, round(recipe.height * factor)))
    try:
        return made(root, media, facts, Recipe(recipe.type, *size))
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble


def made(root: Path, media: Media, facts: MediaFacts, recipe: Recipe | None) -> bytes:
    """What is made of the file as it lies there now, in memory. Raises `MediaError` and `OSError`."""
    try:
        if media.file.startswith(CARD):
            return _drawn(media, facts, recipe)
        source = source_of(root, media, facts)
        return shaped(source, facts, recipe) if recipe else source.read_bytes()
    except Unshapable as failure:
        raise MediaError(
            f"{media.shown} cannot be made to fit: {failure}.", mend="Save it smaller, or as PNG or JPEG."
        ) from failure


def source_of(root: Path, media: Media, facts: MediaFacts) -> Path:
    """The file, once it has proved to be the one that was looked at. Raises `MediaError` and `OSError`."""
    path = root / FOLDER / media.file
    if digest_of(path) != facts.sha256:
        raise MediaError(
            f"{media.shown} is no longer the file that was looked at.", mend="Look again with `drumbeat plan`."
        )
    return path


def intact(root: Path, media: Media) -> bool:
    """Whether the file lies there as it was looked at, and goes out as it is."""
    if media.facts is None or media.recipe is not None:
        return media.facts is None
    try:
        return digest_of(root / FOLDER / media.file) == media.facts.sha256
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """The file's SHA-256 (hex), read in pieces."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()


def unreadable(media: Media, trouble: OSError) -> MediaError:
    """The error for a file that cannot be read."""
    why = (trouble.strerror or "it cannot be opened").lower()
    return MediaError(f"{media.shown} cannot be read: {why}.", mend="Give yourself the right to read it.")


def _drawn(media: Media, facts: MediaFacts, recipe: Recipe | None) -> bytes:
    """A card, drawn. Raises `MediaError` where its drawing was not kept."""
    if recipe is None or not media.drawing:
        raise MediaError(f"{media.shown} was drawn at `apply`, and its picture is gone.", mend="Run `drumbeat apply`.")
    from scheduler.media.drawing import draw

    drawing = draw(media.drawing, recipe.width, recipe.height)
    if recipe.type == PNG and (not recipe.most_bytes or len(drawing) <= recipe.most_bytes):
        return drawing
    return shaped(drawing, MediaFacts(facts.path, "", PNG, len(drawing), recipe.width, recipe.height), recipe)
