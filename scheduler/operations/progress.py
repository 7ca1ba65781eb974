"""How long work tells how far it has come, without knowing who listens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Begins a piece of work: what is counted, and how many there are; yields what hears the number done."""


@contextmanager
def silent(what: str, total: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG001 - nobody listens
    """Tells nobody."""
    yield lambda _: None
