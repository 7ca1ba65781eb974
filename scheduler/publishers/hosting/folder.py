"""A folder inside the workspace that the organizer's own web server shows.

A copy stands there whole or not at all, and the web server may read it. Git is told to leave
the folder alone, so that nothing of it is published with the files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.errors import Transient
from scheduler.publishers.disk import copy_file, open_to_all
from scheduler.publishers.hosting.place import Copy

KIND = "folder"
_MEND = "Make room, or give the daemon the right to write there."


class PublicFolder:
    """The folder `written` below `root`, which is shown at `url`."""

    def __init__(self, root: Path, written: str, url: str) -> None:
        self._root = root.resolve()
        self._folder = root / written
        self._written = written
        self._url = url

    @property
    def where(self) -> str:
        """The folder's path from the workspace on."""
        return f"{KIND} {self._written}"

    def put(self, copy: Copy) -> None:
        """Puts the copy there by one rename. Raises `Transient`."""
        with self._told():
            self._open_folder()
            target = self._folder / copy.name
            if target.is_file() and target.stat().st_size == copy.bytes:
                return
            copy_file(copy.path, target, public=True)

    def address(self, name: str) -> str:
        """The copy's address at the web server."""
        return f"{self._url}/{name}"

    def remove(self, name: str) -> None:
        """Takes the copy away. Raises `Transient`."""
        with self._told():
            (self._folder / name).unlink(missing_ok=True)

    def _open_folder(self) -> None:
        """The folder, made where there is none; a link may not lead out of the workspace."""
        if not self._folder.resolve().is_relative_to(self._root):
            raise Transient(
                f"{self._written} leads out of the workspace.", mend="Make `folder` of `media:` a real one."
            )
        open_to_all(self._folder)
        ignored = self._folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as caught:
            said = (caught.strerror or type(caught).__name__).lower()
            raise Transient(f"{self._written} cannot be written: {said}.", mend=_MEND) from caught
