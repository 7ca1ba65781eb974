"""From what a person typed to the posts that are meant: whole threads, in the states that the verb can act on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scheduler.errors import NotInHand, UsageError
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.rows import Row
from scheduler.outbox.snapshot import Wanted
from scheduler.preview.words import state_words


@dataclass(frozen=True, slots=True)
class Chosen:
    """The posts a call touches: `rows` are their parts, `threads` the posts' names."""

    rows: tuple[Row, ...]

    @property
    def threads(self) -> tuple[str, ...]:
        """The posts' names, in order of their moments."""
        return tuple(dict.fromkeys(row.thread for row in self.rows))


def choose(outbox: Outbox, fragments: Sequence[str], *, states: Collection[State], verb: str) -> Chosen:
    """The posts whose names hold one of `fragments` and of which a part is in `states`.

    Raises `UsageError` for a fragment that means nothing, `NotInHand` where nothing can be acted on.
    """
    names = [name for fragment in fragments for name in _named(outbox, fragment)]
    rows = outbox.rows(Wanted(names=names), with_content=False)
    threads = {row.thread for row in rows if row.state in states}
    if not threads:
        held = " or ".join(
            sorted({state_words(row.state.value, dry_run=row.dry_run, platform=row.platform) for row in rows})
        )
        raise NotInHand(f"None of these can be {verb}: they are {held}.", mend="drumbeat show NAME tells more.")
    return Chosen(tuple(outbox.rows(Wanted(threads=threads))))


def _named(outbox: Outbox, fragment: str) -> tuple[str, ...]:
    found = outbox.find(fragment)
    if not found:
        raise UsageError(f"There is no post {fragment!r} in the queue.", mend="`drumbeat plan` lists the names.")
    return found
