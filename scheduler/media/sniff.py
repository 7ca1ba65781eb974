"""What a file is by its first bytes, whatever it is called.

Platforms look at the bytes, so a name proves nothing. What cannot be posted is recognised
too, so that a person reads "this is a PDF" and what to do about it.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD_BYTES = 512
"""How many of a file's first bytes `sniff` wants to see."""

EXTENSIONS = {
    "image/png": ("png", "apng"),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/webm": ("webm",),
}
"""The types that can be posted, and the extensions that go with each; the first is the usual one."""

TITLES = {
    "image/png": "a PNG picture",
    "image/jpeg": "a JPEG picture",
    "image/gif": "a GIF picture",
    "image/webp": "a WebP picture",
    "image/avif": "an AVIF picture",
    "video/mp4": "an MP4 video",
    "video/quicktime": "a QuickTime video",
    "video/webm": "a WebM video",
}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)

_EXPORT = "Export it as PNG or JPEG."
_REFUSED = (
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "Fetch it with `git lfs pull`."),
    (b"%PDF", "a PDF document", _EXPORT),
    (b"BM", "a BMP picture", _EXPORT),
    (b"II*\x00", "a TIFF picture or a camera's raw file", _EXPORT),
    (b"MM\x00*", "a TIFF picture or a camera's raw file", _EXPORT),
    (b"8BPS", "a Photoshop document", _EXPORT),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Put the picture itself below media/."),
    (b"ID3", "a sound file", "Only pictures and videos can be posted."),
    (b"OggS", "an Ogg file", "Convert it to MP4."),
    (b"\x00\x00\x01\x00", "an icon", _EXPORT),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the bytes say. `type` is the MIME type, empty for what cannot be posted; `title` completes "this is …"."""

    type: str
    title: str
    mend: str = ""


def sniff(head: bytes) -> Kind:
    """What a file is, by its first `HEAD_BYTES` bytes."""
    found = _start(head) or _riff(head) or _boxes(head)
    if found:
        return Kind(found, TITLES[found])
    return _refused(head)


def fits_extension(path: str, mime: str) -> bool:
    """Whether the name's extension is one of those of the type, or there is none to mislead anybody."""
    extension = PurePosixPath(path).suffix.lstrip(".").lower()
    return not extension or extension in EXTENSIONS[mime]


def _start(head: bytes) -> str:
    return next((mime for start, mime in _STARTS if head.startswith(start)), "")


def _riff(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "video/webm" if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64] else ""


def _boxes(head: bytes) -> str:
    """The types whose file opens with a box called `ftyp`, which names its brand (ISO/IEC 14496-12)."""
    if head[4:8] != b"ftyp":
        return "video/quicktime" if head[4:8] in {b"moov", b"mdat", b"wide"} else ""
    brand = head[8:12]
    if brand in _AVIF_BRANDS or (brand in {b"mif1", b"msf1"} and b"avif" in head[16:64]):
        return "image/avif"
    if brand in _HEIC_BRANDS:
        return ""
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _refused(head: bytes) -> Kind:
    for start, title, mend in _REFUSED:
        if head.startswith(start):
            return Kind("", title, mend)
    if head[4:8] == b"ftyp":
        return Kind("", "a HEIC picture, which few platforms and browsers show", "Export it as JPEG.")
    if b"<svg" in head.lower():
        return Kind("", "an SVG drawing, which no platform takes", _EXPORT)
    if _looks_like_text(head):
        return Kind("", "a text file", "Name a picture or a video.")
    return Kind("", "neither a picture nor a video that we know", "Use PNG, JPEG, GIF, WebP, AVIF, MP4, MOV or WebM.")


def _looks_like_text(head: bytes) -> bool:
    return b"\x00" not in head and all(byte >= 0x20 or byte in b"\t\n\r\f" for byte in head)
