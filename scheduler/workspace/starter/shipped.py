"""The example workspace that ships with Drumbeat, for `drumbeat init --example time-is-now`.

In a wheel it lies beside this file; in a checkout it is the repository itself. Only what
belongs to a workspace is taken from there, never what somebody's machine left beside it.
"""

from collections.abc import Iterator
from pathlib import Path

from scheduler.errors import SchedulerError
from scheduler.workspace.find import FILE
from scheduler.workspace.starter.resources import editor_schemas, text_of

EXAMPLE = "time-is-now"
"""The name people give for it: its biggest campaign."""

_SINGLE = (FILE, ".env.example")
_FOLDERS = ("campaigns", "templates", "media")
_CHECKOUT_DEPTH = 3


def example_files() -> Iterator[tuple[str, bytes]]:
    """Path (with `/`) and content of every file of the example. Raises `SchedulerError` where it was not shipped."""
    root = _root()
    for path in _paths(root):
        yield path.relative_to(root).as_posix(), path.read_bytes()
    yield ".gitignore", text_of("gitignore.tmpl").encode()
    for name, schema in editor_schemas("docs/schemas"):
        yield name, schema.encode()


def _paths(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _SINGLE)
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            hidden = any(part.startswith((".", "__")) for part in path.relative_to(root).parts)
            if path.is_file() and not hidden:
                yield path


def _root() -> Path:
    here = Path(__file__).resolve()
    for root in (here.parent / "example", here.parents[_CHECKOUT_DEPTH]):
        if (root / FILE).is_file() and (root / "campaigns" / f"{EXAMPLE}.yaml").is_file():
            return root
    raise SchedulerError("The example campaigns are not part of this installation.", mend="Install Drumbeat again.")
