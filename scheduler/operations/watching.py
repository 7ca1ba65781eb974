"""Tells when a file of the workspace has changed and everything is still again.

Only what posts are made of is watched, folder by folder as they come and go; the queue, git's
own files and virtual environments are not, so that nothing of ours wakes us.
"""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.errors import UsageError

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import ObservedWatch

FOLDERS = frozenset({"campaigns", "templates", "media"})
FILES = frozenset({"drumbeat.yaml"})
REST_SECONDS = 0.03
"""Editors write a file in several steps; so long must all be still."""

MISSING = "preview --watch needs packages of its own: pip install 'drumbeat[watch]'"
_READ_ONLY = frozenset({"opened", "closed_no_write"})


@contextmanager
def changes(root: Path) -> Iterator[Callable[[], None]]:
    """Watches the workspace in `root` while inside; yields what waits until something changed and came to rest.

    Raises `UsageError` where the library that watches is not installed.
    """
    try:
        watch = _Watch(root)
    except ImportError as missing:
        raise UsageError(MISSING) from missing
    watch.start()
    try:
        yield watch.wait
    finally:
        watch.stop()


class _Watch:
    """An observer of the root, and one of each folder that is there."""

    def __init__(self, root: Path) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        class Listener(FileSystemEventHandler):
            def __init__(self, heard: "Callable[[FileSystemEvent], None]") -> None:
                self._heard = heard

            def on_any_event(self, event: "FileSystemEvent") -> None:
                self._heard(event)

        # the library meets a new folder twice where it comes while its parent is being read, and goes on
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        self._changed = threading.Event()
        self._root, self._observer = root, Observer()
        self._below, self._beside = Listener(self._heard_below), Listener(self._heard_beside)
        self._deep: dict[str, ObservedWatch] = {}

    def start(self) -> None:
        """Begin to listen."""
        self._observer.schedule(self._beside, str(self._root), recursive=False)
        self._follow_folders()
        self._observer.start()

    def stop(self) -> None:
        """Listen no more."""
        self._observer.stop()
        self._observer.join()

    def wait(self) -> None:
        """Until something changed and was still for a moment."""
        self._changed.wait()
        while self._changed.is_set():
            self._changed.clear()
            self._changed.wait(REST_SECONDS)

    def _heard_below(self, event: "FileSystemEvent") -> None:
        if event.event_type not in _READ_ONLY:
            self._changed.set()

    def _heard_beside(self, event: "FileSystemEvent") -> None:
        names = {Path(str(path)).name for path in (event.src_path, event.dest_path) if path}
        if event.event_type in _READ_ONLY or not names & (FILES | FOLDERS):
            return
        if event.event_type in {"deleted", "moved"}:  # a folder of this name may come again, as a new one
            for gone in names & self._deep.keys():
                self._observer.unschedule(self._deep.pop(gone))
        self._follow_folders()
        self._changed.set()

    def _follow_folders(self) -> None:
        for name in FOLDERS - self._deep.keys():
            if (self._root / name).is_dir():
                self._deep[name] = self._observer.schedule(self._below, str(self._root / name), recursive=True)
