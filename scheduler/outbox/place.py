"""Where the outbox lives: from `drumbeat.yaml`'s `database:` to a file on a local disk.

SQLite's shared memory does not work across machines, so a network share is refused by
name where that can be told; what is not SQLite is refused in plain words.
"""

import re
from pathlib import Path

from scheduler.errors import StoreError

_SQLITE = re.compile(r"sqlite:///(?P<path>.+)")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "davfs"}
)
_MOUNTS = Path("/proc/mounts")


def outbox_path(database: str, root: Path) -> Path:
    """The outbox's file for a `database:` URL; a relative one is taken from the workspace's folder.

    Raises `StoreError` for any database but SQLite.
    """
    if database.startswith(("postgresql", "postgres")):
        raise StoreError(
            "PostgreSQL is not supported: Drumbeat keeps its queue in one SQLite file, worked by one daemon.",
            mend="In drumbeat.yaml, leave `database:` out, or write: database: sqlite:///.drumbeat/outbox.db",
        )
    matched = _SQLITE.fullmatch(database)
    if matched is None or matched["path"] == ":memory:":
        raise StoreError(
            f"`{_without_secrets(database)}` is no database that Drumbeat can use.",
            mend="In drumbeat.yaml write: database: sqlite:///.drumbeat/outbox.db",
        )
    return root / matched["path"]


def _without_secrets(database: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", database)


def refuse_network_share(path: Path, mounts: Path = _MOUNTS) -> None:
    """Raises `StoreError` where `path` is on a network file system, as far as Linux's list of mounts tells."""
    kind = filesystem_of(path, mounts)
    if kind in _NETWORK:
        raise StoreError(
            f"{path} is on a network share ({kind}), where the queue would break.",
            mend="Put it on a local disk, for example: database: sqlite:////var/lib/drumbeat/outbox.db",
        )


def filesystem_of(path: Path, mounts: Path = _MOUNTS) -> str:
    """The file system's type as Linux names it (`ext4`, `nfs4`); empty where it cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    whole = path.absolute().resolve()
    found = [(point, kind) for point, kind in map(_mount, lines) if whole.is_relative_to(point)]
    return max(found, key=lambda entry: len(str(entry[0])))[1] if found else ""


def _mount(line: str) -> tuple[Path, str]:
    fields = line.split(" ")
    return Path(fields[1].replace("\\040", " ")), fields[2]
