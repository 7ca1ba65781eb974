"""Publishing to a feed: two files, `atom.xml` and `feed.json`, in a folder that a web server serves.

There is no server to ask, so nothing is ever unclear: the file is replaced whole or not at
all, and what it holds is what was published. An entry is named by the post's key, so a
repeat replaces it. Nothing is kept beside the files themselves. Sources: RFC 4287, JSON Feed
1.1 (jsonfeed.org), as of 2026-11.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256 as hash_of
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scheduler.clock import Clock
from scheduler.errors import Transient, UsageError
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.attachments import file_part
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    NamedInAdvance,
    Operation,
    Surroundings,
    Unknown,
    Verdict,
    VerifyQuality,
)
from scheduler.publishers.disk import copy_file, locked, replace_files
from scheduler.publishers.feed import format as form
from scheduler.publishers.feed.guide import GUIDE

JSON, XML = "feed.json", "atom.xml"
DEFAULT_FOLDER = "public/feed"
DEFAULT_ENTRIES = 50
_NOT_HERE = ("", ".drumbeat", ".git", ".env", "drumbeat.yaml", "schemas", "campaigns", "templates", "media")


class Feed:
    """One feed on disk. Settings: `path`, `url`, `title`, `home`, `author`, `entries`; it has no secret."""

    guide = GUIDE
    capabilities = Capabilities(
        platform="feed",
        on_repeat=NamedInAdvance(),
        operations=frozenset({Operation.PREPARE, Operation.VERIFY, Operation.DELETE, Operation.INSPECT}),
        verify=VerifyQuality.EXACT,
        timeout=5.0,
    )

    def __init__(self, root: Path, folder: Path, channel: form.Channel, clock: Clock, *, most: int) -> None:
        self._root = root
        self._folder = folder
        self._channel = channel
        self._clock = clock
        self._most = most
        self._lock = root / ".drumbeat" / f"feed-{hash_of(str(folder).encode()).hexdigest()[:12]}.lock"

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:
        """The feed of this account. Raises `UsageError` where its settings make none."""
        root = surroundings.root.resolve()
        channel = _channel(account)
        return cls(root, _folder(root, account), channel, surroundings.clock, most=_most(account))

    def prepare(self, draft: Draft) -> Prepared:
        """Copies the post's pictures beside the feed, each named by its bytes: nothing refers to them yet."""
        return Prepared({"files": self._copied(draft)})

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002  # a copy may have gone meanwhile
        """Puts the entry into both files. Raises `Transient` where neither changed, `Ambiguous` where one may have."""
        files = self._copied(draft)
        made = form.entry(draft, self._channel, files)
        self._rewrite(lambda entries: [made, *(one for one in entries if one["id"] != made["id"])], always=made["id"])
        return self._receipt(str(made["id"]))

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Reads the files. In one of the two only, after a crash between them: unknown, and a repeat puts it right."""
        name = form.entry_id(draft.idempotency_key)
        try:
            kept = any(one["id"] == name for one in self._document()["items"])
            drawn = f"<id>{name}</id>".encode() in self._bytes(XML)
        except Transient as caught:
            return Unknown(caught.message)
        if kept and drawn:
            return Found(self._receipt(name))
        return Unknown(f"It stands in one of {JSON} and {XML} only.") if kept or drawn else Absent()

    def delete(self, receipt: Receipt) -> None:
        """Takes the entry out of both files, and pictures that only it showed. Readers may keep what they fetched."""
        before = self._document()["items"]
        self._rewrite(lambda entries: [one for one in entries if one["id"] != receipt.remote_id])
        shown = _urls(self._document()["items"])
        for url in _urls(one for one in before if one["id"] == receipt.remote_id) - shown:
            (self._folder / "media" / url.rpartition("/")[2]).unlink(missing_ok=True)

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """A file counts nothing."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """Whether the folder can be written and its files are ours."""
        with locked(self._lock):
            entries = self._document()["items"]
            replace_files(self._folder, {".writable": b""}, public=True)
            (self._folder / ".writable").unlink(missing_ok=True)
        note = (
            f"{len(entries)} entries in {self._folder.relative_to(self._root)}; whether it is served is not known here."
        )
        return AccountReport(works=True, handle=f"{self._channel.url}/{XML}", software="Atom, JSON Feed", notes=(note,))

    def _rewrite(self, change: Callable[[list[form.Entry]], Sequence[form.Entry]], *, always: str = "") -> None:
        """Both files anew, alone: what `change` makes of the entries, the newest first; `always` stays among them."""
        with locked(self._lock):
            before = self._document()
            changed = list(change(before["items"]))
            fresh = form.document(
                self._channel, form.kept(changed, self._most, always=always), before["_drumbeat"]["id"]
            )
            drawn = form.atom(fresh, self._channel, updated=self._clock.now())
            text = json.dumps(fresh, ensure_ascii=False, indent=1)
            replace_files(self._folder, {JSON: text.encode() + b"\n", XML: drawn}, public=True)

    def _document(self) -> dict[str, Any]:
        """The feed as it stands; an empty one where there is none. Raises `Transient` for files that are not ours."""
        written = self._bytes(JSON)
        if not written and not self._bytes(XML):
            return form.document(self._channel, (), form.feed_id(self._channel))
        try:
            found: dict[str, Any] = json.loads(written)
            ours = bool(found["_drumbeat"]["id"]) and all(one["id"] and one["date_modified"] for one in found["items"])
        except (ValueError, KeyError, TypeError):
            ours = False
        if not ours:
            raise Transient(
                f"{self._folder / JSON} was not written by Drumbeat, or is damaged; it is left alone.",
                mend="Move the two files away, or choose another `path:` for the account.",
            )
        return found

    def _bytes(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as caught:
            raise Transient(f"{self._folder / name} cannot be read: {caught.strerror}.") from caught

    def _copied(self, draft: Draft) -> dict[str, str]:
        """The name of each picture's copy, made where it is not there yet."""
        names: dict[str, str] = {}
        for media in draft.content.media:
            part = file_part(self._root, media)
            names[media.file] = part.filename
            self._copy(part.path, self._folder / "media" / part.filename)
        return names

    def _copy(self, source: Path, target: Path) -> None:
        if target.exists():
            return
        try:
            copy_file(source, target, public=True)
        except OSError as caught:
            raise Transient(f"{target} cannot be written: {caught.strerror}.") from caught

    def _receipt(self, name: str) -> Receipt:
        return Receipt(remote_id=name, url=f"{self._channel.url}/{XML}")


