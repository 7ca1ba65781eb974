"""Taking what a picture says about itself out of its file, every pixel left as it is.

Cameras and programs write where, when and with what a picture was made (EXIF, XMP, IPTC), and
some append whole films behind its end. Only the parts that show the picture are kept, by the
formats' own names: what is not known is dropped, so that a new kind of note does not slip out.
"""

import re
from collections.abc import Iterator

MOST_BYTES = 128 * 1024**2
"""Up to here a file is read whole for this; the largest JPEG of 100 million pixels has about half."""

_JPEG_END, _JPEG_SCAN, _JPEG_COMMENT = 0xD9, 0xDA, 0xFE
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_SCAN_ENDS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_JPEG_SHOWS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_INKS = 4
"""Colours a pixel of a JPEG made for print (CMYK), which browsers show in colours of their own choice."""

_PNG_SHOWS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST sPLT cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_SHOWS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_NOTED = 0x0C
_GIF_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
_GIF_APPLICATION, _GIF_CONTROL = 0xFF, 0xF9


def without_notes(mime: str, content: bytes) -> bytes:
    """The same picture, its notes gone.

    Raises `ValueError` for what is not built as the format says, and for what cannot stay as it is: AVIF, and JPEGs
    made for print.
    """
    known = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}
    if mime not in known:
        raise ValueError(mime)
    try:
        return known[mime](content)
    except IndexError as short:
        raise ValueError("it ends too early") from short


def _jpeg(content: bytes) -> bytes:
    """Segments up to the end mark; what lies behind it (a second picture, a film) is dropped."""
    return content[:2] + b"".join(content[start:end] for start, end in _segments(content))


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    at = 2
    while content[at + 1] != _JPEG_END:
        end = _segment_end(content, at)
        if content[at + 1] in _JPEG_FRAMES and content[at + 9] == _INKS:
            raise ValueError("its colours are those of print")
        if _shows(content, at, end):
            yield at, end
        at = end
    yield at, at + 2


def _segment_end(content: bytes, at: int) -> int:
    if content[at] != 0xFF:
        raise ValueError("a marker is missing")
    marker = content[at + 1]
    if marker == 0xFF or marker in _JPEG_ALONE:
        return at + (1 if marker == 0xFF else 2)
    end = at + 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
    if marker != _JPEG_SCAN:
        return end
    behind = _JPEG_SCAN_ENDS.search(content, end)
    if behind is None:
        raise ValueError("it has no end")
    return behind.start()


def _shows(content: bytes, at: int, end: int) -> bool:
    marker = content[at + 1]
    if 0xE0 <= marker <= 0xEF:
        return marker in _JPEG_SHOWS and content.startswith(_JPEG_SHOWS[marker], at + 4, end)
    return marker not in {_JPEG_COMMENT, 0xFF}


def _png(content: bytes) -> bytes:
    kept, at, name = [content[:8]], 8, b""
    while name != b"IEND":
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if len(name) < 4 or end > len(content):
            raise ValueError("it ends too early")
        if name in _PNG_SHOWS:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    end = min(8 + int.from_bytes(content[4:8], "little"), len(content))
    while at + 8 <= end:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        chunk = content[at : at + 8 + length + length % 2]
        if chunk[:4] in _WEBP_SHOWS:
            kept.append(chunk)
        at += len(chunk)
    body = b"".join(kept)
    if body[:4] == b"VP8X" and len(body) > 8 and len(body) != len(content) - 12:
        body = body[:8] + bytes([body[8] & ~_WEBP_NOTED]) + body[9:]
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _gif(content: bytes) -> bytes:
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while content[at] != 0x3B:
        end = _gif_block_end(content, at)
        if content[at] != 0x21 or _gif_shows(content, at):
            kept.append(content[at:end])
        at = end
    return b"".join(kept) + b"\x3b"


def _gif_block_end(content: bytes, at: int) -> int:
    if content[at] == 0x21:
        at += 2
    elif content[at] == 0x2C:
        at += 11 + _colours(content[at + 9])
    else:
        raise ValueError("a block is missing")
    while length := content[at]:
        at += length + 1
    return at + 1


def _gif_shows(content: bytes, at: int) -> bool:
    label = content[at + 1]
    return label == _GIF_CONTROL or (label == _GIF_APPLICATION and content[at + 3 : at + 14] in _GIF_LOOPS)


def _colours(flags: int) -> int:
    """The bytes of a colour table, if the flags say that there is one."""
    return 3 * 2 ** ((flags & 0x07) + 1) if flags & 0x80 else 0
