"""Posting by hand: the post is put onto a page for a person, and then waits for what they say.

`publish` never ends with a receipt. It ends with `HandedOver`: the post is unknown until the person says
`drumbeat done`, as nobody else can know. The page is named by the post's key and holds no moment of its
own, so that a repeat after a crash is the same page with the same bytes. It is replaced whole or not at
all, after its pictures; what fails before that reached nobody. A thread stands on one page.
"""

from datetime import datetime
from pathlib import Path
from typing import Self

from scheduler.errors import HandedOver, Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.content import Content
from scheduler.model.delivery import Draft, Prepared, Receipt, Strength
from scheduler.model.zones import zone
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    AccountReport,
    Capabilities,
    Metrics,
    NamedInAdvance,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
)
from scheduler.publishers.disk import copy_file, replace_files
from scheduler.publishers.manual.guide import GUIDE
from scheduler.publishers.manual.handout import PageOfAPost
from scheduler.publishers.manual.place import base_name, folder_of, page_name, shown
from scheduler.publishers.manual.sheet import Part, Sheet, page


class Manual:
    """One account that a person serves. Settings: `where`, `folder`, `notice`; it has no secret."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="manual",
        on_repeat=NamedInAdvance(),
        operations=frozenset({Operation.INSPECT}),
        timeout=5.0,
        receipt=Strength.SAID,
    )

    def __init__(self, root: Path, folder: Path, account: Account) -> None:
        self._root = root
        self._folder = folder
        self._account = account

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The account's publisher. Raises `UsageError` where its folder is in the way of other files."""
        return cls(surroundings.root, folder_of(surroundings.root, account), account)

    @classmethod
    def handout(cls, account: Account, root: Path, delivery: str, key: str) -> PageOfAPost:
        """The page of the post with this key. Raises `UsageError` as `connect` does; touches nothing."""
        return PageOfAPost(folder_of(root, account), base_name(delivery, key))

    def prepare(self, draft: Draft) -> Prepared:  # noqa: ARG002
        """Nothing has to exist before."""
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Puts the post where the person finds it. Always raises: `HandedOver`, or `NotSent` where there is no page."""
        self._make_room()
        base = base_name(draft.delivery, draft.idempotency_key)
        contents = (draft.content, *draft.following)
        parts = [Part(content, self._files(content, f"{base}.{place}")) for place, content in enumerate(contents, 1)]
        sheet = Sheet(
            draft.delivery,
            draft.account,
            self._account.settings.get("where", ""),
            draft.due.astimezone(zone(self._account.timezone)),
            parts,
            draft.parent.url if draft.parent else "",
        )
        replace_files(self._folder, {page_name(base): page(sheet)})
        where = f" ({sheet.where})" if sheet.where else ""
        raise HandedOver(f"It waits for a person{where}: {shown(self._root, self._folder / page_name(base))}.")

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Only the person knows."""
        return Unknown("Only who posts by hand can say whether it is out.")

    def delete(self, receipt: Receipt) -> None:  # noqa: ARG002
        """What a person posted, a person removes."""
        raise Rejected("A person posted it, and a person must remove it.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Nobody counts it for us."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether pages can be written, and how many lie there. Raises `Transient` where they cannot."""
        self._make_room()
        replace_files(self._folder, {".writable": b""})
        (self._folder / ".writable").unlink(missing_ok=True)
        note = f"A person posts it; pages lie in {shown(self._root, self._folder)}."
        return AccountReport(works=True, handle=self._account.settings.get("where", ""), notes=(note,))

    def _make_room(self) -> None:
        """The folder; below the workspace's own `.drumbeat` nobody else may look in, elsewhere that is its owner's."""
        own = self._root.resolve() / ".drumbeat"
        try:
            if self._folder.is_relative_to(own):
                own.mkdir(mode=0o700, exist_ok=True)
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as caught:
            raise Transient(f"{self._folder} cannot be written: {caught.strerror}.") from caught

    def _files(self, content: Content, base: str) -> list[str]:
        """The pictures of a part, copied beside the page: the very bytes that were approved."""
        names: list[str] = []
        for place, media in enumerate(content.media, 1):
            part = file_part(self._root, media)
            names.append(f"{base}.{place}{Path(part.filename).suffix}")
            self._copy(part.path, names[-1])
        return names

    def _copy(self, source: Path, name: str) -> None:
        target = self._folder / name
        try:
            copy_file(source, target)
        except OSError as caught:
            raise Transient(f"{target} cannot be written: {caught.strerror}.") from caught