def _urls(entries: Any) -> set[str]:  # noqa: ANN401  # entries as JSON has them
    return {file["url"] for one in entries for file in one.get("attachments", ())}


def _channel(account: Account) -> form.Channel:
    said: Mapping[str, str] = account.settings
    url = said.get("url", "").rstrip("/")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise UsageError(
            f"{account.name} has no `url`, the address at which its folder is served.",
            mend=f"In drumbeat.yaml, write `url: https://example.org/feed` below {account.name}.",
        )
    title = said.get("title") or account.handle or account.name
    return form.Channel(url, title, said.get("home") or url, said.get("author") or title, account.language or "")


def _folder(root: Path, account: Account) -> Path:
    """The feed's folder, inside the workspace and in nobody else's way."""
    written = account.settings.get("path", DEFAULT_FOLDER)
    folder = (root / written).resolve()
    if not folder.is_relative_to(root) or folder.relative_to(root).parts[:1] in {(), *((name,) for name in _NOT_HERE)}:
        raise UsageError(
            f"{account.name} cannot keep its feed in {written!r}.",
            mend=f"`path` is a folder of its own inside the workspace, as in `path: {DEFAULT_FOLDER}`.",
        )
    return folder


def _most(account: Account) -> int:
    written = account.settings.get("entries", str(DEFAULT_ENTRIES))
    if not written.isascii() or not written.isdigit() or int(written) < 1:
        raise UsageError(f"`entries: {written}` of {account.name} is not a whole number.", mend="Write `entries: 50`.")
    return int(written)
