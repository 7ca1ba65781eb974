"""Freezing at `apply`: every file that goes out is put into the store before the queue is written.

What was reviewed is what is sent: an edit, a `git checkout` or a lost file afterwards changes
nothing of it. Whatever is wrong with a file or the disk is an error here, before anything is
queued. One picture at a time is held in memory.
"""

import hashlib
from collections.abc import Callable, Iterable
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

    `tell` hears how many are done. Writes nothing, not even a folder, where no content has a file.
    """
    wanted = _wanted(contents)
    if not wanted:
        return 0
    try:
        with open_store(root) as store:
            return sum(_counted(store, root, media, at, tell) for at, media in enumerate(wanted, start=1))
    except OSError as trouble:
        raise MediaError(
            f"{folder_of(root)} cannot be written: {(trouble.strerror or 'no reason given').lower()}."
            " Nothing was put into the queue.",
            mend="Make room on the disk, or give yourself the right to write there.",
        ) from trouble


def _wanted(contents: Iterable[Content]) -> list[Media]:
    named = {
        (media.facts.sha256, media.file, media.recipe): media
        for content in contents
        for media in content.media
        if media.facts is not None
    }
    return list(named.values())


def _counted(store: Store, root: Path, media: Media, at: int, tell: Callable[[int], None]) -> bool:
    new = _freeze(store, root, media)
    tell(at)
    return new


def _freeze(store: Store, root: Path, media: Media) -> bool:
    facts, recipe = media.facts, media.recipe
    if facts is None:
        return False
    known = store.noted(root, media)
    if known is not None and store.has(known):
        return False
    if recipe is None:
        _copy(store, root, media, facts)
    else:
        _make(store, root, media, facts, recipe)
    return True


def _copy(store: Store, root: Path, media: Media, facts: MediaFacts) -> None:
    try:
        source = source_of(root, media, facts)
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble
    store.copy(facts, source)
    if digest_of(store.path(facts)) != facts.sha256:
        store.drop(facts)
        raise MediaError(f"media/{media.file} changed while it was copied.", mend="Do it again.")


def _make(store: Store, root: Path, media: Media, facts: MediaFacts, recipe: Recipe) -> None:
    try:
        content = made(root, media, facts, recipe)
    except OSError as trouble:
        raise unreadable(media, trouble) from trouble
    plain = replace(facts, sha256=hashlib.sha256(content).hexdigest(), type=recipe.type, bytes=len(content))
    store.keep(plain, content)
    seen = _seen(store.path(plain), media, recipe)
    whole = MediaFacts(plain.path, plain.sha256, plain.type, plain.bytes, seen.width, seen.height, seen.animated)
    store.note(media, whole)


def _seen(path: Path, media: Media, recipe: Recipe) -> Picture:
    """The made picture as anybody reads it: what cannot be read is not kept for the day."""
    if recipe.type not in FORMATS:
        return Picture(recipe.width, recipe.height)
    try:
        return look_at(path, recipe.type)
    except (BrokenPicture, PictureTooBig) as failure:
        path.unlink(missing_ok=True)
        raise MediaError(f"media/{media.file} cannot be made to fit: {failure}.") from failure
