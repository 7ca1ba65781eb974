"""Which accounts may post for real and what they may spend, read again whenever drumbeat.yaml changes.

Turning an account off works at once. A file that cannot be read for a moment, because an
editor is half through it, changes nothing: the last word that could be read holds.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from scheduler.model.account import Workspace
from scheduler.planning.budgets import Budget, budgets_of
from scheduler.workspace.loader import load_workspace

FILE = "drumbeat.yaml"


class LiveAccounts:
    """A callable that says which accounts are live now; it reads the file only when that has changed.

    `permitted` is asked whether live posts may leave from here at all; what it raises goes through, each time anew.
    """

    def __init__(self, root: Path, permitted: Callable[[Workspace], bool] = lambda _: True) -> None:
        self._root = root
        self._permitted = permitted
        self._stamp: tuple[int, int] | None = None
        self._live: frozenset[str] = frozenset()
        self._budgets: Mapping[str, Budget] = {}

    def __call__(self) -> frozenset[str]:
        """The names of the live accounts."""
        stamp = self._now()
        if stamp is not None and stamp != self._stamp:
            self._read()
            self._stamp = stamp
        return self._live

    def budgets(self) -> Mapping[str, Budget]:
        """What accounts may spend, by the same file: a budget that is raised holds nothing back any longer."""
        self()
        return self._budgets

    def _now(self) -> tuple[int, int] | None:
        try:
            found = (self._root / FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> None:
        workspace, _ = load_workspace(self._root)
        if workspace is not None:
            live = frozenset(name for name, account in workspace.accounts.items() if account.live)
            self._live = live if live and self._permitted(workspace) else frozenset()
            self._budgets = budgets_of(workspace.accounts.values())
