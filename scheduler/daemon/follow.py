"""`--follow`: for servers fed by git. What the files say is applied once they were still for a while.

Rendering and planning happen in a child process, so that nothing busy ever runs beside
the engine. What the guard refuses waits for a person, and is said once.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scheduler.clock import Clock

STILL_SECONDS = 10.0
WATCHED = ("campaigns", "templates", "media", "drumbeat.yaml")
REFUSED = 4

Say = Callable[[str], None]
Stamp = tuple[tuple[str, int, int], ...]


class Follower:
    """Watches the workspace's files and applies them when they come to rest."""

    def __init__(self, root: Path, clock: Clock, say: Say) -> None:
        self._root = root
        self._clock = clock
        self._say = say
        self._applied: Stamp | None = None
        self._seen: Stamp | None = None
        self._since = 0.0
        self._child: subprocess.Popen[str] | None = None

    def look(self) -> None:
        """One look: cheap, never blocks; called from the daemon's housekeeping every second or two."""
        if self._child is not None:
            self._reap()
            return
        stamp = tuple(self._stamp())
        if stamp != self._seen:
            self._seen, self._since = stamp, self._clock.monotonic()
        elif stamp != self._applied and self._clock.monotonic() - self._since >= STILL_SECONDS:
            self._applied = stamp
            self._start()

    def stop(self) -> None:
        """Let a running child finish: an apply is one transaction and takes moments."""
        if self._child is not None:
            self._child.wait()
            self._reap()

    def _start(self) -> None:
        # -P: a contributor's json.py in the workspace is not Python's to import
        command = [sys.executable, "-P", "-m", "scheduler", "apply", "--yes", "--json", "--workspace", str(self._root)]
        self._child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def _reap(self) -> None:
        child = self._child
        if child is None or child.poll() is None:
            return
        said = (child.stderr.read() if child.stderr else "").strip()
        if child.stderr:
            child.stderr.close()
        self._child = None
        if child.returncode == REFUSED:
            self._say(f"The files ask for something that wants a person's yes; run drumbeat apply. {said}")
        elif child.returncode:
            self._say(f"The files were not applied: {said}")
        else:
            self._say("The files were applied.")

    def _stamp(self) -> Iterator[tuple[str, int, int]]:
        for name in WATCHED:
            path = self._root / name
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                try:
                    found = file.lstat()
                except OSError:
                    continue
                yield str(file), found.st_mtime_ns, found.st_size
