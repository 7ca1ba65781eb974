"""Writing into `drumbeat.yaml` which queue sends: one key, and nothing else in the file changes."""

import re
from pathlib import Path

from scheduler.errors import WorkspaceError
from scheduler.model.account import Sender
from scheduler.workspace import yaml
from scheduler.workspace.find import FILE
from scheduler.workspace.tree import Map
from scheduler.workspace.writer import replace_file, with_key

KEY = "sender"
_BLOCK = re.compile(r"^sender:[^\n]*(?:\n|\Z)(?:[ \t]+[^\n]*(?:\n|\Z))*", re.MULTILINE)


def write_sender(root: Path, sender: Sender) -> None:
    """Says in the workspace's drumbeat.yaml that `sender` sends. Raises `SchedulerError`; then nothing was written."""
    path = root / FILE
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, ValueError):
        raise WorkspaceError(f"{FILE} cannot be read.") from None
    replace_file(path, with_sender(text, sender))


def with_sender(text: str, sender: Sender) -> str:
    """The text of drumbeat.yaml with `sender` in the place of whoever sent before."""
    rest = _BLOCK.sub("", text, count=1)
    if _keys(rest) != _keys(text, without=KEY):
        raise WorkspaceError(
            f"`{KEY}` in {FILE} cannot be changed safely. Nothing was written.",
            mend=f"Take the whole key `{KEY}` out by hand, and run this again.",
        )
    return with_key(rest, KEY, {"id": sender.id, "computer": sender.computer})


def _keys(text: str, *, without: str = "") -> dict[str, object]:
    root = yaml.parse(text, FILE).root
    return {key: value for key, value in root.items() if key != without} if isinstance(root, Map) else {}
