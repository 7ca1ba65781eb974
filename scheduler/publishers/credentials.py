"""What platforms rotate: sessions and refresh tokens, in `.drumbeat/credentials.json`.

The file has mode 600 and is replaced whole, written to disk before its values are used, so
that a crash leaves the old values or the new ones and never half of them. Who renews an
account's values holds that account's lock from before the look until after the write: two
processes never use up one refresh token. No value ever stands in a repr or an error.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.errors import AuthExpired, Transient

FOLDER = Path(".drumbeat")
NAME = "credentials.json"
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for one account; empty where nothing is. `values` never shows itself."""

    values: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)

    def __bool__(self) -> bool:
        return bool(self.values)


class Credentials:
    """One workspace's store. From any number of threads and processes; opens nothing until it is used."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER
        self.path = self._folder / NAME

    def read(self, account: str) -> Kept:
        """What is kept for `account`. Raises `Transient` where it cannot be read, `AuthExpired` where it is broken."""
        found = self._all().get(account, {})
        return Kept({str(name): str(value) for name, value in found.items()}) if isinstance(found, dict) else Kept()

    @contextmanager
    def renewing(self, account: str) -> Iterator[Kept]:
        """The right to renew the account's values; gives what is kept now, read after the wait for the right."""
        with self._locked(f"credentials.{account}.lock"):
            yield self.read(account)

    def keep(self, account: str, values: Mapping[str, str]) -> None:
        """Writes the account's values, the others' untouched; on disk when this returns. No values: forgotten."""
        with self._locked("credentials.lock"):
            everyone = self._all()
            everyone.pop(account, None)
            if values:
                everyone[account] = dict(values)
            self._replace(json.dumps(everyone, indent=1, sort_keys=True).encode() + b"\n")

    def _all(self) -> dict[str, Any]:
        try:
            written = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as caught:
            raise Transient(f"{FOLDER / NAME} cannot be read: {caught.strerror}.") from None
        except ValueError:
            written = None
        if isinstance(written, dict):
            return written
        raise AuthExpired(
            f"{FOLDER / NAME} is broken.",
            mend="Move it away; accounts log in anew. Then `drumbeat accounts resume`.",
        )

    def _replace(self, text: bytes) -> None:
        beside = self._folder / f"{NAME}.{os.getpid()}.new"
        try:
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "wb") as written:
                os.fchmod(written.fileno(), 0o600)
                written.write(text)
                written.flush()
                os.fsync(written.fileno())
            beside.replace(self.path)
        except OSError as caught:
            with suppress(OSError):
                beside.unlink()
            raise Transient(f"{FOLDER / NAME} cannot be written: {caught.strerror}.") from None

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Holds a lock that dies with its holder. Threads exclude each other too: each opens the file anew."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as caught:
            raise Transient(f"{FOLDER} cannot be written: {caught.strerror}.") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
