"""Whether what goes out lies in the store: a picture that was lost would be met at its moment only."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scheduler.media.making import intact
from scheduler.media.store import frozen
from scheduler.model.content import Media
from scheduler.operations.doctor.checkups import Checkup, error, ok
from scheduler.outbox.outbox import look_outbox

_NAMED = 3


def pictures(path: Path, root: Path, now: datetime) -> Iterator[Checkup]:
    """The files of everything in the queue at `path` that may still go out, in the store of `root`."""
    outbox = look_outbox(path) if path.exists() else None
    if outbox is None:
        return
    with outbox:
        shown = dict.fromkeys(media for one in outbox.contents_with_files(since=now) for media in one.media)
    lost = list(dict.fromkeys(media.file for media in shown if not _there(root, media)))
    if lost:
        more = f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else ""
        yield error(
            "pictures",
            f"What queued posts show is not in the store: {', '.join(lost[:_NAMED])}{more}.",
            "Run: drumbeat apply",
        )
    elif shown:
        yield ok("pictures", "What queued posts show lies in the store.")


def _there(root: Path, media: Media) -> bool:
    """Frozen; or queued by an older version and still the file that was approved."""
    return frozen(root, media) is not None or intact(root, media)
