"""Whether a platform would find a picture at its public address: one test picture goes there, is fetched, and goes.

Fetched from here, which is nearer than a platform is: what fails from here fails there, and what
works from here may still be shut off by a firewall.
"""

import hashlib
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.clock import Clock
from scheduler.errors import SchedulerError
from scheduler.http.route import Route
from scheduler.http.session import HttpSession
from scheduler.model.account import Account, Workspace
from scheduler.model.media import MediaFacts, stored_name
from scheduler.operations.doctor.checkups import Checkup, error, ok, warning
from scheduler.operations.public_copies import KEPT
from scheduler.platforms import platform_named
from scheduler.publishers.hosting import Copy, Hosted
from scheduler.publishers.servers import in_own_network

CHECK = "media"
TYPE = "image/jpeg"
_DOCS = "see docs, Pictures and videos."
_DOT = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
    "AQEAAD8AT//Z"
)
"""A grey picture of one pixel."""


@dataclass(frozen=True, slots=True)
class Served:
    """What an address showed: the stated type without parameters, and the bytes."""

    type: str
    body: bytes


Read = Callable[[str], Served | None]
"""Fetches an address; None where nothing is there. Raises `SchedulerError` for anything else."""


def reader(clock: Clock, route: Route) -> Read:
    """Fetches by the way that the settings say, following nobody elsewhere."""

    def read(address: str) -> Served | None:
        parts = urlsplit(address)
        base, path = f"{parts.scheme}://{parts.netloc}", parts.path + (f"?{parts.query}" if parts.query else "")
        inside = in_own_network(parts.hostname or "")
        session = HttpSession(base, clock=clock, route=route, allow_private=inside, headers={"Accept": "*/*"})
        try:
            reply = session.find(path, accept={403})
        finally:
            session.close()
        if reply is None or reply.status == 403:
            return None
        return Served(reply.headers.get("Content-Type", "").partition(";")[0].strip().lower(), reply.body)

    return read


def public_pictures(
    workspace: Workspace, asked: Iterable[Account], hosted: Callable[[], Hosted], read: Read, now: datetime
) -> Iterator[Checkup]:
    """The public place, tried where one of the `asked` accounts needs it; where there is none, who can send nothing."""
    needing = [account for account in asked if platform_named(account.platform).fetches_media]
    if workspace.media is None:
        yield from map(_without, needing)
        return
    place = hosted()
    yield from _old(place, now)
    if needing:
        with tempfile.TemporaryDirectory(prefix="drumbeat-") as folder:
            yield _tried(place, _test_picture(Path(folder), now), read)


def _without(account: Account) -> Checkup:
    title = platform_named(account.platform).title
    said = f"{title} fetches pictures itself, and drumbeat.yaml has no `media:`: {account.name} can send none."
    return warning(CHECK, said, f"Say there where they lie in public; {_DOCS}", account=account.name)


def _old(place: Hosted, now: datetime) -> Iterator[Checkup]:
    """Copies that should have gone: the daemon does not run, or the place refuses."""
    old = [one for one in place.copies() if one.asked < now - 2 * KEPT]
    if old:
        said = (
            f"{len(old):,} public copies of pictures are older than two days, such as {old[0].name} in {old[0].where}."
        )
        yield warning(CHECK, said, "They go while the daemon runs, as long as the key may delete.")


def _test_picture(folder: Path, now: datetime) -> Copy:
    """A picture that nobody put there before, so that no cache can know it: the moment is a comment in it."""
    comment = f"{now:%Y-%m-%dT%H:%M:%S.%f}".encode()
    body = _DOT[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _DOT[2:]
    path = folder / "test.jpg"
    path.write_bytes(body)
    digest = hashlib.sha256(body).hexdigest()
    return Copy(stored_name(MediaFacts("", digest, TYPE, len(body))), path, TYPE, digest, len(body))


def _tried(place: Hosted, copy: Copy, read: Read) -> Checkup:
    try:
        address = place.put(copy)
        try:
            seen = _seen(read(address), copy, address)
        finally:
            left = place.remove(copy.name)
        return seen or _gone(read, address, left)
    except SchedulerError as failure:
        return error(CHECK, failure.message, failure.mend or f"Mend `media:` or what serves it; {_DOCS}")


def _seen(served: Served | None, copy: Copy, address: str) -> Checkup | None:
    """What is wrong with what everybody would see; None where it is the picture."""
    host = urlsplit(address).hostname or ""
    if served is None:
        said = f"A test picture was put there, and {host} shows nothing at its address."
        return error(CHECK, said, "Let the web server show the folder, or the bucket let everybody read.")
    if served.body != copy.path.read_bytes():
        return error(
            CHECK, f"{host} shows something else at a test picture's address.", f"Mend what serves it; {_DOCS}"
        )
    if served.type != copy.type:
        said = f"{host} says that a JPEG is {served.type or 'of no type'}, and platforms refuse that."
        return error(CHECK, said, f"Let it say the type by the name's ending, .jpg: {TYPE}.")
    return None


def _gone(read: Read, address: str, left: str) -> Checkup:
    host = urlsplit(address).hostname or ""
    if left:
        return error(CHECK, f"A test picture cannot be taken away: {left}", "Let the key delete there, too.")
    if read(address) is not None:
        said = f"A test picture was taken away, and {host} still shows it: what is withdrawn would stay public."
        return error(CHECK, said, "Turn off the cache before it, and versions in the bucket.")
    if in_own_network(host):
        said = f"A test picture was put there, shown, and is gone; but {host} is in your own network."
        return warning(CHECK, said, "Platforms fetch from outside: name the address that they can reach.")
    return ok(CHECK, f"A test picture was put there, {host} showed it as {TYPE}, and it is gone again.")
