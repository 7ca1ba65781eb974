"""The store of what goes out: `.drumbeat/media/`, every file called by what is in it.

A file lies there whole or not at all, for its owner alone. Beside the files stand small notes
that say which of them was made of what and how; a name never means two things, so that nothing
is ever overwritten and two `apply`s at once do each other no harm.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from scheduler.model.content import Content, Media
from scheduler.model.media import STORE, MediaFacts, made_name, stored_name

_LOCK, _WAITING = ".lock", ".new"
_PIECE = 1 << 22

Fill = Callable[[BinaryIO], None]


def folder_of(root: Path) -> Path:
    """Where the store of the workspace in `root` is, or would be."""
    return root.joinpath(*STORE)


def frozen(root: Path, media: Media) -> Path | None:
    """Where what goes out for `media` lies in the store; None: it does not."""
    facts = _facts(root, media)
    path = folder_of(root) / stored_name(facts) if facts else None
    return path if path is not None and path.is_file() else None


def going_out(root: Path, content: Content) -> Content:
    """The content as a publisher gets it: each file with the facts of what was made of it.

    What was not frozen keeps its recipe, by which whoever sends knows. Never raises over a file.
    """
    if not any(media.recipe for media in content.media):
        return content
    return replace(content, media=tuple(_going_out(root, media) for media in content.media))


def _going_out(root: Path, media: Media) -> Media:
    facts = _facts(root, media)
    return media if facts is None else replace(media, facts=facts, recipe=None)


def _facts(root: Path, media: Media) -> MediaFacts | None:
    """Of what goes out; None where it was to be made and is not noted."""
    if media.facts is None or media.recipe is None:
        return media.facts
    try:
        said = json.loads((folder_of(root) / _note_name(media.facts, media)).read_text("utf-8"))
        return MediaFacts(**said)
    except (OSError, ValueError, TypeError):
        return None


def _note_name(facts: MediaFacts, media: Media) -> str:
    return f"{made_name(facts, media.recipe)}.json"


class Store:
    """The store, open for writing: nobody prunes it meanwhile. Everything raises `OSError` as the disk does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, facts: MediaFacts) -> bool:
        """Whether it lies there whole; if so it counts as new again, so that it is not pruned before it is needed."""
        path = self.path(facts)
        try:
            os.utime(path)
            return path.stat().st_size == facts.bytes
        except FileNotFoundError:
            return False

    def keep(self, facts: MediaFacts, content: bytes) -> None:
        """Put the bytes there."""
        self._write(stored_name(facts), lambda file: _pour(content, file))

    def copy(self, facts: MediaFacts, source: Path) -> None:
        """Put a copy of the file there, which the file system may share until one of them changes."""
        self._write(stored_name(facts), lambda file: _copy(source, file))

    def path(self, facts: MediaFacts) -> Path:
        """Where the file lies that has these facts."""
        return self._folder / stored_name(facts)

    def drop(self, facts: MediaFacts) -> None:
        """Take it out again."""
        self.path(facts).unlink(missing_ok=True)

    def note(self, media: Media, made: MediaFacts) -> None:
        """Say what was made of `media`, once it lies there."""
        if media.facts is not None:
            said = json.dumps(made.as_json(), ensure_ascii=False).encode()
            self._write(_note_name(media.facts, media), lambda file: _pour(said, file))

    def noted(self, root: Path, media: Media) -> MediaFacts | None:
        """What was made of `media`, where that is noted."""
        facts = _facts(root, media)
        if facts is not None and media.facts is not None and media.recipe is not None:
            os.utime(self._folder / _note_name(media.facts, media))
        return facts

    def _write(self, name: str, fill: Fill) -> None:
        waiting = self._folder / f".{name}{_WAITING}"
        file = os.open(waiting, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(file, "w+b") as stream:
                fill(stream)
                stream.flush()
                os.fsync(stream.fileno())
            waiting.replace(self._folder / name)
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise


@contextmanager
def open_store(root: Path) -> Iterator[Store]:
    """The store, made where there is none, and locked. Raises `OSError`."""
    folder = folder_of(root)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    with _locked(folder):
        yield Store(folder)
        _settle(folder)


def prune(root: Path, needed: Iterable[Content], *, before: datetime) -> int:
    """Take out what none of `needed` shows and nobody asked for since `before`; how many files. Raises `OSError`."""
    folder = folder_of(root)
    if not folder.is_dir():
        return 0
    with _locked(folder):
        kept = set(_names(root, needed))
        old = [path for path in folder.iterdir() if path.name not in kept and _older(path, before)]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def forget(root: Path, gone: Iterable[Content], needed: Iterable[Content]) -> int:
    """Take out at once what `gone` shows and none of `needed` does; how many files. Raises `OSError`."""
    folder = folder_of(root)
    if not folder.is_dir():
        return 0
    with _locked(folder):
        paths = [folder / name for name in set(_names(root, gone)) - set(_names(root, needed))]
        there = [path for path in paths if path.exists()]
        for path in there:
            path.unlink(missing_ok=True)
        return len(there)


def _names(root: Path, contents: Iterable[Content]) -> Iterator[str]:
    yield _LOCK
    for content in contents:
        for media in content.media:
            if media.facts is not None and media.recipe is not None:
                yield _note_name(media.facts, media)
            if (facts := _facts(root, media)) is not None:
                yield stored_name(facts)


def _older(path: Path, before: datetime) -> bool:
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    return False


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Alone among all that freeze or prune here; whoever dies lets go."""
    file = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _settle(folder: Path) -> None:
    """The names on the disk, too."""
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _pour(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _copy(source: Path, file: BinaryIO) -> None:
    with source.open("rb") as stream:
        left = os.fstat(stream.fileno()).st_size
        with suppress(OSError):  # not between these two file systems: read and written below instead
            while left > 0 and (done := os.copy_file_range(stream.fileno(), file.fileno(), left)):
                left -= done
        stream.seek(file.seek(0, os.SEEK_END))
        while piece := stream.read(_PIECE):
            file.write(piece)
