"""The public copies of a workspace: put where a platform will fetch them, and taken away when nobody needs them.

What is shown is the frozen copy that was approved, never the file as it lies there now. A copy
that nobody will need is public for no longer than it must be; the pictures are of people.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.clock import Clock
from scheduler.errors import PublishError, Rejected, Transient
from scheduler.http.route import Route
from scheduler.model.content import Media
from scheduler.model.hosting import Folder, Hosting
from scheduler.model.media import STORE, stored_name
from scheduler.publishers.attachments import file_part
from scheduler.publishers.hosting import folder
from scheduler.publishers.hosting.bucket import PublicBucket
from scheduler.publishers.hosting.folder import PublicFolder
from scheduler.publishers.hosting.ledger import Kept, Ledger
from scheduler.publishers.hosting.place import Copy, Place

LATELY = timedelta(minutes=2)
"""A preparation asks every few seconds until a platform is done; so long its copies are not looked for again."""

NEVER = datetime.min.replace(tzinfo=UTC)


class Hosted:
    """Files at a public place, None where drumbeat.yaml names none any more. A `PublicMedia`. Thread-safe."""

    def __init__(self, root: Path, clock: Clock, place: Place | None) -> None:
        self._root = root
        self._clock = clock
        self._place = place
        self._ledger = Ledger(root)
        self._put: dict[str, datetime] = {}

    @property
    def place(self) -> Place:
        """Where files are put. Raises `Rejected` where there is no place."""
        if self._place is None:
            raise Rejected("drumbeat.yaml has no `media:`.", mend="Say there where pictures lie in public.")
        return self._place

    def address(self, media: Media) -> str:
        """The public address of a post's file, which is put there if need be. Raises `NotSent`."""
        return self.put(self._copy(media))

    def put(self, copy: Copy) -> str:
        """The address of the copy, once it lies there. Raises `Transient` where it was taken away meanwhile."""
        place, now = self.place, self._clock.now()
        known = self._ledger.ask(place.where, copy.name, now)
        if known and timedelta(0) <= now - self._put.get(copy.name, NEVER) < LATELY:
            return place.address(copy.name)
        place.put(copy)
        self._put[copy.name] = now
        if not self._ledger.stands(place.where, copy.name):
            place.remove(copy.name)
            raise Transient("A public copy was taken away while it was put there.")
        return place.address(copy.name)

    def copies(self) -> tuple[Kept, ...]:
        """All that may lie in public now."""
        return self._ledger.copies()

    def take_away(self, needed: Callable[[], Collection[str]], *, before: datetime | None = None) -> tuple[str, ...]:
        """Takes away all copies but the `needed` names, or only those last asked for `before`; what could not be.

        What somebody began to take away goes in any case. Each of these is a sentence. `needed` is asked once it is
        known what lies there, so that what is put meanwhile stays. Never raises what a place or the disk says.
        """
        try:
            known = [one for one in self.copies() if before is None or one.going or one.asked < before]
        except Transient as caught:
            return (f"{caught.message} {caught.mend}".strip(),)
        kept = needed() if known else ()
        return tuple(filter(None, (self._taken(one) for one in known if one.name not in kept)))

    def remove(self, name: str) -> str:
        """Takes one copy away from the present place; empty, or a sentence that says why it may still lie there."""
        return self._taken(Kept(self.place.where, name, self._clock.now()))

    def _taken(self, kept: Kept) -> str:
        """Takes one away; empty, or why it may still lie there."""
        place = self._place_of(kept.where)
        if place is None:
            return f"{kept.name} may lie in {kept.where}, which drumbeat.yaml does not name any more."
        try:
            self._ledger.goes(kept.where, kept.name)
            place.remove(kept.name)
            self._ledger.gone(kept.where, kept.name)
        except PublishError as caught:
            return f"{kept.name} may still lie in {kept.where}: {caught.message}"
        return ""

    def _place_of(self, where: str) -> Place | None:
        """The place of the ledger's word: the present one, or a folder of before."""
        if self._place is not None and self._place.where == where:
            return self._place
        kind, _, written = where.partition(" ")
        return PublicFolder(self._root, written, "") if kind == folder.KIND else None

    def _copy(self, media: Media) -> Copy:
        """The frozen file of `media`, looked at anew. Raises `Rejected`."""
        part = file_part(self._root, media)
        if media.facts is None or part.path.parent != self._root.joinpath(*STORE):
            raise Rejected(f"media/{media.file} is not in the store.", mend="Run `drumbeat apply`, then retry.")
        facts = media.facts
        return Copy(stored_name(facts), part.path, facts.type, facts.sha256, facts.bytes)


def hosted(said: Hosting | None, root: Path, clock: Clock, secret: Callable[[str], str | None], route: Route) -> Hosted:
    """The public copies of the workspace in `root`, at the place that `media:` says. Opens nothing."""
    if said is None:
        return Hosted(root, clock, None)
    if isinstance(said, Folder):
        return Hosted(root, clock, PublicFolder(root, said.folder, said.url))
    return Hosted(root, clock, PublicBucket(said, clock, secret, route))
