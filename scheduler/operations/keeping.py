"""Keeping the store of files small: what no post of the queue needs any more goes, a day later.

Never what is needed: while anything may still go out, or a person may yet send it again, its
files stay. What was cancelled, withdrawn or taken down leaves no picture behind.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.media.freezing import freeze
from scheduler.media.store import forget, prune
from scheduler.model.content import Content
from scheduler.model.lifecycle import State
from scheduler.outbox.outbox import Outbox
from scheduler.outbox.snapshot import Wanted

GRACE = timedelta(days=1)
"""An `apply` puts files there before it writes the queue; no question it asks stands open for a day."""

AGAIN = timedelta(days=90)
"""So long after its moment what failed or was missed can be sent again without its file being looked for."""


def tidy(outbox: Outbox, root: Path, *, now: datetime) -> int:
    """Take out what is not needed; how many files that were. Raises `StoreError`; a disk that refuses is left alone."""
    needed = outbox.contents_with_files(since=now - AGAIN)
    try:
        return prune(root, needed, before=now - GRACE)
    except OSError:
        return 0


def keep_again(outbox: Outbox, root: Path, threads: Iterable[str]) -> None:
    """Make sure that what posts show which are sent again lies in the store. Raises `MediaError` where it cannot."""
    rows = outbox.rows(Wanted(threads=list(threads)))
    freeze(root, [row.content for row in rows if row.content is not None and row.state is not State.SENT])


def forget_files(outbox: Outbox, root: Path, gone: Iterable[Content]) -> int:
    """Take out at once what only `gone` shows, once nothing of it goes out any more; how many files that were."""
    needed = outbox.contents_with_files(since=datetime.fromtimestamp(0, UTC))
    try:
        return forget(root, gone, needed)
    except OSError:
        return 0
