"""Which copies lie where in public: `.drumbeat/public.json`, written before a copy is put and after it is gone.

Whatever dies in between, nothing is ever public that nobody remembers. It holds names made of
hashes and moments, nothing of a post. Whoever takes a copy away marks it first, so that an upload
under way at that moment takes itself away again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.errors import Transient
from scheduler.model.hosting import LEDGER
from scheduler.publishers.disk import locked, replace_files

FRESH = timedelta(minutes=10)

Key = tuple[str, str]
"""Where, and the copy's name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One copy: when it was last asked for, and whether it is being taken away."""

    where: str
    name: str
    asked: datetime
    going: bool = False


class Ledger:
    """The ledger of the workspace in `root`. Everything raises `Transient` where it cannot be read or written."""

    def __init__(self, root: Path) -> None:
        self._path = root.joinpath(*LEDGER)

    def copies(self) -> tuple[Kept, ...]:
        """All that may lie in public, the oldest first. Writes nothing."""
        return tuple(sorted(self._read().values(), key=lambda one: (one.asked, one.where, one.name)))

    def ask(self, where: str, name: str, now: datetime) -> bool:
        """A copy is wanted there, from now on. True where it was asked for within minutes: then nothing is written."""
        found = self._read().get((where, name))
        if found is not None and not found.going and timedelta(0) <= now - found.asked < FRESH:
            return True
        self._change(lambda kept: {**kept, (where, name): Kept(where, name, now)})
        return False

    def stands(self, where: str, name: str) -> bool:
        """Whether the copy is wanted still, and nobody takes it away."""
        found = self._read().get((where, name))
        return found is not None and not found.going

    def goes(self, where: str, name: str) -> None:
        """It is being taken away."""
        self._change(lambda kept: {key: _going(one) if key == (where, name) else one for key, one in kept.items()})

    def gone(self, where: str, name: str) -> None:
        """It is taken away; one that was asked for again meanwhile stays."""
        self._change(lambda kept: {key: one for key, one in kept.items() if key != (where, name) or not one.going})

    def _change(self, change: Callable[[Mapping[Key, Kept]], Mapping[Key, Kept]]) -> None:
        with locked(self._path.with_suffix(".lock")):
            before = self._read()
            after = change(before)
            if after != before:
                rows = [[one.where, one.name, one.asked.isoformat(), one.going] for one in after.values()]
                replace_files(self._path.parent, {self._path.name: json.dumps(rows, indent=0).encode()})

    def _read(self) -> dict[Key, Kept]:
        try:
            rows = json.loads(self._path.read_bytes())
            found = [
                Kept(where, name, datetime.fromisoformat(asked), bool(going)) for where, name, asked, going in rows
            ]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError):
            mend = "It says what lies in public. Move it away, look at your media place, and take away what is there."
            raise Transient(f"{self._path} cannot be read.", mend=mend) from None
        return {(one.where, one.name): one for one in found}


def _going(one: Kept) -> Kept:
    return replace(one, going=True)
