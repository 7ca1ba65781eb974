"""What of an account's posts was uploaded and is not used yet, for platforms that work on a file for a while.

`NotReady` hands it over as plain JSON and the next `prepare` finds it in its draft, so that nothing goes up
twice, in this process or in another. An upload is a dataclass of plain JSON, with the moment at which it ends.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from scheduler.clock import Clock
from scheduler.model.delivery import Draft

Known = tuple[str, ...]
"""What an upload is found by: the post's key first."""


class Ending(Protocol):
    """An upload; `ends` (aware) is when the platform may have forgotten it."""

    @property
    def ends(self) -> datetime:
        """When the platform may have forgotten it."""
        ...


Upload = TypeVar("Upload", bound=Ending)


class Uploaded(Generic[Upload]):
    """From any number of threads. `made` makes an upload of the fields that were handed over."""

    def __init__(self, made: Callable[..., Upload], clock: Clock) -> None:
        self._made: dict[Known, Upload] = {}
        self._make = made
        self._clock = clock
        self._lock = threading.Lock()

    def kept(self, known: Known) -> Upload | None:
        """The upload, unless there is none or it has ended."""
        now = self._clock.now()
        with self._lock:
            self._made = {key: upload for key, upload in self._made.items() if upload.ends > now}
            return self._made.get(known)

    def keep(self, known: Known, upload: Upload) -> Upload:
        """Remembers the upload, in the place of another where there is one."""
        with self._lock:
            self._made[known] = upload
        return upload

    def begun(self, known: Iterable[Known]) -> dict[str, Any]:
        """These uploads as `NotReady` hands them over."""
        return {"uploads": [[*key, asdict(upload)] for key in known if (upload := self.kept(key))]}  # type: ignore[call-overload]

    def adopt(self, draft: Draft, known: Iterable[Known]) -> None:
        """Takes over what another process, or this one before, had uploaded for the same post."""
        wanted = set(known)
        for *key, said in draft.begun.get("uploads", ()):
            if tuple(key) in wanted:
                with self._lock:
                    self._made.setdefault(tuple(key), self._make(**said))
