"""The dry-run publisher: takes every post, tells a file, reaches nobody.

It stands in for the platform of every account that is not live, and it passes the same
contract: one line a published part, written at once or not at all; a repeat of the same
key finds its line and adds none; `verify` reads the file itself.
"""

import json
import os
import threading
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from scheduler.clock import Clock
from scheduler.errors import Rejected, Transient
from scheduler.model.account import Account
from scheduler.model.delivery import Draft, Prepared, Receipt
from scheduler.publishers.base import (
    Absent,
    AccountReport,
    Capabilities,
    Found,
    Metrics,
    NamedInAdvance,
    Operation,
    Surroundings,
    Verdict,
    VerifyQuality,
)

FILE = Path(".drumbeat") / "dry-run.jsonl"


class DryRun:
    """Appends to `.drumbeat/dry-run.jsonl`. One instance serves all accounts, from any number of threads."""

    capabilities = Capabilities(
        platform="dry-run",
        on_repeat=NamedInAdvance(),
        operations=frozenset({Operation.VERIFY, Operation.INSPECT}),
        verify=VerifyQuality.EXACT,
        timeout=1.0,
    )

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._read_to = 0

    @classmethod
    def connect(cls, account: Account, surroundings: Surroundings) -> Self:  # noqa: ARG003  # the protocol's shape
        """The dry-run publisher of the workspace."""
        return cls(surroundings.root / FILE, surroundings.clock)

    def prepare(self, draft: Draft) -> Prepared:  # noqa: ARG002
        """Nothing has to exist before."""
        return Prepared()

    def publish(self, draft: Draft, prepared: Prepared) -> Receipt:  # noqa: ARG002
        """Adds one line for the post, unless its key is there already. Raises `Transient` where it cannot."""
        try:
            with self._lock:
                self._catch_up()
                if draft.idempotency_key not in self._keys:
                    self._append(self._line(draft))
        except OSError as caught:
            raise Transient(f"{self._path} cannot be written: {caught.strerror}.") from caught
        return _receipt(draft)

    def verify(self, draft: Draft, prepared: Prepared, since: datetime) -> Verdict:  # noqa: ARG002
        """Whether the file holds the post's key."""
        with self._lock:
            self._catch_up()
            return Found(_receipt(draft)) if draft.idempotency_key in self._keys else Absent()

    def delete(self, receipt: Receipt) -> None:  # noqa: ARG002
        """A dry run reached nobody, so there is nothing to take back."""
        raise Rejected("A dry run reached nobody; there is nothing to take back.")

    def metrics(self, receipt: Receipt) -> Metrics:  # noqa: ARG002
        """Nobody saw it."""
        return Metrics()

    def inspect(self) -> AccountReport:
        """It always works."""
        return AccountReport(works=True, notes=("Dry run: posts are written to a file and reach nobody.",))

    def _line(self, draft: Draft) -> bytes:
        content = draft.content
        media = [{"file": one.file, "alt": one.alt, "credit": one.credit} for one in content.media]
        told: dict[str, Any] = {
            "at": f"{self._clock.now():%Y-%m-%dT%H:%M:%S.%fZ}",
            "due": f"{draft.due:%Y-%m-%dT%H:%M:%SZ}",
            "delivery": draft.delivery,
            "account": draft.account,
            "platform": draft.platform,
            "text": content.text,
            "media": media,
            "idempotency_key": draft.idempotency_key,
            "warning": content.warning,
            "reply_to": draft.parent.remote_id if draft.parent else "",
        }
        return json.dumps(told, ensure_ascii=False).encode() + b"\n"

    def _append(self, line: bytes) -> None:
        """One `write` on a file opened to append: whole, whoever else writes; a torn line before it is closed off."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(file).st_size
            torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            whole = b"\n" + line if torn else line
            written = os.write(file, whole)
            if written != len(whole):
                os.ftruncate(file, size)
                raise OSError(28, "no room on the disk")
        finally:
            os.close(file)

    def _catch_up(self) -> None:
        """Reads the lines that were added since the last look, by us or by another process."""
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._read_to:  # someone began a new file in its place
                    self._keys, self._read_to = set(), 0
                file.seek(self._read_to)
                added = file.read()
        except FileNotFoundError:
            self._keys, self._read_to = set(), 0
            return
        whole, _, _ = added.rpartition(b"\n")
        self._read_to += len(whole) + 1 if whole else 0
        self._keys.update(filter(None, map(_key, whole.splitlines())))


def forget(path: Path, deliveries: Collection[str]) -> int:
    """Blanks the texts of `deliveries` in the file, in place; how many lines were blanked.

    Each line keeps its length, so that whoever appends or reads meanwhile is not disturbed.
    """
    if not path.exists():
        return 0
    number, offset = 0, 0
    with path.open("r+b") as file:
        for line in file.read().splitlines(keepends=True):
            if (blanked := _blanked(line, deliveries)) is not None:
                os.pwrite(file.fileno(), blanked, offset)
                number += 1
            offset += len(line)
        os.fsync(file.fileno())
    return number


def _blanked(line: bytes, deliveries: Collection[str]) -> bytes | None:
    try:
        told = json.loads(line)
        if told["delivery"] not in deliveries or not (told["text"] or told["media"] or told["warning"]):
            return None
    except (ValueError, KeyError, TypeError):
        return None
    told.update({"text": "", "media": [], "warning": ""})
    return json.dumps(told, ensure_ascii=False).encode().ljust(len(line) - 1) + b"\n"


def _key(line: bytes) -> str:
    try:
        return str(json.loads(line)["idempotency_key"])
    except (ValueError, KeyError, TypeError):
        return ""


def _receipt(draft: Draft) -> Receipt:
    return Receipt(remote_id=f"dry-run:{draft.idempotency_key}", dry_run=True)
