"""Writing a page where a person wants it: whole or not at all, and over nothing but an older page.

A slip of the keyboard (`--html drumbeat.yaml`) must not cost anybody a file that she wrote.
"""

import tempfile
from pathlib import Path

import click

from scheduler.cli.view import say
from scheduler.errors import UsageError

STDOUT = "-"
_READABLE = 0o644
_BEGIN = b"<!doctype html"


def write_page(file: str, html: str) -> None:
    """The page into `file`, replacing an older page only once all is written; `-` is standard output.

    Where and how large is told on standard error. Raises `UsageError` where it cannot be written, and where another
    file than a page stands.
    """
    content = html.encode()
    if file == STDOUT:
        click.echo(content, nl=False)
        return
    path = Path(file)
    if path.is_dir():
        raise UsageError(f"{file} is a folder.", mend="Name a file in it, like day.html.")
    try:
        if not _may_stand_in_for(path):
            raise UsageError(f"{file} is there already, and is no page.", mend="Name another file, like day.html.")
        _put(path, content)
    except OSError as failure:
        raise UsageError(f"{file} cannot be written: {failure.strerror}.", mend="Name another file.") from failure
    say(f"{file} is written: {_size(len(content))}, to be opened in any browser.")


def _size(length: int) -> str:
    return f"{length / 1_000_000:,.1f} MB" if length >= 100_000 else f"{length / 1_000:,.0f} kB"


def _may_stand_in_for(path: Path) -> bool:
    """Whether nothing is lost by writing there: nothing stands there, or nothing in it, or a page."""
    if not path.is_file():
        return True
    with path.open("rb") as there:
        begin = there.read(len(_BEGIN))
    return not begin or begin.lower() == _BEGIN


def _put(path: Path, content: bytes) -> None:
    """A file is replaced; a device or a pipe (`/dev/stdout`) is written into, and stays what it is."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
    else:
        _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        waiting = Path(draft.name)
        try:
            draft.write(content)
            draft.close()
            waiting.chmod(_READABLE)
            waiting.replace(path)
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise
