"""Bodies that are read from disk while they are sent.

A picture or a film is never held in memory: it goes out in pieces, with its length stated
beforehand, because many platforms refuse a body in chunks. What is opened here is opened
before the first byte leaves, so a file that is gone is told from a connection that broke.
Where a platform takes a film by several requests, each piece of it is a form of its own, in memory.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.errors import Rejected

PIECE = 65_536


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a form: the field's name, the file, its type, and the name the platform is told."""

    name: str
    path: Path
    content_type: str = "application/octet-stream"
    filename: str = ""


@dataclass(frozen=True, slots=True)
class FileBody:
    """A whole file as the body of a request."""

    path: Path
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        return _pieces(self.path, self.size)


@dataclass(frozen=True, slots=True)
class FormBody:
    """A multipart form (RFC 7578): plain fields, then files, streamed."""

    fields: Sequence[tuple[str, str]]
    files: Sequence[FilePart]
    sizes: Sequence[int]
    boundary: str = field(default_factory=lambda: f"drumbeat-{secrets.token_hex(16)}")

    @property
    def content_type(self) -> str:
        """The header that names the boundary."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __len__(self) -> int:
        heads = sum(len(head) for head in self._heads())
        return len(self._plain()) + heads + sum(self.sizes) + 2 * len(self.files) + len(self._end())

    def __iter__(self) -> Iterator[bytes]:
        yield self._plain()
        for head, part, size in zip(self._heads(), self.files, self.sizes, strict=True):
            yield head
            yield from _pieces(part.path, size)
            yield b"\r\n"
        yield self._end()

    def holding(self, name: str, piece: bytes) -> bytes:
        """The form's bytes, with these as one more file."""
        head = self._file_head(name, "piece", "application/octet-stream")
        return b"".join((self._plain(), head, piece, b"\r\n", self._end()))

    def _plain(self) -> bytes:
        return b"".join(
            self._head(f'form-data; name="{_quoted(name)}"') + value.encode() + b"\r\n" for name, value in self.fields
        )

    def _heads(self) -> Iterator[bytes]:
        for part in self.files:
            yield self._file_head(part.name, part.filename or part.path.name, part.content_type)

    def _file_head(self, name: str, filename: str, kind: str) -> bytes:
        said = f'form-data; name="{_quoted(name)}"; filename="{_quoted(filename)}"'
        return self._head(f"{said}\r\nContent-Type: {_quoted(kind)}")

    def _head(self, disposition: str) -> bytes:
        return f"--{self.boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()

    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode()


def file_body(path: Path) -> FileBody:
    """A file as a body. Raises `Rejected` where it cannot be read."""
    return FileBody(path, _size(path))


def form_body(fields: Mapping[str, str] | Sequence[tuple[str, str]], files: Sequence[FilePart]) -> FormBody:
    """A form of fields and files. Raises `Rejected` where a file cannot be read."""
    pairs = tuple(fields.items()) if isinstance(fields, Mapping) else tuple(fields)
    return FormBody(pairs, tuple(files), tuple(_size(part.path) for part in files))


def piece_form(fields: Mapping[str, str], name: str, piece: bytes) -> tuple[str, bytes]:
    """A form of fields and one piece of a file, called `name`: its content type, and its bytes."""
    form = form_body(fields, ())
    return form.content_type, form.holding(name, piece)


def _size(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return file.seek(0, 2)
    except OSError as trouble:
        raise Rejected(f"The file {path.name} cannot be read ({trouble.strerror}).") from None


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The file's first `size` bytes; a file that grows or shrinks meanwhile must not bend the request."""
    with path.open("rb") as file:
        left = size
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise OSError("the file became shorter while it was sent")
            left -= len(piece)
            yield piece


def _quoted(text: str) -> str:
    """As browsers write it (the HTML standard, "multipart form data"): the three characters that would end a name."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
