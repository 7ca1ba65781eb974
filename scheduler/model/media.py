"""What is known of a media file without showing it, and what is made of it for a platform."""

import hashlib
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

_NEWER = frozenset({"orientation", "tagged", "transparent", "seconds"})
"""Fields that contents stored before them lack; each has a usual value."""

STORE = (".drumbeat", "media")
"""The folder, below the workspace's, in which every file that goes out lies frozen."""

_ENDINGS = {"image/jpeg": "jpg", "image/svg+xml": "svg", "video/quicktime": "mov"}


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Path below `media/`, SHA-256 (hex) of its bytes, MIME type, size in bytes, and pixels (0: not a picture).

    `orientation` is EXIF's (1: upright as stored); `tagged` says that it carries notes (EXIF, XMP) about itself,
    `transparent` that something shines through it, `seconds` how long a video runs (0: not known).
    """

    path: str
    sha256: str
    type: str
    bytes: int
    width: int = 0
    height: int = 0
    animated: bool = False
    orientation: int = 1
    tagged: bool = False
    transparent: bool = False
    seconds: int = 0

    @property
    def is_video(self) -> bool:
        """Whether it is a film; a picture that moves is none."""
        return self.type.startswith("video/")

    def as_json(self) -> dict[str, Any]:
        """The facts as plain JSON; what is as it usually is stays out, so that hashes outlive a new field."""
        usual = {one.name: one.default for one in fields(self) if one.name in _NEWER}
        return {name: value for name, value in asdict(self).items() if usual.get(name, MISSING) != value}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is made of a file for one platform: MIME type, pixels, and at most so many bytes (0: no matter).

    It says what to make and holds nothing of how: equal recipes of equal files are one picture. Where the bytes
    do not hold so many pixels, fewer are made of it.
    """

    type: str
    width: int
    height: int
    most_bytes: int = 0

    def as_json(self) -> dict[str, Any]:
        """The recipe as plain JSON, as it is stored."""
        return asdict(self)

    @property
    def made(self) -> dict[str, Any]:
        """What people and programs are told of it: MIME type and pixels."""
        return {"type": self.type, "width": self.width, "height": self.height}


def made_name(facts: MediaFacts, recipe: Recipe | None) -> str:
    """The name of what goes out, without its ending: 40 hex digits of what it is made of and how."""
    how = "" if recipe is None else f"{recipe.type} {recipe.width} {recipe.height} {recipe.most_bytes}"
    return hashlib.sha256(f"drumbeat:1:{facts.sha256}:{how}".encode()).hexdigest()[:40]


def ending_of(mime: str) -> str:
    """The usual ending of a file's name, without its dot."""
    return _ENDINGS.get(mime) or mime.rpartition("/")[2]


def stored_name(facts: MediaFacts) -> str:
    """The name in the store of a file that goes out as it is there."""
    return f"{made_name(facts, None)}.{ending_of(facts.type)}"
