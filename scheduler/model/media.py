"""What is known of a media file without showing it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Path below `media/`, SHA-256 (hex) of its bytes, MIME type, size in bytes, and pixels (0: not a picture)."""

    path: str
    sha256: str
    type: str
    bytes: int
    width: int = 0
    height: int = 0
    animated: bool = False

    def as_json(self) -> dict[str, Any]:
        """The facts as plain JSON."""
        return asdict(self)
