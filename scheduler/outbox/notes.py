"""What is known of each try before it is written down: notes in memory that outlive the process.

A process that is killed leaves its claims in `sending`, and the outbox alone cannot say which of
them were asked of a platform, or answered. Each claim is noted before it is committed, and its try
notes both, in a mapped file: memory that the kernel keeps when a process dies, at the cost of a few
bytes copied. Only what stands there is proof, and never what does not: a queue that was put back from a
copy holds claims of which the notes know nothing any more. They are believed in the same boot and the
same file, once nobody works with it. Without them everything left is unknown, as it must be.
"""

import contextlib
import fcntl
import json
import mmap
import os
import stat
import struct
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduler.model.lifecycle import Event
from scheduler.outbox.moments import from_us, to_us
from scheduler.outbox.rows import moment, receipt_from, receipt_json
from scheduler.outbox.settling import Settlement

NAME = "tries"
Key = tuple[int, str]
"""A try: the delivery's number and the lease that it was claimed under."""

_HEAD = 512
_SLOT = 2048
_LEASE = 55
_KEY = struct.Struct(f"=Bq{_LEASE}s")
_LENGTH = struct.Struct("=I")
_BODY = _KEY.size + _LENGTH.size
_MOST = 1 << 26
_FREE, _ASKED, _ENDED, _CLAIMED = range(4)
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Left:
    """What a dead process had noted: the tries of which nothing can have left the machine, and how others ended."""

    never_asked: frozenset[Key] = frozenset()
    ended: Mapping[Key, Settlement] = field(default_factory=dict)


NOTHING_LEFT = Left()


class Notes:
    """The notes of one process. `path` None: it keeps none. `asked` and `ended` may come from any thread, no other."""

    def __init__(self, path: Path | None = None, *, boot: Path = _BOOT) -> None:
        self._path = path
        self._boot = boot
        self._map: mmap.mmap | None = None
        self._free: deque[int] = deque()
        self._slots: dict[Key, int] = {}

    def left(self) -> Left:
        """What the process before noted; nothing where it cannot be believed."""
        if self._path is None:
            return NOTHING_LEFT
        try:
            whole, found = _regular(self._path)
            return _read(whole, found, _boot_id(self._boot))
        except (OSError, ValueError, KeyError, TypeError, OverflowError, struct.error):
            return NOTHING_LEFT

    def begin(self, tries: int) -> None:
        """Starts anew, with room for so many tries at once; to be called once what was left is settled.

        A machine that says no boot, and a disk without room, go without notes.
        """
        self.end()
        boot = _boot_id(self._boot)
        if self._path is None or not boot:
            return
        with contextlib.suppress(OSError):
            self._map = _made(self._path, {"boot": boot, "slots": tries})
            self._free.extend(range(tries))

    def end(self) -> None:
        """Lets go of the file, which stays."""
        if self._map is not None:
            self._map.close()
            self._map = None
        self._free.clear()
        self._slots.clear()

    def claimed(self, keys: Sequence[Key]) -> None:
        """They are claimed, and nothing of them is asked: to be called before that is committed. See `unclaimed`."""
        for key in keys if self._map is not None else ():
            self._claimed(key)

    def _claimed(self, key: Key) -> None:
        lease = key[1].encode()
        if self._map is None or len(lease) > _LEASE or not self._free:
            return  # without a note it will be unknown
        self._slots[key] = slot = self._free.popleft()
        at = _HEAD + slot * _SLOT
        self._map[at + 1 : at + _KEY.size] = _KEY.pack(_FREE, key[0], lease)[1:]
        self._map[at] = _CLAIMED  # last, as a process may be killed between any two bytes

    def unclaimed(self, lease: str) -> None:
        """Nothing is claimed under this lease, or one that begins with it: it could not be committed."""
        self._wipe([key for key in self._slots if key[1] == lease or key[1].startswith(f"{lease}-")])

    def asked(self, key: Key) -> None:
        """To be called right before anything of the try can leave the machine."""
        slot = self._slots.get(key)
        if slot is not None and self._map is not None:
            self._map[_HEAD + slot * _SLOT] = _ASKED

    def ended(self, one: Settlement) -> None:
        """How the try ended. What is too long to be noted is left as asked."""
        slot = self._slots.get((one.n, one.lease))
        if slot is None or self._map is None:
            return
        body = _body(one)
        if _BODY + len(body) > _SLOT:
            return
        at = _HEAD + slot * _SLOT
        self._map[at + _KEY.size : at + _BODY + len(body)] = _LENGTH.pack(len(body)) + body
        self._map[at] = _ENDED

    def forget(self, settled: Iterable[Settlement]) -> None:
        """They are written down in the outbox; nothing of their words stays here."""
        self._wipe((one.n, one.lease) for one in settled)

    def _wipe(self, keys: Iterable[Key]) -> None:
        for key in keys:
            slot = self._slots.pop(key, None)
            if slot is not None and self._map is not None:
                at = _HEAD + slot * _SLOT
                self._map[at] = _FREE
                self._map[at + 1 : at + _SLOT] = bytes(_SLOT - 1)
                self._free.append(slot)


