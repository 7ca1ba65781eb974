"""Which directory is the workspace: the nearest one upwards with a `drumbeat.yaml`."""

from pathlib import Path

from scheduler.errors import WorkspaceError

FILE = "drumbeat.yaml"


def find_root(start: Path) -> Path:
    """The nearest directory from `start` upwards with a `drumbeat.yaml`. Raises `WorkspaceError` where none has one."""
    try:
        here = start.resolve()
        for folder in (here, *here.parents):
            if (folder / FILE).exists() or (folder / FILE).is_symlink():
                return folder
    except (OSError, RuntimeError) as trouble:
        raise WorkspaceError(f"{start} cannot be looked at: {trouble}.") from None
    raise WorkspaceError(
        f"There is no {FILE} in {start} or above it.",
        mend="Go to your workspace, name it with --workspace DIR, or begin one with `drumbeat init`.",
    )
