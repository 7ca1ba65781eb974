"""What a public place is: somewhere to put a copy, say its address, and take it away again.

A copy's name is made of what is in it, forty hex digits that nobody guesses, and is the same
whenever the same file is put there. It says nothing of the post, the person or the file's own name.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Copy:
    """One file to be put there: `path` is where its bytes are here, `sha256` their hash in hex."""

    name: str
    path: Path
    type: str
    sha256: str
    bytes: int


class Place(Protocol):
    """One place. Everything raises `NotSent`; all of it may be repeated."""

    @property
    def where(self) -> str:
        """Which place it is, for the ledger and for people; no secret is in it."""
        ...

    def put(self, copy: Copy) -> None:
        """Puts the copy there, unless it is there already."""
        ...

    def address(self, name: str) -> str:
        """Where everybody, or who has the address, can read the copy of this name."""
        ...

    def remove(self, name: str) -> None:
        """Takes the copy away; one that is gone is fine."""
        ...
