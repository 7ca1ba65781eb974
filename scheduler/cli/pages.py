"""Writing a page where a person wants it: whole or not at all."""

import tempfile
from pathlib import Path

import click

from scheduler.cli.view import say
from scheduler.errors import UsageError

STDOUT = "-"
_READABLE = 0o644


def write_page(file: str, html: str) -> None:
    """The page into `file`, replacing what is there only once all is written; `-` is standard output.

    Where and how large is told on standard error. Raises `UsageError` where it cannot be written.
    """
    content = html.encode()
    if file == STDOUT:
        click.echo(content, nl=False)
        return
    path = Path(file)
    if path.is_dir():
        raise UsageError(f"{file} is a folder.", mend="Name a file in it, like day.html.")
    try:
        _replace(path, content)
    except OSError as failure:
        raise UsageError(f"{file} cannot be written: {failure.strerror}.", mend="Name another file.") from failure
    say(f"{file} is written: {len(content) / 1_000_000:,.1f} MB, to be opened in any browser.")


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
