"""Looks at the media files that posts name, and says what each is and what is wrong with it.

Every file is somebody's upload: it may be missing, a link to a password file, a bomb, half a
download. Each of these is a finding at the place that named the file, never a crash. Nothing
outside the workspace is opened, and only plain files are.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from scheduler.finding import NOWHERE, Finding, Place, error, warning
from scheduler.media.picture import FORMATS, BrokenPicture, Picture, PictureTooBig, look_at
from scheduler.media.sniff import EXTENSIONS, HEAD_BYTES, fits_extension, sniff
from scheduler.media.video import BrokenVideo, Video, look_at_boxes
from scheduler.model.campaign import CARD
from scheduler.model.media import MediaFacts

FOLDER = "media"
MOST_BYTES = 2 * 1024**3
"""More than any platform here takes of one file, as of 2026-11."""

_CHUNK = 1024 * 1024
_MOST_LISTED = 5_000
_NO_PLACES: Mapping[str, Place] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Probed:
    """Facts by the path that named the file (below `media/`); what cannot be used has findings instead."""

    facts: Mapping[str, MediaFacts] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _Unusable(Exception):
    """This file cannot be used; carries the finding's words."""

    def __init__(self, rule: str, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.mend = rule, message, mend


def probe(root: Path, files: Iterable[str], places: Mapping[str, Place] = _NO_PLACES) -> Probed:
    """Look at each of `files` (paths below `root/media`, with `/`) once; `places` says where each was named.

    Cards are passed over: they are drawn, and no file.
    Never raises over a file: what is wrong with one is in the findings.
    """
    facts: dict[str, MediaFacts] = {}
    findings: list[Finding] = []
    for file in dict.fromkeys(file for file in files if not file.startswith(CARD)):
        place = places.get(file, NOWHERE)
        try:
            facts[file] = _facts(root, file, place, findings)
        except _Unusable as broken:
            findings.append(error(broken.rule, broken.message, mend=broken.mend, place=place))
    return Probed(facts, tuple(findings))


def _facts(root: Path, file: str, place: Place, findings: list[Finding]) -> MediaFacts:
    path = _inside(root, file)
    size = _size(root, path, file)
    sha256, head = _read(path, file)
    kind = sniff(head)
    if not kind.type:
        raise _Unusable("media-type", f"`{_shown(file)}` is {kind.title}.", kind.mend)
    if not fits_extension(file, kind.type):
        findings.append(_misnamed(file, kind.type, kind.title, place))
    looked = _looked_at(path, file, kind.type, size)
    if isinstance(looked, Video):
        if looked.located:
            findings.append(_located(file, place))
        return MediaFacts(file, sha256, kind.type, size, seconds=looked.seconds)
    return MediaFacts(
        path=file,
        sha256=sha256,
        type=kind.type,
        bytes=size,
        width=looked.width,
        height=looked.height,
        animated=looked.animated,
        orientation=looked.orientation,
        tagged=looked.tagged,
        transparent=looked.transparent,
    )


def _inside(root: Path, file: str) -> Path:
    """Where the file lies, every link followed, once it is sure that this is inside the workspace."""
    parts = PurePosixPath(file).parts
    if not parts or "\0" in file:
        raise _Unusable("media-missing", "A media entry names no file.", "Write the path below media/.")
    if file.startswith(("/", "~")) or "\\" in file or ".." in parts:
        raise _Unusable(
            "path-outside",
            f"`{_shown(file)}` leaves the folder media/.",
            "Copy the file below media/ and name it from there, with `/` between folders.",
        )
    try:
        home = root.resolve()
        path = (home / FOLDER / file).resolve()
    except UnicodeEncodeError as strange:
        raise _Unusable("media-missing", f"No file can be called `{_shown(file)}`.", "Mend its name.") from strange
    except (OSError, RuntimeError) as loop:
        raise _Unusable("media-unreadable", f"media/{_shown(file)} cannot be followed: a link in a circle.") from loop
    if not path.is_relative_to(home):
        raise _Unusable(
            "path-outside",
            f"media/{_shown(file)} is a link that leaves the workspace.",
            "Copy the file itself below media/.",
        )
    return path


def _size(root: Path, path: Path, file: str) -> int:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise _Unusable("media-missing", f"There is no file media/{_shown(file)}.", _near(root, file)) from missing
    except OSError as failure:
        raise _unreadable(file, failure) from failure
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "not a plain file"
        raise _Unusable("media-unreadable", f"media/{_shown(file)} is {what}.", "Name one picture or video file.")
    if not found.st_size:
        raise _Unusable("media-broken", f"media/{_shown(file)} is empty: 0 bytes.", "Put the file there again.")
    if found.st_size > MOST_BYTES:
        raise _Unusable(
            "media-too-big", f"media/{_shown(file)} has over 2 GB.", "No platform takes that: make it smaller."
        )
    return found.st_size


def _unreadable(file: str, failure: OSError) -> _Unusable:
    why = (failure.strerror or "it cannot be opened").lower()
    return _Unusable(
        "media-unreadable", f"media/{_shown(file)} cannot be read: {why}.", "Give yourself the right to read it."
    )


def _read(path: Path, file: str) -> tuple[str, bytes]:
    """The file's SHA-256 (hex) and its first bytes, read in pieces."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            digest.update(head)
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as failure:
        raise _unreadable(file, failure) from failure
    return digest.hexdigest(), head


def _looked_at(path: Path, file: str, mime: str, size: int) -> Picture | Video:
    try:
        if mime in FORMATS:
            return look_at(path, mime)
        return Video() if mime == "video/webm" else look_at_boxes(path, size)
    except PictureTooBig as huge:
        raise _Unusable(
            "media-too-big", f"media/{_shown(file)} would unpack to {huge}.", "No platform takes that: make it smaller."
        ) from huge
    except (BrokenPicture, BrokenVideo) as broken:
        raise _Unusable(
            "media-broken", f"media/{_shown(file)} is broken: {broken}.", "Put the file there again."
        ) from broken
    except OSError as failure:
        raise _unreadable(file, failure) from failure


def _misnamed(file: str, mime: str, title: str, place: Place) -> Finding:
    return warning(
        "media-type",
        f"media/{_shown(file)} is {title}, whatever its name says.",
        mend=f"Rename it to end in .{EXTENSIONS[mime][0]}, here and on disk.",
        place=place,
    )


def _located(file: str, place: Place) -> Finding:
    """Of a video only: what pictures tell of themselves is taken out of them."""
    return warning(
        "media-location",
        f"media/{_shown(file)} carries the place where it was taken, and videos are sent as they are.",
        mend="Save a copy without location, for the safety of who is in it.",
        place=place,
    )


def _near(root: Path, file: str) -> str:
    names = list(islice(_listed(root / FOLDER), _MOST_LISTED))
    if not names:
        return "Put pictures and videos below media/."
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(file.casefold(), folded, n=1, cutoff=0.6) or _same_name(file, folded)
    return f"Did you mean `{_shown(folded[near[0]])}`?" if near else "Put the file there, or mend its name."


def _same_name(file: str, folded: Mapping[str, str]) -> list[str]:
    """A file of the same name in another folder."""
    name = PurePosixPath(file).name.casefold()
    return [known for known in folded if PurePosixPath(known).name == name][:1]


def _listed(folder: Path) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            yield Path(where, name).relative_to(folder).as_posix()


def _shown(file: str) -> str:
    """The path with whatever a terminal would obey made visible."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in file)
