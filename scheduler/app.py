"""The composition root: the only place that wires settings, files, queue and clock together.

An `App` belongs to one call of one command. It opens what is asked for when it is asked
for: a pure look at the files creates nothing.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.clock import Clock, FixedClock, SystemClock
from scheduler.errors import WorkspaceError
from scheduler.settings import Settings, read_settings, with_dotenv

if TYPE_CHECKING:
    from scheduler.model.account import Workspace
    from scheduler.operations.survey import Survey
    from scheduler.outbox.outbox import Outbox
    from scheduler.workspace.loader import Loaded


@dataclass(frozen=True, slots=True)
class App:
    """One call's settings, clock and starting directory."""

    settings: Settings
    clock: Clock
    start: Path

    @classmethod
    def open(cls, *, workspace: Path | None = None, at: str | None = None) -> "App":
        """The app for a call. Raises `UsageError` for an `--at` that is no moment."""
        app = cls(read_settings(workspace=workspace), SystemClock(), Path.cwd())
        return app if at is None else replace(app, clock=FixedClock(app.instant(at)))

    def root(self) -> Path:
        """The workspace's directory. Raises `WorkspaceError` where there is none."""
        from scheduler.workspace.find import find_root

        named = self.settings.workspace
        if named is not None and not (named / "drumbeat.yaml").is_file():
            raise WorkspaceError(f"There is no drumbeat.yaml in {named}.", mend="`drumbeat init` makes one.")
        return named if named is not None else find_root(self.start)
