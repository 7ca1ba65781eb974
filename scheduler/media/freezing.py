"""Freezing at `apply`: every file that goes out is put into the store before the queue is written.

What was reviewed is what is sent: an edit, a `git checkout` or a lost file afterwards changes
nothing of it. Whatever is wrong with a file or the disk is an error here, before anything is
queued. One picture at a time is held in memory.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.errors import MediaError
from scheduler.media.making import digest_of, made, source_of, unreadable
from scheduler.media.picture import FORMATS, BrokenPicture, Picture, PictureTooBig, look_at
from scheduler.media.store import Store, folder_of, open_store
from scheduler.model.content import Content, Media
from scheduler.model.media import MediaFacts, Recipe


def freeze(root: Path, contents: Iterable[Content], *, tell: Callable[[int], None] = lambda _: None) -> int:
    """Put every file that these contents show into the store; how many were new. Raises `MediaError`.

    `tell` hears how many of `to_keep` are done. Writes nothing, not even a folder, where no content has a file.
    """
    wanted = to_keep(contents)
    if not wanted:
        return 0
    try:
        with open_store(root) as store:
            return _freeze_all(store, root, wanted, tell)
    except OSError as trouble:
        raise MediaError(
            f"{folder_of(root)} cannot be written: {(trouble.strerror or 'no reason given').lower()}."
            " Nothing was put into the queue.",
            mend="Make room on the disk, or give yourself the right to write there.",
        ) from trouble


def to_keep(contents: Iterable[Content]) -> list[Media]:
    """What these contents show, each file and what is made of it once; equal ones beside each other, large first."""
    named = {
        (media.facts.sha256, media.file, media.recipe): media
        for content in contents
        for media in content.media
        if media.facts is not None
    }
    return sorted(named.values(), key=_largest_first)


def _largest_first(media: Media) -> tuple[object, ...]:
    recipe = media.recipe or Recipe("", 0, 0)
    return media.file, _sort(recipe), -recipe.most_bytes if recipe.most_bytes else -math.inf


def _sort(recipe: Recipe) -> tuple[str, int, int]:
    return recipe.type, recipe.width, recipe.height


def _freeze_all(store: Store, root: Path, wanted: Sequence[Media], tell: Callable[[int], None]) -> int:
    """One after the other. What was made for more bytes serves for fewer where it has no more than these."""
    new, last, before = 0, None, b""
    for at, media in enumerate(wanted, start=1):
        kind = (media.file, _sort(media.recipe)) if media.recipe else None
        content = _freeze(store, root, media, before if kind == last else b"")
        new += content is not None
        last, before = kind, content or b""
        tell(at)
    return new


def _freeze(store: Store, root: Path, media: Media, before: bytes) -> bytes | None:
    """What was made, empty for a mere copy; None where it lay there already."""
    facts, recipe = media.facts, media.recipe
    known = store.noted(root, media)
    if facts is None or (known is not None and _whole(store, known)):
        return None
    if recipe is None:
        _copy(store, root, media, facts)
        return b""
    content = before if 0 < len(before) <= recipe.most_bytes else _made(root, media, facts, recipe)
    _keep(store, media, facts, recipe, content)
    return content


def _whole(store: Store, known: MediaFacts) -> bool:
    """Whether it lies there to the bit: a copy that was spoilt since is put there anew, not believed by its size."""
    return store.has(known) and digest_of(store.path(known)) == known.sha256


def _copy(store: Store, root: Path, media: Media, facts: MediaFacts) -> None:
    try:
        source = source_of(root, media, facts)
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble
    store.copy(facts, source)
    if digest_of(store.path(facts)) != facts.sha256:
        store.drop(facts)
        raise MediaError(f"{media.shown} changed while it was copied.", mend="Do it again.")


def _made(root: Path, media: Media, facts: MediaFacts, recipe: Recipe) -> bytes:
    try:
        return made(root, media, facts, recipe)
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble


def _keep(store: Store, media: Media, facts: MediaFacts, recipe: Recipe, content: bytes) -> None:
    plain = MediaFacts(facts.path, hashlib.sha256(content).hexdigest(), recipe.type, len(content))
    store.keep(plain, content)
    seen = _seen(store.path(plain), media, recipe)
    store.note(media, replace(plain, width=seen.width, height=seen.height, animated=seen.animated))


def _seen(path: Path, media: Media, recipe: Recipe) -> Picture:
    """The made picture as anybody reads it: what cannot be read is not kept for the day."""
    if recipe.type not in FORMATS:
        return Picture(recipe.width, recipe.height)
    try:
        return look_at(path, recipe.type)
    except (BrokenPicture, PictureTooBig) as failure:
        path.unlink(missing_ok=True)
        raise MediaError(f"{media.shown} cannot be made to fit: {failure}.") from failure