def _boot_id(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _regular(path: Path) -> tuple[bytes, os.stat_result]:
    """What the file holds. Nothing else is opened: a link or a pipe in its place is none of ours, and may never end.

    Raises `OSError` while another process works with it: two daemons, because somebody took their lock away.
    """
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(file, "rb") as opened:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("no plain file")
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return opened.read(_MOST), found


def _made(path: Path, head: dict[str, Any]) -> mmap.mmap:
    """A new file in the place of the old one, locked as long as it is mapped.

    Its room is taken now: to run out of it later would be a SIGBUS.
    """
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        size = _HEAD + head["slots"] * _SLOT
        _fill(file, size)
        made = os.fstat(file)
        words = json.dumps({**head, "device": made.st_dev, "inode": made.st_ino}).encode()
        os.pwrite(file, words.ljust(_HEAD), 0)
        mapped = mmap.mmap(file, size)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    else:
        return mapped
    finally:
        os.close(file)


def _fill(file: int, size: int) -> None:
    done = 0
    while done < size:
        done += os.pwrite(file, bytes(size - done), done)


def _body(one: Settlement) -> bytes:
    """Everything but the traceback, which would seldom fit."""
    return json.dumps(
        {
            "event": one.event,
            "at": to_us(one.at),
            "delivery": one.delivery,
            "account": one.account,
            "attempt": one.attempt,
            "due": to_us(one.due),
            "why": one.why,
            "receipt": receipt_json(one.receipt),
            "not_before": to_us(one.not_before) if one.not_before else None,
            "blocked_until": to_us(one.blocked_until) if one.blocked_until else None,
            "paused": one.paused,
            "look_at": to_us(one.look_at) if one.look_at else None,
            "dry_run": one.dry_run,
            "forgotten": one.forgotten,
        }
    ).encode()


def _settlement(key: Key, told: Mapping[str, Any]) -> Settlement:
    return Settlement(
        n=key[0],
        lease=key[1],
        event=Event(told["event"]),
        at=from_us(told["at"]),
        delivery=told["delivery"],
        account=told["account"],
        attempt=told["attempt"],
        due=from_us(told["due"]),
        why=told["why"],
        receipt=receipt_from(told["receipt"]),
        not_before=moment(told["not_before"]),
        blocked_until=moment(told["blocked_until"]),
        paused=told["paused"],
        look_at=moment(told["look_at"]),
        dry_run=told["dry_run"],
        forgotten=told["forgotten"],
    )


def _read(whole: bytes, found: os.stat_result, boot: str) -> Left:
    head = json.loads(whole[:_HEAD])
    if not boot or (head["boot"], head["device"], head["inode"]) != (boot, found.st_dev, found.st_ino):
        return NOTHING_LEFT
    claimed: set[Key] = set()
    ended: dict[Key, Settlement] = {}
    for slot in range(head["slots"]):
        piece = whole[_HEAD + slot * _SLOT : _HEAD + (slot + 1) * _SLOT]
        state, number, lease = _KEY.unpack_from(piece)
        if state not in (_CLAIMED, _ENDED):
            continue
        key = (number, lease.rstrip(b"\0").decode())
        if state == _CLAIMED:
            claimed.add(key)
        else:
            (length,) = _LENGTH.unpack_from(piece, _KEY.size)
            ended[key] = _settlement(key, json.loads(piece[_BODY : _BODY + length]))
    return Left(frozenset(claimed), ended)
