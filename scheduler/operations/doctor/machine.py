"""The machine's checkups: its clock, its disk, its zone data, and who may read the secrets."""

import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from scheduler.clock import Clock
from scheduler.errors import PublishError, SchedulerError
from scheduler.http.route import DIRECT, Route
from scheduler.http.session import HttpSession
from scheduler.model.account import Account
from scheduler.operations.doctor.checkups import Checkup, error, ok, warning
from scheduler.publishers.servers import checked
from scheduler.workspace.git import tracked_env, would_take_env

FEW_BYTES, TOO_FEW_BYTES = 1_000_000_000, 100_000_000
OFF, FAR_OFF = timedelta(seconds=2), timedelta(seconds=60)
"""From when on a clock is said to be wrong, and from when on that is an error. HTTP dates are whole seconds."""

HOMES: Mapping[str, str] = {"bluesky": "https://bsky.social"}
"""Where platforms of one server are; the others' accounts name theirs."""

_SYSTEM_ZONES = (Path("/usr/share/zoneinfo/tzdata.zi"), Path("/usr/share/zoneinfo/+VERSION"))
_VERSION = re.compile(r"\b(20\d\d[a-z]{1,2})\b")
_ASK_SECONDS = 8.0

IGNORE = "echo .env >> .gitignore"

Ask = Callable[[str], timedelta]
"""A server's address to how far its clock is ahead of ours. Raises `SchedulerError` where it cannot be asked."""


def disk(folder: Path) -> Iterator[Checkup]:
    """Whether the disk that holds the queue has room."""
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free where the queue is kept."
    if free < TOO_FEW_BYTES:
        yield error("disk", said, "Make room: what was sent could no longer be written down.")
    elif free < FEW_BYTES:
        yield warning("disk", said, "Make room soon.")
    else:
        yield ok("disk", said)


def zones(system: Iterable[Path] = _SYSTEM_ZONES, ours: str | None = None) -> Iterator[Checkup]:
    """Whether our zone data, those of the `tzdata` package, are as new as the system's."""
    import tzdata

    used = ours or str(tzdata.IANA_VERSION)
    there = _system_version(system)
    if there and _age(there) > _age(used):
        mend = "Run `pip install --upgrade tzdata`, start the daemon anew, and look at `drumbeat plan`."
        yield warning("zones", f"Zone data {used} are used, and this system has {there}.", mend)
    else:
        yield ok("zones", f"Zone data {used} are used; this system has {there or 'none that says its version'}.")


def _system_version(paths: Iterable[Path]) -> str:
    for path in paths:
        try:
            with path.open(encoding="ascii", errors="replace") as file:
                found = _VERSION.search(file.readline())
        except OSError:
            continue
        if found:
            return found[1]
    return ""


def _age(version: str) -> tuple[str, int, str]:
    return version[:4], len(version), version


def secrets_file(root: Path) -> Iterator[Checkup]:
    """Whether `.env` can be read by its owner alone, and git does not have it."""
    path = root / ".env"
    if tracked := tracked_env(root):
        yield error("secrets", tracked.message, tracked.mend)
    if path.exists() and not path.is_file():
        yield error("secrets", ".env is no file, so no secret is read from it.", "Put a file in its place.")
        return
    if not path.is_file():
        yield ok("secrets", "There is no .env; secrets come from the environment.")
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield error("secrets", f".env can be read by others (mode {mode:o}).", f"Run: chmod 600 {path}")
    elif not tracked and would_take_env(root):
        yield warning("secrets", "git does not ignore .env, so `git add .` would take it.", f"Run: {IGNORE}")
    elif not tracked:
        yield ok("secrets", f".env can be read by you alone (mode {mode:o}), and git does not have it.")


def clock(accounts: Iterable[Account], ask: Ask) -> Iterator[Checkup]:
    """This computer's clock beside those of the platforms."""
    servers = sorted({server for account in accounts if (server := _home(account))})
    if not servers:
        yield ok("clock", "No server to compare the clock with: no account is live, and none was named.")
    for server in servers:
        try:
            yield _compared(server, ask(server))
        except SchedulerError as failure:
            yield warning("clock", f"The clock could not be compared: {failure.message}", "Look at the network.")


def _home(account: Account) -> str:
    """The account's web server; empty where it has none."""
    if account.platform in {"feed", "email"}:
        return ""
    written = account.settings.get("server", HOMES.get(account.platform, ""))
    return written if "://" in written or not written else f"https://{written}"


def _compared(server: str, ahead: timedelta) -> Checkup:
    seconds = ahead.total_seconds()
    if abs(ahead) <= OFF:
        return ok("clock", f"This clock and that of {server} agree to {OFF.seconds} s.")
    said = f"This clock is {abs(seconds):,.0f} s {'behind' if seconds > 0 else 'ahead of'} that of {server}."
    mend = "Let the computer set its clock by the network: timedatectl set-ntp true"
    return (error if abs(ahead) > FAR_OFF else warning)("clock", said, mend)


def asker(ours: Clock, route: Route = DIRECT) -> Ask:
    """Asks servers for their date: one HEAD request, whatever the answer is."""

    def ask(url: str) -> timedelta:
        server = checked(url, "the account")
        session = HttpSession(
            server.url, clock=ours, timeout_seconds=_ASK_SECONDS, route=route, allow_private=server.own_network
        )
        try:
            before = ours.now()
            reply = session.read("/", method="HEAD", accept=range(100, 600))
            return _date(reply.headers.get("date", ""), server.url) - (before + (ours.now() - before) / 2)
        finally:
            session.close()

    return ask


def _date(written: str, server: str) -> datetime:
    """The middle of the second that the header names."""
    try:
        return parsedate_to_datetime(written) + timedelta(seconds=0.5)
    except ValueError:
        raise PublishError(f"{server} says no date.") from None
